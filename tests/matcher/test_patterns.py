"""The synthetic policies of tests/golden/patterns: their worked cases, and two runs in which they meet."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from enterprise_data.conform.load import load
from enterprise_data.periods import Period
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.workspace import Workspace
from matcher.cases import check_case
from matcher.context import Context
from matcher.run.match import match
from matcher.run.store import Run
from policies.cases import load_cases
from policies.files import CASES_SUFFIX, cases_path, policy_files
from policies.load import BUNDLED, Library, load_library
from tests.policies.writing import catalogue
from tests.snapshot.city import uscc

GOLDEN = Path(__file__).parents[1] / "golden" / "patterns"
POLICIES = GOLDEN / "policies"
NAMES = sorted(path.stem for path in policy_files(POLICIES))
AS_OF = date(2024, 12, 31)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library([*BUNDLED[1:], POLICIES], catalogue())


@pytest.mark.parametrize("name", NAMES)
def test_both_evaluators_decide_the_cases_as_expected(name: str, library: Library) -> None:
    policy = library.policy(name)
    cases = load_cases(cases_path(library.paths[name]), policy, catalogue())
    assert {case.name: check_case(case, policy, library, catalogue()) for case in cases} == {
        case.name: [] for case in cases
    }


def test_every_file_says_that_it_is_synthetic() -> None:
    files = [path for path in POLICIES.rglob("*.yaml") if not path.name.endswith(CASES_SUFFIX)]
    assert [path for path in files if "示例（合成，非真实政策）" not in path.read_text(encoding="utf-8")] == []


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, library: Library) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("patterns")
    space = Workspace.create(folder / "w")
    for source in sorted((GOLDEN / "data").glob("*.csv")):
        text = re.sub(r"@(\d+)", lambda found: uscc(int(found[1])), source.read_text(encoding="utf-8"))
        (folder / source.name).write_text(text, encoding="utf-8")
        delivery = load(space, source.stem, folder / source.name, data_date=AS_OF)
        assert delivery.rejected_rows == 0, source
    snapshot = freeze(space)
    return {year: match(space, snapshot, library, Context(Period.parse(year), AS_OF)) for year in ("2023", "2024")}


def rows(frame: pl.LazyFrame) -> Iterator[dict[str, Any]]:
    """Yield rows with the firm's number in place of its code, and yuan in place of fen."""
    numbers = {uscc(number): str(number) for number in range(1, 6)}
    for row in frame.collect().iter_rows(named=True):
        fen = row["amount_fen"]
        yield row | {"firm": numbers[row["uscc"]], "yuan": "" if fen is None else f"{fen // 100}"}


def golden(name: str) -> list[tuple[str, ...]]:
    with (GOLDEN / name).open(encoding="utf-8") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def test_what_is_due_is_what_was_reckoned_by_hand(runs: dict[str, Run]) -> None:
    found = [
        (year, row["policy"], row["firm"], row["item"] or "", row["outcome"], row["yuan"])
        for year, run in runs.items()
        for row in rows(run.decisions)
    ]
    assert sorted(found) == sorted(golden("expected.csv"))


def test_instalments_that_began_finish_by_their_own_rule(runs: dict[str, Run]) -> None:
    found = [
        (year, row["policy"], row["firm"], str(row["part"]), row["yuan"], str(row["due_on"]), row["state"])
        for year, run in runs.items()
        for row in rows(run.instalments)
    ]
    assert sorted(found) == sorted(golden("instalments.csv"))
