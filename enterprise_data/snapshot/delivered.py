"""The rows of a delivery in one shape, whatever the dataset: its keys, the day each row speaks of, its fields."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.model import Dataset, FirmKey
from enterprise_data.codes.regions import canonical_code, prefix_of
from enterprise_data.queries import column, run


def value_columns(dataset: Dataset) -> tuple[str, ...]:
    """Return the columns that a row of the dataset has at rest, besides those that place it."""
    return (("period",) if dataset.period else ()) + tuple(dataset.fields)


def show_delivered(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, rows: Path, doubtful: Path, data_date: date
) -> None:
    """Make the view `delivered` of a delivery's rows, and of the doubtful ones that were rejected when loaded.

    Its columns are `row_no`, `_uscc`, `_organisation_code`, `_registration_no`, `_name`, `_day`, `_listed_on` (the day
    the data stand for), `_region` (code of where the row, or else the whole list, says the firm is), `_doubtful` and
    those of `value_columns`. The underscore keeps them apart from fields, whose names begin with a letter.
    """
    con.read_parquet(str(rows)).create_view("accepted", replace=True)
    con.read_parquet(str(doubtful)).create_view("rejected", replace=True)
    accepted = _shaped(dataset, "accepted", data_date, doubtful=False)
    rejected = _shaped(dataset, "rejected", data_date, doubtful=True)
    run(con, exp.union(accepted, rejected, distinct=False)).create_view("delivered", replace=True)


def _shaped(dataset: Dataset, table: str, data_date: date, *, doubtful: bool) -> exp.Select:
    keys = [exp.alias_(_key(dataset, key), f"_{key.value}", quoted=True) for key in FirmKey]
    placing = [
        column("row_no"),
        *keys,
        exp.alias_(_day(dataset, data_date), "_day"),
        exp.alias_(_date(data_date), "_listed_on"),
        exp.alias_(_region(dataset), "_region"),
        exp.alias_(exp.convert(doubtful), "_doubtful"),
    ]
    return exp.select(*placing, *(column(name) for name in value_columns(dataset))).from_(table)


def _key(dataset: Dataset, key: FirmKey) -> exp.Expression:
    return column(key.value) if key in dataset.key else exp.cast(exp.null(), "VARCHAR")


def _day(dataset: Dataset, data_date: date) -> exp.Expression:
    """The day at which a row's name must have been in force."""
    if dataset.dated_by:
        return column(dataset.dated_by)
    if dataset.period:
        months = exp.Interval(this=exp.convert(12 // dataset.period.per_year), unit=exp.var("MONTH"))
        day = exp.Interval(this=exp.convert(1), unit=exp.var("DAY"))
        return exp.cast(column("period") + months - day, "DATE")
    return _date(data_date)


def _date(day: date) -> exp.Expression:
    return exp.cast(exp.convert(day.isoformat()), "DATE")


def _region(dataset: Dataset) -> exp.Expr:
    listed = dataset.listed_region or dataset.covers.region
    code = exp.convert(canonical_code(prefix_of(listed))) if listed else exp.null()
    if dataset.home_region is None or dataset.home_region not in dataset.fields:
        return exp.cast(code, "VARCHAR")
    return exp.func("coalesce", column(dataset.home_region), exp.cast(code, "VARCHAR"))
