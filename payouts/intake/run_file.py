"""A finished run as payouts read it: what it says is due, of which policies, compared with its own hashes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.manifest import sha256_of
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.run.store import Run, find_run
from payouts.intake.past import NOTHING, Past, asks_history, paid_before, past_of
from payouts.intake.rows import line_of, rows_of
from policies.load import Library, workspace_library
from policies.model import PolicyKind
from policies.policy import Policy


@dataclass(frozen=True)
class DecidedPolicy:
    """A policy that a run decided and that pays money.

    `once`: it may be claimed once in a life; `line` is the budget line it is paid from; `stopped` says which safety
    gate it ran into, empty if none; `asks_history`: what it pays depends on what was paid before.
    """

    policy: str
    title: str
    sha256: str
    once: bool
    line: str
    line_title: str
    stopped: str = ""
    asks_history: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A policy that a run decided and nothing is taken in of, and why."""

    policy: str
    reason: str


@dataclass(frozen=True)
class RunFile:
    """What a run says is due; `rows` as in `payouts.intake.rows`, `as_of` is a day as text.

    `past` is what its snapshot knows of the time before; `paid_before` are the ids of rows that, by the bureau's
    records, were paid for the same year already. `is_last`: no match was made after it.
    """

    id: str
    folder: str
    period: str
    as_of: str
    snapshot_id: str
    policies: tuple[DecidedPolicy, ...]
    left_out: tuple[LeftOut, ...]
    rows: pl.DataFrame
    past: Past = NOTHING
    paid_before: frozenset[str] = frozenset()
    is_last: bool = True


def read_run(folder: Path) -> RunFile:
    """Read the run in `runs/<id>` of a workspace, with the snapshot and the policies that it names.

    Raises:
        MianshenError: the run was altered, its snapshot is not there, or its policies have changed since.
    """
    run = Run.open(folder)
    space = Workspace.open(folder.resolve().parents[1])
    snapshot = Snapshot.open(space.snapshots / run.manifest.inputs.snapshot)
    found = run_file(run, snapshot, workspace_library(space, snapshot.catalogue))
    return replace(found, is_last=_is_last(space, run))


def _is_last(space: Workspace, run: Run) -> bool:
    """Return whether a run is the last that was made; not where nobody knows which that is."""
    try:
        return find_run(space, None).id == run.id
    except MianshenError:
        return False


def run_file(run: Run, snapshot: Snapshot, library: Library) -> RunFile:
    """Read a run whose snapshot and library are open; only policies that pay money are taken up.

    Raises:
        MianshenError: the run was altered, the snapshot is another, or a policy has changed since.
    """
    _verify(run, snapshot)
    policies = list(_decided(run, library))
    paying = [policy for policy in policies if _pays(policy)]
    manifest = run.manifest
    stops = {stop.policy: stop for stop in manifest.stops}
    rows, past = rows_of(run, snapshot, paying), past_of(snapshot, library.policies)
    return RunFile(
        id=run.id,
        folder=str(run.dir),
        period=manifest.inputs.period,
        as_of=manifest.inputs.as_of.isoformat(),
        snapshot_id=snapshot.id,
        policies=tuple(
            _policy(policy, f"{stops[policy.id].why}: {stops[policy.id].share}" if policy.id in stops else "")
            for policy in paying
        ),
        left_out=tuple(LeftOut(policy.id, _why_not(policy)) for policy in policies if not _pays(policy)),
        rows=rows,
        past=past,
        paid_before=paid_before(rows, past, paying, manifest.inputs.period),
    )


def _verify(run: Run, snapshot: Snapshot) -> None:
    """Compare every file of the run with its manifest, and the firms of the snapshot with its own."""
    manifest = run.manifest
    if manifest.inputs.run_id != manifest.run:
        raise MianshenError(f"the run {run.dir} was altered: its id is not that of its inputs; match again")
    if manifest.inputs.snapshot != snapshot.id:
        raise MianshenError(f"run {run.id} decided snapshot {manifest.inputs.snapshot}, this is {snapshot.id}")
    wrong = [name for name, sha256 in manifest.outputs.items() if not _is_sealed(run.dir / name, sha256)]
    if wrong:
        raise MianshenError(
            f"the run {run.dir} is not what the match wrote: {', '.join(wrong)} missing or altered; "
            "nothing was taken in. Match again, or bring the folder back from a copy"
        )
    snapshot.verify_datasets([])


def _is_sealed(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256


def _decided(run: Run, library: Library) -> Iterator[Policy]:
    """Yield the policies of a run, each as it was when the run was made."""
    known = {policy.id: policy for policy in library.policies}
    for result in run.manifest.policies:
        policy = known.get(result.policy)
        if policy is None or policy.sha256 != result.sha256:
            raise MianshenError(
                f"policy {result.policy} has changed since run {run.id}; match again, or bring its file back"
            )
        yield policy


def _pays(policy: Policy) -> bool:
    return policy.kind is PolicyKind.AWARD and policy.award is not None


def _why_not(policy: Policy) -> str:
    return "it has no award" if policy.award is None else f"a {policy.kind.value} is not paid out"


def _policy(policy: Policy, stopped: str) -> DecidedPolicy:
    line = line_of(policy)
    return DecidedPolicy(
        policy=policy.id,
        title=policy.title.zh,
        sha256=policy.sha256,
        once=policy.award is not None and policy.award.claim == "once",
        line=line,
        line_title=policy.title.zh if line == policy.id else line,
        stopped=stopped,
        asks_history=asks_history(policy),
    )
