"""Matching a snapshot against a library: the whole run, from plan to sealed folder."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import duckdb

from enterprise_data.atomic import replace_text, settle
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.session import session
from enterprise_data.snapshot.manifest import sha256_of
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.plan import BoundPolicy, Plan, plan
from matcher.run.engine import Engine, Progress, attach, feeds_of, undelivered_in, unseen
from matcher.run.files import write_all
from matcher.run.funnel import tally
from matcher.run.gate import stops
from matcher.run.manifest import Inputs, Manifest, PolicyResult, SkippedPolicy
from matcher.run.patterns import Pattern
from matcher.run.store import LAST, MANIFEST, Run, readable_runs
from matcher.settlement.members import refuse_parts
from matcher.settlement.totals import Settled, budget_totals, cut_totals
from matcher.version import engine_version
from policies.load import Library

MEMORY = "4GB"
_LOCK = ".lock"
_DRAFT = ".draft-"
_OLD = f"{_DRAFT}old-"


def match(
    workspace: Workspace,
    snapshot: Snapshot,
    library: Library,
    context: Context,
    *,
    complete: bool = False,
    only: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress = unseen,
) -> Run:
    """Decide every policy in force for every firm and store the run; the same inputs give the same bytes.

    Raises:
        MianshenError: a policy that cannot be bound or computed exactly, or a disk that cannot be written; the run
            folder then does not appear at all.
    """
    planned = plan(library, snapshot.catalogue, context, only, undelivered_in(snapshot))
    refuse_parts(planned)
    inputs = Inputs(
        engine=engine_version(),
        snapshot=snapshot.id,
        period=str(context.period),
        as_of=context.as_of,
        complete=complete,
        only=tuple(sorted(set(only))),
        files=dict(library.sha256),
    )
    progress("verifying", 0, 1)
    snapshot.verify_datasets(planned.datasets())
    target = workspace.runs / inputs.run_id
    with _draft(workspace.runs) as draft:
        with session(draft / "spill", threads, MEMORY) as connection, _blaming(snapshot):
            attach(connection, snapshot)
            engine = Engine(planned, feeds_of(snapshot), connection, complete)
            engine.run(progress)
            progress("writing", 0, 1)
            write_all(engine, draft)
            results = _results(connection, planned, engine.patterns)
            settled = Settled(cut_totals(connection), budget_totals(connection))
        manifest = _manifest(workspace, inputs, planned, results, draft)
        manifest = manifest.model_copy(update={"settlement": settled.cuts, "budgets": settled.budgets})
        (draft / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        settle(draft)
        _put_in_place(draft, target)
        replace_text(workspace.runs / LAST, inputs.run_id + "\n")
    return Run.open(target)


@contextmanager
def _draft(runs_folder: Path) -> Iterator[Path]:
    """Yield a folder beside the runs that disappears unless it was moved into place; one match at a time."""
    try:
        runs_folder.mkdir(parents=True, exist_ok=True)
        with (runs_folder / _LOCK).open("w") as lock:
            _take(lock.fileno())
            _clear(runs_folder)
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=runs_folder))
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise MianshenError(f"the run could not be written: {error}; nothing was changed") from error


@contextmanager
def _blaming(snapshot: Snapshot) -> Iterator[None]:
    """When DuckDB fails, say so if the snapshot's files are not what was sealed."""
    try:
        yield
    except duckdb.Error:
        snapshot.verify()
        raise


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise MianshenError("another `mianshen match` is running on this workspace; wait for it") from error


def _clear(runs_folder: Path) -> None:
    """Remove what a killed run left behind; an earlier run that it had moved aside comes back."""
    for old in runs_folder.glob(f"{_OLD}*"):
        target = runs_folder / old.name.removeprefix(_OLD)
        if not target.exists():
            old.rename(target)
    for stale in runs_folder.glob(f"{_DRAFT}*"):
        shutil.rmtree(stale, ignore_errors=True)


def _put_in_place(draft: Path, target: Path) -> None:
    """Move the finished folder to its name; an earlier run of the same inputs makes way only then."""
    old = target.with_name(f"{_OLD}{target.name}")
    if target.exists():
        target.rename(old)
    draft.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _results(connection: duckdb.DuckDBPyConnection, planned: Plan, patterns: Sequence[Pattern]) -> list[PolicyResult]:
    held = "count(*) FILTER (counts AND amount_fen IS NULL)"
    query = f"SELECT policy_no, sum(amount_fen), {held} FROM awards GROUP BY policy_no"  # noqa: S608  # constants
    money = {no: (int(total or 0), held) for no, total, held in connection.execute(query).fetchall()}
    return [_result(no, policy, patterns, money.get(no, (0, 0))) for no, policy in enumerate(planned.policies)]


def _result(policy_no: int, policy: BoundPolicy, patterns: Sequence[Pattern], money: tuple[int, int]) -> PolicyResult:
    own = [pattern for pattern in patterns if pattern.policy_no == policy_no]
    counts = tally(own)
    return PolicyResult(
        policy=policy.id,
        title=policy.policy.title.zh,
        sha256=policy.policy.sha256,
        in_scope=counts.in_scope,
        eligible=counts.eligible,
        undetermined=counts.undetermined,
        ineligible=counts.ineligible,
        near_misses=sum(p.firms for p in own if p.verdict.near_miss),
        amount_fen=money[0],
        held=money[1],
    )


def _manifest(
    workspace: Workspace, inputs: Inputs, planned: Plan, results: Sequence[PolicyResult], draft: Path
) -> Manifest:
    limit = workspace.settings.match.max_share
    outputs = {path.name: sha256_of(path) for path in sorted(draft.glob("*.parquet"))}
    gates = stops(planned.policies, results, None if limit is None else Fraction(limit), _usual(workspace, inputs))
    return Manifest(
        run=inputs.run_id,
        inputs=inputs,
        policies=tuple(results),
        skipped=tuple(SkippedPolicy(policy=s.policy, reason=s.reason) for s in planned.skipped),
        stops=tuple(gates),
        outputs=outputs,
    )


def _usual(workspace: Workspace, inputs: Inputs) -> Mapping[str, Fraction]:
    """Return each policy's highest share in earlier runs that no gate stopped."""
    usual: dict[str, Fraction] = {}
    for run in readable_runs(workspace):
        if run.id == inputs.run_id or run.manifest.stops:
            continue
        for result in run.manifest.policies:
            if result.eligible:
                share = Fraction(result.eligible, result.in_scope)
                usual[result.policy] = max(share, usual.get(result.policy, share))
    return usual
