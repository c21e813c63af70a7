"""Bring texts into the form in which they are compared: each distinct text once, vectorised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from enterprise_data.codes.uscc import (
    clean_code,
    organisation_code_is_valid,
    registration_no_is_valid,
    uscc_is_valid,
)
from enterprise_data.identity.frames import handed_over
from enterprise_data.identity.names.bare import bare
from enterprise_data.identity.names.forms import ends_right, mended
from enterprise_data.identity.names.keys import with_keys
from enterprise_data.identity.names.spelling import normalised

# So many texts at a time: the keys of a name take a kilobyte while they are made.
_SLICE = 400_000
# What a letter that no USCC has was read for.
_MISREAD = {"I": "1", "O": "0", "Z": "2", "S": "5"}


def spell_names(con: duckdb.DuckDBPyConnection, distinct: str, table: str, folder: Path) -> None:
    """Make `table(raw, name)` of the names that the query `distinct` yields as `raw`; `name` is normalised."""
    _spell(con, distinct, table, folder, lambda names: names.with_columns(name=normalised(pl.col("raw"))))


def key_names(con: duckdb.DuckDBPyConnection, distinct: str, table: str, folder: Path) -> None:
    """Make `table(name, <keys>)` of the normalised names that the query yields as `name`; see `with_keys`."""
    _spell(con, distinct, table, folder, with_keys)


def key_more_names(con: duckdb.DuckDBPyConnection, distinct: str, table: str, folder: Path) -> None:
    """Add to a table that `key_names` made the normalised names that the query yields as `name`."""
    _spell(con, distinct, table, folder, with_keys, new=False)


def key_listed_names(con: duckdb.DuckDBPyConnection, distinct: str, table: str, folder: Path) -> None:
    """Make `table(raw, is_mended, as_written, name, <keys>)` of listed names, which the query yields as `raw`.

    `as_written` is normalised as it stands, `name` is so without what lists put around it. Where the organisation form
    is misspelt there is a further line, `is_mended`, for each name that it may have been meant as.
    """
    _spell(con, distinct, table, folder, _listed)


def _listed(names: pl.DataFrame) -> pl.DataFrame:
    listed = names.with_columns(name=bare(names["raw"])).with_columns(
        name=normalised(pl.col("name")), as_written=normalised(pl.col("raw")), is_mended=pl.lit(value=False)
    )
    meant = (
        listed.filter(~ends_right(pl.col("name")))
        .with_columns(name=mended(pl.col("name")), is_mended=pl.lit(value=True))
        .explode("name")
        .drop_nulls("name")
    )
    return with_keys(pl.concat([listed, meant]))


def spell_codes(con: duckdb.DuckDBPyConnection, distinct: str, table: str, folder: Path) -> None:
    """Make `table(raw, kind, code, checked)` of the codes that the query `distinct` yields as `raw`.

    `kind` is `uscc`, `organisation_code` or `registration_no` by the code's form, because files put the one into the
    column of the other; `misread` for a USCC whose check character is right once letters that no USCC has are read as
    digits; `faulty` for any other form, and for a USCC with a wrong check character. `checked`: the check character
    of an older code is right, or it has none. Empty texts are left out.
    """
    _spell(con, distinct, table, folder, _codes)


def _codes(texts: pl.DataFrame) -> pl.DataFrame:
    codes = texts.with_columns(code=clean_code(pl.col("raw")))
    long = pl.col("code").str.len_bytes() == 18
    return pl.concat([_usccs(codes.filter(long)), _older_codes(codes.filter(~long))])


def _usccs(codes: pl.DataFrame) -> pl.DataFrame:
    meant = pl.col("code").str.replace_many(_MISREAD)
    # With a letter that no USCC has the code itself is none: one check tells of both.
    mendable = uscc_is_valid(meant)
    right = mendable & (meant == pl.col("code"))
    kind = pl.when(right).then(pl.lit("uscc")).when(mendable).then(pl.lit("misread")).otherwise(pl.lit("faulty"))
    return codes.with_columns(
        kind=kind, checked=pl.lit(value=True), code=pl.when(mendable).then(meant).otherwise("code")
    )


def _older_codes(codes: pl.DataFrame) -> pl.DataFrame:
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


def _spell(
    con: duckdb.DuckDBPyConnection,
    distinct: str,
    table: str,
    folder: Path,
    spelled: Callable[[pl.DataFrame], pl.DataFrame],
    *,
    new: bool = True,
) -> None:
    texts = pl.DataFrame(con.sql(distinct))
    for number, texts_slice in enumerate(texts.iter_slices(_SLICE) if texts.height else [texts]):
        with handed_over(con, spelled(texts_slice), folder) as rows:
            if new and number == 0:
                rows.create(table)
            else:
                rows.insert_into(table)
