"""Numbers with units, and strings: how they are read and what their canonical writing is."""

from __future__ import annotations

import json
import re
from fractions import Fraction

YUAN = {
    "元": 1,
    "千元": 10**3,
    "万元": 10**4,
    "百万元": 10**6,
    "千万元": 10**7,
    "亿元": 10**8,
    "万亿元": 10**12,
}
MAGNITUDES = {
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
WORDS = {
    "%": "%",
    "pp": "pp",
    "个百分点": "pp",
    "百分点": "pp",
    "year": "years",
    "years": "years",
    "年": "years",
    "month": "months",
    "months": "months",
    "月": "months",
    "个月": "months",
    "day": "days",
    "days": "days",
    "天": "days",
    "日": "days",
}
FOREIGN_MONEY = frozenset(
    [
        "美元",
        "美金",
        "欧元",
        "日元",
        "港元",
        "港币",
        "澳元",
        "英镑",
        "加元",
        "韩元",
        "新加坡元",
        "新台币",
        "澳门元",
        "瑞士法郎",
        "卢布",
    ]
)  # money in words, but not in yuan
DURATIONS = ("years", "months", "days")

_NUMBER = re.compile(r"(?P<number>[\d,_]+(?:\.\d+)?)\s*(?P<unit>.*)", re.DOTALL)
_COUNTED = re.compile(r"(?P<magnitude>万亿|亿|千万|百万|万)?(?P<noun>.+)", re.DOTALL)


def read_quantity(text: str) -> tuple[Fraction, str]:
    """Read `1.5亿元` as (150000000, 元), `1万人` as (10000, 人), `3年` as (3, years), `0.5` as (1/2, ``).

    Raises:
        ValueError: the number has a leading zero, or a magnitude (万) without a unit; the message says what to write.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError("this is not a number")
    digits, unit = match["number"], match["unit"]
    if re.match(r"0\d", digits):
        raise ValueError(f"write {digits.lstrip('0')} without the leading zero, or a code in quotes")
    number = Fraction(re.sub(r"[,_]", "", digits))
    if unit in YUAN:
        return number * YUAN[unit], "元"
    if unit in WORDS:
        return number, WORDS[unit]
    if unit in MAGNITUDES:
        raise ValueError(f"write {digits}{unit}元 for money, or {digits}{unit} followed by what is counted")
    counted = _COUNTED.fullmatch(unit)
    if counted is None:
        return number, ""
    return number * MAGNITUDES.get(counted["magnitude"] or "", 1), counted["noun"]


def write_quantity(value: Fraction, unit: str) -> str:
    """Write a quantity canonically, so that `read_quantity` reads back the same.

    Money takes the largest of 亿元, 万元 and 元 in which it is at least 1 with at most two decimals.
    """
    if unit == "元":
        return _write_money(value)
    if unit in DURATIONS:
        return f"{decimal_text(value)} {unit[:-1] if value == 1 else unit}"
    return decimal_text(value) + (" pp" if unit == "pp" else unit)


def _write_money(yuan: Fraction) -> str:
    for unit in ("亿元", "万元"):
        scaled = yuan / YUAN[unit]
        if scaled >= 1 and (scaled * 100).denominator == 1:
            return decimal_text(scaled) + unit
    return decimal_text(yuan) + "元"


def decimal_text(value: Fraction) -> str:
    """Write a finite decimal exactly, without trailing zeros."""
    places, scaled = 0, value
    while scaled.denominator != 1:
        scaled, places = scaled * 10, places + 1
    if not places:
        return str(scaled.numerator)
    sign = "-" if value < 0 else ""
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def read_string(text: str) -> str:
    r"""Read `"a\n"` or `“a”`; the escapes are those of JSON.

    Raises:
        ValueError: for an unknown escape.
    """
    inside = text[1:-1]
    if text[0] == "“":
        inside = re.sub(r'(\\.)|(")', lambda m: m[1] or '\\"', inside).replace("\\”", "”")
    try:
        return str(json.loads(f'"{inside}"', strict=False))
    except json.JSONDecodeError as error:
        raise ValueError(r"the escapes in strings are \" \\ \n \t and \uXXXX") from error


def write_string(value: str) -> str:
    """Write a string with double quotes and escapes."""
    return json.dumps(value, ensure_ascii=False)
