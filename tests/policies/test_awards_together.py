"""What does not fit between policies: each fault at its place, with a remedy; a sound set has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.writing import award_text, faults, policy_text

CAP = """\
cap: total
title: {zh: 合计上限}
source: {document: 某文件, issuer: 某局, checked: unverified}
limit: 7万元
period: year
"""
BUDGET = "budget: {line: 专项, amount: 10万元, when_short: pro_rata}\n"
CARRY = "amount: 1元, when_short: carry_over, carried: ["
CARRIED = """\
budget:
  line: 专项
  amount: 10万元
  when_short: carry_over
  carried: [{from: 2024, to: 2023, amount: 2万元}]
"""
RANKED = 'budget: {line: 专项, amount: 10万元, when_short: rank, rank_by: "tax.revenue[period - 1]"}\n'
ITEMS = """\
award:
  for_each: {rows: patents where granted_on during period, item: patent_no}
  amount: 1万元
  exclusive: {group: g, by: item}
"""


def named(name: str, award: str = "award: {amount: 10万元}\n", more: str = "", period: str = "year") -> str:
    return policy_text(name, award=award, period=period) + more


FAMILY = "award: {amount: 1万元, claim: once, family: f}\n"


def capped(name: str, caps: str = "total") -> str:
    return named(name, f"award: {{amount: 1万元, shared_caps: [{caps}]}}\n")


def test_what_fits_has_no_fault(tmp_path: Path) -> None:
    files = {"a": capped("a"), "b": capped("b"), "caps__total": CAP + "order: [b, a]\n", "c": named("c", more=BUDGET)}
    assert faults(tmp_path, **files) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a": capped("a", "totl"), "caps__total": CAP, "b": capped("b")}, "a.yaml:12:36 POL053 no cap `totl`"),
        ({"a": named("a"), "caps__total": CAP}, "total.yaml:1:6 POL053 no policy belongs to the cap `total`"),
        ({"a": capped("a"), "caps__total": CAP + "order: [b]\n"}, "total.yaml:6:9 POL053 `b` does not name this cap"),
        ({"a": capped("a"), "caps__total": CAP.replace("7万元", "0元")}, "total.yaml:4:8 POL012 a cap must be more"),
        ({"a": capped("a"), "caps__total": CAP.replace("total", "other")}, "POL002 the file is `total.yaml`"),
        (
            {"a": named("a", more=BUDGET), "b": named("b", more=BUDGET.replace("10万元", "9万元"))},
            "POL056 the line `专项` has another amount or rule in `a` / say the same",
        ),
        (
            {"a": named("a", more=BUDGET), "b": named("b", more=BUDGET.replace("pro_rata", "pay_all"))},
            "POL056 the line `专项` has another amount or rule",
        ),
        (
            {"a": named("a", more=CARRIED), "b": named("b", more=CARRIED.replace("carried: [", "carried: [] #"))},
            "POL056 the line `专项` has another amount or rule in `a` / say the same",
        ),
        (
            {"a": named("a", more=CARRIED), "b": named("b", more=CARRIED.replace("amount: 2万元", "amount: 1万元"))},
            "POL056 the line `专项` has another amount or rule in `a`",
        ),
        (  # ranks of two measures cannot be compared
            {"a": named("a", more=RANKED), "b": named("b", more=RANKED.replace("revenue", "tax_paid"))},
            "POL056 the line `专项` has another amount or rule",
        ),
        (
            {"a": named("a", ITEMS), "b": named("b", "award: {amount: 1万元, exclusive: g}\n")},
            "POL056 `g` is compared by item in `a`, here by firm / compare all awards of a group the same way",
        ),
        (
            {"a": named("a", FAMILY), "b": named("b", FAMILY)},
            "POL057 `a` of the family `f` may pay the same firm for the same period / put both into one",
        ),
    ],
)
def test_what_does_not_fit(files: dict[str, str], expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, **files)
    assert len(found) == 1, found
    assert expected in found[0]


def test_a_family_within_one_group_or_in_other_years_pays_once(tmp_path: Path) -> None:
    grouped = "award: {amount: 1万元, claim: once, family: f, exclusive: g}\n"
    assert faults(tmp_path / "grouped", a=named("a", grouped), b=named("b", grouped)) == []
    later = named("b", FAMILY).replace('"2021..2024"', '"2025..2026"')
    assert later != named("b", FAMILY)
    assert faults(tmp_path / "years", a=named("a", FAMILY), b=later) == []


def test_one_line_that_carries_the_same_everywhere(tmp_path: Path) -> None:
    other = "budget: {line: 专项, when_short: carry_over}\n"
    for name, more in (("same", CARRIED), ("left out", other)):
        assert faults(tmp_path / name, a=named("a", more=CARRIED), b=named("b", more=more)) == []


def test_one_line_may_leave_the_amount_to_another_policy(tmp_path: Path) -> None:
    other = BUDGET.replace("amount: 10万元, ", "")
    assert faults(tmp_path, a=named("a", more=BUDGET), b=named("b", more=other)) == []


def test_policies_of_different_periods_share_nothing(tmp_path: Path) -> None:
    group = "award: {amount: 1万元, exclusive: g}\n"
    monthly = named("b", group, period="month").replace("tax.revenue[period - 1] <= 2亿元", "good_standing")
    found = faults(tmp_path, a=named("a", group), b=monthly.replace("good_standing", "exists(patents)"))
    assert any("POL056 `g` is shared with `a`, which decides by year" in fault for fault in found), found


@pytest.mark.parametrize(
    ("award", "expected"),
    [
        ("amount: 10万元\ncap: {per_period: 5万元}", "POL051 the cap lies below the least that is paid, 100000 元"),
        ("amount: 10万元\ncap: {lifetime: 5万元}", "POL051 the cap lies below the least"),
        ('amount: "max(10万元, tax.tax_paid[period])"\ncap: {per_period: 5万元}', "POL051 the cap lies below"),
        ('tiers: [{when: "1元 = 1元", pay: 6万元}]\ncap: {per_period: 5万元}', "POL051 the cap lies below"),
        ("amount: 1万元\ncap: {per_period: 5万元, lifetime: 4万元}", "POL051 the lifetime's cap lies below"),
        ("amount: 1万元\nfamily: f\ntop_up: {within: soon}", "POL010 `soon` is not a duration in years or months"),
        ("amount: 1万元\ntop_up: {}", "POL001 `award`: `top_up` deducts what was paid in a `family`"),
        ("amount: 1万元\nexclusive: {group: g, by: item}", "POL001 `award`: `exclusive` by item needs `for_each`"),
    ],
)
def test_faults_of_limits(award: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, trial=award_text(award))
    assert len(found) == 1, found
    assert expected in found[0]


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        ("amount: 0元", "POL012 a budget must be more than nothing / write the amount"),
        ("when_short: rank", "POL001 `budget`: `when_short: rank` needs `rank_by`"),
        ("when_short: pro_rata, rank_by: 1元", "POL001 `budget`: `pro_rata` serves all alike"),
        (
            "amount: 1元, carried: [{from: 2024, to: 2023, amount: 1元}]",
            "POL001 `budget`: `carried` needs",
        ),
        ("when_short: carry_over, carried: [{from: 2024, to: 2023, amount: 1元}]", "POL001 `budget`: `carried` needs"),
        (f"{CARRY}{{from: 2024, to: 2024, amount: 1元}}]", "POL007 nothing is carried from 2024 to itself"),
        (f"{CARRY}{{from: 2024Q1, to: 2023, amount: 1元}}]", "POL007 2024Q1 is no period of this policy"),
        (f"{CARRY}{{from: 某年, to: 2023, amount: 1元}}]", "POL007"),
        (f"{CARRY}{{from: 2024, to: 2023, amount: 0元}}]", "POL012 a budget must be more than nothing"),
        (f"{CARRY}{{from: 2024, to: 2023, amount: 2元}}]", "POL012 more is carried away from 2024 than its 1 元"),
        ("when_short: rank, rank_by: registration.status", "POL011 `rank_by` is a text"),
    ],
)
def test_faults_of_budgets(budget: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, trial=policy_text() + f"budget: {{line: 专项, {budget}}}\n")
    assert len(found) == 1, found
    assert expected in found[0]


def share(name: str, of: str, more: str = "") -> str:
    return named(name, f"award: {{share: {{of_award: {of}, rate: 50%}}}}\n", more)


def test_awards_that_are_shares_of_others(tmp_path: Path) -> None:
    assert faults(tmp_path, a=named("a"), b=share("b", "a"), c=share("c", "b")) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a": share("a", "b"), "b": named("b", "award: {amount: 1元}\n")}, ""),
        ({"a": share("a", "bb"), "b1": named("b1")}, "POL054 `bb` awards nothing that this could be a share of"),
        ({"a": share("a", "a")}, "POL054 an award is in the end a share of itself: a → a"),
        ({"a": share("a", "b"), "b": share("b", "c"), "c": share("c", "a")}, "itself: a → b → c → a"),
        (
            {"a": share("a", "b", BUDGET), "b": share("b", "c"), "c": named("c", more=BUDGET)},
            "itself: a → b → c / let one of them",
        ),
        ({"a": share("a", "b").replace("50%", "0%"), "b": named("b")}, "POL012 a share must be more than nothing"),
    ],
)
def test_faults_of_shares(files: dict[str, str], expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, **files)
    assert len(found) == (1 if expected else 0), found
    assert not expected or expected in found[0]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("{share: 40%}, {share: 60%, after: 1 year}", ""),
        (
            "{share: 40%}, {share: 50%}",
            "POL052 the instalments come to 90 % of the payment, not 100 %",
        ),
        ("{share: 40%}, {share: 60.1%}", "POL052 the instalments come to 100.1 %"),
        ("{share: 0%}, {share: 100%}", "POL012 a part must be more than nothing"),
        ("{share: 100%, after: 3 days}", "POL010 `3 days` is not a duration in years or months"),
        ("{share: 100%, when: 1元}", "LANG"),
    ],
)
def test_faults_of_instalments(parts: str, expected: str, tmp_path: Path) -> None:
    found = faults(tmp_path, trial=policy_text() + f"payout: {{instalments: [{parts}]}}\n")
    assert len(found) == (1 if expected else 0), found
    assert not expected or expected in found[0]
