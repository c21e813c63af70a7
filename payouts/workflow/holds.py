"""Holds (暂缓): why something that is due is not payable for now; placed and lifted, one open hold of a kind."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, Exists, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import entitlement, hold

NO_ACCOUNT: Final = "no_account"
ACCOUNT_BLOCKED: Final = "account_blocked"
RUN_DIFFERS: Final = "run_differs"
DEPARTMENT: Final = "department"
REFUSED_BEFORE: Final = "refused_before"
PAID_BEFORE: Final = "paid_before"
HISTORY_BEHIND: Final = "history_behind"

# Holds that end by what they wait for, and what that is.
_ENDS_BY = {
    NO_ACCOUNT: "enter an account of the firm",
    ACCOUNT_BLOCKED: "enter another account of the firm",
    HISTORY_BEHIND: "hand our payments over (`mianshen payout history`), match again and take that run in",
    "returned": "reissue the payment",
    "contradicted": "two officers resolve the payment",
}


def place(connection: Connection, where: ColumnElement[bool], code: str, detail: str, act: Act) -> int:
    """Hold every entitlement that `where` finds and that has no open hold of this code; return how many there were."""
    earlier = select(hold.c.entitlement_id, func.count().label("holds")).where(hold.c.code == code)
    counted = earlier.group_by(hold.c.entitlement_id).subquery()
    query = (
        select(entitlement.c.id, func.coalesce(counted.c.holds, 0).label("holds"))
        .outerjoin(counted, counted.c.entitlement_id == entitlement.c.id)
        .where(where, ~_held(code))
        .order_by(entitlement.c.id)
    )
    rows = [
        {"id": digest("hold", id_, code, holds), "entitlement_id": id_, "code": code, "detail": detail}
        for id_, holds in connection.execute(query)
    ]
    begin(connection, hold, "placed", rows, act.because(act.reason or detail, code))
    return len(rows)


def lift(connection: Connection, where: ColumnElement[bool], code: str, act: Act) -> int:
    """Lift the open holds of a code of every entitlement that `where` finds; return how many there were."""
    found = select(entitlement.c.id).where(where)
    of_code = (hold.c.code == code) & (hold.c.state == "placed") & hold.c.entitlement_id.in_(found)
    return move(connection, hold, of_code, "lifted", act.because(act.reason, code))


def hold_one(connection: Connection, entitlement_id: str, code: str, act: Act) -> None:
    """Hold one entitlement for the reason that the act gives.

    Raises:
        MianshenError: there is no such entitlement, no reason, or it is held so already.
    """
    _refuse_without_reason(act)
    if connection.execute(select(entitlement.c.id).where(entitlement.c.id == entitlement_id)).first() is None:
        raise MianshenError(f"no entitlement {entitlement_id}")
    if not place(connection, entitlement.c.id == entitlement_id, code, act.reason, act):
        raise MianshenError(f"entitlement {entitlement_id} is held already ({code}); lift that hold first")


def lift_one(connection: Connection, entitlement_id: str, code: str, act: Act) -> None:
    """Lift the hold of one entitlement for the reason that the act gives.

    Raises:
        MianshenError: it is not held so, there is no reason, or the hold ends by something else.
    """
    _refuse_without_reason(act)
    if code in _ENDS_BY:
        raise MianshenError(f"a hold `{code}` is not lifted by hand: {_ENDS_BY[code]}")
    if not lift(connection, entitlement.c.id == entitlement_id, code, act):
        raise MianshenError(f"entitlement {entitlement_id} has no open hold `{code}`")


def _held(code: str) -> Exists:
    placed = (hold.c.entitlement_id == entitlement.c.id) & (hold.c.code == code) & (hold.c.state == "placed")
    return select(hold.c.id).where(placed).correlate(entitlement).exists()


def _refuse_without_reason(act: Act) -> None:
    if not act.reason.strip():
        raise MianshenError("say why: a hold is placed and lifted with a reason")
