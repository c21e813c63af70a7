"""Definitions and parameters that several policies share: what each says of given facts, by both evaluators.

Each file of `definition_cases/` is a policy whose conditions are definitions, with its worked cases beside it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from enterprise_data.catalogue.load import Catalogue, load_catalogue
from matcher.cases import check_case
from policies.cases import load_cases
from policies.load import BUNDLED, Library, load_library

FOLDER = Path(__file__).with_name("definition_cases")
CASES = sorted(FOLDER.glob("*.cases.yaml"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(None, bundled=True)


@pytest.fixture(scope="module")
def library(catalogue: Catalogue) -> Library:
    return load_library((*BUNDLED, FOLDER), catalogue)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".cases.yaml"))
def test_every_case_holds(path: Path, catalogue: Catalogue, library: Library) -> None:
    policy = library.policy(path.name.removesuffix(".cases.yaml"))
    cases = load_cases(path, policy, catalogue)
    assert {case.name: check_case(case, policy, library, catalogue) for case in cases} == {
        case.name: [] for case in cases
    }
