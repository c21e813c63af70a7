import pytest

from policies.fmt import format_policy
from tests.policies.writing import award_text, policy_text, scope

WHEN = 'when: "tax.revenue[period - 1] <= 2亿元"'


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (WHEN, WHEN),
        ('when: "tax.revenue[period-1]<=20000万元"', "when: 'tax.revenue[period - 1] <= 2亿元'"),
        ("when: '税务年度申报.营业收入[period - 1] ≤ 2亿元'  # 注", "when: 'tax.revenue[period - 1] <= 2亿元'  # 注"),
        (
            "when: exists(hightech where 首次认定 且 recognised_on during period)",
            "when: exists(hightech where first_time and recognised_on during period)",
        ),
        ("when: 'tax.revenue[period] <'", "when: 'tax.revenue[period] <'"),
    ],
)  # fmt: skip
def test_only_the_expression_changes(written: str, canonical: str) -> None:
    text = "# 前\n" + policy_text().replace("{id: sales, text: 收入, clause: 第一条, " + WHEN + "}", "PLACE") + "# 后\n"
    leaf = "id: sales # 编号\n    text:   收入\n    clause: 第一条\n    "
    assert "PLACE" in text
    assert format_policy(text.replace("PLACE", leaf + written), scope()) == text.replace("PLACE", leaf + canonical)


def test_inside_braces_an_expression_is_quoted_where_it_must_be() -> None:
    text = (
        policy_text()
        .replace(WHEN, "when: tax.profit>0元 或 1=1")
        .replace("tax.profit", "registration.registered_capital")
    )
    assert ", when: registration.registered_capital > 0元 or 1 = 1}" in format_policy(text, scope())
    between = text.replace("1=1", "min(1,2)=1").replace("when: ", "when: '").replace("=1}", "=1'}")
    assert ", when: 'registration.registered_capital > 0元 or min(1, 2) = 1'}" in format_policy(between, scope())


FOLDED = """\
conditions:
  - id: a
    text: 甲
    clause: 第一条
    when: >-
      {first}
      and (tax.revenue[period] > 0元)
  - {{id: b, text: 乙, clause: 第二条, when: "1 = 1"}}
"""


def test_a_canonical_layout_over_several_lines_stays() -> None:
    text = policy_text(conditions=FOLDED.format(first="(tax.profit[period] > 0元 or tax.assets[period] > 0元)"))
    assert format_policy(text, scope()) == text


def test_another_layout_becomes_one_line_and_the_next_line_stays() -> None:
    text = policy_text(conditions=FOLDED.format(first="tax.profit[period]>0.01亿元"))
    expected = FOLDED.format(first="X").replace(
        ">-\n      X\n      and (tax.revenue[period] > 0元)",
        "tax.profit[period] > 100万元 and tax.revenue[period] > 0元",
    )
    assert format_policy(text, scope()) == policy_text(conditions=expected)


def test_items_are_formatted_in_the_names_of_their_rows() -> None:
    text = award_text(
        'for_each: {rows: 授权专利 where 专利类型="发明", item: patent_no}\n'
        'amount: if 专利类型="发明" then 1万元 else 0.1万元'
    )
    expected = text.replace('授权专利 where 专利类型="发明"', 'patents where kind = "发明"').replace(
        'if 专利类型="发明" then 1万元 else 0.1万元', 'if kind = "发明" then 1万元 else 1000元'
    )
    assert format_policy(text, scope()) == expected


def test_formatting_twice_changes_nothing_more() -> None:
    text = policy_text(conditions=FOLDED.format(first="税务年度申报.利润总额[period]>0.01亿元"))
    once = format_policy(text, scope())
    assert once != text
    assert format_policy(once, scope()) == once
