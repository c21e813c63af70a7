"""Inserting very many rows that people's acts made, not a query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from sqlalchemy import Connection, Table, insert

_AT_ONCE = 5_000  # bound values of one statement; SQLite takes 32,766


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert rows, each a tuple in the order of `columns`, which is the table's own.

    Where the driver takes values by place, as SQLite's does, the tuples go to it as they are, many in one statement:
    SQLAlchemy would look at each value of each row, and SQLite prepares to take back each statement of a table with
    guards.
    """
    statement = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
    if statement.positiontup != list(columns):
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    head = str(statement).removesuffix(_row(columns))
    remaining = iter(rows)
    while some := list(islice(remaining, _AT_ONCE // len(columns))):
        connection.exec_driver_sql(head + ", ".join([_row(columns)] * len(some)), tuple(chain.from_iterable(some)))


def _row(columns: Sequence[str]) -> str:
    return f"({', '.join('?' * len(columns))})"
