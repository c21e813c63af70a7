"""What each form means: text on the left, the exact term on the right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from enterprise_data.periods import Period, PeriodKind
from policies.language import terms as t
from tests.language.world import SCOPE, codes, term

MONEY, SHARE, POINTS = t.Type(t.Kind.MONEY), t.Type(t.Kind.SHARE), t.Type(t.Kind.POINTS)
TEXT, REGION, INDUSTRY = t.Type(t.Kind.TEXT), t.Type(t.Kind.REGION), t.Type(t.Kind.INDUSTRY)
HEADS, COUNT, MONTHS = t.Type(t.Kind.COUNT, "人"), t.Type(t.Kind.COUNT), t.Type(t.Kind.COUNT, "months")
PERIOD = t.PeriodRef()
REVENUE = t.Fact(MONEY, "tax", "revenue", PERIOD)
BEFORE = t.Fact(MONEY, "tax", "revenue", t.PeriodRef(shift=-1))
FOUNDED = t.Fact(t.DATE, "firms", "founded_on")
WHERE = t.Fact(REGION, "firms", "region")
TRADE = t.Fact(INDUSTRY, "firms", "industry")
SME = t.Definition(t.BOOL, "is_sme")
LEVEL = t.RowField(t.Type(t.Kind.TEXT, values=("一般", "重大")), "penalties", "level")
DECIDED = t.RowField(t.DATE, "penalties", "decided_on")
FIRST_TIME = t.RowField(t.BOOL, "penalties", "first_time")
AS_OF = t.AsOf(t.DATE)
ZERO = t.Constant(t.NUMBER, Fraction(0))


def yuan(amount: int) -> t.Constant:
    return t.Constant(MONEY, Fraction(100 * amount))


def compare(operator: t.Comparison, left: t.Term, right: t.Term) -> t.Compare:
    return t.Compare(t.BOOL, operator, left, right)


def both(*members: t.Term) -> t.All:
    return t.All(t.BOOL, members)


def no(member: t.Term) -> t.Not:
    return t.Not(t.BOOL, member)


def day(which: str, reference: t.PeriodRef = PERIOD) -> t.PeriodDay:
    return t.PeriodDay(t.DATE, "first" if which == "first" else "last", reference)


def count(where: t.Term | None, dataset: str = "penalties") -> t.Aggregate:
    return t.Aggregate(COUNT, "count", dataset, None, where)


def growth(now: t.Term, base: t.Term, otherwise: Fraction | None = None) -> t.Choose:
    change = t.Arithmetic(SHARE, "/", t.Arithmetic(MONEY, "-", now, base), base)
    return t.Choose(SHARE, compare(">", base, yuan(0)), change, t.Constant(SHARE, otherwise))


SHANDONG = t.Within(t.BOOL, WHERE, ("37",))
ROW_DAY = t.Shift(t.DATE, t.RowField(t.DATE, "staff", "period"), months=1, days=-1)

MEANINGS: list[tuple[str, t.Term]] = [
    # comparison and logic
    ("tax.revenue[period] <= 2亿元", compare("<=", REVENUE, yuan(200_000_000))),
    ("is_sme and firms.private", both(SME, t.Fact(t.BOOL, "firms", "private"))),
    ("is_sme and (is_sme and is_sme)", both(SME, SME, SME)),
    ("is_sme or not is_sme", t.Some(t.BOOL, (SME, no(SME)))),
    ("firms.private = false", no(t.Fact(t.BOOL, "firms", "private"))),
    ("true != firms.private", no(t.Fact(t.BOOL, "firms", "private"))),
    ("is_sme = is_sme", t.Some(t.BOOL, (both(SME, SME), both(no(SME), no(SME))))),
    ("tax.revenue[period] between 1元 and 2元", both(compare(">=", REVENUE, yuan(1)), compare("<=", REVENUE, yuan(2)))),
    ("tax.revenue[period] not between 1元 and 2元", no(term("tax.revenue[period] between 1元 and 2元"))),
    ("tax.revenue[period] is known", t.Known(t.BOOL, REVENUE)),
    ("tax.revenue[period] is not known", no(t.Known(t.BOOL, REVENUE))),
    ("if is_sme then 1元 else 2元", t.Choose(MONEY, SME, yuan(1), yuan(2))),
    # sets and trees
    ("tax.revenue[period] in [1元, 2元]", t.OneOf(t.BOOL, REVENUE, (Fraction(100), Fraction(200)))),
    ("firms.founded_on not in [2021-01-01]", no(t.OneOf(t.BOOL, FOUNDED, (date(2021, 1, 1),)))),
    ("firms.region within 山东省", SHANDONG),
    ("firms.region within 370000 except 青岛市、3706", both(SHANDONG, no(t.Within(t.BOOL, WHERE, ("3702", "3706"))))),
    ("firms.region not within 山东省", no(SHANDONG)),
    ("firms.industry within industry C27..C29, C3511", t.Within(t.BOOL, TRADE, ("C27", "C28", "C29", "C3511"))),
    (
        "firms.industry within industry C except C27..C28",
        both(t.Within(t.BOOL, TRADE, ("C",)), no(t.Within(t.BOOL, TRADE, ("C27", "C28")))),
    ),
    # windows
    (
        "firms.founded_on during last 3 years",
        both(compare(">", FOUNDED, t.Shift(t.DATE, AS_OF, -36)), compare("<=", FOUNDED, AS_OF)),
    ),
    (
        "firms.founded_on during last 30 days",
        both(compare(">", FOUNDED, t.Shift(t.DATE, AS_OF, 0, -30)), compare("<=", FOUNDED, AS_OF)),
    ),
    ("firms.founded_on during period", both(compare(">=", FOUNDED, day("first")), compare("<=", FOUNDED, day("last")))),
    (
        "firms.founded_on during 2021..2023",
        both(
            compare(">=", FOUNDED, day("first", t.PeriodRef(None, Period.parse("2021")))),
            compare("<=", FOUNDED, day("last", t.PeriodRef(None, Period.parse("2023")))),
        ),
    ),
    ("firms.founded_on since 2018-01-01", compare(">=", FOUNDED, t.Constant(t.DATE, date(2018, 1, 1)))),
    ("firms.founded_on after 2018-01-01", compare(">", FOUNDED, t.Constant(t.DATE, date(2018, 1, 1)))),
    ("firms.founded_on before first day of period", compare("<", FOUNDED, day("first"))),
    ("firms.founded_on until as_of", compare("<=", FOUNDED, AS_OF)),
    (
        "firms.founded_on + 1 year - 1 day > as_of",
        compare(">", t.Shift(t.DATE, t.Shift(t.DATE, FOUNDED, 12), 0, -1), AS_OF),
    ),
    ("months_between(firms.founded_on, as_of)", t.Between(MONTHS, "months", FOUNDED, AS_OF)),
    # rows
    ("exists(penalties)", compare(">", count(None), ZERO)),
    ("count(penalties where first_time)", count(FIRST_TIME)),
    ("count(penalties where penalties.first_time)", count(FIRST_TIME)),
    ('count(penalties where level = "重大")', count(compare("=", LEVEL, t.Constant(TEXT, "重大")))),
    ("count(penalties where on until as_of)", count(compare("<=", DECIDED, AS_OF))),
    ("count(staff where on until as_of)", count(compare("<=", ROW_DAY, AS_OF), "staff")),
    ("sum(penalties.fine)", t.Aggregate(MONEY, "sum", "penalties", "fine")),
    ("max(penalties.decided_on where first_time)", t.Aggregate(t.DATE, "max", "penalties", "decided_on", FIRST_TIME)),
    ("latest(penalties.level)", t.Aggregate(LEVEL.type, "latest", "penalties", "level")),
    ("avg(staff.heads)", t.Aggregate(HEADS, "avg", "staff", "heads")),
    (
        "streak(staff where paid_up)",
        t.Aggregate(MONTHS, "streak", "staff", None, t.RowField(t.BOOL, "staff", "paid_up")),
    ),
    (
        "count(penalties where fine > param.wage[region])",
        count(
            compare(
                ">",
                t.RowField(MONEY, "penalties", "fine"),
                t.Parameter(MONEY, "wage", t.RowField(REGION, "penalties", "region")),
            )
        ),
    ),
    # arithmetic
    ("tax.revenue[period] / 2", t.Arithmetic(MONEY, "/", REVENUE, t.Constant(t.NUMBER, Fraction(2)))),
    ("-tax.revenue[period]", t.Arithmetic(MONEY, "-", yuan(0), REVENUE)),
    ("min(tax.revenue[period], 1元)", t.Extreme(MONEY, "min", (REVENUE, yuan(1)))),
    ("abs(tax.revenue[period])", t.Absolute(MONEY, REVENUE)),
    ("whole(tax.revenue[period])", t.Rounded(MONEY, "down", REVENUE, Fraction(100))),
    ("ceil(tax.rate[period])", t.Rounded(SHARE, "up", t.Fact(SHARE, "tax", "rate", PERIOD), Fraction(1, 100))),
    ("round(tax.revenue[period], 2)", t.Rounded(MONEY, "half_up", REVENUE, Fraction(1))),
    ("round(tax.revenue[period], -4)", t.Rounded(MONEY, "half_up", REVENUE, Fraction(1_000_000))),
    ("round(0.5, 0)", t.Rounded(t.NUMBER, "half_up", t.Constant(t.NUMBER, Fraction(1, 2)), Fraction(1))),
    # growth
    ("growth(tax.revenue, period)", growth(REVENUE, BEFORE)),
    ("growth(tax.revenue, period, otherwise 100%)", growth(REVENUE, BEFORE, Fraction(1))),
    (
        "growth(output.value, 2024Q1, over 1 year)",
        growth(
            t.Fact(MONEY, "output", "value", t.PeriodRef(None, Period.parse("2024Q1"))),
            t.Fact(MONEY, "output", "value", t.PeriodRef(None, Period.parse("2023Q1"))),
        ),
    ),
    # parameters and definitions
    ("param.goal", t.Parameter(SHARE, "goal")),
    ("param.goal[period - 1]", t.Parameter(SHARE, "goal", None, t.PeriodRef(shift=-1))),
    ("param.wage[firms.region]", t.Parameter(MONEY, "wage", WHERE)),
    (
        'param.wage["青岛市", 2023]',
        t.Parameter(MONEY, "wage", t.Constant(REGION, "370200"), t.PeriodRef(None, Period.parse("2023"))),
    ),
    ('param.by_trade["C27"]', t.Parameter(MONEY, "by_trade", t.Constant(INDUSTRY, "C27"))),
    ("param.limit[3]", t.Parameter(MONEY, "limit", t.Constant(t.NUMBER, Fraction(3)))),
    ("size", t.Definition(t.Type(t.Kind.TEXT, values=("大型", "小型")), "size")),
    # quantifiers
    (
        "every y in period - 2..period: tax.revenue[y] > 0元",
        t.Quantified(
            t.BOOL,
            True,
            "y",
            t.PeriodRef(shift=-2),
            PERIOD,
            compare(">", t.Fact(MONEY, "tax", "revenue", t.PeriodRef("y")), yuan(0)),
        ),
    ),
    (
        "some q in 2024Q1..2024Q4: output.value[q] > 0元",
        t.Quantified(
            t.BOOL,
            False,
            "q",
            t.PeriodRef(None, Period.parse("2024Q1")),
            t.PeriodRef(None, Period.parse("2024Q4")),
            compare(">", t.Fact(MONEY, "output", "value", t.PeriodRef("q")), yuan(0)),
        ),
    ),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_meaning(text: str, meaning: t.Term) -> None:
    assert term(text) == meaning


MONTH, QUARTER, YEAR = PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR

PERIODS = [
    ("staff", "last month of period", t.PeriodRef(part=(MONTH, 11))),
    ("staff", "first month of period", t.PeriodRef(part=(MONTH, 0))),
    ("staff", "month 3 of period", t.PeriodRef(part=(MONTH, 2))),
    ("staff", "(last month of period) - 1", t.PeriodRef(part=(MONTH, 11), shift=-1)),
    ("staff", "last month of (period - 1)", t.PeriodRef(part=(MONTH, 11), shift=-12)),
    ("staff", "last month of (period - 1 year)", t.PeriodRef(part=(MONTH, 11), shift_years=-1)),
    ("staff", "(last month of period) - 2 months", t.PeriodRef(part=(MONTH, 11), shift=-2)),
    ("staff", "month 2 of (quarter 2 of period)", t.PeriodRef(part=(MONTH, 4))),
    ("staff", "last month of 2023", t.PeriodRef(None, Period.parse("2023-12"))),
    ("staff", "2024-03 - 3", t.PeriodRef(None, Period.parse("2023-12"))),
    ("output", "last quarter of period", t.PeriodRef(part=(QUARTER, 3))),
    ("tax", "year of 2024-03", t.PeriodRef(None, Period.parse("2024"))),
    ("tax", "2024 - 1 year", t.PeriodRef(None, Period.parse("2023"))),
    ("tax", "period + 1", t.PeriodRef(shift=1)),
]
FIELDS = {"staff": "heads", "output": "value", "tax": "revenue"}


@pytest.mark.parametrize(("dataset", "text", "reference"), PERIODS)
def test_period(dataset: str, text: str, reference: t.PeriodRef) -> None:
    fact = term(f"{dataset}.{FIELDS[dataset]}[{text}]")
    assert isinstance(fact, t.Fact)
    assert fact.period == reference


def test_longer_period_around_the_run() -> None:
    quarterly = replace(SCOPE, period_kind=QUARTER)
    assert term("tax.revenue[year of period]", quarterly) == replace(REVENUE, period=t.PeriodRef(part=(YEAR, 0)))
    last_year = t.PeriodRef(part=(YEAR, 0), shift=-1)
    assert term("tax.revenue[(year of period) - 1]", quarterly) == replace(REVENUE, period=last_year)
    assert term("tax.revenue[year of (period - 4)]", quarterly) == replace(
        REVENUE, period=t.PeriodRef(part=(YEAR, 0), shift_years=-1)
    )
    assert codes("tax.revenue[year of (period - 1)]", quarterly) == ["LANG030"]


def test_row_of_an_item() -> None:
    rows = replace(SCOPE, row_dataset="penalties")
    assert term("first_time", rows) == FIRST_TIME
    assert term("处罚.首次", rows) == FIRST_TIME
    assert term("on", rows) == DECIDED


def test_variable_of_the_body_is_not_known_outside() -> None:
    assert codes("(every y in 2021..2022: is_sme) and tax.revenue[y] > 0元") == ["LANG030"]
