"""Schema as text: what the code of today would make, and what was frozen beside a step."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from payouts.ledger.states import transitions
from payouts.ledger.tables import METADATA
from payouts.ledger.triggers import statements

DIALECTS: dict[str, type[Dialect]] = {
    "sqlite": sqlite.dialect,
    "postgresql": postgresql.dialect,
}
_END = "\n;;\n"


def statements_of(step: Path, dialect: str) -> list[str]:
    """Return the statements that were frozen beside a step."""
    text = step.with_suffix(f".{dialect}.sql").read_text("utf-8")
    return [statement for part in text.split(_END) if (statement := part.strip())]


def schema(dialect: str) -> str:
    """Return everything that the code of today would make in an empty database, as it is frozen."""
    maker = DIALECTS[dialect]()
    made = []
    for table in METADATA.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=maker)))
        made += sorted(str(CreateIndex(index).compile(dialect=maker)) for index in table.indexes)
    made += [_insert(row) for row in transitions()]
    made += statements(dialect)
    return "".join(f"{_tidy(statement)}{_END}" for statement in made)


def _insert(row: dict[str, str]) -> str:
    columns, values = ", ".join(row), ", ".join(f"'{value}'" for value in row.values())
    return f"INSERT INTO transition ({columns}) VALUES ({values})"  # noqa: S608  # constants of ours


def _tidy(statement: str) -> str:
    return "\n".join(line.rstrip() for line in statement.strip().splitlines())
