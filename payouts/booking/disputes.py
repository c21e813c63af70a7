"""Payments that wait for two officers: the answer is unknown, contradicted, or of another amount."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select

from payouts.booking.outcomes import BOOKED, DISPUTED, Outcome
from payouts.ledger.tables import entitlement, payment, resolution, return_file, return_line

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Case:
    """A payment to decide upon evidence; `why` is `contradictory`, `wrong_amount` or `unknown`.

    `resolution` is what one officer has proposed and another has not decided yet, if there is such a thing.
    """

    payment_id: str
    entitlement_id: str
    uscc: str
    fen: int
    state: str
    why: str
    resolution: str | None


def cases(connection: Connection, where: ColumnElement[bool] | None = None) -> list[Case]:
    """Return every payment (or those that `where` finds) that two officers have to decide, by its id."""
    said, decided = _said(), _decided()
    heard = func.coalesce(decided.c.heard, 0)
    why = case(
        (said.c.contradicted > heard, Outcome.CONTRADICTORY.value),
        ((said.c.differed > heard) & (said.c.differed > said.c.booked), Outcome.WRONG_AMOUNT.value),
        (payment.c.state == UNKNOWN, UNKNOWN),
    )
    proposed = select(func.max(resolution.c.id)).where(
        resolution.c.payment_id == payment.c.id, resolution.c.state == "proposed"
    )
    columns = (payment.c.id, payment.c.entitlement_id, entitlement.c.uscc, payment.c.amount_fen, payment.c.state)
    query = (
        select(*columns, why, proposed.scalar_subquery())
        .join_from(payment, entitlement, payment.c.entitlement_id == entitlement.c.id)
        .join(said, said.c.payment_id == payment.c.id, isouter=True)
        .join(decided, decided.c.payment_id == payment.c.id, isouter=True)
        .where(why.is_not(None), *([] if where is None else [where]))
        .order_by(payment.c.id)
    )
    return [Case(*row) for row in connection.execute(query)]


def contradicted(connection: Connection, entitlement_id: str) -> bool:
    """Return whether a payment of an entitlement still waits for two officers because of a contradiction."""
    found = cases(connection, payment.c.entitlement_id == entitlement_id)
    return any(one.why == Outcome.CONTRADICTORY for one in found)


@cache
def _said() -> Subquery:
    """Return by payment the numbers of the last files that contradicted, differed, and moved it; 0 for none."""

    def last(*outcomes: Outcome) -> ColumnElement[int]:
        chosen = return_line.c.outcome.in_([outcome.value for outcome in outcomes])
        return func.max(case((chosen, return_file.c.number), else_=0))

    disputed = select(return_line.c.payment_id).where(return_line.c.outcome.in_([one.value for one in DISPUTED]))
    return (
        select(
            return_line.c.payment_id,
            last(Outcome.CONTRADICTORY).label("contradicted"),
            last(Outcome.WRONG_AMOUNT).label("differed"),
            last(*BOOKED).label("booked"),
        )
        .join_from(return_line, return_file)
        .where(return_line.c.payment_id.in_(disputed))
        .group_by(return_line.c.payment_id)
        .subquery()
    )


@cache
def _decided() -> Subquery:
    """Return by payment up to which file two officers have decided."""
    heard = func.max(resolution.c.heard).label("heard")
    confirmed = select(resolution.c.payment_id, heard).where(resolution.c.state == "confirmed")
    return confirmed.group_by(resolution.c.payment_id).subquery()
