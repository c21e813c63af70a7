"""Numbers with units, dates and strings: read exactly, written canonically."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.language.literals import decimal_text, read_quantity, read_string, write_quantity, write_string
from policies.language.terms import Constant, Kind, Type, Value
from tests.language.world import canonical, codes, term

VALUES: list[tuple[str, Kind, Value, str]] = [
    ("6000元", Kind.MONEY, Fraction(600_000), "6000元"),
    ("2000万元", Kind.MONEY, Fraction(2_000_000_000), "2000万元"),
    ("1.5亿元", Kind.MONEY, Fraction(15_000_000_000), "1.5亿元"),
    ("1.5 亿元", Kind.MONEY, Fraction(15_000_000_000), "1.5亿元"),
    ("15000万元", Kind.MONEY, Fraction(15_000_000_000), "1.5亿元"),
    ("10,050万元", Kind.MONEY, Fraction(10_050_000_000), "10050万元"),
    ("20_000元", Kind.MONEY, Fraction(2_000_000), "2万元"),
    ("12345.67元", Kind.MONEY, Fraction(1_234_567), "12345.67元"),
    ("3百万元", Kind.MONEY, Fraction(300_000_000), "300万元"),
    ("1万亿元", Kind.MONEY, Fraction(100_000_000_000_000), "10000亿元"),
    ("0元", Kind.MONEY, Fraction(0), "0元"),
    ("5.5%", Kind.SHARE, Fraction(11, 200), "5.5%"),
    ("５．５％", Kind.SHARE, Fraction(11, 200), "5.5%"),
    ("10 pp", Kind.POINTS, Fraction(1, 10), "10 pp"),
    ("10个百分点", Kind.POINTS, Fraction(1, 10), "10 pp"),
    ("500人", Kind.COUNT, Fraction(500), "500人"),
    ("1.2万人", Kind.COUNT, Fraction(12_000), "12000人"),
    ("3 件", Kind.COUNT, Fraction(3), "3件"),
    ("0.10", Kind.NUMBER, Fraction(1, 10), "0.1"),
    ("-5%", Kind.SHARE, Fraction(-1, 20), "-5%"),
    ("2021-06-09", Kind.DATE, date(2021, 6, 9), "2021-06-09"),
    ('"a\\"b"', Kind.TEXT, 'a"b', '"a\\"b"'),
    ("“重大”", Kind.TEXT, "重大", '"重大"'),
    ("“（full　width）”", Kind.TEXT, "（full　width）", '"（full　width）"'),
    ("true", Kind.BOOL, True, "true"),
    ("否", Kind.BOOL, False, "false"),
]


@pytest.mark.parametrize(("text", "kind", "value", "written"), VALUES)
def test_literal(text: str, kind: Kind, value: Value, written: str) -> None:
    found = term(text)
    assert isinstance(found, Constant)
    assert (found.type.kind, found.value) == (kind, value)
    assert canonical(text) == written


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("3 years", "years"),
        ("1年", "years"),
        ("12个月", "months"),
        ("6月", "months"),
        ("30天", "days"),
        ("1 day", "days"),
    ],
)
def test_duration_is_a_count_of_its_unit(text: str, unit: str) -> None:
    assert term(text).type == Type(Kind.COUNT, unit)


@pytest.mark.parametrize(
    "text",
    [
        "2000万",
        "010",
        "2021-02-30",
        "2021-6-9",
        "1.5 years",
        '"\\q"',
        "min(1,000元, 2元)",
        "tax.rate[2021] in [5,000%]",
    ],
)
def test_what_is_not_a_literal(text: str) -> None:
    assert "LANG006" in codes(text)


def test_commas_in_a_list_separate() -> None:
    assert canonical("tax.months[2021] in [1,200,3]") == "tax.months[2021] in [1, 200, 3]"


def test_money_may_be_finer_than_a_fen() -> None:
    assert term("0.035元 * 100") == term("0.035元*100")
    assert canonical("0.035元") == "0.035元"


decimals = st.decimals(min_value=0, max_value=10**15, places=4, allow_nan=False, allow_infinity=False).map(Fraction)


@given(decimals, st.sampled_from(["", "元", "%", "pp", "人", "件"]))
def test_quantities_are_read_back(value: Fraction, unit: str) -> None:
    assert read_quantity(write_quantity(value, unit)) == (value, unit)


@given(decimals)
def test_decimals_are_exact(value: Fraction) -> None:
    assert Fraction(decimal_text(value)) == value
    assert Fraction(decimal_text(-value)) == -value


@given(st.text())
def test_strings_are_read_back(value: str) -> None:
    assert read_string(write_string(value)) == value
