"""Holds that the bank's answers place and lift: money came back, answers contradict, an answer to nothing sent."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import hold

RETURNED = "returned"
CONTRADICTED = "contradicted"
ANSWERED_UNSENT = "answered_unsent"


def place(connection: Connection, code: str, why: Iterable[tuple[str, str]], cause: str, act: Act) -> None:
    """Hold entitlements, each with its detail, unless they are held by this code already.

    `cause` is what the hold comes from (a file, a resolution): a cause holds an entitlement once.
    """
    details = dict(why)
    if not details:
        return
    placed = (hold.c.code == code) & (hold.c.state == "placed")
    held = set(connection.execute(select(hold.c.entitlement_id).where(placed)).scalars())
    rows = [
        {"id": digest("hold", code, one, cause), "entitlement_id": one, "code": code, "detail": detail}
        for one, detail in sorted(details.items())
        if one not in held
    ]
    begin(connection, hold, "placed", rows, act)


def lift(connection: Connection, code: str, entitlement_id: str, act: Act) -> int:
    """Lift the open hold of a code, if there is one; return how many there were."""
    found = (hold.c.code == code) & (hold.c.state == "placed") & (hold.c.entitlement_id == entitlement_id)
    return move(connection, hold, found, "lifted", act)
