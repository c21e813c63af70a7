"""What each condition of a policy does by itself: who would be eligible without it, and what that would cost.

A condition is left out by giving it the truth that changes nothing where it stands: true among conditions that must
all hold, false among those of which any may hold or none may. The stored patterns of truths then say who changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.interpreter.intervals import Truth
from matcher.outcomes import Outcome, verdict
from matcher.plan import ITEMS, BoundPolicy
from matcher.run.engine import Progress, undelivered_in, unseen
from matcher.run.patterns import Pattern
from matcher.simulate.binding import Setting
from matcher.simulate.compare import notes
from matcher.simulate.decide import Decided, decided
from matcher.simulate.ground import Ground
from matcher.simulate.staleness import stale
from matcher.simulate.sums import Totals
from matcher.simulate.totals import totals
from matcher.simulate.versions import read_version
from matcher.sql.rows_in import insert_rows
from policies.policy import Group, Leaf


@dataclass(frozen=True)
class Effect:
    """One condition, and what leaving it out would do.

    `more_eligible` and `fewer_eligible` count firms that become eligible or cease to be (where it is one of several
    ways in), `more_undetermined` the change of those; `more_fen` is the sure cost of the newly eligible, `fewer_fen`
    what is no longer paid; `not_computable` counts newly eligible firms whose amount, or a part of it, is unknown.
    """

    condition: str
    text: str
    more_eligible: int
    fewer_eligible: int
    more_undetermined: int
    more_fen: int
    fewer_fen: int
    not_computable: int


@dataclass(frozen=True)
class Step:
    """The firms that are left after a condition, in the policy's order: those it surely keeps, those it may."""

    condition: str
    text: str
    sure: int
    open: int


@dataclass(frozen=True)
class Conditions:
    """Each condition's effect, and the funnel of all of them."""

    snapshot: str
    context: Context
    policy: str
    title: str
    totals: Totals
    effects: tuple[Effect, ...]
    funnel: tuple[Step, ...]
    notes: tuple[str, ...]


def conditions(
    space: Workspace,
    snapshot: Snapshot,
    file: Path,
    context: Context,
    *,
    threads: int | None = None,
    progress: Progress = unseen,
) -> Conditions:
    """Decide a policy once, and say what each of its conditions does.

    Raises:
        ProblemsFound: every fault of the file.
        MianshenError: what cannot be simulated, and why.
    """
    version = read_version(space, snapshot.catalogue, file)
    setting = Setting(snapshot.catalogue, context, undelivered_in(snapshot))
    bound = setting.bound(version, drafts=True)
    with decided(Ground.of(space.facts, snapshot, setting, [bound]), [bound], threads, progress) as found:
        effects = tuple(_effects(found, bound.policy)) if found.numbers else ()
        return Conditions(
            snapshot=snapshot.id,
            context=context,
            policy=version.policy.id,
            title=version.policy.title.zh,
            totals=totals(found)[0],
            effects=effects,
            funnel=tuple(_funnel(bound.policy, found.patterns[0])),
            notes=(*notes(version, [bound]), *stale(space, snapshot, found.plan.datasets(), context.as_of)),
        )


def _effects(found: Decided, policy: BoundPolicy) -> Iterator[Effect]:
    texts = {leaf.id: leaf.text for leaf in policy.policy.conditions.leaves()}
    neutral = _neutral(policy)
    patterns = found.patterns[0]
    for place, leaf in enumerate(policy.leaves):
        if place == 0 or leaf.id == ITEMS:  # without its scope or its items a policy is another one
            continue
        moved = [(p, _without(policy, p, neutral.get(place, {place: True}))) for p in patterns]
        gains = [p for p, outcome in moved if not _eligible(p.verdict.outcome) and _eligible(outcome)]
        losses = [p for p, outcome in moved if _eligible(p.verdict.outcome) and not _eligible(outcome)]
        opened = sum(p.firms for p, outcome in moved if outcome is Outcome.UNDETERMINED)
        more, unknown = _due(found, gains)
        yield Effect(
            condition=leaf.id,
            text=texts.get(leaf.id, leaf.id),
            more_eligible=sum(p.firms for p in gains),
            fewer_eligible=sum(p.firms for p in losses),
            more_undetermined=opened - sum(p.firms for p in patterns if p.verdict.outcome is Outcome.UNDETERMINED),
            more_fen=more,
            fewer_fen=_paid(found, losses),
            not_computable=unknown,
        )


def _eligible(outcome: Outcome) -> bool:
    return outcome is Outcome.ELIGIBLE


