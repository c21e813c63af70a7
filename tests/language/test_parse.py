"""Reading: Chinese and full-width spellings say the same, precedence is as documented, faults have their place."""

from __future__ import annotations

import pytest

from policies.language import terms as t
from policies.language import tree as s
from policies.language.parse import half_width, parse
from policies.language.source import Source
from tests.language.world import PLACE, canonical, codes, marked, problems, term

SAME = [
    ("tax.revenue[period-1]<=2亿元", "税务．销售收入［period－１］ ≤ ２亿元"),
    ("tax.revenue[period] != 2亿元", "税务.销售收入[period] ≠ 2亿元"),
    ("is_sme and not (firms.private or is_sme)", "is_sme 且 非（企业登记。民营 或 is_sme）"),
    ('exists(penalties where level = "重大")', "exists（处罚 where 程度 ＝ “重大”）"),
    ("firms.region within 山东省 except 青岛市, 烟台市", "firms.region within 山东省 except 青岛市、烟台市"),
    ("firms.region within [山东省, 江苏省]", "firms.region within 山东省，江苏省"),
    ("firms.industry within industry C27..C29", "企业登记.行业代码 within 行业 c27..c29"),
    ("if is_sme then 1元 else 2元", "如果 is_sme 那么 1元 否则 2元"),
    ("firms.private = true", "firms.民营 = 是"),
    ("tax.revenue[period] × 3 ÷ 2 − 1元 > 0元", "tax.revenue[period] * 3 / 2 - 1元 > 0元"),
    ("every y in 2021..2022:tax.revenue[y]>0元", "every y in 2021..2022： 税务.销售收入[y] ＞ 0元"),
    ("is_sme\n  and\tfirms.private", "is_sme and firms.private"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_mean_the_same(one: str, other: str) -> None:
    assert term(one) == term(other)
    assert canonical(one) == canonical(other)


GROUPED = [
    ("a or b and c", "a or (b and c)"),
    ("not a = b", "not (a = b)"),
    ("not a and b", "(not a) and b"),
    ("a - b - c", "(a - b) - c"),
    ("a / b * c", "(a / b) * c"),
    ("a + b * c", "a + (b * c)"),
    ("-a * b", "(-a) * b"),
    ("a + b = c - d", "(a + b) = (c - d)"),
    ("a between b and c and d", "(a between b and c) and d"),
    ("a is not known and b", "(a is not known) and b"),
    ("every y in 1..2: a or b", "every y in 1..2: (a or b)"),
    ("if a then b else if c then d else e", "if a then b else (if c then d else e)"),
    ("min(if a then b else c, d)", "min((if a then b else c), d)"),
    ("x during a - 1..b", "x during (a - 1)..b"),
    ("last month of period", "last month of (period)"),
]


def tree(text: str) -> s.Node:
    return parse(Source(text, PLACE))


@pytest.mark.parametrize(("text", "grouped"), GROUPED)
def test_precedence(text: str, grouped: str) -> None:
    assert tree(text) == tree(grouped)


def test_words_between_operands_may_be_names() -> None:
    assert tree("until until since") == s.Bounded((0, 0), "until", s.Name((0, 0), "until"), s.Name((0, 0), "since"))
    assert isinstance(term("exists(penalties where until until 2021-01-01)"), t.Compare)


def test_names_may_begin_with_a_keyword() -> None:
    assert [n.text for n in tree("order + android * 非居民").walk() if isinstance(n, s.Name)] == [
        "order",
        "android",
        "非居民",
    ]


def test_half_width_keeps_places_and_strings() -> None:
    text = "（a，“（b，）”：“c”　＝"
    assert half_width(text) == "(a,“（b，）”:“c” ="
    assert len(half_width(text)) == len(text)


FAULTS = [
    ("", "LANG005", ""),
    ("a and", "LANG005", ""),
    ("a b", "LANG004", "b"),
    ("(a", "LANG005", ""),
    ("a)", "LANG004", ")"),
    ("a =", "LANG005", ""),
    ("a # b", "LANG003", "#"),
    ("a = 'b'", "LANG003", "'"),
    ('a = "b', "LANG003", '"'),
    ("a && b", "LANG003", "&"),
    ("a == b", "LANG004", "=="),
    ("a <> b", "LANG004", "<>"),
    ("a < b < c", "LANG007", "a < b < c"),
    ("last month of period - 1", "LANG008", "last month of period - 1"),
    ("month 13 of period", "LANG006", "month 13 of period"),
    ("2024-03-1 = a", "LANG006", "2024-03-1"),
    ("x during last 3", "LANG006", "3"),
    ("x during last 3人", "LANG006", "3人"),
    ("exists(penalties where)", "LANG004", ")"),
    ("a is b", "LANG004", "b"),
    ("f(a,)", "LANG004", ")"),
    ("（a 且", "LANG005", ""),
]


@pytest.mark.parametrize(("text", "code", "characters"), FAULTS)
def test_fault(text: str, code: str, characters: str) -> None:
    assert codes(text) == [code]
    assert marked(text) == [characters]


def test_every_fault_of_a_literal_is_told() -> None:
    assert codes("a = 010 and b = 2021-02-30 and c == 2000万") == ["LANG006", "LANG006", "LANG004", "LANG006"]


@pytest.mark.parametrize("text", ["a" * 10_001, "(" * 100_000 + "a" + ")" * 100_000])
def test_too_long(text: str) -> None:
    assert codes(text) == ["LANG001"]


@pytest.mark.parametrize(
    "text",
    [
        "not " * 60 + "a",
        "-" * 60 + "a",
        "a + " * 60 + "a",
        "abs(" * 60 + "a" + ")" * 60,
        "if a then b else " * 60 + "c",
        "(a and (b or " * 30 + "c" + "))" * 30,
        "every y in 1..2: " * 60 + "a",
        "not " * 2_400 + "a",
    ],
)
def test_too_deep(text: str) -> None:
    assert codes(text) == ["LANG002"]


@pytest.mark.parametrize("text", ["(" * 4_900 + "is_sme" + ")" * 4_900, " and ".join(["is_sme"] * 900)])
def test_long_but_flat(text: str) -> None:
    assert term(text).type == t.BOOL


@pytest.mark.parametrize(
    "text", ["(" * 9_000, "[" * 9_000, '"' * 9_999, "not " * 2_500, "“" * 9_999, "-" * 9_999, "\\" * 99]
)
def test_hostile_text_is_refused_with_a_place(text: str) -> None:
    assert all(problem.place.line == PLACE.line for problem in problems(text))
