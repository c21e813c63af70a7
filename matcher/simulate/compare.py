"""Simulating a change: an old and a new version of a policy against one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.run.engine import Progress, undelivered_in, unseen
from matcher.simulate.binding import Bound, Setting
from matcher.simulate.changes import Group, breakdowns, changed_firms, lay_down_changes
from matcher.simulate.decide import decided
from matcher.simulate.staleness import stale
from matcher.simulate.totals import NOTHING, Totals, totals
from matcher.simulate.versions import Version, read_version, replaced_file


@dataclass(frozen=True)
class Simulation:
    """What a change of a policy does; `before` is None where the policy is new.

    `firms` lists those for whom something changes: change, uscc, name, region, outcome_before, outcome_after,
    before_fen, after_fen (NULL fen: not paid, or not known).
    """

    snapshot: str
    context: Context
    policy: str
    before: str | None
    totals_before: Totals
    totals_after: Totals
    firms: pl.DataFrame
    groups: tuple[Group, ...]
    notes: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return how many firms each kind of change concerns."""
        return dict(self.firms.group_by("change", maintain_order=True).len().iter_rows())


def simulate(
    space: Workspace,
    snapshot: Snapshot,
    file: Path,
    context: Context,
    *,
    against: Path | None = None,
    threads: int | None = None,
    progress: Progress = unseen,
) -> Simulation:
    """Compare a policy file with what it would replace: `against`, else the library's policy of its id, else nothing.

    Raises:
        ProblemsFound: every fault of either file.
        MianshenError: what cannot be simulated, and why.
    """
    new = read_version(space, snapshot.catalogue, file)
    old_file = against or replaced_file(space, new)
    old = None if old_file is None else read_version(space, snapshot.catalogue, old_file)
    setting = Setting(snapshot.catalogue, context, undelivered_in(snapshot))
    after = setting.bound(new, drafts=True)
    versions = [after] if old is None else [setting.bound(old, drafts=against is not None), after]
    last = len(versions) - 1
    with decided(snapshot, setting, versions, threads, progress) as found:
        progress("comparing", 0, 1)
        lay_down_changes(found, last - 1, last)
        sums = totals(found)
        return Simulation(
            snapshot=snapshot.id,
            context=context,
            policy=new.policy.id,
            before=None if old is None else old.policy.id,
            totals_before=sums[0] if old is not None else NOTHING,
            totals_after=sums[last],
            firms=changed_firms(found),
            groups=tuple(breakdowns(found, snapshot.catalogue.register)),
            notes=(*notes(new, versions), *stale(space, snapshot, found.plan.datasets(), context.as_of)),
        )


def notes(new: Version, versions: Sequence[Bound]) -> list[str]:
    """Return what has to be known to read the numbers: who decides nobody, and which steps were not taken."""
    said = [f"{version.name} decides nobody: {version.idle}" for version in versions if version.idle is not None]
    if new.policy.status.value == "draft":
        said.append(f"{new.policy.id} is a draft: simulated as if it were in force; no match decides it")
    left_out = list(dict.fromkeys(step for version in versions for step in version.left_out))
    if left_out:
        said.append(f"not simulated: {', '.join(left_out)}; amounts are those before these steps")
    return said
