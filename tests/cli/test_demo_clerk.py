"""The demo's clerk: what decisions about unlinked rows change is just what the right codes in the lists would have."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from cli.demo_city import PERIODS, matched, prepared
from cli.demo_clerk import Worked, list_rows, work_queue
from cli.session import Session
from enterprise_data.identity.journal.facts import Link, NoFirm, Subject
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.linking_report import open_firms
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace

FIRMS, SEED = 1_500, 11
_KEYS = ("uscc", "organisation_code", "registration_no", "name")


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, Worked]:
    session = Session(folder=tmp_path_factory.mktemp("demo") / "w", quiet=True)
    demo = prepared(session, FIRMS, SEED)
    assert sum(row["by_key"] for row in list_rows(demo)) > 0
    done = work_queue(session, demo)
    assert done.links > 0
    assert done.none > 0
    return session, done


def test_a_clerk_s_decisions_leave_fewer_firms_open(worked: tuple[Session, Worked]) -> None:
    _, done = worked
    first, second = (Workspace.open(done.demo.space.root).snapshots / name for name in _snapshots(done))
    assert open_firms(done.demo.snapshot) < _open_before(done)
    assert first != second


def test_decisions_change_what_the_right_codes_in_the_lists_would_have(
    worked: tuple[Session, Worked], tmp_path: Path
) -> None:
    session, done = worked
    space = Workspace.open(Path(shutil.copytree(done.demo.space.root, tmp_path / "w")))
    decided = _decided(space)
    shutil.rmtree(space.identity)
    for dataset in sorted({subject.dataset for subject in decided}):
        _deliver_right(space, dataset, {s: firm for s, firm in decided.items() if s.dataset == dataset})
    snapshot = freeze(space)
    run = matched(session, space, snapshot, done.demo.library, PERIODS[-1])
    assert run.manifest.outputs["decisions.parquet"] == done.run.manifest.outputs["decisions.parquet"]
    assert [policy.undetermined for policy in run.manifest.policies] == [
        policy.undetermined for policy in done.run.manifest.policies
    ]


def _snapshots(done: Worked) -> list[str]:
    return [done.demo.runs[0].manifest.inputs.snapshot, done.demo.snapshot.id]


def _open_before(done: Worked) -> int:
    return open_firms(Snapshot.open(done.demo.space.snapshots / _snapshots(done)[0]))


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
