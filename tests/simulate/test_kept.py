"""What is kept between simulations saves time and changes nothing, however old, damaged or in the way it is."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.run.engine import Engine
from matcher.simulate import kept
from matcher.simulate.compare import Simulation, simulate
from matcher.simulate.kept import ENTRIES
from matcher.sql.facts import FactTable
from tests.matcher.workspaces import CONTEXT, frozen_town
from tests.simulate.test_compare import Frozen, assert_same, edited

CHANGES: dict[str, Any] = {
    "a threshold": ("growth", (">= 100万元", ">= 101万元")),
    "a threshold that takes in everybody": ("growth", (">= 100万元", ">= 0万元")),
    "a threshold and a window": ("growth", (">= 100万元", ">= 1万元"), ("last 3 years", "last 1 year")),
    "a text only": ("growth", ("出口企业", "有出口的企业")),
    "a condition dropped": (
        "growth",
        ("      - {id: exporter, text: 出口企业, clause: 第二条, when: reg.exporter}", ""),
    ),
    "another amount": ("growth", ("rate: 5.5%", "rate: 6%")),
    "a threshold of items": ("patent-prize", ("worth >= 100万元", "worth >= 10万元")),
}  # fmt: skip


@pytest.fixture
def fresh(town: Frozen, tmp_path: Path) -> Frozen:
    """Give a copy of the town in which nothing was simulated yet."""
    space, snapshot = town
    shutil.copytree(space.root, tmp_path / "w", ignore=shutil.ignore_patterns("facts"))
    return Workspace.open(tmp_path / "w"), snapshot


@pytest.fixture
def decided_firms(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many firms each engine had before it; filled as simulations run."""
    seen: list[int] = []
    run = Engine.run

    def counted(engine: Engine, progress: Any) -> FactTable:
        facts = run(engine, progress)
        seen.append(engine.connection.execute("SELECT count(*) FROM facts").fetchall()[0][0])
        return facts

    monkeypatch.setattr(Engine, "run", counted)
    return seen


@pytest.mark.parametrize("name", CHANGES)
def test_another_change_over_kept_facts_comes_out_as_without_them(name: str, fresh: Frozen, tmp_path: Path) -> None:
    (space, snapshot), (policy, *changes) = fresh, CHANGES[name]
    first = edited(space, "growth", tmp_path, (">= 100万元", ">= 500万元"))
    simulate(space, snapshot, first, CONTEXT)  # what it keeps serves the next one
    changed = edited(space, policy, tmp_path, *changes)
    warm = [simulate(space, snapshot, changed, CONTEXT) for _ in range(2)]
    shutil.rmtree(space.facts)
    cold = simulate(space, snapshot, changed, CONTEXT)
    for found in warm:
        assert_same(found, cold)


def test_only_firms_whose_condition_comes_out_differently_are_decided_again(
    fresh: Frozen, tmp_path: Path, decided_firms: list[int]
) -> None:
    space, snapshot = fresh
    for threshold in ("101万元", "102万元"):
        found = simulate(space, snapshot, edited(space, "growth", tmp_path, (">= 100万元", f">= {threshold}")), CONTEXT)
    everybody, few = decided_firms
    assert everybody == 10
    assert found.firms.height <= few < everybody


def twice(fresh: Frozen, folder: Path, spoil: Any) -> tuple[Simulation, Simulation]:
    """Simulate, spoil what was kept, simulate again."""
    space, snapshot = fresh
    changed = edited(space, "growth", folder, (">= 100万元", ">= 1万元"))
    first = simulate(space, snapshot, changed, CONTEXT)
    (entry,) = space.facts.iterdir()
    spoil(entry)
    return first, simulate(space, snapshot, changed, CONTEXT)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def _replace_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("", encoding="utf-8")


SPOILT: dict[str, Any] = {
    "facts cut off": lambda entry: _cut(entry / "facts.parquet"),
    "facts gone": lambda entry: (entry / "facts.parquet").unlink(),
    "seal gone": lambda entry: (entry / "seal").unlink(),
    "baselines cut off": lambda entry: list(map(_cut, entry.glob("*.json"))),
    "baselines of another form": lambda entry: [path.write_text('{"sums": 1}') for path in entry.glob("*.json")],
    "a file in the way": lambda entry: _replace_by_a_file(entry.parent),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_was_spoilt_is_not_used(name: str, fresh: Frozen, tmp_path: Path) -> None:
    assert_same(*twice(fresh, tmp_path, SPOILT[name]))


def test_another_day_and_another_snapshot_have_facts_of_their_own(tmp_path: Path) -> None:
    space, snapshot = frozen_town(tmp_path / "w")
    changed = edited(space, "growth", tmp_path, (">= 100万元", ">= 1万元"))
    here = simulate(space, snapshot, changed, CONTEXT)
    later = simulate(space, snapshot, changed, Context(CONTEXT.period, date(2027, 1, 1)))
    assert here.totals_after != later.totals_after
    assert len(list(space.facts.iterdir())) == 2


def test_a_parameter_that_changes_is_no_old_baseline(fresh: Frozen, tmp_path: Path) -> None:
    """The old version is known by what it means: the same file with another meaning is another version."""
    space, snapshot = fresh
    (own,) = space.policy_dir.rglob("growth.yaml")
    changed = edited(space, "growth", tmp_path, (">= 100万元", ">= 1万元"))
    simulate(space, snapshot, changed, CONTEXT)
    own.write_text(own.read_text(encoding="utf-8").replace("last 3 years", "last 1 year"), encoding="utf-8")
    found = simulate(space, snapshot, changed, CONTEXT)
    shutil.rmtree(space.facts)
    assert_same(found, simulate(space, snapshot, changed, CONTEXT))


def test_the_oldest_entries_go(fresh: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space, snapshot = fresh
    assert ENTRIES > 2
    monkeypatch.setattr(kept, "ENTRIES", 2)
    changed = edited(space, "growth", tmp_path, (">= 100万元", ">= 1万元"))
    for year in (2025, 2026, 2027):
        simulate(space, snapshot, changed, Context(CONTEXT.period, date(year, 1, 1)))
    assert len(list(space.facts.iterdir())) == 2
