from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import ProblemsFound
from policies.cases import Case, load_cases
from policies.files import cases_path
from tests.policies.writing import catalogue, library, policy_text

HEAD = 'policy: trial\nperiod: "2024"\nas_of: 2024-12-31\n'
ONE = HEAD + "cases:\n  - name: 一\n    given: {%s}\n    expect: {outcome: eligible}\n"


def cases(folder: Path, text: str) -> tuple[Case, ...]:
    found = library(folder, trial=policy_text())
    path = cases_path(found.paths["trial"])
    path.write_text(text, encoding="utf-8")
    return load_cases(path, found.policy("trial"), catalogue())


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ProblemsFound) as caught:
        cases(folder, text)
    return [f"{p.code} {p.message}" + (f" / {p.help}" if p.help else "") for p in caught.value.problems]


@pytest.mark.parametrize(
    ("dataset", "written", "at_rest"),
    [
        ("tax", "revenue: 8000万元", 800_000_000_0),
        ("tax", "revenue: 1.5亿元", 15_000_000_000),
        ("tax", "revenue: 0.01元", 1),
        ("tax", "revenue: -5", -500),
        ("tax", "营业收入: 8000", 800_000),
        ("city", "revenue_growth: 5.5%", Decimal("0.055")),
        ("city", "revenue_growth: 5.5", Decimal("0.055")),
        ("unemployment_insurance", "average_staff: 500人", 500),
        ("unemployment_insurance", "average_staff: 500", 500),
        ("unemployment_insurance", "paid_in_full: true", True),
        ("unemployment_insurance", "paid_in_full: false", False),
        ("registration", "region: 山东省青岛市市南区", "370202"),
        ("registration", "region: 370000", "370000"),
        ("registration", "industry: 2710", "C2710"),
        ("registration", "established_on: 2024-02-29", date(2024, 2, 29)),
        ("registration", "status: 存续", "存续"),
        ("registration", "phone: 0532", "0532"),
        ("registration", "phone: null", None),
        ("export_insurance", "premium_usd: 10000.5", Decimal("10000.5")),
    ],
)
def test_values_as_they_are_at_rest(dataset: str, written: str, at_rest: object, tmp_path: Path) -> None:
    declared = catalogue().datasets[dataset]
    period = "" if declared.period is None else 'period: "2024", '
    (case,) = cases(tmp_path, ONE % f"{dataset}: {{{period}{written}}}")
    field = catalogue().field_name(dataset, written.partition(":")[0])
    assert field is not None
    (row,) = case.rows[dataset]
    assert row.values[field] == at_rest
    assert type(row.values[field]) is type(at_rest)
    assert set(row.values) == set(declared.fields)
    assert sum(value is not None for value in row.values.values()) == (at_rest is not None)


def test_rows_have_periods_and_may_be_uncertain(tmp_path: Path) -> None:
    (case,) = cases(
        tmp_path,
        ONE % "tax: [{period: 2021..2022, revenue: 1元}, {period: '2023'}], "
        "penalties: {decided_on: 2024-01-01, belongs: maybe}",
    )
    assert [row.period for row in case.rows["tax"]] == [date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]
    (penalty,) = case.rows["penalties"]
    assert penalty.belongs is None
    assert penalty.at_rest()["belongs"] is None
    assert case.rows["tax"][0].at_rest() == {**case.rows["tax"][0].values, "period": date(2021, 1, 1), "belongs": True}


SHARED = (
    HEAD
    + """\
given:
  registration: {region: 青岛市, status: 存续}
  tax: [{period: "2023", revenue: 1元}]
cases:
  - {name: 同, expect: {outcome: eligible}}
  - {name: 改, given: {registration: {status: 注销}, tax: [{period: "2022"}]}, expect: {outcome: eligible}}
  - {name: 无, given: {tax: null}, expect: {outcome: eligible}}
  - {name: 缺, missing: [tax], stale: [penalties], covers: {honours: {from: 2020-01-01}}, period: "2023",
     as_of: 2023-06-30, expect: {outcome: undetermined, unknown: [sales], amount: unknown}}
  - {name: 额, expect: {outcome: eligible, amount: 10万元, items: {甲: 1元}}}
"""
)


def test_a_case_adds_to_what_the_file_gives(tmp_path: Path) -> None:
    same, changed, without, lacking, _ = cases(tmp_path, SHARED)
    assert same.rows["registration"][0].values["status"] == "存续"
    registration = changed.rows["registration"][0].values
    assert (registration["region"], registration["status"]) == ("370200", "注销")
    assert [row.period for row in changed.rows["tax"]] == [date(2022, 1, 1)]
    assert "tax" not in without.rows
    assert "tax" not in lacking.rows


