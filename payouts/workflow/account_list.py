"""The accounts that count, firm by firm, as they may be shown: the bank and the last four digits."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from payouts.ledger.tables import payee
from payouts.masking import masked
from payouts.workflow.accounts import firm_names


class AccountLine(NamedTuple):
    """A firm with the account that counts, masked; everything but the firm is None where none is known."""

    uscc: str
    firm_name: str
    account: str | None
    account_name: str | None
    source: str | None
    entered_by: str | None
    entered_at: str | None
    reason: str | None


def accounts(connection: Connection) -> list[AccountLine]:
    """Return every firm that has an entitlement, with the account that counts, by its code."""
    newest = select(func.max(payee.c.id)).group_by(payee.c.uscc)
    named, counting = firm_names().subquery(), select(payee).where(payee.c.id.in_(newest)).subquery()
    where_to = (counting.c.bank_name, counting.c.account_no, counting.c.account_name)
    by = (counting.c.source, counting.c.entered_by, counting.c.entered_at, counting.c.reason)
    query = select(named.c.uscc, named.c.firm_name, *where_to, *by).outerjoin(counting, counting.c.uscc == named.c.uscc)
    return [
        AccountLine(uscc, name, None if number is None else masked(bank, number), *rest)
        for uscc, name, bank, number, *rest in connection.execute(query.order_by(named.c.uscc))
    ]
