"""A simulation says what two full runs would: one with the old file in the library, one with the new."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from enterprise_data.conform.load import load
from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from enterprise_data.periods import Period
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.run.match import match
from matcher.simulate.compare import Simulation, simulate
from policies.load import workspace_library
from tests.made_once import FrozenCity
from tests.matcher.workspaces import CONTEXT, frozen_town

Frozen = tuple[Workspace, Snapshot]
STATES = ("eligible", "undetermined")


@pytest.fixture(scope="module")
def city(frozen_city: FrozenCity, tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    return frozen_city.copied(tmp_path_factory.mktemp("city") / "w")


def edited(space: Workspace, policy: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """Write a changed copy of a policy of the workspace; every change must find its text."""
    (source,) = space.policy_dir.rglob(f"{policy}.yaml")
    text = source.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / source.name
    path.write_text(text, encoding="utf-8")
    return path


def run_of(space: Workspace, snapshot: Snapshot, context: Context, policy: str, other: Path | None) -> pl.DataFrame:
    """Return a full run's state of each firm under one policy, with `other` in place of the library's file."""
    if other is not None:
        (own,) = space.policy_dir.rglob(f"{policy}.yaml")
        kept = own.read_bytes()
        shutil.copy(other, own)
    try:
        run = match(space, snapshot, workspace_library(space, snapshot.catalogue), context)
    finally:
        if other is not None:
            own.write_bytes(kept)
    found = run.decisions.filter(pl.col("policy") == policy)
    sure = pl.col("amount_fen").sum().alias("fen")
    is_open = (pl.col("outcome") != "eligible").all().alias("open")
    return found.group_by("uscc").agg(sure, is_open).collect()


def firms_of(found: Simulation) -> dict[str, tuple[bool, bool, int, int]]:
    """Return of each firm that changed whether it is eligible, and its fen, before and after."""
    return {
        row["uscc"]: (row["outcome_before"] == "eligible", row["outcome_after"] == "eligible", row["before_fen"] or 0,
                      row["after_fen"] or 0)
        for row in found.firms.iter_rows(named=True)
        if row["change"] not in ("opens", "closes")
    }  # fmt: skip


def expected(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, tuple[bool, bool, int, int]]:
    """Return the same from two runs."""
    states: dict[str, list[tuple[bool, int]]] = {}
    for place, frame in enumerate((before, after)):
        for uscc, fen, is_open in frame.iter_rows():
            states.setdefault(uscc, [(False, 0), (False, 0)])[place] = (not is_open, 0 if is_open else fen)
    return {uscc: (a[0], b[0], a[1], b[1]) for uscc, (a, b) in states.items() if a != b}


def assert_equal_to_two_runs(frozen: Frozen, context: Context, policy: str, changed: Path) -> Simulation:
    space, snapshot = frozen
    found = simulate(space, snapshot, changed, context)
    assert_same(simulate(space, snapshot, changed, context), found)  # over the facts that the first one kept
    before, after = (run_of(space, snapshot, context, policy, file) for file in (None, changed))
    assert firms_of(found) == expected(before, after)
    for totals, frame in ((found.totals_before, before), (found.totals_after, after)):
        sure = frame.filter(~pl.col("open"))
        assert (totals.eligible, totals.undetermined) == (sure.height, frame.height - sure.height)
        assert totals.lower_fen == sure["fen"].sum()
        assert totals.lower_fen <= totals.upper_fen <= (totals.bound_fen or totals.upper_fen)
    assert sum(g.difference_fen for g in found.groups if g.by == "region") == (
        found.totals_after.lower_fen - found.totals_before.lower_fen
    )
    return found


def assert_same(found: Simulation, other: Simulation) -> None:
    assert found.firms.equals(other.firms)
    assert replace(found, firms=other.firms) == other


TOWN = {
    "threshold": ("growth", (">= 100万元", ">= 101万元")),
    "rate": ("growth", ("rate: 5.5%", "rate: 6%")),
    "cap": ("growth", ("per_period: 10万元", "per_period: 5万元")),
    "scope": ("growth", (", except: [青岛市]", "")),
    "condition dropped": ("growth", ("      - {id: exporter, text: 出口企业, clause: 第二条, when: reg.exporter}", "")),
    "suspended": ("growth", ("status: in_force", "status: suspended")),
    "another year": ("growth", ('"2020..2030"', '"2025..2030"')),
}  # fmt: skip


@pytest.mark.parametrize("name", TOWN)
def test_the_town(name: str, town: Frozen, tmp_path: Path) -> None:
    policy, *changes = TOWN[name]
    changed = edited(town[0], policy, tmp_path, *changes)
    found = assert_equal_to_two_runs(town, CONTEXT, policy, changed)
    assert found.counts()


CITY: dict[str, Any] = {
    "tiers": ("sample-revenue-growth-2024", ("period) >= 10%", "period) >= 2%"), ("pay: 20万元", "pay: 25万元")),
    "items": ("sample-patents-2024", ("claim:", "rounding: {mode: down, to: 1万元}\n  claim:")),
    "share": ("sample-research-2024", ("rate: 50%", "rate: 60%"), (">= 2万元", ">= 20万元")),
    "claimed once": ("sample-above-threshold-2024", ("amount: 10万元", "amount: 8万元"), (" except C16", "")),
}


@pytest.mark.parametrize("name", CITY)
def test_the_sample_city(name: str, city: Frozen, tmp_path: Path) -> None:
    policy, *changes = CITY[name]
    changed = edited(city[0], policy, tmp_path, *changes)
    found = assert_equal_to_two_runs(city, Context(Period.parse("2024"), date(2025, 6, 30)), policy, changed)
    assert found.counts()
    assert {group.by for group in found.groups} == {"region", "industry", "size"}


def test_nothing_is_written_but_facts_that_may_be_removed(town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town

    def others() -> list[Path]:
        return sorted(path for path in space.root.rglob("*") if not path.is_relative_to(space.facts))

    before = others()
    changed = edited(space, "growth", tmp_path, ("5.5%", "6%"))
    found = simulate(space, snapshot, changed, CONTEXT)
    assert others() == before
    shutil.rmtree(space.facts)
    assert_same(simulate(space, snapshot, changed, CONTEXT), found)


def test_a_draft_is_simulated_and_never_matched(town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town
    draft = edited(space, "growth", tmp_path, ("status: in_force", "status: draft"), ("5.5%", "6%"))
    in_force = edited(space, "growth", tmp_path, ("5.5%", "6%"))
    expected = simulate(space, snapshot, in_force, CONTEXT)
    draft = edited(space, "growth", tmp_path, ("status: in_force", "status: draft"), ("5.5%", "6%"))
    found = simulate(space, snapshot, draft, CONTEXT)
    assert found.firms.equals(expected.firms)
    assert any("is a draft" in note for note in found.notes)
    assert run_of(space, snapshot, CONTEXT, "growth", draft).is_empty()
    # Named on purpose, a draft also counts as what is compared with.
    backwards = simulate(space, snapshot, in_force, CONTEXT, against=draft)
    assert backwards.firms.is_empty()


def test_a_new_policy_is_compared_with_nothing(town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town
    new = edited(space, "growth", tmp_path, ("policy: growth", "policy: growth-2")).rename(tmp_path / "growth-2.yaml")
    found = simulate(space, snapshot, new, CONTEXT)
    assert (found.before, found.totals_before.eligible, found.counts()["gains"]) == (None, 0, 2)
    superseding = edited(space, "growth", tmp_path, ("policy: growth", "policy: growth-2\nsupersedes: [growth]"))
    found = simulate(space, snapshot, superseding.rename(new), CONTEXT)
    assert (found.before, found.counts()) == ("growth", {})


def test_what_is_undetermined_is_between_the_costs(town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town
    flat = edited(space, "growth", tmp_path, ('share: {of: "tax.revenue[period]", rate: 5.5%}', "amount: 9万元"))
    after = simulate(space, snapshot, flat, CONTEXT).totals_after
    assert (after.eligible, after.undetermined) == (2, 3)
    assert (after.lower_fen, after.upper_fen, after.bound_fen) == (18_000_000, 45_000_000, 45_000_000)
    share = simulate(space, snapshot, edited(space, "growth", tmp_path, ("5.5%", "6%")), CONTEXT).totals_after
    # Of the three, one firm's revenue is unknown: it gets at most the cap of 10万元.
    assert (share.held, share.not_computable) == (0, 1)
    assert share.bound_fen == share.upper_fen + 10_000_000


def test_a_stale_snapshot_says_so(tmp_path: Path) -> None:
    space, snapshot = frozen_town(tmp_path / "w")
    changed = edited(space, "growth", tmp_path, ("5.5%", "6%"))
    assert simulate(space, snapshot, changed, CONTEXT).notes == ()
    source = tmp_path / "w/in/tax.csv"
    load(space, "tax", source, data_date=date(2025, 1, 1))
    (note,) = simulate(space, snapshot, changed, CONTEXT).notes
    assert "stale" in note
    assert "2025-01-01" in note


def test_what_is_not_simulated_is_named(city: Frozen, tmp_path: Path) -> None:
    space, snapshot = city
    changed = edited(space, "sample-revenue-growth-2024", tmp_path, ("award:", "award:\n  exclusive: group-a"))
    with changed.open("a", encoding="utf-8") as file:
        file.write("\nbudget: {line: 专项, amount: 1万元, when_short: pro_rata}\n")
    found = simulate(space, snapshot, changed, Context(Period.parse("2024"), date(2025, 6, 30)))
    assert any("exclusive group group-a, the budget line 专项" in note for note in found.notes)
    assert found.totals_after.lower_fen > 100_000_00  # before the budget


def test_faults_of_the_file_are_all_reported(town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town
    broken = edited(space, "growth", tmp_path, (">= 100万元", ">= 100"), ("reg.exporter", "reg.exprter"))
    with pytest.raises(ProblemsFound) as found:
        simulate(space, snapshot, broken, CONTEXT)
    assert len(found.value.problems) == 2
    cases = tmp_path / "growth.cases.yaml"
    cases.write_text("policy: growth\n", encoding="utf-8")
    with pytest.raises(MianshenError, match="holds no policy"):
        simulate(space, snapshot, cases, CONTEXT)
