"""Bring texts into the form in which they are compared: each distinct text once, vectorised."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from enterprise_data.codes.uscc import (
    clean_code,
    organisation_code_is_valid,
    registration_no_is_valid,
    uscc_is_valid,
)
from enterprise_data.identity.names import is_branch, normalised


def spell_names(con: duckdb.DuckDBPyConnection, distinct: str, table: str, folder: Path) -> None:
    """Make `table(raw, name, is_branch)` of the names that the query `distinct` yields as `raw`."""
    names = pl.DataFrame(con.sql(distinct)).lazy().with_columns(name=normalised(pl.col("raw")))
    _into(con, names.with_columns(is_branch=is_branch(pl.col("name"))), table, folder)


def spell_codes(con: duckdb.DuckDBPyConnection, distinct: str, table: str, folder: Path) -> None:
    """Make `table(raw, kind, code, checked)` of the codes that the query `distinct` yields as `raw`.

    `kind` is `uscc`, `organisation_code` or `registration_no` by the code's form, because files put the one into the
    column of the other; `faulty` for any other form, and for a USCC with a wrong check character. `checked`: the
    check character of an older code is right, or it has none. Empty texts are left out.
    """
    codes = pl.DataFrame(con.sql(distinct)).lazy().with_columns(code=clean_code(pl.col("raw")))
    long = pl.col("code").str.len_bytes() == 18
    _into(con, pl.concat([_usccs(codes.filter(long)), _older_codes(codes.filter(~long))]), table, folder)


def _usccs(codes: pl.LazyFrame) -> pl.LazyFrame:
    kind = pl.when(uscc_is_valid(pl.col("code"))).then(pl.lit("uscc")).otherwise(pl.lit("faulty"))
    return codes.with_columns(kind=kind, checked=pl.lit(value=True))


def _older_codes(codes: pl.LazyFrame) -> pl.LazyFrame:
    code = pl.col("code")
    kind = (
        pl.when(code.str.contains("^[0-9A-Z]{9}$"))
        .then(pl.lit("organisation_code"))
        # Numbers of 13 digits were given out before 2007 and have no check digit.
        .when(code.str.contains("^[0-9]{13}([0-9]{2})?$"))
        .then(pl.lit("registration_no"))
        .otherwise(pl.lit("faulty"))
    )
    right = organisation_code_is_valid(code) | registration_no_is_valid(code) | (code.str.len_bytes() == 13)
    return codes.with_columns(kind=kind, checked=right)


def _into(con: duckdb.DuckDBPyConnection, frame: pl.LazyFrame, table: str, folder: Path) -> None:
    path = folder / f"{table}.parquet"
    spelled = frame.collect()
    try:
        spelled.write_parquet(path, compression="lz4")
    except pl.exceptions.ComputeError as error:  # as which polars reports a full disk
        raise OSError(str(error)) from error
    con.read_parquet(str(path)).create(table)
    path.unlink()
