"""Whether a ledger has all tables and guards of this version: without a guard it would quietly refuse nothing."""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import Connection

from payouts.ledger.tables import METADATA
from payouts.ledger.triggers import statements

# A trigger that is switched off guards nothing.
_NAMES = {
    "sqlite": "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'trigger')",
    "postgresql": "SELECT 'table', c.relname FROM pg_class c WHERE c.relkind = 'r' "
    "AND c.relnamespace = current_schema()::regnamespace UNION ALL SELECT 'trigger', t.tgname FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal "
    "AND c.relnamespace = current_schema()::regnamespace",
}


def lacking(connection: Connection) -> list[str]:
    """Return the tables and guards of this version that a ledger does not have, as `trigger payment_moves`."""
    dialect = connection.dialect.name
    there = {f"{kind} {name}" for kind, name in connection.exec_driver_sql(_NAMES[dialect])}
    return [one for one in _wanted(dialect) if one not in there]


@cache
def _wanted(dialect: str) -> tuple[str, ...]:
    triggers = re.findall(r"^CREATE TRIGGER (\w+) ", "\n".join(statements(dialect)), re.MULTILINE)
    return (*(f"table {name}" for name in sorted(METADATA.tables)), *(f"trigger {name}" for name in triggers))
