"""The same policy over the last snapshots: how steady its firms and its cost are while the data move on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.run.engine import Progress, undelivered_in, unseen
from matcher.simulate.binding import Setting
from matcher.simulate.decide import decided
from matcher.simulate.ground import Ground
from matcher.simulate.sums import Totals
from matcher.simulate.totals import totals
from matcher.simulate.versions import read_version


@dataclass(frozen=True)
class Moment:
    """A policy on one snapshot; `gained`, `lost` and `changed` count firms, by code, against the snapshot before.

    `data_date` is the newest day that the snapshot's data speak of. The counts are None for the first.
    """

    snapshot: str
    data_date: date
    totals: Totals
    gained: int | None
    lost: int | None
    changed: int | None


def stability(
    space: Workspace,
    current: Snapshot,
    file: Path,
    context: Context,
    last: int,
    *,
    threads: int | None = None,
    progress: Progress = unseen,
) -> list[Moment]:
    """Decide a policy on the last snapshots, the one in force last, all as of the same day.

    Raises:
        ProblemsFound: every fault of the file, by the catalogue of some snapshot.
        MianshenError: a snapshot that is not what was sealed, or what cannot be simulated.
    """
    moments: list[Moment] = []
    before: pl.DataFrame | None = None
    snapshots = _last(space, current, last)
    for done, snapshot in enumerate(snapshots):
        progress(f"on snapshot {snapshot.id}", done, len(snapshots))
        version = read_version(space, snapshot.catalogue, file)
        setting = Setting(snapshot.catalogue, context, undelivered_in(snapshot))
        bound = [setting.bound(version, drafts=True)]
        with decided(Ground.of(space.facts, snapshot, setting, bound), bound, threads) as found:
            now = pl.DataFrame(found.connection.sql(_ELIGIBLE))
            counts = (None, None, None) if before is None else _moved(before, now)
            moments.append(Moment(snapshot.id, _newest(snapshot), totals(found)[0], *counts))
        before = now
    return moments


def _moved(before: pl.DataFrame, now: pl.DataFrame) -> tuple[int, int, int]:
    both = before.join(now, on="uscc", suffix="_now")
    changed = both.filter(pl.col("fen").ne_missing(pl.col("fen_now"))).height
    return now.height - both.height, before.height - both.height, changed


def _last(space: Workspace, current: Snapshot, count: int) -> list[Snapshot]:
    """Return the snapshots made last, by the newest day of their data, then by their folders; the current one last."""
    others = [snapshot for snapshot in _readable(space) if snapshot.id != current.id]
    others.sort(key=lambda snapshot: (_newest(snapshot), snapshot.dir.stat().st_mtime_ns, snapshot.id))
    return [*others[max(len(others) - count + 1, 0) :], current]


def _readable(space: Workspace) -> Iterator[Snapshot]:
    for folder in sorted(space.snapshots.iterdir()):
        if folder.is_dir() and not folder.name.startswith("."):
            with suppress(MianshenError):  # such as one that an earlier version made
                yield Snapshot.open(folder)


def _newest(snapshot: Snapshot) -> date:
    return max(entry.data_date for entry in snapshot.manifest.datasets.values())


_ELIGIBLE = """
    SELECT f.uscc, s.fen FROM stands s JOIN firms f USING (firm_no) WHERE s.outcome = 'eligible'
"""
