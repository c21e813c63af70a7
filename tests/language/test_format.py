"""Writing: canonical, idempotent, and read back as the same tree, for every tree there can be."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprise_data.periods import Period, PeriodKind
from policies.language import tree as s
from policies.language.build import ROW_FUNCTIONS
from policies.language.format import format_tree
from policies.language.parse import parse
from policies.language.source import Source
from tests.language.test_errors import FAULTS
from tests.language.test_terms import MEANINGS
from tests.language.world import PLACE, canonical, term

PAIRS = [
    ("( ( is_sme ) )", "is_sme"),
    ("(is_sme and is_sme) and (is_sme or is_sme)", "is_sme and is_sme and (is_sme or is_sme)"),
    ("is_sme or (is_sme and is_sme)", "is_sme or is_sme and is_sme"),
    ("not(is_sme)", "not is_sme"),
    ("not (tax.revenue[period] > 1元)", "not tax.revenue[period] > 1元"),
    ("(not is_sme) is known", "(not is_sme) is known"),
    ("1 - (2 - 3)", "1 - (2 - 3)"),
    ("(1 - 2) - 3", "1 - 2 - 3"),
    ("1 * (2 / 3)", "1 * (2 / 3)"),
    ("(1 + 2) * 3", "(1 + 2) * 3"),
    ("-(1 + 2)", "-(1 + 2)"),
    ("- 1", "-1"),
    ("--1", "--1"),
    ("(if is_sme then 1 else 2) + 3", "(if is_sme then 1 else 2) + 3"),
    ("min((if is_sme then 1 else 2),3)", "min(if is_sme then 1 else 2, 3)"),
    ("(every y in 2021..2022: is_sme) and is_sme", "(every y in 2021..2022: is_sme) and is_sme"),
    ("every y in(2021)..2022: (is_sme and is_sme)", "every y in 2021..2022: is_sme and is_sme"),
    ("税务.销售收入[(last month of period)-1]", "tax.revenue[(last month of period) - 1]"),
    ("growth(税务.销售收入,period,otherwise 1%,over 1年)", "growth(tax.revenue, period, over 1 year, otherwise 1%)"),
    ("exists(处罚 where 首次 且 on during last 3年)", "exists(penalties where first_time and on during last 3 years)"),
    ("exists(处罚 where 罚款 > param.wage[处罚地])", "exists(penalties where fine > param.wage[region])"),
    ('firms.region within "山东省", "370200"', "firms.region within 山东省, 370200"),
    ('firms.region within "山东省 青岛市"', 'firms.region within "山东省 青岛市"'),
    ("nobody.knows[this] > 不知", "nobody.knows[this] > 不知"),
]


@pytest.mark.parametrize(("text", "expected"), PAIRS)
def test_canonical(text: str, expected: str) -> None:
    assert canonical(text) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize("text", [text for text, _ in MEANINGS])
def test_meaning_survives(text: str) -> None:
    assert term(canonical(text)) == term(text)
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize("text", [text for text, _, _ in FAULTS])
def test_faulty_names_still_format(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


# -- any tree at all

NOWHERE = (0, 0)
names = st.builds(
    s.Name, st.just(NOWHERE), st.sampled_from(["a", "b1", "until", "since", "销售收入", "known", "first", "period"])
)
quantities = st.builds(
    s.Quantity,
    st.just(NOWHERE),
    st.decimals(min_value=0, max_value=10**12, places=3).map(Fraction),
    st.sampled_from(["", "元", "%", "pp", "人"]),
) | st.builds(
    s.Quantity, st.just(NOWHERE), st.integers(0, 99).map(Fraction), st.sampled_from(["years", "months", "days"])
)
periods = st.builds(Period, st.sampled_from(list(PeriodKind)[1:]), st.integers(24_000, 24_400)).filter(
    lambda period: 1000 <= period.year < 3000
)
leaves = (
    names
    | quantities
    | st.builds(s.Day, st.just(NOWHERE), st.dates())
    | st.builds(s.Text, st.just(NOWHERE), st.text())
    | st.builds(s.Truth, st.just(NOWHERE), st.booleans())
    | st.builds(s.PeriodLiteral, st.just(NOWHERE), periods)
)
region_codes = st.builds(
    s.Code,
    st.just(NOWHERE),
    st.text(min_size=1) | st.sampled_from(["山东省", "370200", "07", "行业", "industry", "except", "且", "370²"]),
)
industry_codes = st.builds(
    s.Code, st.just(NOWHERE), st.sampled_from(["C", "C27"]), st.none() | st.sampled_from(["C29", "D"])
)
# Functions with a single name or field are rows, not calls; `test_canonical` and the rows below cover them.
functions = st.builds(s.Name, st.just(NOWHERE), st.sampled_from(["f", "round", "最大"]))
row_functions = st.builds(s.Name, st.just(NOWHERE), st.sampled_from(list(ROW_FUNCTIONS)))


def _tuples(of: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


def _joined(operator: str, members: tuple[s.Node, ...]) -> s.Node:
    flat: list[s.Node] = []
    for member in members:
        same = isinstance(member, s.Joined) and member.operator == operator
        flat += member.members if isinstance(member, s.Joined) and same else [member]
    return s.Joined(NOWHERE, "and" if operator == "and" else "or", tuple(flat))


def _part(kind: PeriodKind, number: int, member: s.Node) -> s.PartOf:
    parts = {PeriodKind.YEAR: 0, PeriodKind.MONTH: number or 1}
    return s.PartOf(NOWHERE, kind, min(parts.get(kind, number), kind.per_year), member)


def _extended(inner: st.SearchStrategy[s.Node]) -> st.SearchStrategy[s.Node]:
    at = st.just(NOWHERE)
    options = st.tuples(
        st.builds(s.Option, at, st.just("over"), quantities), st.builds(s.Option, at, st.just("otherwise"), inner)
    )
    return st.one_of(
        st.builds(s.Field, at, names, names, _tuples(inner, 0, 2)),
        st.builds(s.ParameterUse, at, names, _tuples(inner, 0, 2)),
        st.builds(_part, st.sampled_from(PeriodKind), st.integers(-1, 12), inner),
        st.builds(s.DayOf, at, st.sampled_from(["first", "last"]), inner),
        st.builds(s.Compared, at, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(_joined, st.sampled_from(["and", "or"]), _tuples(inner, 2, 3)),
        st.builds(s.Negated, at, inner),
        st.builds(s.Ranged, at, inner, inner, inner, st.booleans()),
        st.builds(s.Listed, at, inner, _tuples(inner, 0, 3), st.booleans()),
        st.builds(
            s.Placed,
            at,
            inner,
            st.just("region"),
            _tuples(region_codes, 1, 2),
            _tuples(region_codes, 0, 2),
            st.booleans(),
        ),
        st.builds(
            s.Placed,
            at,
            inner,
            st.just("industry"),
            _tuples(industry_codes, 1, 2),
            _tuples(industry_codes, 0, 2),
            st.booleans(),
        ),
        st.builds(s.Present, at, inner, st.booleans()),
        st.builds(s.DuringLast, at, inner, quantities.filter(lambda q: q.unit in ("years", "months", "days"))),
        st.builds(s.During, at, inner, inner, st.none() | inner),
        st.builds(s.Bounded, at, st.sampled_from(["since", "before", "after", "until"]), inner, inner),
        st.builds(s.Quantifier, at, st.booleans(), names, inner, inner, inner),
        st.builds(s.Calculation, at, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(s.Minus, at, inner),
        st.builds(s.Choice, at, inner, inner, inner),
        st.builds(s.Call, at, functions, _tuples(inner, 1, 3), st.just(()) | options),
        st.builds(s.Rows, at, row_functions, names, st.none() | names, st.none() | inner),
    )


trees = st.recursive(leaves, _extended, max_leaves=12)


@given(trees)
def test_every_tree_is_read_back(tree: s.Node) -> None:
    text = format_tree(tree)
    again = parse(Source(text, PLACE))
    assert again == tree
    assert format_tree(again) == text
