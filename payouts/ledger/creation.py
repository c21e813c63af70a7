"""Making a new ledger: tables, triggers, and the rows of the state graphs."""

from __future__ import annotations

from sqlalchemy import insert

from payouts.ledger.database import Ledger
from payouts.ledger.states import transitions
from payouts.ledger.tables import METADATA, transition
from payouts.ledger.triggers import statements


def create(ledger: Ledger) -> None:
    """Make every table and trigger in an empty database."""
    with ledger.write() as connection:
        METADATA.create_all(connection)
        connection.execute(insert(transition), transitions())
        for statement in statements(ledger.engine.dialect.name):
            connection.exec_driver_sql(statement)
