"""The first schema: tables, triggers, and the rows of the state graphs.

Its statements are frozen beside it, one file per database, as they were when the step was made.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from payouts.ledger.migrations.frozen import statements_of

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    connection = op.get_bind()
    for statement in statements_of(Path(__file__), connection.dialect.name):
        connection.exec_driver_sql(statement)
