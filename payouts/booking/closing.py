"""A batch is closed when every payment of it has come to an end."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import batch, payment


def close_batches(connection: Connection, payments: ColumnElement[bool], act: Act) -> int:
    """Close the released batches of some payments in which nothing waits for an answer; return how many."""
    waiting = select(payment.c.id).where(
        payment.c.batch_id == batch.c.id, payment.c.state.not_in(("paid", "returned", "voided"))
    )
    touched = batch.c.id.in_(select(payment.c.batch_id).where(payments))
    ended = (batch.c.state == "released") & touched & ~waiting.exists()
    return move(connection, batch, ended, "closed", act.because("every payment has come to an end"))
