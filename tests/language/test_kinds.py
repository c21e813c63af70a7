"""Which kinds go together: each row is a pair, an operator and the kind of the result, or the code of the fault."""

from __future__ import annotations

import pytest

from policies.language.terms import BOOL, Kind, Type
from tests.language.world import SCOPE, codes, problems, term

SAMPLES = {
    "money": "tax.revenue[period]",
    "share": "tax.rate[period]",
    "points": "(tax.rate[period] - 5%)",
    "count": "staff.heads[2024-01]",
    "number": "0.5",
    "ratio": "(tax.paid[period] / tax.revenue[period])",
    "date": "firms.founded_on",
    "text": "firms.name_zh",
    "bool": "firms.private",
    "region": "firms.region",
}

RESULTS = """
money + money = money
money + number = LANG021
money + share = LANG024
share + share = share
share - share = points
share + points = share
share - points = share
points + share = share
points - points = points
share + number = LANG023
ratio + ratio = number
ratio - ratio = points
ratio - share = points
ratio - number = number
share - ratio = points
count + count = count
count + number = count
number + number = number
money * money = LANG024
money * share = money
share * money = money
money * points = money
money * count = money
money * number = money
money * ratio = money
share * share = share
share * number = share
points * number = points
count * share = count
count * number = count
count * count = number
number * number = number
money / money = number
money / count = money
money / number = money
money / share = money
count / count = number
count / number = count
share / share = number
share / number = share
number / count = number
number / money = LANG024
count / money = LANG024
date + number = LANG028
date - date = LANG028
text + text = LANG024
bool + number = LANG024
"""


@pytest.mark.parametrize("line", RESULTS.split("\n")[1:-1])
def test_arithmetic(line: str) -> None:
    left, operator, right, _, result = line.split()
    text = f"{SAMPLES[left]} {operator} {SAMPLES[right]}"
    if result.startswith("LANG"):
        assert codes(text) == [result]
    else:
        assert term(text).type.kind is Kind(result)


COMPARISONS = """
money < money: ok
money < number: LANG021
money < share: LANG020
share < share: ok
share < number: LANG023
share < ratio: ok
ratio < share: ok
ratio < number: ok
points < points: ok
points < share: LANG023
points < number: LANG023
count < number: ok
number < count: ok
count < count: ok
count < money: LANG021
date < date: ok
date < number: LANG020
text = text: ok
text < text: LANG025
bool = bool: ok
bool < bool: LANG025
region = region: ok
region = text: LANG027
region < region: LANG025
"""


@pytest.mark.parametrize("line", COMPARISONS.split("\n")[1:-1])
def test_comparison(line: str) -> None:
    pair, _, result = line.partition(": ")
    left, operator, right = pair.split()
    text = f"{SAMPLES[left]} {operator} {SAMPLES[right]}"
    if result == "ok":
        assert term(text).type == BOOL
    else:
        assert codes(text) == [result]


HELPS = [
    ("tax.revenue[period] > 2000", "write 2000元 or 2000万元"),
    ("tax.rate[period] > 0.5", "write 0.5%"),
    ("tax.rate[period] - 5% > 10%", "write 10 pp"),
    ('firms.status = "吊"', 'did you mean "吊销"?'),
    ("as_of - firms.founded_on > 3", "write `days_between(firms.founded_on, as_of)` or "),
    ("tax.revenu[period] > 0元", "did you mean `revenue`?"),
    ("tax.销售[period] > 0元", "did you mean `销售收入`?"),
    ("revenue > 0元", "did you mean `tax.revenue`?"),
    ("heads > 3", "did you mean `staff.heads`?"),
    ("staff.heads[period] > 3", "write `last month of period`, `month 1 of period`, or read rows: "),
    ("tax.revenue[2024Q1] > 0元", "write `year of 2024Q1`"),
    ("param.gaol > 5%", "did you mean `goal`?"),
    ("penalties.fine > 1元", "write `exists(penalties where ...)`, or `latest(penalties.fine)`"),
    ("is_smee", "did you mean `is_sme`?"),
    ("rond(0.5, 1)", "did you mean `round`?"),
    ("penalty.fine > 1元", "did you mean `penalties`?"),
    ("tax.months[period] >= 10,000", "write 10000 or 10_000; a comma needs a unit after the number"),
    ("tax.months[period] ≥ １，２３４，５６７ and is_sme", "write 1234567 or 1_234_567; a comma needs a unit"),
    ("is_sme, 100", "the end can stand here"),
]


@pytest.mark.parametrize(("text", "help_text"), HELPS)
def test_help_says_what_to_write(text: str, help_text: str) -> None:
    assert problems(text)[0].help.startswith(help_text)


FOREIGN = ["tax.revenue[period] > 5万美元", "tax.revenue[period] + 5000美元 > 0元", "5000美元"]


@pytest.mark.parametrize("text", FOREIGN)
def test_another_currency_is_no_unit_of_money(text: str) -> None:
    (problem,) = problems(text, SCOPE, Type(Kind.MONEY) if text == "5000美元" else None)
    assert (problem.code, problem.message) == ("LANG021", "美元 is not a unit of money here")
    assert problem.help.startswith("amounts are in yuan: write 元, 万元 or 亿元, or compare a field that is a plain")


EXPECTED = [
    ("tax.revenue[period]", Kind.BOOL, ["LANG029"]),
    ("tax.revenue[period] > 0元", Kind.MONEY, ["LANG020"]),
    ("2000", Kind.MONEY, ["LANG021"]),
    ("0.5", Kind.SHARE, ["LANG023"]),
    ("tax.paid[period] / tax.revenue[period]", Kind.SHARE, []),
    ("500人", Kind.NUMBER, []),
    ("500", Kind.COUNT, []),
    ("5%", Kind.SHARE, []),
]


@pytest.mark.parametrize(("text", "kind", "faults"), EXPECTED)
def test_expected_type(text: str, kind: Kind, faults: list[str]) -> None:
    if faults:
        assert codes(text, SCOPE, Type(kind)) == faults
    else:
        assert term(text, SCOPE, Type(kind)) == term(text)


def test_expected_unit() -> None:
    assert codes("500件", SCOPE, Type(Kind.COUNT, "人")) == ["LANG022"]


def test_units_are_kept_and_must_agree() -> None:
    assert term("staff.heads[2024-01] * 2 + 3").type == Type(Kind.COUNT, "人")
    assert codes("staff.heads[2024-01] > 3件") == ["LANG022"]
    assert codes("staff.heads[2024-01] + 3件 > 3") == ["LANG022"]
    assert codes("if is_sme then 3人 else 3件") == ["LANG020"]
    assert term("tax.months[period] >= 12个月").type == BOOL
    assert codes("tax.months[period] >= 1年") == ["LANG022"]


def test_branches_unite_their_values() -> None:
    found = term('if is_sme then "小型" else if firms.private then "微型" else size')
    assert found.type == Type(Kind.TEXT, values=("小型", "微型", "大型"))
    assert term("if is_sme then 3 else 3人").type == Type(Kind.COUNT, "人")
    assert term("if is_sme then 5% else ratio").type == Type(Kind.SHARE)
    assert term("max(3, 5人, 2)").type == Type(Kind.COUNT, "人")


def test_a_definition_may_be_a_quotient() -> None:
    assert term("ratio >= 10%").type == BOOL
