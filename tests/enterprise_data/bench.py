"""A workbench for tests: a workspace with a small catalogue, and files to load into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from enterprise_data.catalogue.model import DataField
from enterprise_data.conform.load import load
from enterprise_data.deliveries import Delivery
from enterprise_data.workspace import Workspace

REGISTER = """\
dataset: registration
title: {zh: 企业登记, en: Registration}
department: 市场监管局
role: register
grain: firm
key: [uscc, name]
fields:
  region: {type: region, label: 登记地}
"""

TAX = """\
dataset: tax
title: {zh: 纳税}
department: 税务局
grain: period
period: year
key: uscc
fields:
  revenue: {type: money, unit: 万元, label: 销售收入, columns: [营业收入]}
  staff: {type: count, unit: 人, label: 职工人数}
"""

PENALTIES = """\
dataset: penalties
title: {zh: 行政处罚}
department: 市场监管局
grain: event
key: [uscc, name]
dated_by: decided_on
absence: none
negative: true
fields:
  decided_on: {type: date, label: 决定日期, required: true}
  level: {type: code, label: 等级, values: [一般, 重大]}
  fine: {type: money, unit: 元, label: 罚款}
  remark: {type: text, label: 备注}
"""

USCC = "91370100MA3ABCDE{}X"


def workspace(root: Path, *entries: str) -> Workspace:
    """Make a bare workspace in `root` with the given catalogue entries."""
    made = Workspace.create(root / "w", bare=True)
    for number, entry in enumerate(entries or (REGISTER, TAX, PENALTIES)):
        (made.root / "catalog" / f"{number}.yaml").write_text(entry, encoding="utf-8")
    return made


def load_text(made: Workspace, dataset: str, text: str, name: str = "file.csv") -> Delivery:
    """Load the text as a UTF-8 file of that name."""
    path = made.root / name
    path.write_text(text, encoding="utf-8")
    return load(made, dataset, path)


def rejects(delivery: Delivery) -> list[tuple[int, str, str | None, str]]:
    """Return (row, column, value, code) of every reject."""
    return pl.read_parquet(delivery.rejects_path).select("row_no", "column", "value", "code").rows()


def rows(delivery: Delivery, *columns: str) -> list[tuple[Any, ...]]:
    """Return the accepted rows."""
    frame = pl.read_parquet(delivery.rows_path)
    return frame.select(*columns).rows() if columns else frame.rows()


def declared(**attributes: object) -> DataField:
    """Return a field as a catalogue declares it."""
    return DataField.model_validate({"label": "字段", **attributes})
