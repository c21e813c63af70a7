"""The demo's clerk: what decisions about unlinked rows change is just what the right codes in the lists would have."""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from cli.demo_city import PERIODS, matched
from cli.session import Session
from enterprise_data.identity.journal.facts import Link, NoFirm, Subject
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.linking_report import open_firms
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.run.store import Run, find_run, runs
from policies.load import workspace_library
from tests.made_once import Demo

_KEYS = ("uscc", "organisation_code", "registration_no", "name")


@dataclass(frozen=True)
class Worked:
    """The demo's workspace, and its snapshots and runs of the last period before and after the clerk's decisions."""

    space: Workspace
    snapshots: tuple[Snapshot, Snapshot]
    runs: tuple[Run, Run]


@pytest.fixture
def worked(demo: Demo, tmp_path: Path) -> Worked:
    space = Workspace.open(demo.copied(tmp_path / "w"))
    after = find_run(space, None)
    (before,) = (run for run in runs(space) if run.manifest.inputs.period == PERIODS[-1] and run.id != after.id)
    first, second = (Snapshot.open(space.snapshots / run.manifest.inputs.snapshot) for run in (before, after))
    return Worked(space, (first, second), (before, after))


def test_lists_link_by_other_spellings_and_a_clerk_decides_both_ways(demo: Demo, worked: Worked) -> None:
    table = demo.told.out.partition("== Lists that carry only names")[2].partition("\nWhat no rule links")[0]
    rows = [re.split(r"  +", line.strip()) for line in table.splitlines() if re.search(r"\d$", line)]
    assert sum(int(row[4].replace(",", "")) for row in rows) > 0
    decided = _decided(worked.space)
    assert any(firm is not None for firm in decided.values())
    assert None in decided.values()


def test_a_clerk_s_decisions_leave_fewer_firms_open(worked: Worked) -> None:
    before, after = worked.snapshots
    assert open_firms(after) < open_firms(before)
    assert before.id != after.id


def test_decisions_change_what_the_right_codes_in_the_lists_would_have(worked: Worked) -> None:
    space, (_, done) = worked.space, worked.runs
    decided = _decided(space)
    shutil.rmtree(space.identity)
    for dataset in sorted({subject.dataset for subject in decided}):
        _deliver_right(space, dataset, {s: firm for s, firm in decided.items() if s.dataset == dataset})
    snapshot = freeze(space)
    assert snapshot.id not in [known.id for known in worked.snapshots]
    library = workspace_library(space, snapshot.catalogue)
    run = matched(Session(quiet=True), space, snapshot, library, PERIODS[-1])
    assert run.manifest.outputs["decisions.parquet"] == done.manifest.outputs["decisions.parquet"]
    assert [policy.undetermined for policy in run.manifest.policies] == [
        policy.undetermined for policy in done.manifest.policies
    ]


def _decided(space: Workspace) -> dict[Subject, str | None]:
    found: dict[Subject, str | None] = {}
    for fact in Journal(space.identity).ledger().active().decisions:
        assert isinstance(fact.what, Link | NoFirm)
        found[fact.what.subject] = fact.what.firm if isinstance(fact.what, Link) else None
    return found


def _deliver_right(space: Workspace, dataset: str, decided: Mapping[Subject, str | None]) -> None:
    """Put the firm's code into the decided rows, in place of all that they said; leave out those of no firm."""
    delivery = space.deliveries.current(dataset)
    assert delivery is not None
    said = [(*(getattr(subject, key) for key in _KEYS), firm, True) for subject, firm in decided.items()]
    schema = {**dict.fromkeys((*_KEYS, "firm"), pl.String), "decided": pl.Boolean}
    answers = pl.DataFrame(said, schema=schema, orient="row")
    for path in (delivery.rows_path, delivery.doubtful_path):
        rows = pl.read_parquet(path)
        keys = [key for key in _KEYS if key in rows.columns]
        assert "uscc" in keys
        joined = rows.join(answers, on=keys, how="left", nulls_equal=True, maintain_order="left")
        kept = joined.filter(pl.col("decided").is_null() | pl.col("firm").is_not_null())
        right = kept.with_columns(
            pl.when("decided").then(pl.col("firm") if key == "uscc" else None).otherwise(key).alias(key) for key in keys
        )
        right.select(rows.columns).write_parquet(path)
    about = delivery.rows_path.parent / "delivery.json"
    told = json.loads(about.read_text(encoding="utf-8"))
    told["rows_sha256"] = hashlib.sha256(delivery.rows_path.read_bytes()).hexdigest()
    about.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
