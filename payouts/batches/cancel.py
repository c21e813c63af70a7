"""Giving a batch up before it is released."""

from __future__ import annotations

from sqlalchemy import Connection, true

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.pulling import void
from payouts.batches.record import existing
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import batch


def cancel(connection: Connection, batch_id: str, act: Act) -> int:
    """Cancel a batch that is not released: its payments are voided and their money is available again.

    What was in it can be planned anew, and needs new signatures. Returns how many payments were voided.

    Raises:
        MianshenError: no reason is given, or the batch is released, closed or cancelled.
    """
    known = existing(connection, batch_id)
    if known.state not in {"planned", "approved", "sealed"}:
        raise MianshenError(f"batch {batch_id} is {known.state} and cannot be cancelled")
    if not act.reason:
        raise MianshenError("a batch is cancelled for a reason; say which")
    voided = void(connection, batch_id, true(), act)
    move(connection, batch, batch.c.id == batch_id, "cancelled", act)
    return voided
