"""DuckDB as the snapshot uses it: bounded memory, spilling into the workspace, nothing fetched from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY = "3GB"


@contextmanager
def session(folder: Path, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that spills into `folder`; `threads`: all cores unless given."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(folder),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads:
        settings["threads"] = threads
    con = duckdb.connect(":memory:", config=settings)
    try:
        yield con
    finally:
        con.close()
