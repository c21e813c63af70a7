"""Spoil three rows in a hundred, each in one way, as real files are spoilt."""

from __future__ import annotations

from datetime import date

import polars as pl

from enterprise_data.catalogue.model import Dataset, FieldType, Role
from enterprise_data.sample_city.feeds import Feed, Form
from enterprise_data.sample_city.world import World

SPOILT_PER_MILLION = 30_000
FAULT = "fault"
_NUMBERS = (FieldType.MONEY, FieldType.COUNT)
_EPOCH_SERIAL = (date(1970, 1, 1) - date(1899, 12, 30)).days


def faults_of(feed: Feed, dataset: Dataset, columns: list[str]) -> list[str]:
    """Return in which ways rows of this file are spoilt; typed files cannot hold badly written numbers."""
    types = {dataset.fields[name].type for name in columns if name in dataset.fields}
    found = ["missing_value", "duplicate"]
    is_text = feed.form is not Form.PARQUET
    if "uscc" in feed.keys:
        found += ["wrong_check"]
        found += ["full_width_code", "excel_code", "spaced_code"] if is_text else []
        if "name" in feed.keys:
            found += ["spaced_name"]
    if is_text and types & set(_NUMBERS):
        found += ["full_width_number", "thousands", "unit_written"]
    if is_text and FieldType.DATE in types:
        found += ["impossible_date", "excel_date", "written_date"]
    # Names of lists by name alone are spoilt in more ways, of their own.
    if dataset.role is Role.REGISTER or "uscc" not in feed.keys:
        return found
    found += ["unregistered"]
    return found + (["misspelt_name", "former_name"] if "name" in feed.keys else [])


def assign(world: World, dataset: str, faults: list[str], rows: pl.DataFrame) -> pl.DataFrame:
    """Add the column `fault`: null, or one of `faults`, all equally likely."""
    draws = world.draws("row")
    share = draws.below(1_000_000, f"{dataset}/fault")
    which = pl.lit(pl.Series(faults)).gather(share * len(faults) // SPOILT_PER_MILLION, null_on_oob=True)
    return rows.with_columns(which.alias(FAULT))


def spoil_identity(rows: pl.DataFrame, strangers: pl.DataFrame) -> pl.DataFrame:
    """Spoil whom a row names; `strangers` are firms that the register lacks, with the number each stands in for."""
    spoilt = _with_strangers(rows, strangers).with_columns(uscc=_spoilt_code(), name=_spoilt_name())
    copies = pl.when(pl.col(FAULT).eq_missing("duplicate")).then(2).otherwise(1)
    index = spoilt.select(pl.int_range(pl.len()).repeat_by(copies).explode()).to_series()
    return spoilt[index]


def _with_strangers(rows: pl.DataFrame, strangers: pl.DataFrame) -> pl.DataFrame:
    joined = rows.join(strangers, on="number", how="left", maintain_order="left", suffix="_stranger")
    unregistered = pl.col(FAULT) == "unregistered"
    keys = ("uscc", "organisation_code", "registration_no", "name")
    return joined.with_columns(pl.when(unregistered).then(f"{key}_stranger").otherwise(key).alias(key) for key in keys)


def _spoilt_code() -> pl.Expr:
    fault, code = pl.col(FAULT), pl.col("uscc")
    other_check = pl.when(code.str.ends_with("1")).then(pl.lit("2")).otherwise(pl.lit("1"))
    return (
        pl.when(fault == "wrong_check").then(code.str.head(17) + other_check)
        .when(fault == "full_width_code").then(full_width(code))
        .when(fault == "spaced_code").then(" " + code + "　")
        .when(fault == "excel_code").then(_excel_code(code))
        .otherwise(code)
    )  # fmt: skip


def _spoilt_name() -> pl.Expr:
    fault, name = pl.col(FAULT), pl.col("name")
    former = pl.col("former_name")
    return (
        pl.when(fault == "spaced_name").then(name + " ")
        .when(fault == "misspelt_name").then(name.str.slice(0, 3) + pl.lit("圣") + name.str.slice(4))
        .when((fault == "former_name") & former.is_not_null()).then(former)
        .otherwise(name)
    )  # fmt: skip


def full_width(text: pl.Expr) -> pl.Expr:
    """Return the text with full-width digits."""
    return text.str.replace_many(list("0123456789"), list("０１２３４５６７８９"))


def _excel_code(code: pl.Expr) -> pl.Expr:
    """Return a code as a spreadsheet shows it: as a power of ten if it is all digits, in small letters else."""
    digits = code.str.slice(0, 1) + "." + code.str.slice(1, 5) + "E+17"
    return pl.when(code.str.contains("^[0-9]{18}$")).then(digits).otherwise(code.str.to_lowercase())


def written(world: World, dataset: Dataset, fields: list[str], typed: bool) -> list[pl.Expr]:
    """Return the fields as the file has them: typed or as text, and spoilt where the row's fault asks for it."""
    draws = world.draws("row")
    blank = draws.below(len(fields), f"{dataset.dataset}/blank")
    result = []
    for index, name in enumerate(fields):
        value = pl.col(name) if typed else _text(dataset, name)
        missing = (pl.col(FAULT) == "missing_value") & (blank == index)
        result.append(pl.when(missing.fill_null(value=False)).then(None).otherwise(value).alias(name))
    return result


def _text(dataset: Dataset, name: str) -> pl.Expr:
    field, column, fault = dataset.fields[name], pl.col(name), pl.col(FAULT)
    if field.type is FieldType.BOOLEAN:
        return pl.when(column).then(pl.lit("是")).when(~column).then(pl.lit("否"))
    if field.type is FieldType.DATE:
        iso = column.dt.to_string("%Y-%m-%d")
        serial = (column.cast(pl.Int32) + _EPOCH_SERIAL).cast(pl.String)
        return (
            pl.when(fault == "impossible_date").then(column.dt.to_string("%Y-02-30"))
            .when(fault == "excel_date").then(pl.when(column.is_not_null()).then(serial))
            .when(fault == "written_date").then(column.dt.to_string("%Y年%m月%d日"))
            .otherwise(iso)
        )  # fmt: skip
    text = column.cast(pl.String)
    if field.type not in _NUMBERS:
        return text
    return (
        pl.when(fault == "full_width_number").then(full_width(text))
        .when(fault == "thousands").then(_thousands(text))
        .when(fault == "unit_written").then(text + (field.unit or ""))
        .otherwise(text)
    )  # fmt: skip


def _thousands(text: pl.Expr) -> pl.Expr:
    for _ in range(4):
        text = text.str.replace(r"^(-?[0-9]+)([0-9]{3})(,.*)?$", "$1,$2$3")
    return text
