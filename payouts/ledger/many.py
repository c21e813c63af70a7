"""Inserting very many rows that people's acts made, not a query."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, insert


def insert_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert rows, each a tuple in the order of `columns`, which is the table's own.

    Where the driver takes values by place, as SQLite's does, the tuples go to it as they are: SQLAlchemy would look
    at each value of each row.
    """
    statement = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
    if statement.positiontup == list(columns):
        connection.exec_driver_sql(str(statement), list(rows))
    else:
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
