"""The bundled library: what every shipped policy must have."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from policies.cases import Case, load_cases
from policies.files import cases_path
from policies.fmt import format_policy
from policies.language.terms import Constant
from policies.load import BUNDLED, Library, load_library
from policies.model import Status
from policies.policy import Policy
from tests.policies.writing import catalogue, scope

GOLDEN = Path(__file__).parents[1] / "golden" / "jiangsu"
ROOT = Path(__file__).parents[2]


@cache
def bundled() -> Library:
    return load_library(BUNDLED, catalogue())


def cases_of(policy: Policy) -> tuple[Case, ...]:
    path = cases_path(bundled().paths[policy.id])
    assert path.exists(), f"`{policy.id}` has no worked cases: write them in {path.relative_to(ROOT)}"
    return load_cases(path, policy, catalogue())


POLICIES = [pytest.param(policy, id=policy.id) for policy in bundled().policies]
FILES = [pytest.param(path, id=path.stem) for folder in BUNDLED for path in sorted(folder.rglob("*.yaml"))]


def test_there_are_enough_policies_and_only_known_warnings() -> None:
    assert sum(policy.matchable for policy in bundled().policies) >= 15
    assert {warning.code for warning in bundled().warnings} <= {"POL101"}


def test_files_are_known_by_their_path_in_the_library() -> None:
    assert "library/jiangsu/js-innovative-drugs-2023.yaml" in bundled().sha256
    assert "definitions/size_class.yaml" in bundled().sha256
    assert "parameters/layoff_limit.yaml" in bundled().sha256


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_says_where_it_comes_from(policy: Policy) -> None:
    assert policy.source.document
    assert policy.source.checked != "issuer" or policy.source.url
    assert policy.title.en
    assert all(leaf.clause and leaf.text for leaf in policy.conditions.leaves())


@pytest.mark.parametrize("policy", POLICIES)
def test_cases_reach_every_outcome(policy: Policy) -> None:
    assert {case.outcome for case in cases_of(policy)} == {"eligible", "ineligible", "undetermined"}


@pytest.mark.parametrize("policy", POLICIES)
def test_cases_fail_every_condition_and_leave_every_condition_unknown(policy: Policy) -> None:
    conditions = {leaf.id for leaf in policy.conditions.leaves()}
    cases = cases_of(policy)
    assert conditions <= set(chain.from_iterable(case.failed for case in cases))
    assert conditions <= set(chain.from_iterable(case.unknown for case in cases))


@pytest.mark.parametrize("policy", [pytest.param(p, id=p.id) for p in bundled().policies if p.award])
def test_every_tier_pays_in_some_case(policy: Policy) -> None:
    tiers = policy.award.tiers if policy.award else ()
    pays = {tier.pay.value for tier in tiers if isinstance(tier.pay, Constant)}
    cases = [case for case in cases_of(policy) if case.outcome == "eligible"]
    paid = {amount for case in cases for amount in (case.amount_fen, *case.item_amounts_fen.values())}
    assert paid - {None}
    assert pays <= paid


def test_cases_files_without_a_policy_do_not_exist() -> None:
    known = {cases_path(path) for path in bundled().paths.values()}
    assert set((ROOT / "policies" / "library").rglob("*.cases.yaml")) == known


@pytest.mark.parametrize("path", [p for p in FILES if ".cases" not in str(p.id)])
def test_expressions_are_canonical(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_policy(text, scope(), str(path)) == text


def test_the_draft_is_never_matched() -> None:
    draft = bundled().policy("qd-innovation-centre-2026-draft")
    assert draft.status is Status.DRAFT
    assert not draft.matchable


def test_what_needs_judgement_is_listed_with_its_reason() -> None:
    judged = {policy.id: policy.reason for policy in bundled().policies if not policy.automatic}
    assert len(judged) >= 3
    assert all(judged.values())


def test_definitions_that_no_document_words_so_are_labelled() -> None:
    assert bundled().definitions["good_standing"].house
    assert not bundled().definitions["is_sme"].house


def test_the_documentation_lists_every_policy_as_its_file_says() -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in row.split("|")] for row in page.splitlines() if row.startswith("| `")]
    listed = {row[1].strip("`"): {"checked": row[3], "matched": row[4]} for row in cells}
    assert listed == {
        policy.id: {"checked": policy.source.checked.value, "matched": "yes" if policy.matchable else "no"}
        for policy in bundled().policies
    }


# -- the fixture of the golden batch; the match over it is tested with the matcher


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_golden_batch_has_the_published_counts() -> None:
    city = {row["统一社会信用代码"]: row["行政区划代码"] for row in rows("registration.csv")}
    counts = Counter((city[row["统一社会信用代码"]], row["产品类别"]) for row in rows("drug_approvals.csv"))
    assert len(city) == 20
    assert counts == {
        ("320500", "创新药"): 1,
        ("320500", "改良型新药"): 4,
        ("320500", "三类创新医疗器械"): 5,
        ("320100", "创新药"): 3,
        ("320100", "三类创新医疗器械"): 3,
        ("320700", "创新药"): 2,
        ("320700", "改良型新药"): 4,
        ("320200", "创新药"): 1,
        ("320200", "三类创新医疗器械"): 1,
        ("321200", "创新药"): 1,
        ("321200", "改良型新药"): 1,
    }


def test_the_golden_batch_pays_the_published_sums_by_hand() -> None:
    pay = {"创新药": 1000, "改良型新药": 330, "三类创新医疗器械": 660}
    city = {row["统一社会信用代码"]: row["行政区划代码"] for row in rows("registration.csv")}
    sums: Counter[str] = Counter()
    for row in rows("drug_approvals.csv"):
        share = 100 if row["省内生产"] == "是" else 70
        sums[city[row["统一社会信用代码"]]] += pay[row["产品类别"]] * share // 100
    expected = {row["region"]: int(row["amount_wan_yuan"]) for row in rows("expected.csv") if row["region"]}
    assert sums == expected
    assert sum(sums.values()) == 16_610
