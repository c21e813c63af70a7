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
from matcher.simulate.baseline import Baseline, conditions_differing, name_of
from matcher.simulate.binding import Bound, Setting
from matcher.simulate.changes import breakdowns, changed_firms, lay_down_changes
from matcher.simulate.decide import decided
from matcher.simulate.ground import Ground
from matcher.simulate.staleness import stale
from matcher.simulate.sums import NOTHING, Group, Sums, Totals
from matcher.simulate.totals import sums_of
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
    ground = Ground.of(space.facts, snapshot, setting, versions)
    sums, groups, firms = _compared(ground, versions, threads, progress)
    award = [version.policy.award for version in versions]
    return Simulation(
        snapshot=snapshot.id,
        context=context,
        policy=new.policy.id,
        before=None if old is None else old.policy.id,
        totals_before=sums[0].totals(award[0]) if old is not None else NOTHING,
        totals_after=sums[-1].totals(award[-1]),
        firms=firms,
        groups=tuple(groups),
        notes=(*notes(new, versions), *stale(space, snapshot, ground.plan.datasets(), context.as_of)),
    )


def _compared(
    ground: Ground, versions: Sequence[Bound], threads: int | None, progress: Progress
) -> tuple[list[Sums], list[Group], pl.DataFrame]:
    """Return the sums of each version, the groups, and the firms for whom something changes.

    Where it is known what the old version comes to, and only single conditions differ, the firms for which these come
    out the same are not decided again.
    """
    last = len(versions) - 1
    name = name_of(versions[0], ground.plan.context)
    differing = conditions_differing(versions[0], versions[last]) if last else None
    known = ground.kept.baseline(name) if ground.rows is not None and differing is not None else None
    with decided(ground, versions, threads, progress, differing if known is not None else None) as found:
        progress("comparing", 0, 1)
        register = ground.snapshot.catalogue.register
        lay_down_changes(found, last - 1, last)
        firms, groups, come_to = changed_firms(found), breakdowns(found, register), sums_of(found)
        if known is not None:
            return [known.sums, known.moved(*come_to)], known.with_changes(groups), firms
        if differing is not None:
            lay_down_changes(found, 0, 0)
            ground.kept.keep_baseline(name, Baseline(come_to[0], tuple(breakdowns(found, register))))
        return come_to, groups, firms


def notes(new: Version, versions: Sequence[Bound]) -> list[str]:
    """Return what has to be known to read the numbers: who decides nobody, and which steps were not taken."""
    said = [f"{version.name} decides nobody: {version.idle}" for version in versions if version.idle is not None]
    if new.policy.status.value == "draft":
        said.append(f"{new.policy.id} is a draft: simulated as if it were in force; no match decides it")
    left_out = list(dict.fromkeys(step for version in versions for step in version.left_out))
    if left_out:
        said.append(f"not simulated: {', '.join(left_out)}; amounts are those before these steps")
    return said
