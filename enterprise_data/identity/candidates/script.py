"""Names in simplified script (简体), in which candidates are compared whatever script they were written in."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from enterprise_data.identity.frames import replace_table
from enterprise_data.identity.names.spelling import simplified

_AT_ONCE = 200_000


def simplify_names(con: duckdb.DuckDBPyConnection, distinct: duckdb.DuckDBPyRelation, folder: Path) -> None:
    """Make `simplified_names(name, spelling)` of those names among `distinct(name)` that simplified script changes.

    `folder` is for passing files.
    """
    names = pl.DataFrame(distinct)
    changed = [
        part.with_columns(spelling=simplified(pl.col("name"))).filter(pl.col("spelling") != pl.col("name"))
        for part in names.iter_slices(_AT_ONCE)
    ]
    none = pl.DataFrame(schema={"name": pl.String, "spelling": pl.String})
    replace_table(con, "simplified_names", pl.concat([none, *changed]), folder)
