"""On which day payments were paid: the bank's own day where it gave one, else the day on which it was booked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from payouts.booking.outcomes import Outcome
from payouts.ledger.act import Act
from payouts.ledger.tables import event, payment, return_line


def paid_days(connection: Connection, where: ColumnElement[bool] | None = None) -> Mapping[str, date]:
    """Return the day in China of every payment that is paid (or of those that `where` finds), by its id."""
    last = (
        select(event.c.subject, func.max(event.c.at).label("at"))
        .where(event.c.kind == "payment", event.c.to_state == "paid")
        .group_by(event.c.subject)
        .subquery()
    )
    booked = (return_line.c.payment_id == payment.c.id) & (return_line.c.outcome == Outcome.BOOKED_PAID.value)
    query = (
        select(payment.c.id, return_line.c.said_on, last.c.at)
        .join_from(payment, last, last.c.subject == payment.c.id)
        .join(return_line, booked, isouter=True)
        .where(payment.c.state == "paid", *([] if where is None else [where]))
        .order_by(payment.c.id)
    )
    return {one: _day(said_on) or Act("", at).day for one, said_on, at in connection.execute(query)}


def _day(text: str | None) -> date | None:
    """Return the day that a bank wrote, as the readers leave it; None for none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
