"""Every worked case of the bundled library comes out as it says, by both evaluators; a wrong case is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from enterprise_data.catalogue.load import Catalogue, load_catalogue
from matcher.cases import check_case
from policies.cases import load_cases
from policies.load import BUNDLED, Library, load_library

CASES = sorted(BUNDLED[0].rglob("*.cases.yaml"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(None, bundled=True)


@pytest.fixture(scope="module")
def library(catalogue: Catalogue) -> Library:
    return load_library(BUNDLED, catalogue)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".cases.yaml"))
def test_every_case_holds(path: Path, catalogue: Catalogue, library: Library) -> None:
    policy = library.policy(path.name.removesuffix(".cases.yaml"))
    cases = load_cases(path, policy, catalogue)
    assert {case.name: check_case(case, policy, library, catalogue) for case in cases} == {
        case.name: [] for case in cases
    }


def test_a_case_that_expects_something_else_is_told_by_both_evaluators(catalogue: Catalogue, library: Library) -> None:
    path = next(path for path in CASES if path.name.startswith("js-innovative-drugs-2023"))
    policy = library.policy("js-innovative-drugs-2023")
    case = load_cases(path, policy, catalogue)[0]
    wrong = replace(case, amount_fen=1, item_amounts_fen={"合成批准001": 2}, failed=("approved",))
    told = check_case(wrong, policy, library, catalogue)
    assert told == [
        f"{evaluator}: {difference}"
        for evaluator in ("interpreter", "SQL")
        for difference in (
            "failed should be ['approved'], is []",
            "amount should be 0.01元, is 1,000万元",
            "items should be {'合成批准001': '0.02元'}, is {'合成批准001': '1,000万元'}",
        )
    ]
