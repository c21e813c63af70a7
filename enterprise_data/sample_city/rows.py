"""From firms to rows of a dataset: one per year, one per month, or several; always in the order of the firms."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from enterprise_data.sample_city.world import FIRST_YEAR, ROWS_PER_FIRM, YEARS


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(row=pl.col("number") * ROWS_PER_FIRM + pl.col("k"))


def repeated(firms: pl.DataFrame, times: pl.Expr | int) -> pl.DataFrame:
    """Return each firm as many times as said (at most 1024), with `k` from 0 on and `row`, the row's own number."""
    counted = firms.with_columns(times=times if isinstance(times, pl.Expr) else pl.lit(times))
    rows = counted.filter(pl.col("times") > 0).with_columns(k=pl.int_ranges(0, "times"))
    return _numbered(rows.drop("times").explode("k"))


def by_year(firms: pl.DataFrame, first: int = FIRST_YEAR) -> pl.DataFrame:
    """Return a row per firm and year of its life from `first` to 2024, with that year's `staff` and `revenue`.

    `before` is the revenue of the year before (null for 2016), `period` the year as text.
    """
    before = pl.concat_list(pl.lit(None, dtype=pl.Int64), pl.col("revenue").list.head(len(YEARS) - 1))
    rows = firms.with_columns(before=before, year=pl.lit(list(YEARS))).explode("year", "staff", "revenue", "before")
    lived = (pl.col("year") >= first) & (pl.col("established_on").dt.year() <= pl.col("year"))
    lived &= pl.col("closed_on").is_null() | (pl.col("closed_on").dt.year() >= pl.col("year"))
    rows = rows.filter(lived).with_columns(k=pl.col("year") - FIRST_YEAR, period=pl.col("year").cast(pl.String))
    return _numbered(rows)


def last_year(firms: pl.DataFrame) -> pl.DataFrame:
    """Return the firms with `staff` and `revenue` of the last year only."""
    return firms.with_columns(staff=pl.col("staff").list.last(), revenue=pl.col("revenue").list.last())


def by_month(firms: pl.DataFrame, months: Sequence[str]) -> pl.DataFrame:
    """Return a row per firm and month (`2024-01`) of its life, in `period`; `k` counts the months."""
    period = pl.Series(months, dtype=pl.String)
    rows = firms.drop("revenue").with_columns(k=pl.lit(list(range(len(months))))).explode("k")
    rows = rows.with_columns(period=pl.lit(period).gather("k")).with_columns(
        first_day=pl.lit((period + "-01").str.to_date()).gather("k")
    )
    lived = pl.col("established_on") < pl.col("first_day")
    lived &= pl.col("closed_on").is_null() | (pl.col("closed_on") >= pl.col("first_day"))
    return _numbered(rows.filter(lived))
