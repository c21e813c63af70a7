"""企业划型: each row of 工信部联企业〔2011〕300号, on both sides of every limit."""

from __future__ import annotations

from datetime import date

import pytest

from enterprise_data.periods import Period
from matcher.bind import Binder
from matcher.context import Context
from matcher.coverage import Feed
from matcher.interpreter.evaluate import Interpreter
from matcher.interpreter.rows import FirmRows, RowFacts
from policies.language.terms import Definition
from tests.policies.test_library import bundled
from tests.policies.writing import catalogue

AS_OF = date(2024, 12, 31)
WAN = 1_000_000  # fen

# industry: lower bounds of large, medium, small firms as (staff, revenue, assets) in 人 and 万元; None: not asked
TABLE: dict[str, tuple[tuple[int | None, int | None, int | None], ...]] = {
    "A0111": ((None, 20000, None), (None, 500, None), (None, 50, None)),
    "C2710": ((1000, 40000, None), (300, 2000, None), (20, 300, None)),
    "E4700": ((None, 80000, 80000), (None, 6000, 5000), (None, 300, 300)),
    "F5131": ((200, 40000, None), (20, 5000, None), (5, 1000, None)),
    "F5211": ((300, 20000, None), (50, 500, None), (10, 100, None)),
    "G5430": ((1000, 30000, None), (300, 3000, None), (20, 200, None)),
    "G5911": ((200, 30000, None), (100, 1000, None), (20, 100, None)),
    "G6010": ((1000, 30000, None), (300, 2000, None), (20, 100, None)),
    "H6110": ((300, 10000, None), (100, 2000, None), (10, 100, None)),
    "H6210": ((300, 10000, None), (100, 2000, None), (10, 100, None)),
    "I6410": ((2000, 100000, None), (100, 1000, None), (10, 100, None)),
    "I6510": ((300, 10000, None), (100, 1000, None), (10, 50, None)),
    "K7010": ((None, 200000, 10000), (None, 1000, 5000), (None, 100, 2000)),
    "K7020": ((1000, 5000, None), (300, 1000, None), (100, 500, None)),
    "L7211": ((300, None, 120000), (100, None, 8000), (10, None, 100)),
    "M7310": ((300, None, None), (100, None, None), (10, None, None)),
}
SIZES = ("大型", "中型", "小型", "微型")


def size(industry: str | None, staff: int | None, revenue: int | None, assets: int | None) -> object:
    """Return the size class by last year's figures (人, fen, fen)."""
    return defined("size_class", industry, staff, revenue, assets)


def defined(name: str, industry: str | None, staff: int | None, revenue: int | None, assets: int | None) -> object:
    """Return what a definition says of a firm with last year's figures (人, fen, fen)."""
    year = date(2023, 1, 1)
    given: dict[str, dict[str, object]] = {
        "registration": {"industry": industry, "declared_size": None},
        "unemployment_insurance": {"period": year, "average_staff": staff},
        "tax": {"period": year, "revenue": revenue, "assets": assets},
    }
    rows = {name: [{**row, "belongs": True}] for name, row in given.items()}
    facts = RowFacts(catalogue(), {name: Feed(AS_OF) for name in given}, AS_OF, FirmRows(None, rows))
    library = bundled()
    binder = Binder(Context(Period.parse("2024"), AS_OF), library.definition_terms, library.parameters)
    term = library.definitions[name].term
    return Interpreter(facts).evaluate(binder.bind(Definition(term.type, name)))


def at(limits: tuple[int | None, int | None, int | None], short: int | None = None) -> list[int | None]:
    """Return figures exactly at the limits, the `short`-th of them one less (one person, one fen)."""
    figures = [None if limit is None else limit * (1 if i == 0 else WAN) for i, limit in enumerate(limits)]
    return [figure if i != short or figure is None else figure - 1 for i, figure in enumerate(figures)]


@pytest.mark.parametrize("industry", TABLE)
@pytest.mark.parametrize("step", range(3))
def test_at_its_limits_a_firm_is_in_the_class(industry: str, step: int) -> None:
    assert size(industry, *at(TABLE[industry][step])) == SIZES[step]


@pytest.mark.parametrize("industry", TABLE)
@pytest.mark.parametrize("step", range(3))
@pytest.mark.parametrize("short", range(3))
def test_one_figure_short_drops_the_firm_one_class(industry: str, step: int, short: int) -> None:
    limits = TABLE[industry][step]
    if limits[short] is None:
        return
    # Real-estate firms of the largest turnover may lie between the limits of two rows: assets of the small class.
    expected = size(industry, *at(limits, short))
    assert expected != SIZES[step]
    lower = TABLE[industry][step + 1] if step < 2 else None
    fits = lower is None or all(
        low is None or (figure is not None and figure >= low * (1 if i == 0 else WAN))
        for i, (low, figure) in enumerate(zip(lower, at(limits, short), strict=True))
    )
    assert not fits or expected == SIZES[step + 1]


@pytest.mark.parametrize(
    ("industry", "staff", "revenue", "assets", "expected"),
    [
        ("C2710", None, 299 * WAN, None, "微型"),  # under every revenue limit: the staff no longer matters
        ("C2710", None, 300 * WAN, None, None),
        ("C2710", 5, None, None, "微型"),
        ("C2710", 500, None, None, None),
        ("C2710", None, None, None, None),
        (None, 5, 1, 1, None),
        ("C", 1000, 40000 * WAN, None, "大型"),  # the section alone is enough for 工业
        ("G", 1000, 40000 * WAN, None, None),  # 交通运输, 仓储, 邮政 or 铁路: not known which
        ("G5310", 1000, 40000 * WAN, None, None),  # 铁路运输 is not in the standard
        ("J6620", 1000, 40000 * WAN, 1, None),
    ],
)
def test_what_is_missing_makes_it_unknown_only_where_it_matters(
    industry: str | None, staff: int | None, revenue: int | None, assets: int | None, expected: str | None
) -> None:
    assert size(industry, staff, revenue, assets) == expected


@pytest.mark.parametrize("industry", TABLE)
@pytest.mark.parametrize("step", range(3))
@pytest.mark.parametrize("short", [None, 0, 1, 2])
def test_small_and_medium_is_whatever_is_not_large(industry: str, step: int, short: int | None) -> None:
    figures = at(TABLE[industry][step], short)
    assert defined("is_sme", industry, *figures) == (size(industry, *figures) != "大型")


@pytest.mark.parametrize("industry", TABLE)
@pytest.mark.parametrize("known", range(3))
def test_one_figure_below_the_large_class_is_enough_to_be_small_or_medium(industry: str, known: int) -> None:
    large = TABLE[industry][0]
    if large[known] is None:
        return
    below = [figure if i == known else None for i, figure in enumerate(at(large, known))]
    reached = [figure if i == known else None for i, figure in enumerate(at(large))]
    only = sum(limit is not None for limit in large) == 1
    assert defined("is_sme", industry, *below) is True
    assert defined("is_sme", industry, *reached) is (False if only else None)
