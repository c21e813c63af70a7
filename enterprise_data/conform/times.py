"""Dates and periods; both rest as DATE, a period as its first day."""

from __future__ import annotations

import polars as pl

from enterprise_data.catalogue.bounds import EARLIEST_DAY, LATEST_DAY
from enterprise_data.conform.cells import Cells, Form, always, at, canonical_texts
from enterprise_data.conform.faults import Fault
from enterprise_data.conform.repairs import DATE_RULES, FULL_WIDTH, INVISIBLE_CHARACTERS, PLACEHOLDER, Rule
from enterprise_data.periods import PeriodKind

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_FIRST_MONTHS = {PeriodKind.YEAR: 12, PeriodKind.HALF: 6, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}
_CANONICAL_PERIOD = {
    PeriodKind.YEAR: r"^[0-9]{4}$",
    PeriodKind.HALF: r"^[0-9]{4}H[12]$",
    PeriodKind.QUARTER: r"^[0-9]{4}Q[1-4]$",
    PeriodKind.MONTH: r"^[0-9]{4}-(?:0[1-9]|1[0-2])$",
}
_CHINESE_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "上": "1", "下": "2"}


def conform_date(texts: pl.Series) -> Cells:
    """Return dates [DATE] from 1900 to 2199; 03/04/2024 has two readings and is a fault."""
    cells = canonical_texts(texts, Form(_DAY, DATE_RULES, _diagnose_date))
    days = cells.values.str.to_date("%Y-%m-%d", strict=False)
    impossible = days.is_null() & cells.values.is_not_null()
    outside = (days < EARLIEST_DAY) | (days > LATEST_DAY)
    faults = [
        cells.faults,
        at(impossible, Fault.NOT_A_DATE, "the calendar has no such day"),
        at(outside, Fault.OUT_OF_RANGE, f"outside {EARLIEST_DAY} to {LATEST_DAY}"),
    ]
    return Cells(_keep(days, ~outside), pl.concat(faults), cells.repairs)


def conform_period(texts: pl.Series, kind: PeriodKind) -> Cells:
    """Return the first days [DATE] of periods of one kind; a period of another kind is a fault."""
    examples = {"year": "2024", "half": "2024H1", "quarter": "2024Q1", "month": "2024-03"}
    reason = f"not a {kind.value}; write it as {examples[kind.value]}"
    form = Form(_CANONICAL_PERIOD[kind], _period_rules(kind), always(Fault.BAD_PERIOD, reason))
    cells = canonical_texts(texts, form)
    part = pl.col("p").str.extract(r"^[0-9]{4}[HQ-]([0-9]+)$").cast(pl.Int32).fill_null(1)
    month = ((part - 1) * _FIRST_MONTHS[kind] + 1).cast(pl.String).str.zfill(2)
    first = pl.concat_str(pl.col("p").str.slice(0, 4), pl.lit("-"), month, pl.lit("-01"))
    days = pl.DataFrame({"p": cells.values}).select(first.str.to_date("%Y-%m-%d", strict=False)).to_series()
    outside = (days < EARLIEST_DAY) | (days > LATEST_DAY) | (days.is_null() & cells.values.is_not_null())
    faults = [cells.faults, at(outside, Fault.OUT_OF_RANGE, f"outside {EARLIEST_DAY} to {LATEST_DAY}")]
    return Cells(_keep(days, ~outside), pl.concat(faults), cells.repairs)


def _keep(days: pl.Series, wanted: pl.Series) -> pl.Series:
    return pl.DataFrame({"d": days, "w": wanted}).select(pl.when("w").then("d")).to_series()


def _diagnose_date(text: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    two_readings = text.str.contains(r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{2}|[0-9]{4})$")
    code = pl.when(two_readings).then(pl.lit(Fault.AMBIGUOUS_DATE.value)).otherwise(pl.lit(Fault.NOT_A_DATE.value))
    reason = pl.when(two_readings).then(pl.lit("day and month may be either; write it as 2024-03-05"))
    return code, reason.otherwise(pl.lit("not a date; write it as 2024-03-05"))


def _period_rules(kind: PeriodKind) -> tuple[Rule, ...]:
    spaces = Rule("stray_spaces", lambda text: text.str.replace_all(r"\s+", "").str.replace(r"00:00:00(?:\.0+)?$", ""))
    return (
        INVISIBLE_CHARACTERS,
        spaces,
        FULL_WIDTH,
        PLACEHOLDER,
        Rule("trailing_point_zero", lambda text: text.str.replace(r"^([0-9]{4,6})\.0$", "$1")),
        Rule("period_written_otherwise", lambda text: _rewritten(text, kind)),
        Rule("period_from_first_day", lambda text: _from_first_day(text, kind)),
    )


def _rewritten(text: pl.Expr, kind: PeriodKind) -> pl.Expr:
    """Rewrite `2024年度`, `2024年上半年`, `2024年第一季度`, `2024年3月`, `202403`, `2024/3` as periods are written."""
    if kind is PeriodKind.YEAR:
        return text.str.replace(r"^([0-9]{4})年度?$", "$1")
    if kind is PeriodKind.MONTH:
        spelt = text.str.replace(r"^([0-9]{4})(?:年|/)([0-9]{1,2})月?(?:份)?$", "$1-$2")
        plain = spelt.str.replace(r"^([0-9]{4})(0[1-9]|1[0-2])$", "$1-$2")
        return plain.str.replace(r"^([0-9]{4})-([1-9])$", "$1-0$2")
    word, mark = ("半年度?", "H") if kind is PeriodKind.HALF else ("季度?", "Q")
    digits = text.str.replace_many(list(_CHINESE_DIGITS), list(_CHINESE_DIGITS.values()))
    spelt = digits.str.replace(rf"^([0-9]{{4}})年?第?([1-4]){word}$", f"${{1}}{mark}$2")
    return spelt.str.replace(rf"^([0-9]{{4}})-?[{mark}{mark.lower()}]([1-4])$", f"${{1}}{mark}$2")


def _from_first_day(text: pl.Expr, kind: PeriodKind) -> pl.Expr:
    """Read a date that is a period's first day, as spreadsheets and databases keep periods."""
    months = "|".join(f"{month:02d}" for month in range(1, 13, _FIRST_MONTHS[kind]))
    day = text.str.replace(rf"^([0-9]{{4}})[-/]({months})[-/]01T?$", "$1-$2-01")
    year, month = day.str.slice(0, 4), day.str.slice(5, 2)
    number = ((month.cast(pl.Int32, strict=False) - 1) // _FIRST_MONTHS[kind] + 1).cast(pl.String)
    written = {
        PeriodKind.YEAR: year,
        PeriodKind.HALF: year + "H" + number,
        PeriodKind.QUARTER: year + "Q" + number,
        PeriodKind.MONTH: year + "-" + month,
    }[kind]
    return pl.when(day.str.contains(rf"^[0-9]{{4}}-(?:{months})-01$")).then(written).otherwise(text)
