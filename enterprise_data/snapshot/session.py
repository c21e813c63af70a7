"""DuckDB as the snapshot uses it: bounded memory, spilling into the workspace, nothing fetched from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlglot import exp

MEMORY = "3GB"


@contextmanager
def session(folder: Path, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that spills into `folder`; `threads`: all cores unless given."""
    settings = {
        "memory_limit": MEMORY,
        "temp_directory": str(folder),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    con = duckdb.connect(":memory:", config=settings | ({"threads": str(threads)} if threads else {}))
    try:
        yield con
    finally:
        con.close()


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a quoted column, so that a name may be any identifier, also a word of SQL."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def run(con: duckdb.DuckDBPyConnection, query: exp.Expression) -> duckdb.DuckDBPyRelation:
    """Return the relation of a built query."""
    return con.sql(query.sql("duckdb"))
