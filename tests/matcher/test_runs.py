"""A run on a real workspace: every number that it stores, recomputed by hand; the same bytes however it is made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.run.match import match
from matcher.run.store import LAST, MANIFEST, Run, find_run, runs
from policies.load import Library
from tests.matcher.workspaces import CONTEXT, frozen_town, library_of
from tests.snapshot.city import uscc

Made = tuple[Workspace, Snapshot, Library]
Decided = tuple[int, str | None, str, int | None, list[str], list[str]]

# policy, firm, item, outcome, fen, failed, unknown
GROWTH: list[Decided] = [
    (1, None, "eligible", 5_500_000, [], []),  # 5.5 % of 1,000,000.01 元 is 55,000.00055 元
    (2, None, "ineligible", None, ["fast", "exporter"], []),
    (4, None, "undetermined", None, [], ["applies"]),
    (6, None, "ineligible", None, ["grave"], []),
    (7, None, "undetermined", None, [], ["applies", "revenue", "fast"]),
    (8, None, "eligible", 10_000_000, [], []),
    (9, None, "ineligible", None, ["revenue", "grave"], []),
    (10, None, "undetermined", None, [], ["grave"]),
]
PRIZE: list[Decided] = [
    (1, "ZL01", "eligible", 2_500_000, [], []),
    (1, "ZL02", "eligible", 150_000, [], []),  # 1,500.00495 元
    (1, "ZL03", "eligible", 1_349_999, [], []),  # what the two before leave of 4万元
    (2, "ZL04", "eligible", None, [], []),
    (2, "ZL05", "eligible", None, [], []),  # how much ZL04 leaves of the cap is not known
    (5, None, "undetermined", None, [], ["granted", "items"]),
    (8, "", "undetermined", None, [], ["items"]),  # an item without its key may be ZL07 again
    (8, "ZL07", "eligible", 1_499_999, [], []),
]
MONTHS: list[Decided] = [
    (1, "批1", "eligible", 10_000, [], []),  # 100.005 元
    (1, "批2", "eligible", 16_600, [], []),  # 166.675 元
    (8, None, "undetermined", None, [], ["paid", "items"]),
]
NOTHING = {"patent-prize": ["granted", "items"], "months": ["paid", "items"]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    space, snapshot = frozen_town(tmp_path_factory.mktemp("town") / "w")
    return space, snapshot, library_of(space, snapshot)


@pytest.fixture(scope="module")
def complete(made: Made) -> Run:
    return match(*made, CONTEXT, complete=True)


def decided(run: Run, policy: str) -> Iterator[tuple[object, ...]]:
    """Yield the decisions of one policy, firms by number."""
    numbers = {uscc(number): number for number in range(1, 11)}
    rows = run.decisions.filter(pl.col("policy") == policy).drop("policy", "truths").collect().rows()
    for code, *rest in sorted(rows, key=lambda row: (numbers[row[0]], row[1] or "")):
        yield (numbers[code], *rest)


def test_every_decision(complete: Run) -> None:
    assert list(decided(complete, "growth")) == GROWTH
    for policy, expected in (("patent-prize", PRIZE), ("months", MONTHS)):
        firms = {row[0] for row in expected}
        rest: list[Decided] = [
            (firm, None, "ineligible", None, NOTHING[policy], []) for firm in range(1, 11) if firm not in firms
        ]
        assert list(decided(complete, policy)) == sorted([*expected, *rest], key=lambda row: (row[0], row[1] or ""))


def test_the_columns_of_decisions(complete: Run) -> None:
    assert dict(complete.decisions.collect_schema()) == {
        "policy": pl.String, "uscc": pl.String, "item": pl.String, "outcome": pl.String, "amount_fen": pl.Int64,
        "failed": pl.List(pl.String), "unknown": pl.List(pl.String), "truths": pl.String,
    }  # fmt: skip
    marks = complete.decisions.filter(pl.col("policy") == "growth", pl.col("uscc").is_in([uscc(7), uscc(10)]))
    assert sorted(marks.collect()["truths"]) == ["???FF", "TTTF?"]


def test_what_is_not_complete_keeps_all_but_the_ineligible(made: Made, complete: Run) -> None:
    run = match(*made, CONTEXT)
    assert run.id != complete.id
    kept = complete.decisions.filter(pl.col("outcome") != "ineligible").collect()
    assert run.decisions.collect().equals(kept)
    for frame in ("near_misses", "funnel", "items"):
        assert getattr(run, frame).collect().equals(getattr(complete, frame).collect())


def test_near_misses_fail_exactly_one_condition_or_group(complete: Run) -> None:
    near = complete.near_misses.collect().rows()
    assert sorted(near) == [("growth", uscc(2), ["fast", "exporter"], []), ("growth", uscc(6), ["grave"], [])]


def test_the_funnel(complete: Run) -> None:
    rows = complete.funnel.filter(pl.col("policy") == "growth").drop("policy", "position").collect().rows()
    # condition, true, false, unknown, remaining, sole reason
    assert rows == [
        ("applies", 6, 0, 2, 8, 0),
        ("revenue", 6, 1, 1, 7, 0),
        ("fast", 5, 1, 2, 6, 0),
        ("exporter", 1, 7, 0, 6, 0),
        ("grave", 2, 5, 1, 5, 1),
    ]


def test_the_totals(complete: Run) -> None:
    totals = {
        result.policy: (result.in_scope, result.eligible, result.undetermined, result.ineligible, result.near_misses,
                        result.amount_fen, result.held)
        for result in complete.manifest.policies
    }  # fmt: skip
    assert totals == {
        "growth": (8, 2, 3, 3, 2, 15_500_000, 0),
        "patent-prize": (10, 3, 1, 6, 0, 2_500_000 + 150_000 + 1_349_999 + 1_499_999, 2),
        "months": (10, 1, 1, 8, 0, 26_600, 0),
    }


def test_the_same_bytes_again_and_with_another_number_of_threads(made: Made, complete: Run) -> None:
    before = {path.name: path.read_bytes() for path in complete.dir.iterdir()}
    for threads in (1, 2):
        again = match(*made, CONTEXT, complete=True, threads=threads)
        assert again.id == complete.id
        assert {path.name: path.read_bytes() for path in again.dir.iterdir()} == before


def test_the_manifest_hashes_every_file(complete: Run) -> None:
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in complete.dir.glob("*.parquet")}
    assert complete.manifest.outputs == files
    assert {path.name for path in complete.dir.iterdir()} == {*files, MANIFEST}


def test_the_id_depends_on_every_input(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    space, snapshot, library = made
    changed = replace(library, sha256={**library.sha256, "growth.yaml": "0"})
    ids = [
        match(space, snapshot, library, CONTEXT).id,
        match(space, snapshot, library, CONTEXT, complete=True).id,
        match(space, snapshot, library, CONTEXT, only=["growth"]).id,
        match(space, snapshot, library, replace(CONTEXT, as_of=date(2024, 12, 30))).id,
        match(space, snapshot, library, Context(Period.parse("2023"), CONTEXT.as_of)).id,
        match(space, snapshot, changed, CONTEXT).id,
    ]
    monkeypatch.setattr("matcher.run.match.engine_version", lambda: "another")
    ids.append(match(space, snapshot, library, CONTEXT).id)
    assert len(set(ids)) == len(ids)


def test_policies_named_twice_or_in_another_order_are_paid_once(made: Made) -> None:
    run = match(*made, CONTEXT, complete=True, only=["patent-prize", "growth"])
    before = run.decisions.collect()
    again = match(*made, CONTEXT, complete=True, only=["growth", "patent-prize", "growth"])
    assert again.id == run.id
    assert again.decisions.collect().equals(before)
    assert list(decided(again, "growth")) == GROWTH
    with pytest.raises(MianshenError, match="no policy `grwth`"):
        match(*made, CONTEXT, only=["grwth"])


def test_runs_are_found_by_the_beginning_of_their_id(made: Made, complete: Run) -> None:
    space = made[0]
    assert find_run(space, complete.id[:10]).id == complete.id
    assert find_run(space, None).id == (space.runs / LAST).read_text(encoding="utf-8").strip()
    assert complete.id in [run.id for run in runs(space)]
    for wrong in ("", "*", "../"):
        with pytest.raises(MianshenError, match="no run"):
            find_run(space, wrong)