def _without(policy: BoundPolicy, pattern: Pattern, changed: Mapping[int, Truth]) -> Outcome:
    truths = [changed.get(place, truth) for place, truth in enumerate(pattern.truths)]
    found = verdict(policy, truths)
    assert found is not None  # a firm in a pattern is in the policy's scope
    return found.outcome


def _neutral(policy: BoundPolicy) -> dict[int, Mapping[int, Truth]]:
    """Return for the place of each condition the truths by which it, or a group that holds it alone, is left out."""
    found: dict[int, Mapping[int, Truth]] = {}
    _leave_out(policy.policy.conditions, 1, found)
    return found


def _leave_out(group: Group, place: int, found: dict[int, Mapping[int, Truth]], above: Truth = True) -> int:
    """Fill in `found` for a group whose leaves begin at `place`; return the place behind them.

    `above` is the truth of the whole group that changes nothing around it.
    """
    alone = len(group.members) == 1
    # A group of nothing: all of it holds, any of it does not, none of it holds.
    wanted: Truth = group.mode == "all"
    if alone:
        wanted = not above if group.mode == "none" else above
    for member in group.members:
        if isinstance(member, Leaf):
            found[place] = {place: wanted}
            place += 1
        else:
            place = _leave_out(member, place, found, wanted)
    return place


def _due(found: Decided, patterns: Sequence[Pattern]) -> tuple[int, int]:
    """Return what the firms that show these patterns would surely get, and of how many it is not wholly known."""
    _choose(found, patterns)
    if not patterns or not found.suppose(0):
        return 0, 0
    fen, unknown = found.connection.execute(_SUPPOSED_SUM).fetchall()[0]
    return int(fen), int(unknown)


def _paid(found: Decided, patterns: Sequence[Pattern]) -> int:
    _choose(found, patterns)
    return int(found.connection.execute(_PAID_SUM).fetchall()[0][0])


def _choose(found: Decided, patterns: Sequence[Pattern]) -> None:
    """Fill the table `eligible` with the firms that show one of the patterns."""
    found.connection.execute(_CHOSEN)
    insert_rows(found.connection, "chosen", [pattern.words for pattern in patterns])
    found.connection.execute(_CHOSEN_FIRMS)


def _funnel(policy: BoundPolicy, patterns: Sequence[Pattern]) -> Iterator[Step]:
    """Yield the firms in scope, then those left after each top-level condition."""
    members: list[tuple[str, str]] = [("applies", "适用范围内")]
    for member in policy.policy.conditions.members:
        ids = [member.id] if isinstance(member, Leaf) else [leaf.id for leaf in member.leaves()]
        members.append((member.id or " / ".join(ids), member.text or _joined(member)))
    extra = [leaf.id for leaf in policy.leaves[1 + len(list(policy.policy.conditions.leaves())) :]]
    members += [(name, {"claim": "此前未享受过", "items": "有可奖补的项目"}.get(name, name)) for name in extra]
    for place, (name, text) in enumerate(members, start=1):
        upto = [(p.verdict.members[:place], p.firms) for p in patterns]
        sure = sum(firms for seen, firms in upto if all(truth is True for truth in seen))
        left = sum(firms for seen, firms in upto if False not in seen)
        yield Step(name, text, sure, left - sure)


def _joined(member: Leaf | Group) -> str:
    """Return the texts of a group's conditions in one."""
    if isinstance(member, Leaf):
        return member.text
    between = {"all": "且", "any": "或", "none": "、"}[member.mode]
    inside = between.join(leaf.text.removeprefix("或者") for leaf in member.leaves())
    return f"没有：{inside}" if member.mode == "none" else inside


_CHOSEN = "CREATE OR REPLACE TEMP TABLE chosen (w0 BIGINT, w1 BIGINT)"
_CHOSEN_FIRMS = "CREATE OR REPLACE TABLE eligible AS SELECT firm_no FROM kept JOIN chosen USING (w0, w1)"
_SUPPOSED_SUM = """
    SELECT coalesce(sum(fen), 0), count(*) FILTER (unknown) FROM (
        SELECT firm_no, sum(amount_fen) AS fen, count(amount_fen) < count(*) AS unknown
        FROM eligible LEFT JOIN (SELECT * FROM supposed WHERE counts IS NOT FALSE) s USING (firm_no) GROUP BY firm_no
    )
"""
_PAID_SUM = "SELECT coalesce(sum(fen), 0) FROM stands JOIN eligible USING (firm_no) WHERE outcome = 'eligible'"
