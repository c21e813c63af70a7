"""Alembic's way in: it runs the steps within the transaction that `creation` gives it."""

from __future__ import annotations

from alembic import context

from payouts.ledger.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
