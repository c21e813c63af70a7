"""Repairs: named rules that restore what a spreadsheet or a typist did to a value, each counted when it changes one.

A rule may only write down what the value already says. Where two readings are possible (03/04/2024, 111 for class
0111 or group 111) there is no rule, and the value is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

_FULL_WIDTH = [chr(code) for code in range(0xFF01, 0xFF5F)] + ["−"]
_HALF_WIDTH = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)] + ["-"]
PLACEHOLDERS = (
    *("-", "--", "---", "—", "——", "/", "\\", "*", "."),
    *("无", "暂无", "未知", "不详", "空", "未填写"),
    *("NULL", "null", "Null", "None", "none", "N/A", "n/a", "NA", "#N/A", "NaN", "nan"),
)
INVISIBLE = r"[\p{Cf}\p{Cc}--[\t\n\r]]"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"


@dataclass(frozen=True)
class Rule:
    """A repair: its name in the counts, and the expression that gives the repaired text."""

    name: str
    repair: Callable[[pl.Expr], pl.Expr]


def _replacing(name: str, pattern: str, replacement: str) -> Rule:
    return Rule(name, lambda text: text.str.replace_all(pattern, replacement))


INVISIBLE_CHARACTERS = _replacing("invisible_characters", INVISIBLE, "")
STRAY_SPACES = Rule("stray_spaces", lambda text: text.str.strip_chars())
INNER_SPACES = _replacing("stray_spaces", r"\s+", "")
FULL_WIDTH = Rule("full_width", lambda text: text.str.replace_many(_FULL_WIDTH, _HALF_WIDTH))
PLACEHOLDER = Rule("placeholder", lambda text: pl.when(~text.is_in(PLACEHOLDERS) & (text != "")).then(text))

TEXT_RULES = (INVISIBLE_CHARACTERS, STRAY_SPACES, PLACEHOLDER)
WORD_RULES = (INVISIBLE_CHARACTERS, INNER_SPACES, FULL_WIDTH, PLACEHOLDER)

THOUSANDS = Rule(
    "thousands_separators",
    lambda text: (
        pl.when(text.str.contains(r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$"))
        .then(text.str.replace_all(",", "", literal=True))
        .otherwise(text)
    ),
)
TRAILING_POINT_ZERO = _replacing("trailing_point_zero", r"^(-?[0-9]+)\.0+$", "$1")
NUMBER_RULES = (
    INVISIBLE_CHARACTERS,
    STRAY_SPACES,
    FULL_WIDTH,
    PLACEHOLDER,
    _replacing("currency_sign", r"^[¥￥]\s*([0-9])", "$1"),
    _replacing("plus_sign", r"^\+([0-9])", "$1"),
    THOUSANDS,
    _replacing("bare_point", r"^(-?)\.([0-9]+)$", "${1}0.$2"),
    _replacing("bare_point", r"^(-?[0-9]+)\.$", "$1"),
    TRAILING_POINT_ZERO,
    _replacing("trailing_zeros", r"^(-?[0-9]+\.[0-9]{1,10}?)0+$", "$1"),
)


def _from_serial(text: pl.Expr) -> pl.Expr:
    """Read Excel's day numbers (1900 system) from 1927 to 2119; five digits are no other form of a date."""
    is_serial = text.str.contains(r"^[1-7][0-9]{4}(?:\.0)?$")
    days = text.str.extract(r"^([1-7][0-9]{4})(?:\.0)?$").cast(pl.Int32, strict=False)
    day = (pl.lit(0, dtype=pl.Int32).cast(pl.Date) + pl.duration(days=days - 25_569)).dt.to_string("%Y-%m-%d")
    return pl.when(is_serial).then(day).otherwise(text)


DATE_RULES = (
    INVISIBLE_CHARACTERS,
    STRAY_SPACES,
    FULL_WIDTH,
    PLACEHOLDER,
    _replacing("time_of_day", r"^(.*[0-9日])(?:[ T]+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$", "$1"),
    _replacing("chinese_date", r"^([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日$", "$1-$2-$3"),
    _replacing("date_separators", r"^([0-9]{4})\s*[/.]\s*([0-9]{1,2})\s*[/.]\s*([0-9]{1,2})$", "$1-$2-$3"),
    _replacing("compact_date", r"^((?:19|20|21)[0-9]{2})([01][0-9])([0-3][0-9])(?:\.0)?$", "$1-$2-$3"),
    Rule("excel_serial_date", _from_serial),
    Rule(
        "date_zeros",
        lambda text: text.str.replace(r"^([0-9]{4}-)([0-9]-[0-9]{1,2})$", "${1}0$2").str.replace(
            r"^([0-9]{4}-[0-9]{2}-)([0-9])$", "${1}0$2"
        ),
    ),
)

CODE_RULES = (*WORD_RULES, Rule("lower_case", lambda text: text.str.to_uppercase()))
KEY_CODE_RULES = (*CODE_RULES, _replacing("hyphen", r"^([0-9A-Z]{8})-([0-9X])$", "$1$2"), TRAILING_POINT_ZERO)


def unit_suffix(unit: str) -> Rule:
    """Return the rule that takes the declared unit off a number (`500万元` in a column of 万元)."""
    return Rule("unit_suffix", lambda text: text.str.replace(rf"^(-?[0-9][0-9,.]*)\s*{_escaped(unit)}$", "$1"))


def apply(rules: Iterable[Rule], texts: pl.Series) -> tuple[pl.Series, dict[str, int]]:
    """Return the texts after every rule in turn, and how many values each rule changed."""
    counts: dict[str, int] = {}
    column = pl.col("text")
    frame = pl.DataFrame({"text": texts})
    for rule in rules:
        repaired = frame.select(rule.repair(column).alias("text"))
        changed = int((frame["text"].ne_missing(repaired["text"])).sum())
        if changed:
            counts[rule.name] = counts.get(rule.name, 0) + changed
        frame = repaired
    return frame["text"], counts


def _escaped(unit: str) -> str:
    return "".join(rf"\{c}" if c in r"\.+*?()|[]{}^$" else c for c in unit)
