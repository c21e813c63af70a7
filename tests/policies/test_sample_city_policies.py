"""The policies of the invented city: labelled as such, complete in their cases, and showing what can be declared."""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from matcher.cases import check_case
from policies.cases import Case, load_cases
from policies.files import CASES_SUFFIX, cases_path, policy_files
from policies.fmt import format_policy
from policies.language.terms import Constant
from policies.load import BUNDLED, SAMPLE_CITY, Library, load_library
from tests.policies.writing import catalogue, scope

FILES = [path for path in sorted(SAMPLE_CITY.rglob("*.yaml")) if not path.name.endswith(CASES_SUFFIX)]
NAMES = [path.stem for path in policy_files(SAMPLE_CITY)]
LABELS = (
    "zh: 示例·",
    "document: 示例（合成，非真实政策）",
    "issuer: 示例市",
    "checked: unverified",
    "不是任何地方的真实政策",
)
SHOWN = {
    "a region's exception": "except: [栖霞市]",
    "a range of industries": "within industry C13..C43, I",
    "an industry's exception": "except C15..C16",
    "each of some years": "every y in",
    "each month": "every m in",
    "months in a row": "streak(",
    "the city's own growth": "city.revenue_growth",
    "a definition": "when: good_standing",
    "a parameter by region": "param.sample_graduate_subsidy[registration.region]",
    "a parameter by number": "param.sample_layoff_limit[",
    "one of several": "- any:",
    "none of several": "- none:",
    "tiers": "tiers:",
    "whole steps": "whole: true",
    "a share": "rate: 50%",
    "items": "for_each:",
    "a cap of an item": "item_cap:",
    "a cap of the policy": "cap: {per_period:",
    "rounding": "rounding:",
    "a safety gate": "max_share:",
    "an award": "kind: award",
    "a reduction": "kind: reduction",
    "a qualification": "kind: qualification",
}


@cache
def library() -> Library:
    return load_library([*BUNDLED, SAMPLE_CITY], catalogue())


def cases_of(name: str) -> tuple[Case, ...]:
    return load_cases(cases_path(library().paths[name]), library().policy(name), catalogue())


def leaves(name: str) -> set[str]:
    return {leaf.id for leaf in library().policy(name).conditions.leaves()}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_they_are_no_part_of_the_bundled_library_and_give_no_warnings() -> None:
    bundled = load_library(BUNDLED, catalogue())
    assert not set(NAMES) & {policy.id for policy in bundled.policies}
    assert library().warnings == bundled.warnings


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_says_that_it_is_synthetic(path: Path) -> None:
    assert [label for label in LABELS if label not in text_of(path)] == []
    assert path.stem.startswith("sample")


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_and_office_is_an_invented_one(name: str) -> None:
    policy = library().policy(name)
    assert all(leaf.clause.startswith("示例第") for leaf in policy.conditions.leaves())
    assert policy.service is not None
    assert policy.service.office.startswith("示例市")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_expressions_are_canonical(path: Path) -> None:
    assert format_policy(text_of(path), scope(), str(path)) == text_of(path)


@pytest.mark.parametrize("name", NAMES)
def test_cases_reach_every_outcome_and_every_condition(name: str) -> None:
    cases = cases_of(name)
    assert {case.outcome for case in cases} == {"eligible", "ineligible", "undetermined"}
    assert leaves(name) <= set(chain.from_iterable(case.failed for case in cases))
    assert leaves(name) <= set(chain.from_iterable(case.unknown for case in cases))


@pytest.mark.parametrize("name", NAMES)
def test_every_tier_pays_in_some_case(name: str) -> None:
    award = library().policy(name).award
    pays = {tier.pay.value for tier in (award.tiers if award else ()) if isinstance(tier.pay, Constant)}
    paid = {amount for case in cases_of(name) for amount in (case.amount_fen, *case.item_amounts_fen.values())}
    assert pays <= paid


@pytest.mark.parametrize("name", NAMES)
def test_both_evaluators_decide_the_cases_as_expected(name: str) -> None:
    policy = library().policy(name)
    found = {case.name: check_case(case, policy, library(), catalogue()) for case in cases_of(name)}
    assert {case: differences for case, differences in found.items() if differences} == {}


@pytest.mark.parametrize("form", SHOWN)
def test_together_they_show_every_form(form: str) -> None:
    assert any(SHOWN[form] in text_of(path) for path in FILES)
