"""Workspaces filled by hand: a catalogue in YAML, deliveries given as rows, no files to read first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from enterprise_data.catalogue.load import entry_sha256
from enterprise_data.catalogue.model import DataField, Dataset, FieldType
from enterprise_data.codes.uscc import check_character
from enterprise_data.deliveries import Delivery
from enterprise_data.workspace import Workspace

Rows = Iterable[Mapping[str, Any]]

CATALOGUE = {
    "register": """
dataset: register
title: {zh: 企业登记}
department: 市场监管局
role: register
grain: firm
key: [uscc, registration_no, name]
absence: unknown
fields:
  region: {type: region, label: 区划}
  capital: {type: money, unit: 元, label: 注册资本}
""",
    "former_names": """
dataset: former_names
title: {zh: 曾用名}
department: 市场监管局
role: former_names
grain: event
key: [uscc]
absence: none
fields:
  former_name: {type: text, label: 曾用名}
  used_from: {type: date, label: 启用日期}
  until: {type: date, label: 停用日期}
""",
    "penalties": """
dataset: penalties
title: {zh: 行政处罚}
department: 执法局
grain: event
key: [uscc, organisation_code, registration_no, name]
dated_by: decided_on
absence: none
fields:
  decided_on: {type: date, label: 决定日期}
  level: {type: text, label: 等级}
""",
    "tax": """
dataset: tax
title: {zh: 税务}
department: 税务局
grain: period
period: year
key: [uscc, name]
absence: unknown
fields:
  revenue: {type: money, unit: 元, label: 收入}
""",
    "city_series": """
dataset: city_series
title: {zh: 全市数据}
department: 统计局
grain: region
period: year
absence: unknown
fields:
  region: {type: region, label: 区划}
  revenue_growth: {type: share, unit: '%', label: 增速}
""",
}

_AT_REST = {
    FieldType.BOOLEAN: pl.Boolean(),
    FieldType.DATE: pl.Date(),
    FieldType.MONEY: pl.Int64(),
    FieldType.COUNT: pl.Int64(),
}


def uscc(number: int) -> str:
    """Return the valid USCC of firm `number`."""
    body = f"91370200{number:09d}"
    return body + check_character(body)


def workspace(folder: Path, datasets: Mapping[str, str] = CATALOGUE) -> Workspace:
    """Make a workspace whose catalogue is `datasets`."""
    made = Workspace.create(folder, bare=True)
    for name, text in datasets.items():
        (folder / "catalog" / f"{name}.yaml").write_text(text.strip() + "\n", encoding="utf-8")
    return made


def frame(dataset: Dataset, rows: Rows) -> pl.DataFrame:
    """Return rows as conform writes them: numbered, every key and field typed, what is missing null."""
    schema: dict[str, pl.DataType] = {"row_no": pl.Int64()} | {key.value: pl.String() for key in dataset.key}
    schema |= {"period": pl.Date()} if dataset.period else {}
    schema |= {name: _at_rest(field) for name, field in dataset.fields.items()}
    return pl.DataFrame([{"row_no": number, **row} for number, row in enumerate(rows, 1)], schema=schema)


def deliver(
    space: Workspace, name: str, rows: Rows | pl.DataFrame, doubtful: Rows = (), day: date = date(2024, 12, 31)
) -> Delivery:
    """Put rows in force as the delivery of a dataset; doubtful rows number from 1,000,001."""
    dataset = space.catalogue().datasets[name]
    accepted = rows if isinstance(rows, pl.DataFrame) else frame(dataset, rows)
    with space.deliveries.drafting(name) as folder:
        accepted.write_parquet(folder / "rows.parquet")
        rejected = frame(dataset, doubtful).with_columns(pl.col("row_no") + 1_000_000)
        rejected.write_parquet(folder / "doubtful.parquet")
        digest = hashlib.sha256((folder / "rows.parquet").read_bytes()).hexdigest()
        draft = Delivery(
            folder=folder,
            dataset=name,
            source=f"{name}.csv",
            source_form="csv",
            source_sha256=digest,
            data_date=day,
            catalogue_sha256=entry_sha256(dataset),
            input_rows=accepted.height + rejected.height,
            loaded_rows=accepted.height,
            rejected_rows=rejected.height,
            doubtful_rows=rejected.height,
            unattributable_rows=0,
            blank_rows=0,
            rejects={},
            repairs={},
            columns={},
            ignored_columns=(),
            rows_sha256=digest,
        )
        return space.deliveries.put_in_force(draft)


def _at_rest(field: DataField) -> pl.DataType:
    if field.type in (FieldType.SHARE, FieldType.NUMBER):
        return pl.Decimal(18, field.digits)
    return _AT_REST.get(field.type, pl.String())


def percent(text: str) -> Decimal:
    """Return a share at rest: `percent("5.5")` is 0.055."""
    return Decimal(text) / 100
