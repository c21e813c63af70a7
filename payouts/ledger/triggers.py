"""The triggers of a ledger, for SQLite and PostgreSQL: rows stay as they are, and every guard is asked."""

from __future__ import annotations

from sqlalchemy import Table

from payouts.ledger.guard import Guard
from payouts.ledger.guards import guards
from payouts.ledger.states import GRAPHS
from payouts.ledger.tables import METADATA

# Columns beside `state` that may change.
_CHANGING = {
    "officer": (
        "name",
        "roles",
        "password_hash",
        "totp_secret",
        "totp_step",
        "failures",
        "locked_until",
        "disabled_at",
    ),
    "login": ("ended_at",),
    "resolution": ("decided_by",),
    "budget_line": ("title",),
}


def statements(dialect: str) -> list[str]:
    """Return the DDL of all triggers for `sqlite` or `postgresql`."""
    tables = METADATA.sorted_tables
    if dialect == "sqlite":
        return [text for table in tables for text in _sqlite_fixed(table)] + [_sqlite(guard) for guard in guards()]
    fixed = [text for table in tables for text in _postgresql_fixed(table)]
    return [_POSTGRESQL_REFUSE, *fixed, *(text for guard in guards() for text in _postgresql(guard))]


def _sqlite_fixed(table: Table) -> list[str]:
    name, columns = table.name, fixed_columns(table)
    changed = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in columns)
    refuse = f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are never"
    return [
        f"CREATE TRIGGER {name}_keep BEFORE UPDATE ON {name} WHEN {changed} {refuse} changed'); END",
        f"CREATE TRIGGER {name}_stay BEFORE DELETE ON {name} {refuse} deleted'); END",
    ]


def _sqlite(guard: Guard) -> str:
    when = f"({guard.when}) AND " if guard.when else ""
    return (
        f"CREATE TRIGGER {guard.table}_{guard.name} BEFORE {guard.moment} ON {guard.table} "
        f"WHEN {when}EXISTS ({guard.broken}) BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


_POSTGRESQL_REFUSE = """
CREATE FUNCTION mianshen_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE USING MESSAGE = TG_ARGV[0], ERRCODE = 'check_violation'; END $$
"""


def _postgresql_fixed(table: Table) -> list[str]:
    name = table.name
    changed = " OR ".join(f'NEW."{column}" IS DISTINCT FROM OLD."{column}"' for column in fixed_columns(table))
    refuse = f"EXECUTE FUNCTION mianshen_refuse('rows of {name} are never"
    once = f"ON {name} FOR EACH STATEMENT {refuse} deleted')"
    return [
        f"CREATE TRIGGER {name}_keep BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({changed}) {refuse} changed')",
        f"CREATE TRIGGER {name}_stay BEFORE DELETE {once}",
        f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE {once}",
    ]


def _postgresql(guard: Guard) -> list[str]:
    """Return a function and its trigger; a trigger's own condition may hold no query."""
    name = f"{guard.table}_{guard.name}"
    when = f"WHEN ({guard.when}) " if guard.when else ""
    refuse = f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'check_violation'"
    body = f"BEGIN IF EXISTS ({guard.broken}) THEN {refuse}; END IF; RETURN NEW; END"
    asked = f"BEFORE {guard.moment} ON {guard.table} FOR EACH ROW {when}"
    return [
        f"CREATE FUNCTION mianshen_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} {asked}EXECUTE FUNCTION mianshen_{name}()",
    ]


def fixed_columns(table: Table) -> tuple[str, ...]:
    """Return the columns of a table that never change."""
    free = (*_CHANGING.get(table.name, ()), *(("state",) if table.name in GRAPHS else ()))
    return tuple(column.name for column in table.columns if column.name not in free)
