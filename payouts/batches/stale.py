"""Accounts that only a list of a department named, and that list is older than its catalogue entry's `max_age` now."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.tables import account_listing, batch_item, payee, payment


def stale_accounts(connection: Connection, day: str) -> dict[int, str]:
    """Return the accounts that no list vouches for any more on a day, by their ids, and until when one did."""
    until = func.max(account_listing.c.through)
    query = (
        select(account_listing.c.payee_id, until)
        .join(payee, payee.c.id == account_listing.c.payee_id)
        .where(payee.c.source == "dataset")
        .group_by(account_listing.c.payee_id)
        .having(until < day)
    )
    return {number: str(through) for number, through in connection.execute(query)}


def refuse_stale_accounts(connection: Connection, batch_id: str, day: str) -> None:
    """Refuse to send to accounts that no list vouches for any more.

    Raises:
        MianshenError: then, saying how many and what to do; nothing is pulled, since a newer list mends it.
    """
    stale = stale_accounts(connection, day)
    same = (payment.c.batch_id == batch_item.c.batch_id) & (payment.c.id == batch_item.c.payment_id)
    waiting = select(batch_item.c.payee_id, batch_item.c.uscc).join(payment, same).order_by(batch_item.c.uscc)
    if not stale:
        return
    rows = connection.execute(waiting.where(payment.c.batch_id == batch_id, payment.c.state == "batched"))
    found = [(uscc, stale[number]) for number, uscc in rows if number in stale]
    if found:
        firm, until = found[0]
        raise MianshenError(
            f"batch {batch_id}: {len(found)} of its payments go to accounts of a list that is too old by now, such as "
            f"that of {firm}, which held until {until}; nothing was sent. Load a newer list "
            "(`mianshen payout account load`) and export again; what it does not name, pull, or enter by hand: the "
            "export then takes it out, to be planned and signed anew"
        )
