"""Inserting very many rows that people's acts made, not a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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

    Raises:
        ValueError: a row is too long or too short.
    """
    statement = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
    if statement.positiontup != list(columns):
        if told := [dict(zip(columns, row, strict=True)) for row in _whole(rows, len(columns))]:
            connection.execute(insert(table), told)
        return
    head = str(statement).removesuffix(_row(columns))
    remaining = _whole(rows, len(columns))
    while some := list(islice(remaining, _AT_ONCE // len(columns))):
        connection.exec_driver_sql(head + ", ".join([_row(columns)] * len(some)), tuple(chain.from_iterable(some)))


def _whole(rows: Iterable[tuple[object, ...]], length: int) -> Iterator[tuple[object, ...]]:
    for row in rows:
        if len(row) != length:
            raise ValueError(f"a row of {len(row)} values for {length} columns")
        yield row


def _row(columns: Sequence[str]) -> str:
    return f"({', '.join('?' * len(columns))})"
