"""Hand frames of polars to DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl


@contextmanager
def handed_over(con: duckdb.DuckDBPyConnection, frame: pl.DataFrame, folder: Path) -> Iterator[duckdb.DuckDBPyRelation]:
    """Yield a frame as a relation, by way of a file in `folder` that is read at once and then removed.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    path = folder / "frame.parquet"
    try:
        # To pack what is read once would take longer than to write it as it is.
        frame.write_parquet(path, compression="uncompressed", statistics=False)
    except pl.exceptions.ComputeError as error:  # as which polars reports a full disk
        raise OSError(str(error)) from error
    try:
        yield con.read_parquet(str(path))
    finally:
        path.unlink()


def replace_table(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, folder: Path) -> None:
    """Make a table of a frame, in place of one of that name; `folder` is for passing the file."""
    with handed_over(con, frame, folder) as rows:
        con.execute(f'DROP TABLE IF EXISTS "{table}"')
        rows.create(table)
