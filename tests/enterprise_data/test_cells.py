"""What becomes of one cell: for every type, texts with the value, the repair or the reject code they must give."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprise_data.catalogue.bounds import FEN_PER_UNIT
from enterprise_data.catalogue.model import DataField
from enterprise_data.conform.rows import conform_field, rest_type
from enterprise_data.conform.times import conform_period
from enterprise_data.periods import PeriodKind
from tests.enterprise_data.bench import declared

WAN = declared(type="money", unit="万元")
YUAN = declared(type="money", unit="元", range=[0, 1000])
STAFF = declared(type="count", unit="人")
PERCENT = declared(type="share", unit="%")
RATIO = declared(type="share", unit="1", digits=6)
NUMBER = declared(type="number", digits=2)
DAY = declared(type="date")
FLAG = declared(type="boolean")
LEVEL = declared(type="code", values=["一般", "重大", "A1"])
TEXT = declared(type="text")
REGION = declared(type="region")
INDUSTRY = declared(type="industry")

# field, text, value at rest, repairs
ACCEPTED: list[tuple[DataField, str, object, set[str]]] = [
    (WAN, "100", 100_000_000, set()),
    (WAN, "0.000001", 1, set()),
    (WAN, "-1.5", -1_500_000, set()),
    (WAN, "１２．５", 12_500_000, {"full_width"}),
    (WAN, "1,234.5", 1_234_500_000, {"thousands_separators"}),
    (WAN, "１，２３４", 1_234_000_000, {"full_width", "thousands_separators"}),
    (WAN, " 5 ", 5_000_000, {"stray_spaces"}),
    (WAN, "\u30005\u00a0", 5_000_000, {"stray_spaces"}),
    (WAN, "5\u200b", 5_000_000, {"invisible_characters"}),
    (WAN, "5万元", 5_000_000, {"unit_suffix"}),
    (WAN, "¥5", 5_000_000, {"currency_sign"}),
    (WAN, "+5", 5_000_000, {"plus_sign"}),
    (WAN, ".5", 500_000, {"bare_point"}),
    (WAN, "5.", 5_000_000, {"bare_point"}),
    (WAN, "1.500000000000000000", 1_500_000, {"trailing_zeros"}),
    (WAN, "--", None, {"placeholder"}),
    (WAN, "NULL", None, {"placeholder"}),
    (WAN, "无", None, {"placeholder"}),
    (YUAN, "999.99", 99_999, set()),
    (STAFF, "12", 12, set()),
    (STAFF, "12.0", 12, {"trailing_point_zero"}),
    (STAFF, "１２人", 12, {"full_width", "unit_suffix"}),
    (PERCENT, "5.5", Decimal("0.0550"), set()),
    (PERCENT, "5.5%", Decimal("0.0550"), {"unit_suffix"}),
    (PERCENT, "-12.34", Decimal("-0.1234"), set()),
    (RATIO, "0.055", Decimal("0.055000"), set()),
    (NUMBER, "3.14", Decimal("3.14"), set()),
    (DAY, "2024-02-29", date(2024, 2, 29), set()),
    (DAY, "2024/3/5", date(2024, 3, 5), {"date_separators", "date_zeros"}),
    (DAY, "2024.03.05", date(2024, 3, 5), {"date_separators"}),
    (DAY, "2024年3月5日", date(2024, 3, 5), {"chinese_date", "date_zeros"}),
    (DAY, "20240305", date(2024, 3, 5), {"compact_date"}),
    (DAY, "45356", date(2024, 3, 5), {"excel_serial_date"}),
    (DAY, "45356.0", date(2024, 3, 5), {"excel_serial_date"}),
    (DAY, "2024-03-05 00:00:00", date(2024, 3, 5), {"time_of_day"}),
    (DAY, "2024-03-05T13:14", date(2024, 3, 5), {"time_of_day"}),
    (DAY, "２０２４－０３－０５", date(2024, 3, 5), {"full_width"}),
    (FLAG, "true", True, set()),
    (FLAG, "是", True, {"boolean_word"}),
    (FLAG, "Ｎ", False, {"full_width", "boolean_word"}),
    (FLAG, "0", False, {"boolean_word"}),
    (FLAG, "无", None, {"placeholder"}),
    (LEVEL, "重大", "重大", set()),
    (LEVEL, " 重 大", "重大", {"stray_spaces"}),
    (LEVEL, "Ａ１", "A1", {"full_width"}),
    (TEXT, "济南（甲）Ａ", "济南（甲）Ａ", set()),
    (TEXT, " 好\u3000", "好", {"stray_spaces"}),
    (TEXT, "好\ufeff", "好", {"invisible_characters"}),
    (TEXT, "第一行\n第二行", "第一行\n第二行", set()),
    (REGION, "370102", "370102", set()),
    (REGION, "370102.0", "370102", {"code_tidied"}),
    (REGION, "37", "370000", {"region_to_code"}),
    (REGION, "370102000000", "370102", {"region_to_code"}),
    (REGION, "山东省", "370000", {"region_to_code"}),
    (INDUSTRY, "C2710", "C2710", set()),
    (INDUSTRY, "c2710", "C2710", {"code_tidied"}),
    (INDUSTRY, "2710", "C2710", {"industry_to_code"}),
    (INDUSTRY, "27", "C27", {"industry_to_code"}),
]

REJECTED: list[tuple[DataField, str, str]] = [
    (WAN, "十二", "not_a_number"),
    (WAN, "1,23", "not_a_number"),
    (WAN, "1 2", "not_a_number"),
    (WAN, "10²", "wrong_unit"),
    (WAN, "1e5", "lossy_number"),
    (WAN, "1.0000001", "lossy_number"),
    (WAN, "0.00000000001", "lossy_number"),
    (WAN, "5亿元", "wrong_unit"),
    (WAN, "5元", "wrong_unit"),
    (WAN, "10000000001", "out_of_range"),
    (WAN, "9" * 30, "out_of_range"),
    (YUAN, "1000.01", "out_of_range"),
    (YUAN, "-0.01", "out_of_range"),
    (YUAN, "1.005", "lossy_number"),
    (STAFF, "1.5", "lossy_number"),
    (STAFF, "-1", "out_of_range"),
    (PERCENT, "5.555", "lossy_number"),
    (RATIO, "5%", "wrong_unit"),
    (NUMBER, "3.141", "lossy_number"),
    (DAY, "03/04/2024", "ambiguous_date"),
    (DAY, "3-4-24", "ambiguous_date"),
    (DAY, "2024-02-30", "not_a_date"),
    (DAY, "2024-03", "not_a_date"),
    (DAY, "2024-03-05T16:00:00Z", "not_a_date"),
    (DAY, "1899-12-31", "out_of_range"),
    (DAY, "9999-12-31", "out_of_range"),
    (FLAG, "也许", "not_a_boolean"),
    (LEVEL, "特大", "not_in_values"),
    (TEXT, "长" * 10_001, "text_too_long"),
    (REGION, "999999", "not_a_region"),
    (REGION, "3.7E+11", "not_a_region"),
    (REGION, "河南村", "not_a_region"),
    (INDUSTRY, "111", "not_an_industry"),
    (INDUSTRY, "11", "not_an_industry"),
    (INDUSTRY, "X99", "not_an_industry"),
]


@pytest.mark.parametrize(("field", "text", "value", "repairs"), ACCEPTED)
def test_accepted(field: DataField, text: str, value: object, repairs: set[str]) -> None:
    # A clean neighbour and an empty one: repairing must touch its own cell only.
    cells = conform_field(pl.Series(["", text, None]).replace("", None), field)
    assert cells.values.to_list() == [None, value, None]
    assert cells.values.dtype == rest_type(field)
    assert set(cells.repairs) == repairs
    assert cells.faults.is_empty()


@pytest.mark.parametrize(("field", "text", "code"), REJECTED)
def test_rejected(field: DataField, text: str, code: str) -> None:
    cells = conform_field(pl.Series([None, text], dtype=pl.String), field)
    assert cells.values.to_list() == [None, None]
    assert cells.faults.select("index", "code").rows() == [(1, code)]
    assert cells.faults["reason"].null_count() == 0


PERIODS = [
    (PeriodKind.YEAR, "2024", date(2024, 1, 1)),
    (PeriodKind.YEAR, "2024年", date(2024, 1, 1)),
    (PeriodKind.YEAR, "2024年度", date(2024, 1, 1)),
    (PeriodKind.YEAR, "2024.0", date(2024, 1, 1)),
    (PeriodKind.YEAR, "2024-01-01", date(2024, 1, 1)),
    (PeriodKind.YEAR, "2024-06-01", None),
    (PeriodKind.YEAR, "202401", None),
    (PeriodKind.YEAR, "1899", None),
    (PeriodKind.HALF, "2024H2", date(2024, 7, 1)),
    (PeriodKind.HALF, "2024年上半年", date(2024, 1, 1)),
    (PeriodKind.HALF, "2024-07-01 00:00:00", date(2024, 7, 1)),
    (PeriodKind.QUARTER, "2024Q3", date(2024, 7, 1)),
    (PeriodKind.QUARTER, "2024q1", date(2024, 1, 1)),
    (PeriodKind.QUARTER, "2024年第四季度", date(2024, 10, 1)),
    (PeriodKind.QUARTER, "2024年2季度", date(2024, 4, 1)),
    (PeriodKind.QUARTER, "2024H1", None),
    (PeriodKind.MONTH, "2024-03", date(2024, 3, 1)),
    (PeriodKind.MONTH, "202403", date(2024, 3, 1)),
    (PeriodKind.MONTH, "2024年3月", date(2024, 3, 1)),
    (PeriodKind.MONTH, "2024/3", date(2024, 3, 1)),
    (PeriodKind.MONTH, "2024.1", None),  # January, or October without its zero
    (PeriodKind.MONTH, "2024-13", None),
    (PeriodKind.MONTH, "2024", None),
]


@pytest.mark.parametrize(("kind", "text", "first_day"), PERIODS)
def test_periods(kind: PeriodKind, text: str, first_day: date | None) -> None:
    cells = conform_period(pl.Series([text]), kind)
    assert cells.values.to_list() == [first_day]
    assert cells.faults.height == (first_day is None)


@given(
    st.decimals(-(10**15), 10**15, allow_nan=False, places=8),
    st.sampled_from(sorted(FEN_PER_UNIT)),
)
def test_money_is_converted_exactly_or_not_at_all(amount: Decimal, unit: str) -> None:
    field = declared(type="money", unit=unit)
    cells = conform_field(pl.Series([f"{amount:f}"]), field)
    fen = amount * FEN_PER_UNIT[unit]
    is_exact = fen == fen.to_integral_value() and abs(fen) <= 10**16
    assert cells.values.to_list() == [int(fen) if is_exact else None]
    assert cells.faults.height == (not is_exact)


@given(st.decimals(-(10**8), 10**8, allow_nan=False, places=6), st.integers(0, 8), st.sampled_from(["%", "1"]))
def test_shares_are_converted_exactly_or_not_at_all(share: Decimal, digits: int, unit: str) -> None:
    cells = conform_field(pl.Series([f"{share:f}"]), declared(type="share", unit=unit, digits=digits))
    ratio = share / 100 if unit == "%" else share
    is_exact = ratio == round(ratio, digits)
    assert cells.values.to_list() == [ratio if is_exact else None]


@given(st.text(max_size=30))
def test_no_text_is_both_kept_and_rejected(text: str) -> None:
    for field in (WAN, STAFF, PERCENT, DAY, FLAG, LEVEL, TEXT, REGION, INDUSTRY):
        cells = conform_field(pl.Series([text]).replace("", None), field)
        assert cells.faults.height <= 1
        if cells.faults.height:
            assert cells.values.to_list() == [None]
