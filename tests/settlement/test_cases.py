"""Worked cases of awards that later steps cut: both evaluators, through the settlement of one firm."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.cases import check_case
from policies.cases import load_cases
from policies.files import cases_path
from tests.policies.writing import catalogue, library, policy_text

AWARD = """\
award:
  amount: 5万元
  family: titles
  since: 2021-01-01
  top_up: {within: 3 years}
budget: {line: 专项, amount: 4万元}
"""
CASES = """\
policy: trial
period: "2024"
as_of: 2024-12-31
given:
  registration: {region: 青岛市}
  tax: {period: "2023", revenue: 1万元}
cases:
  - name: 此前未兑付，预算不足
    expect: {outcome: eligible, amount: 0元, cuts: [budget]}
  - name: 补差
    given: {payments: [{policy: 别的, family: titles, fiscal_year: 2023, amount: 2万元, paid_on: 2023-05-01}]}
    expect: {outcome: eligible, amount: 3万元, cuts: [top_up]}
  - name: 兑付记录未接入
    missing: [payments]
    expect: {outcome: eligible, amount: unknown, cuts: [top_up]}
"""


@pytest.mark.parametrize(
    ("change", "instead", "expected"),
    [
        ("", "", []),
        ("amount: 3万元, cuts: [top_up]", "amount: 3万元", []),
        ("amount: 3万元, cuts: [top_up]", "amount: 3万元, cuts: []", ["cuts should be [], is ['top_up']"]),
        (
            "amount: 3万元",
            "amount: 5万元",
            ["interpreter: amount should be 5万元, is 3万元", "SQL: amount should be 5万元, is 3万元"],
        ),
    ],
)
def test_cases_show_the_steps_that_concern_one_firm(
    change: str, instead: str, expected: list[str], tmp_path: Path
) -> None:
    made = library(tmp_path, trial=policy_text(award=AWARD))
    path = cases_path(made.paths["trial"])
    path.write_text(CASES.replace(change, instead) if change else CASES, encoding="utf-8")
    policy = made.policy("trial")
    cases = load_cases(path, policy, catalogue())
    found = [line for case in cases for line in check_case(case, policy, made, catalogue())]
    assert found == expected
