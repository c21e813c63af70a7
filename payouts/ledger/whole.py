"""Whether a ledger has all tables, indexes and guards of this version: without them it would quietly refuse nothing."""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import Connection

from payouts.ledger.tables import METADATA
from payouts.ledger.triggers import statements

# A trigger that is switched off guards nothing, nor does an index that is not valid. The text of a guard is what SQLite
# keeps of its trigger, and PostgreSQL of its function.
_FOUND = {
    "sqlite": "SELECT type, name, CASE type WHEN 'trigger' THEN sql ELSE '' END FROM sqlite_master WHERE sql <> ''",
    "postgresql": """
SELECT CASE relkind WHEN 'r' THEN 'table' ELSE 'index' END, relname, ''
FROM pg_class LEFT JOIN pg_index ON indexrelid = oid
WHERE (relkind = 'r' OR relkind = 'i' AND indisvalid) AND relnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'trigger', tgname, ''
FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal AND relnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
""",
}
_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) ")
_FUNCTION = re.compile(r"\s*CREATE FUNCTION (\w+)\(\).*?\$\$(.*)\$\$\s*", re.DOTALL)


def lacking(connection: Connection) -> list[str]:
    """Return what a ledger does not have of this version, as `trigger payment_moves`, or has in other words.

    Those are its tables, its indexes, some of which forbid a second live payment, and its guards.
    """
    dialect = connection.dialect.name
    there = {f"{kind} {name}": text for kind, name, text in connection.exec_driver_sql(_FOUND[dialect])}
    return [
        f"{one} (it was changed)" if one in there else one
        for one, text in _wanted(dialect).items()
        if there.get(one) != text
    ]


@cache
def _wanted(dialect: str) -> dict[str, str]:
    wanted = {f"table {name}": "" for name in sorted(METADATA.tables)}
    wanted |= {f"index {index.name}": "" for table in METADATA.sorted_tables for index in table.indexes}
    for text in statements(dialect):
        if trigger := _TRIGGER.match(text):
            wanted[f"trigger {trigger[1]}"] = text if dialect == "sqlite" else ""
        elif function := _FUNCTION.fullmatch(text):
            wanted[f"function {function[1]}"] = function[2]
    return wanted
