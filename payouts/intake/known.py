"""What the ledger holds already of the policies of a run: entitlements with their newest proposal and live payment."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars as pl
from sqlalchemy import Connection, and_, func, or_, select

from payouts.intake.rows import COLUMNS, KEY
from payouts.intake.run_file import DecidedPolicy
from payouts.ledger.tables import entitlement, payment, proposal, run
from payouts.workflow.current import NOT_LIVE, newest_proposals

# As in the rows of a run; besides `state`, the period of the run that said it last (empty: none did), and what a live
# payment of it is.
KNOWN: Final = {
    **COLUMNS,
    "state": pl.String(),
    "run_period": pl.String(),
    "paid_fen": pl.Int64(),
    "paid_state": pl.String(),
}


def known(connection: Connection, policies: Collection[DecidedPolicy], period: str) -> pl.DataFrame:
    """Return the entitlements of these policies for a period or for life, and all of what may be claimed once."""
    last = newest_proposals()
    told = {
        **{
            name: func.coalesce(proposal.c[name], "") for name in COLUMNS if name in proposal.c and name != "amount_fen"
        },
        **{name: entitlement.c[name] for name in ("id", *KEY)},
        "amount_fen": proposal.c.amount_fen,
        "state": entitlement.c.state,
        "run_period": func.coalesce(run.c.period, ""),
        "paid_fen": payment.c.amount_fen,
        "paid_state": payment.c.state,
    }
    once = [policy.policy for policy in policies if policy.once]
    query = (
        select(*(told[name].label(name) for name in KNOWN))
        .select_from(entitlement)
        .outerjoin(last, last.c.entitlement_id == entitlement.c.id)
        .outerjoin(proposal, proposal.c.id == last.c.id)
        .outerjoin(run, run.c.id == proposal.c.run_id)
        .outerjoin(payment, and_(payment.c.entitlement_id == entitlement.c.id, payment.c.state.not_in(NOT_LIVE)))
        .where(entitlement.c.policy.in_([policy.policy for policy in policies]))
        .where(or_(entitlement.c.period.in_(["", period]), entitlement.c.policy.in_(once)))
        .order_by(entitlement.c.id)
    )
    return pl.DataFrame([tuple(row) for row in connection.execute(query)], schema=KNOWN, orient="row")
