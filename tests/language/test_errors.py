"""Faults of names, periods and rows: the code, the characters marked, the line and column in the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.language.compile import compile_expression
from policies.language.terms import BOOL
from tests.language.world import PLACE, SCOPE, codes, marked, problems

FAULTS = [
    ("taxes.revenue[period] > 0元", "LANG010", "taxes"),
    ("tax.revenues[period] > 0元", "LANG011", "revenues"),
    ("tax > 0元", "LANG012", "tax"),
    ("foo", "LANG012", "foo"),
    ("on during period", "LANG013", "on"),
    ("exists(undated where on during period)", "LANG013", "on"),
    ("exists(firms where on during period)", "LANG013", "on"),
    ("param.gaol > 5%", "LANG014", "gaol"),
    ("param.wage > 5元", "LANG015", "param.wage"),
    ("param.goal[period, period] > 5%", "LANG015", "param.goal[period, period]"),
    ("param.wage[3] > 5元", "LANG020", "3"),
    ('param.wage["火星"] > 5元', "LANG016", '"火星"'),
    ('param.by_trade["C99"] > 5元', "LANG017", '"C99"'),
    ("firms.region within 火星", "LANG016", "火星"),
    ("firms.region within 朝阳区", "LANG016", "朝阳区"),
    ("firms.industry within industry C29..C27", "LANG017", "C29..C27"),
    ("firms.industry within industry C..C27", "LANG017", "C..C27"),
    ("firms.industry within 山东省", "LANG027", "firms.industry"),
    ("firms.region within industry C27", "LANG027", "firms.region"),
    ("firms.name_zh within 山东省", "LANG027", "firms.name_zh"),
    ("firms.region within 山东省 except 南京市", "LANG018", "南京市"),
    ("foo(1)", "LANG019", "foo"),
    ("abs(1, 2)", "LANG019", "abs(1, 2)"),
    ("min(1)", "LANG019", "min(1)"),
    ("abs(1, over 1 year)", "LANG019", "over 1 year"),
    ("growth(tax.revenue, period, over 1 year, over 2 years) > 5%", "LANG019", "over 1 year"),
    ("growth(tax.revenue, period, over 3 months) > 5%", "LANG019", "3 months"),
    ("growth(tax.revenue[period], period) > 5%", "LANG019", "tax.revenue[period]"),
    ("growth(firms.private, period) > 5%", "LANG031", "firms.private"),
    ("growth(staff.paid_up, 2024-01) > 5%", "LANG024", "staff.paid_up"),
    ("growth(tax.revenue, period, otherwise 1) > 5%", "LANG023", "1"),
    ("round(0.5, 0.5) > 1", "LANG019", "0.5"),
    ("round(0.5, staff.heads[2024-01]) > 1", "LANG019", "staff.heads[2024-01]"),
    ("sum(1) > 1", "LANG019", "sum(1)"),
    ("abs(firms.name_zh) > 1", "LANG024", "firms.name_zh"),
    ("min(firms.name_zh, 1) > 1", "LANG024", "firms.name_zh"),
    ("-firms.founded_on > as_of", "LANG024", "firms.founded_on"),
    ("firms.founded_on * 3 years > as_of", "LANG028", "firms.founded_on * 3 years"),
    ("tax.revenue[period] + 3 years > 0元", "LANG028", "tax.revenue[period]"),
    ("tax.revenue[period] during period", "LANG028", "tax.revenue[period]"),
    ("firms.founded_on since tax.revenue[period]", "LANG028", "tax.revenue[period]"),
    ("firms.founded_on since period", "LANG030", "period"),
    ("is_sme and tax.revenue[period]", "LANG029", "tax.revenue[period]"),
    ("not 5%", "LANG029", "5%"),
    ("if 5% then 1 else 2", "LANG029", "5%"),
    ("firms.name_zh between 1 and 2", "LANG020", "1"),
    ('firms.name_zh between "a" and "b"', "LANG025", 'firms.name_zh between "a" and "b"'),
    ("firms.status in []", "LANG027", "firms.status in []"),
    ("tax.revenue[period] in [tax.paid[period]]", "LANG027", "tax.paid[period]"),
    ("firms.private in [true]", "LANG027", "true"),
    ('firms.status in ["存续", "迁出"]', "LANG026", '"迁出"'),
    ("tax.revenue[as_of] > 0元", "LANG030", "as_of"),
    ("tax.revenue[99] > 0元", "LANG030", "99"),
    ("tax.revenue[period - 1.5] > 0元", "LANG030", "1.5"),
    ("tax.revenue[period - 3 days] > 0元", "LANG030", "3 days"),
    ("tax.revenue[period - 3 months] > 0元", "LANG030", "3 months"),
    ("tax.revenue[period * 2] > 0元", "LANG030", "period * 2"),
    ("tax.revenue[quarter 1 of 2024-03] > 0元", "LANG030", "quarter 1 of 2024-03"),
    ("output.value[quarter 3 of 2024H1] > 0元", "LANG030", "quarter 3 of 2024H1"),
    ("output.value[quarter of period] > 0元", "LANG030", "quarter of period"),
    ("2024Q1 = 3", "LANG030", "2024Q1"),
    ("firms.private[period]", "LANG031", "firms.private[period]"),
    ("tax.revenue > 0元", "LANG031", "tax.revenue"),
    ("tax.revenue[period, period] > 0元", "LANG031", "tax.revenue[period, period]"),
    ("staff.heads[period - 1] > 3", "LANG032", "period - 1"),
    ("growth(output.value, period) > 5%", "LANG032", "period"),
    ("every y in 2021..2024Q1: is_sme", "LANG033", "2024Q1"),
    ("every y in period..period - 1: is_sme", "LANG033", "period - 1"),
    ("every y in 1800..2024: is_sme", "LANG033", "2024"),
    ("every period in 2021..2022: is_sme", "LANG034", "period"),
    ("every is_sme in 2021..2022: is_sme", "LANG034", "is_sme"),
    ("every 年 in 2021..2022: is_sme", "LANG034", "年"),
    ("every y in 2021..2022: (every y in 2021..2022: is_sme)", "LANG034", "y"),
    ("exists(penalties where (every fine in 2021..2022: first_time))", "LANG034", "fine"),
    ("penalties.fine > 1元", "LANG040", "penalties.fine"),
    ("exists(penalties where tax.revenue[period] > 0元)", "LANG041", "tax.revenue[period]"),
    ("exists(penalties where is_sme)", "LANG041", "is_sme"),
    ("exists(penalties where exists(staff))", "LANG041", "exists(staff)"),
    ("exists(penalties where growth(tax.revenue, period) > 1%)", "LANG041", "tax.revenue"),
    ("exists(penalties where period during last 3 years)", "LANG030", "period"),
    ("exists(staff where period during last 3 years)", "LANG030", "period"),
    ("count(city)", "LANG042", "city"),
    ("streak(penalties)", "LANG042", "penalties"),
    ("latest(undated.note)", "LANG042", "undated"),
    ("sum(penalties)", "LANG043", "penalties"),
    ("sum(penalties.level)", "LANG043", "level"),
    ("count(penalties.fine)", "LANG043", "fine"),
]


@pytest.mark.parametrize(("text", "code", "characters"), FAULTS)
def test_fault(text: str, code: str, characters: str) -> None:
    found = marked(text)
    assert codes(text)[0] == code
    assert found[0] == characters
    assert len(found) == 1


def test_independent_faults_are_told_together() -> None:
    text = 'foo and tax.revenu[period] > 0元 and exists(penalties where level = "重" and bar) and abs(baz) > 1'
    assert marked(text) == ["foo", "revenu", '"重"', "bar", "baz"]


def test_a_fault_is_told_once() -> None:
    assert codes("foo + 1 > 2 and not (foo is known)") == ["LANG012", "LANG012"]


def test_places_in_text_of_several_lines() -> None:
    text = "is_sme\n  and foo\nor 税务.销售 = 1元"
    places = [(p.place.file, p.place.line, p.place.column, p.place.length) for p in problems(text)]
    assert places == [("policy.yaml", 4, 11 + 6, 3), ("policy.yaml", 5, 11 + 6, 2)]


def test_what_spans_lines_is_marked_to_the_end_of_its_first() -> None:
    (problem,) = problems("1元\n  * 2元 > 1元")
    assert (problem.place.line, problem.place.column, problem.place.length) == (3, 11, 2)


def test_fault_at_the_end_of_several_lines() -> None:
    (problem,) = problems("is_sme and\n  is_sme or\n")
    assert (problem.code, problem.place.line, problem.place.column) == ("LANG005", 4, 11 + 11)


def test_caret_stands_under_chinese_text() -> None:
    text = "税务.销售收入[period] > 存续"
    (problem,) = problems(text)
    lines = problem.render(" " * 10 + text).splitlines()
    assert lines[3] == "  |" + " " * 11 + " " * len("税务.销售收入[period] > ") + " " * 6 + "^^^^"


def test_rows_of_an_item_keep_to_the_row() -> None:
    assert codes("tax.revenue[period] > 0元", replace(SCOPE, row_dataset="penalties")) == ["LANG041"]


def test_numbers_look_like_years_only_in_periods() -> None:
    assert compile_expression("staff.heads[2023-12] > 2023", PLACE, SCOPE, None).type == BOOL
