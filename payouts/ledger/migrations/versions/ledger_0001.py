"""The first schema: tables, triggers, and the rows of the state graphs."""

from __future__ import annotations

from alembic import op

from payouts.ledger.migrations.frozen import schema, split

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    connection = op.get_bind()
    for statement in split(schema(connection.dialect.name)):
        connection.exec_driver_sql(statement)
