"""The main job from Python: load, freeze, match and explain a workspace; the same as the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.deliveries import Delivery
from enterprise_data.periods import Period
from enterprise_data.snapshot.snapshot import Snapshot, current_snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.explain.model import FirmExplanation
from matcher.run.engine import Progress, unseen
from matcher.run.match import match as match_snapshot
from matcher.run.store import Run, find_run
from policies.load import workspace_library

if TYPE_CHECKING:
    from enterprise_data.conform.load import Query

Folder = Path | str


def load(workspace: Folder, dataset: str, source: Folder | Query, data_date: date | None = None) -> Delivery:
    """Load a file or a database query as the delivery of a dataset; see `enterprise_data.conform.load.load`."""
    from enterprise_data.conform.load import load as load_delivery  # noqa: PLC0415  # every kind of file and database

    return load_delivery(Workspace.open(Path(workspace)), dataset, source, data_date=data_date)


def freeze(workspace: Folder) -> Snapshot:
    """Link and seal what is loaded; see `enterprise_data.snapshot.freeze.freeze`."""
    from enterprise_data.snapshot.freeze import freeze as freeze_deliveries  # noqa: PLC0415  # all of linking

    return freeze_deliveries(Workspace.open(Path(workspace)))


def match(
    workspace: Folder,
    *,
    period: Period | str,
    as_of: date | str,
    complete: bool = False,
    policies: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress = unseen,
) -> Run:
    """Decide every policy in force (or the named ones) for every firm of the snapshot frozen last.

    The run's frames: `decisions` (policy, uscc, item, outcome, amount_fen, failed, unknown, truths), `near_misses`,
    `funnel`, `facts`, `items`; `manifest` has the totals and every hash. `complete` keeps ineligible decisions too.

    Raises:
        MianshenError: no snapshot yet, policies with problems, or a disk that cannot be written.
    """
    opened = Workspace.open(Path(workspace))
    snapshot = frozen(opened)
    context = Context(
        Period.parse(period) if isinstance(period, str) else period,
        date.fromisoformat(as_of) if isinstance(as_of, str) else as_of,
    )
    library = workspace_library(opened, snapshot.catalogue)
    return match_snapshot(
        opened, snapshot, library, context, complete=complete, only=policies, threads=threads, progress=progress
    )


def open_run(workspace: Folder, run_id: str | None = None) -> Run:
    """Open a stored run by the beginning of its id, or the last one."""
    return find_run(Workspace.open(Path(workspace)), run_id)


def explain(workspace: Folder, uscc: str, policies: Sequence[str] = (), run_id: str | None = None) -> FirmExplanation:
    """Explain what a run decided about one firm, from the evidence it stored."""
    from matcher.explain.firm import explain_from_run  # noqa: PLC0415  # simulations start without it

    opened = Workspace.open(Path(workspace))
    run = find_run(opened, run_id)
    snapshot = Snapshot.open(opened.snapshots / run.manifest.inputs.snapshot)
    return explain_from_run(run, snapshot, workspace_library(opened, snapshot.catalogue), uscc, policies)


def frozen(workspace: Workspace) -> Snapshot:
    """Return the snapshot frozen last.

    Raises:
        MianshenError: nothing has been frozen.
    """
    snapshot = current_snapshot(workspace)
    if snapshot is None:
        raise MianshenError(f"{workspace.root} has no snapshot yet; make one with `mianshen data freeze`")
    return snapshot
