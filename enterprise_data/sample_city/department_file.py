"""From true rows to a department's file: its keys, its names of the day, its headings, its spoilt rows."""

from __future__ import annotations

import polars as pl

from enterprise_data.catalogue.model import Dataset
from enterprise_data.periods import PeriodKind
from enterprise_data.sample_city.feeds import Feed, Form
from enterprise_data.sample_city.lists import as_listed, is_list, name_of_the_day
from enterprise_data.sample_city.spoil import assign, faults_of, spoil_identity, written
from enterprise_data.sample_city.world import World

KEY_HEADINGS = {
    "uscc": "统一社会信用代码",
    "organisation_code": "组织机构代码",
    "registration_no": "注册号",
    "name": "企业名称",
}
_PERIOD_HEADINGS = {
    PeriodKind.YEAR: "年度",
    PeriodKind.QUARTER: "季度",
    PeriodKind.MONTH: "月份",
    PeriodKind.HALF: "半年度",
}


def spoilt_rows(
    world: World, feed: Feed, dataset: Dataset, firms: pl.DataFrame, strangers: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of one file for a block of firms, spoilt as they are delivered, one for each line of the file."""
    rows = feed.rows(world, firms)
    # A department sends its columns of end dates also when nothing has ended; without them, nobody would know.
    ends = [name for name, field in dataset.fields.items() if field.type == "date" and name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, dtype=pl.Date).alias(name) for name in ends)
    if "name" in feed.keys and dataset.dated_by:
        rows = rows.with_columns(name=name_of_the_day(dataset.dated_by, predecessors=is_list(feed)))
    faulty = assign(world, feed.dataset, faults_of(feed, dataset, _fields(dataset, rows)), rows)
    if is_list(feed):
        faulty = as_listed(world, feed, faulty, strangers)
    return spoil_identity(faulty, strangers)


def file_rows(world: World, feed: Feed, dataset: Dataset, spoilt: pl.DataFrame) -> pl.DataFrame:
    """Return spoilt rows as the file has them: its keys and fields, headed as its department heads them."""
    typed = feed.form is Form.PARQUET
    period = [pl.col("period").alias("period")] if dataset.period else []
    fields = written(world, dataset, _fields(dataset, spoilt), typed)
    return headed(dataset, spoilt.select(*_keys(world, feed), *period, *fields), typed)


def _fields(dataset: Dataset, rows: pl.DataFrame) -> list[str]:
    return [name for name in dataset.fields if name in rows.columns]


def _keys(world: World, feed: Feed) -> list[pl.Expr]:
    """Return the key columns; where older codes are a key too, every fifth row has only those."""
    older = [key for key in ("organisation_code", "registration_no") if key in feed.keys]
    if not older or feed.dataset == "registration":
        return [pl.col(key.value) for key in feed.keys]
    only_old = world.draws("row").chance(200_000, f"{feed.dataset}/old-code") & pl.col(older[0]).is_not_null()
    columns = {"uscc": pl.when(~only_old).then("uscc"), older[0]: pl.when(only_old).then(older[0])}
    return [columns.get(key.value, pl.col(key.value)).alias(key.value) for key in feed.keys]


def headed(dataset: Dataset, rows: pl.DataFrame, typed: bool) -> pl.DataFrame:
    """Head the columns as officials do: Chinese labels, money with its unit; machine-made files keep identifiers."""
    if typed:
        return rows
    headings = {key: heading for key, heading in KEY_HEADINGS.items() if key in rows.columns}
    if dataset.period:
        headings["period"] = _PERIOD_HEADINGS[dataset.period]
    for name, field in dataset.fields.items():
        if name in rows.columns:
            headings[name] = f"{field.label}({field.unit})" if field.type == "money" else field.label
    return rows.rename(headings)
