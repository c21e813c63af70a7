"""Where a firm's money goes (收款账户): entered by the bank list of the departments, by the firm, or by an officer.

The newest row of a firm counts. A name that is not the firm's is entered only with a reason, and no account that the
list calls frozen or closed is entered at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl
from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.identity.names.spelling import normalised
from payouts.ledger.act import Act
from payouts.ledger.tables import account_listing, entitlement, payee, proposal
from payouts.workflow.current import has_account
from payouts.workflow.holds import ACCOUNT_BLOCKED, NO_ACCOUNT, lift, place

Source = Literal["dataset", "firm", "officer"]
NUMBER: Final = r"[0-9A-Za-z]+(-[0-9A-Za-z]+)*"
_LONGEST = 34  # ISO 20022, Max34Text
# Where an account is waited for; before that nothing is certain, after that nothing is due.
_DUE = ("published", "confirmed")


@dataclass(frozen=True)
class Account:
    """An account as the bank knows it; `bank_code` is the 联行号, empty if it is not known."""

    uscc: str
    account_name: str
    account_no: str
    bank_name: str
    bank_code: str = ""


def enter_account(connection: Connection, account: Account, source: Source, act: Act) -> bool:
    """Enter a firm's account; return False if it is the one that counts already, and nothing changes.

    What only a list named that holds no more is entered anew: from now on a person vouches for it. A hold because the
    account is frozen or closed is lifted by another number only.

    Raises:
        MianshenError: nothing is due to the firm, the number is none, or the name is not the firm's and no reason is
            given.
    """
    firm = connection.execute(firm_names().where(entitlement.c.uscc == account.uscc)).first()
    if firm is None:
        raise MianshenError(f"{account.uscc} has no entitlement; accounts are kept only of firms that something is due")
    if not re.fullmatch(NUMBER, account.account_no) or len(account.account_no) > _LONGEST:
        raise MianshenError(
            f"`{account.account_no}` is no account number: letters, digits and single hyphens, at most {_LONGEST}"
        )
    if not same_name(account.account_name, firm.firm_name) and not act.reason.strip():
        raise MianshenError(
            f"the account is in the name of {account.account_name}, the firm is {firm.firm_name}; correct the name, or "
            "enter it with a reason"
        )
    row = {name: getattr(account, name) for name in ("account_name", "account_no", "bank_name", "bank_code")}
    newest = select(payee).where(payee.c.uscc == account.uscc).order_by(payee.c.id.desc())
    counting: Mapping[Any, Any] = connection.execute(newest.limit(1)).mappings().first() or {}
    is_same = all(counting.get(name) == word for name, word in row.items())
    if is_same and not _is_stale(connection, counting, act):
        return False
    by = {"source": source, "entered_by": act.actor, "entered_at": act.at, "reason": act.reason}
    connection.execute(insert(payee), [{**row, **by, "uscc": account.uscc}])
    own = entitlement.c.uscc == account.uscc
    is_other = counting.get("account_no") != account.account_no
    for code in (NO_ACCOUNT, ACCOUNT_BLOCKED) if is_other else (NO_ACCOUNT,):
        lift(connection, own, code, act.because("an account was entered"))
    return True


def _is_stale(connection: Connection, counting: Mapping[Any, Any], act: Act) -> bool:
    """Return whether only a list names the account that counts, and vouches for it no more."""
    through = select(func.max(account_listing.c.through)).where(account_listing.c.payee_id == counting["id"])
    until = connection.execute(through).scalar_one()
    return counting["source"] == "dataset" and until is not None and until < act.day.isoformat()


def same_name(name: str, other: str) -> bool:
    """Say whether two names are one, but for width, spaces and the kind of brackets."""
    frame = pl.DataFrame({"name": [name, other]}).select(normalised(pl.col("name")))
    first, second = frame["name"]
    return first is not None and first == second


def hold_without_account(connection: Connection, act: Act, where: ColumnElement[bool] | None = None) -> int:
    """Hold what is published or confirmed and has nowhere to go (`no_account`); return how many there were."""
    due = entitlement.c.state.in_(_DUE) & ~has_account()
    chosen = due if where is None else due & where
    return place(connection, chosen, NO_ACCOUNT, "no account of the firm is known", act.because(""))


def lift_with_account(connection: Connection, act: Act) -> int:
    """Lift the holds `no_account` of all firms whose account is known by now; return how many there were."""
    return lift(connection, has_account(), NO_ACCOUNT, act.because("an account is known"))


def firm_names() -> Select[*tuple[Any, ...]]:
    """Return the query of `uscc` and `firm_name` of every firm with an entitlement, as its newest proposal has it."""
    newest = select(func.max(proposal.c.id)).join(entitlement, entitlement.c.id == proposal.c.entitlement_id)
    return (
        select(entitlement.c.uscc, proposal.c.firm_name)
        .select_from(entitlement)
        .join(proposal, proposal.c.entitlement_id == entitlement.c.id)
        .where(proposal.c.id.in_(newest.group_by(entitlement.c.uscc)))
    )
