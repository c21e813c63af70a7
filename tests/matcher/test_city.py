"""The sample city decided twice: for everybody in DuckDB, and for a sample of firms by the interpreter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from enterprise_data.periods import Period
from enterprise_data.snapshot.firm_rows import rows_of
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.interpreter.rows import FirmRows
from matcher.outcomes import Outcome
from matcher.plan import plan
from matcher.run.engine import feeds_of, undelivered_in
from matcher.run.match import match
from matcher.trial import Answer, by_interpreter
from policies.load import workspace_library
from tests.made_once import FrozenCity, freeze_city

AS_OF = date(2025, 6, 30)


def sampled(snapshot: Snapshot, number: int) -> tuple[list[str], list[FirmRows]]:
    """Return the codes and everything held of so many firms, spread evenly over the register."""
    firms = pl.read_parquet(snapshot.firms_path)
    firms = firms.gather_every(max(1, firms.height // number)).head(number)
    frames = rows_of(snapshot, firms["firm_no"].to_list())
    by_firm: dict[int, dict[str, list[dict[str, Any]]]] = {no: {} for no in firms["firm_no"]}
    for name, frame in frames.items():
        if "firm_no" not in frame.columns:
            for rows in by_firm.values():
                rows[name] = frame.to_dicts()
            continue
        for row in frame.iter_rows(named=True):
            by_firm[row["firm_no"]].setdefault(name, []).append(row)
    rows_by_firm = zip(firms["firm_no"], firms["region"], strict=True)
    return firms["uscc"].to_list(), [FirmRows(region, by_firm[no]) for no, region in rows_by_firm]


def as_lines(usccs: list[str], answers: list[Answer]) -> set[tuple[Any, ...]]:
    """Return answers in the form of decisions.parquet, one line a firm or item."""
    lines: set[tuple[Any, ...]] = set()
    for answer in answers:
        firm = (answer.policy, usccs[answer.firm])
        for due in answer.due or (None,):
            if due is not None and not due.counts:
                lines.add((*firm, due.item, Outcome.UNDETERMINED.value, None, answer.failed, ("items",)))
            else:
                item, fen = (due.item, due.fen) if due else (None, None)
                lines.add((*firm, item, answer.outcome, fen, answer.failed, answer.unknown))
    return lines


def compare(workspace: Workspace, snapshot: Snapshot, sample: int) -> int:
    """Decide a city, and hold the sample's decisions equal; return how many were compared."""
    library = workspace_library(workspace, snapshot.catalogue)
    usccs, held = sampled(snapshot, sample)
    compared = 0
    for period in ("2018", "2021", "2023", "2024"):
        context = Context(Period.parse(period), AS_OF)
        run = match(workspace, snapshot, library, context, complete=True)
        found = run.decisions.filter(pl.col("uscc").is_in(usccs)).drop("truths").collect()
        lines = {(*row[:5], tuple(row[5]), tuple(row[6])) for row in found.iter_rows()}
        planned = plan(library, snapshot.catalogue, context, (), undelivered_in(snapshot))
        expected = as_lines(usccs, by_interpreter(planned, feeds_of(snapshot), held))
        assert lines == expected, sorted(map(str, lines ^ expected))[:6]
        compared += len(lines)
    return compared


def test_a_small_city_is_decided_as_the_interpreter_decides(frozen_city: FrozenCity, tmp_path: Path) -> None:
    assert compare(*frozen_city.copied(tmp_path / "w"), sample=400) > 2_000


@pytest.mark.nightly
def test_a_city_of_200_000_firms_is_decided_as_the_interpreter_decides(tmp_path: Path) -> None:
    assert compare(*freeze_city(tmp_path, 200_000).opened(), sample=2_000) > 10_000