def test_states_of_feeds_and_the_moment_of_the_case(tmp_path: Path) -> None:
    same, *_, lacking, _ = cases(tmp_path, SHARED)
    assert (str(same.period), same.as_of) == ("2024", date(2024, 12, 31))
    assert (str(lacking.period), lacking.as_of) == ("2023", date(2023, 6, 30))
    assert (lacking.missing, lacking.stale) == (frozenset({"tax"}), frozenset({"penalties"}))
    assert lacking.covers["honours"].from_ == date(2020, 1, 1)


def test_what_is_expected(tmp_path: Path) -> None:
    same, *_, lacking, amount = cases(tmp_path, SHARED)
    assert (same.amount_fen, same.amount_unknown) == (None, False)
    assert (lacking.outcome, lacking.unknown, lacking.amount_unknown) == ("undetermined", ("sales",), True)
    assert (amount.amount_fen, amount.item_amounts_fen) == (10_000_000, {"甲": 100})
    assert (same.place.line, same.place.column) == (8, 12)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("taxx: {}", "CASE002 `taxx` is not a dataset / did you mean `tax`"),
        ("tax: {revenue: 1元}", "CASE002 a row of `tax` needs a `period`"),
        ('tax: {period: "2024Q1"}', "CASE002 `tax` has a row for each year, not `2024Q1`"),
        ("tax: {period: 2024..2021}", "CASE002 `2024..2021` is not a range of periods"),
        ("tax: {period: soon}", "CASE002 'soon' is not a period"),
        ('penalties: {period: "2024"}', "CASE002 a row of `penalties` has no `period`"),
        ('tax: {period: "2024", revenu: 1元}', "CASE002 `tax` has no field `revenu` / did you mean `revenue`"),
        ('tax: {period: "2024", revenue: 1万}', "CASE002 `revenue`: `1万` is no amount"),
        ('tax: {period: "2024", revenue: 0.001元}', "CASE002 `revenue`: `0.001元` is not a whole number of fen"),
        ('tax: {period: "2024", revenue: much}', "CASE002 `revenue`: `much` is not a number"),
        ('tax: {period: "2024", revenue: [1元]}', "CASE002 `revenue`: write one plain value"),
        ("registration: {status: 开业}", "CASE002 `status`: `开业` is none of 存续"),
        ("registration: {region: 青道市}", "CASE002 `region`: no region is called 青道市."),
        ("registration: {industry: X1}", "CASE002 `industry`: GB/T 4754-2011 has no industry X1"),
        ("registration: {established_on: 2023-02-29}", "CASE002 `established_on`:"),
        ("hightech: {first_time: 是}", "CASE002 `first_time`: `是` is neither true nor false"),
        ("hightech: 1", "CASE002 a row of `hightech` is `field: value` pairs"),
        ("hightech: {belongs: no}", "CASE002 `belongs` is `surely` or `maybe`"),
        ('city: {period: "2024", revenue_growth: 5pp}', "CASE002 `revenue_growth`: `5pp` is not a share"),
        ('export_insurance: {period: "2024", premium_usd: 5元}', "CASE002 `premium_usd`: `5元` is a plain number"),
        (
            'unemployment_insurance: {period: "2024", average_staff: 1.5人}',
            "CASE002 `average_staff`: `1.5人` is not a whole",
        ),
    ],
)
def test_faults_of_given_facts(given: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, ONE % given)
    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD, "CASE001 `cases` is missing / add it"),
        (HEAD + "cases: []\n", "CASE001 `cases`"),
        (
            SHARED.replace("policy: trial", "policy: other"),
            "CASE002 these cases are for `other`, the policy is `trial`",
        ),
        (SHARED.replace("[sales]", "[sale]"), "CASE002 `trial` has no condition `sale` / did you mean `sales`?"),
        (SHARED.replace("name: 改", "name: 同"), "CASE002 two cases are called `同`"),
        (SHARED.replace("missing: [tax]", "missing: [taxes]"), "CASE002 `taxes` is not a dataset"),
        (SHARED.replace("amount: 10万元", "amount: 10"), "CASE002 `10` is no amount"),
        (SHARED.replace("outcome: undetermined", "outcome: maybe"), "CASE001 `outcome`"),
        (SHARED.replace("stale:", "old:"), "CASE001 unknown key `old`"),
    ],
)
def test_faults_of_the_file(text: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, text)
    assert any(fault.startswith(expected) for fault in found), found
