"""Our own payments as rows of the dataset `payments`, so that the next match knows them (兑付历史).

What may be out counts as paid: a payment that is approved, sent or unknown stands here on the day of its approval, and
so does one that the bank called returned and later something else. What was returned or voided does not. Money that
came back whole has its day of recovery; while it came back in part, the whole payment counts as kept: too little may
be paid of a cap by that, never too much. Interest is no payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl
from sqlalchemy import Connection, Select, Subquery, func, or_, select

from enterprise_data.periods import Period
from payouts.booking.disputes import cases
from payouts.booking.outcomes import Outcome
from payouts.booking.paid_days import paid_days
from payouts.ledger.act import Act
from payouts.ledger.tables import batch_item, entitlement, event, payment, proposal, recovery, run, transfer

COLUMNS: Final = ("uscc", "name", "policy", "family", "item", "fiscal_year", "amount", "paid_on", "recovered_on")

_NOT_OUT = ("voided", "returned")


def own_payments(connection: Connection, families: Mapping[str, str]) -> pl.DataFrame:
    """Return our payments as text, in `COLUMNS` and the order of their ids; the amount is in yuan with two decimals.

    `families` gives the family of each policy that has one. The fiscal year is the year of the period that the run was
    for. `name` is empty: the code says which firm it is.
    """
    days = paid_days(connection)
    rows = []
    for row in connection.execute(_payments(connection)):
        back = row.back_fen is not None and row.back_fen >= row.amount_fen
        rows.append(
            (
                row.uscc,
                "",
                row.policy,
                families.get(row.policy, ""),
                row.item,
                str(Period.parse(row.period).year),
                f"{row.amount_fen // 100}.{row.amount_fen % 100:02d}",
                str(days.get(row.id) or Act("", row.approved_at).day),
                str(Act("", row.back_at).day) if back else "",
            )
        )
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String()), orient="row")


def _payments(connection: Connection) -> Select[*tuple[object, ...]]:
    """Return the query of what is out or may be."""
    doubted = [one.payment_id for one in cases(connection, payment.c.state == "returned") if _may_be_out(one.why)]
    approved, back = _approved(), _came_back()
    return (
        select(
            payment.c.id,
            payment.c.amount_fen,
            batch_item.c.uscc,
            entitlement.c.policy,
            entitlement.c.item,
            run.c.period,
            approved.c.at.label("approved_at"),
            back.c.fen.label("back_fen"),
            back.c.at.label("back_at"),
        )
        .join_from(
            payment,
            batch_item,
            (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id),
        )
        .join(entitlement, entitlement.c.id == payment.c.entitlement_id)
        .join(proposal, proposal.c.id == batch_item.c.proposal_id)
        .join(run, run.c.id == proposal.c.run_id)
        .join(approved, approved.c.subject == payment.c.id)
        .join(back, back.c.payment_id == payment.c.id, isouter=True)
        .where(or_(payment.c.state.not_in(_NOT_OUT), payment.c.id.in_(doubted)))
        .order_by(payment.c.id)
    )


def _may_be_out(why: str) -> bool:
    return why == Outcome.CONTRADICTORY


def _approved() -> Subquery:
    """Return when each payment was approved."""
    began = (event.c.kind == "payment") & (event.c.from_state == "")
    return select(event.c.subject, func.min(event.c.at).label("at")).where(began).group_by(event.c.subject).subquery()


def _came_back() -> Subquery:
    """Return by payment what the firm gave back of it, interest aside, and when the last of it came."""
    return (
        select(recovery.c.payment_id, func.sum(transfer.c.fen).label("fen"), func.max(transfer.c.at).label("at"))
        .join_from(transfer, recovery, transfer.c.recovery_id == recovery.c.id)
        .where(transfer.c.kind == "recover", recovery.c.kind == "principal")
        .group_by(recovery.c.payment_id)
        .subquery()
    )
