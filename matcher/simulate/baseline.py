"""What a version comes to over all firms, so that a change of it need only look at the firms it may concern."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matcher.context import Context
from matcher.plan import BoundPolicy
from matcher.simulate.binding import Bound
from matcher.simulate.sums import Group, Sums
from matcher.version import engine_version
from policies.language import terms as t
from policies.policy import Award, Leaf
from policies.policy import Group as Conditions

Pairs = Sequence[tuple[t.Term, t.Term]]


@dataclass(frozen=True)
class Baseline:
    """The sums of one version over all firms, and its groups, in which nothing changes."""

    sums: Sums
    groups: tuple[Group, ...]

    @staticmethod
    def read(data: Any) -> Baseline:
        """Return the baseline that plain values hold.

        Raises:
            KeyError, TypeError: they hold none.
        """
        return Baseline(Sums(**data["sums"]), tuple(Group(**group) for group in data["groups"]))

    def moved(self, before: Sums, after: Sums) -> Sums:
        """Return the sums where some firms come to `after` instead of `before`."""
        return self.sums + after - before

    def with_changes(self, changed: Sequence[Group]) -> list[Group]:
        """Return the groups where those of some firms changed; in the order of a comparison of all firms."""
        own = {(group.by, group.key): group for group in self.groups}
        for group in changed:
            old = own.get((group.by, group.key), replace(group, before_fen=0, after_fen=0))
            own[group.by, group.key] = replace(group, before_fen=old.before_fen, after_fen=_after(old, group))
        kinds = list(dict.fromkeys(group.by for group in (*self.groups, *changed)))
        return sorted(own.values(), key=lambda group: (kinds.index(group.by), group.key is None, group.key or ""))


def _after(old: Group, changed: Group) -> int:
    return old.before_fen + changed.difference_fen


def name_of(version: Bound, context: Context) -> str:
    """Return a name that only versions of equal meaning in one context share."""
    policy = version.policy
    meaning = (engine_version(), context, _meaning(policy), [leaf.term for leaf in policy.leaves])
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:24]


def conditions_differing(old: Bound, new: Bound) -> Pairs | None:
    """Return the conditions in which two versions differ; None where they differ in more than single conditions.

    A firm for which these conditions come out the same comes out the same under both versions: only where an item
    counts once across firms does one firm's award depend on another's.
    """
    if old.idle is not None or new.idle is not None or _across_firms(old.policy) or _across_firms(new.policy):
        return None
    first, second = old.policy.leaves, new.policy.leaves
    same = _meaning(old.policy) == _meaning(new.policy) and old.policy.scope == new.policy.scope
    if not same or len(first) != len(second):
        return None
    return [(a.term, b.term) for a, b in zip(first, second, strict=True) if a.term != b.term]


def _across_firms(policy: BoundPolicy) -> bool:
    return policy.award is not None and policy.award.items is not None and policy.award.items.first_by is not None


def _meaning(policy: BoundPolicy) -> tuple[Any, ...]:
    """Return all that a decision depends on beside the terms of the conditions."""
    shape = tuple(_shape(policy.policy.conditions))
    return shape, _bare(policy.award), tuple(sorted(policy.paid.items()))


def _bare(award: Award | None) -> Award | None:
    """Return an award without what only people read."""
    if award is None:
        return None
    return replace(award, written=None, tiers=tuple(replace(tier, id="", text="") for tier in award.tiers))


def _shape(group: Conditions) -> Iterator[Any]:
    yield group.mode
    for member in group.members:
        yield "condition" if isinstance(member, Leaf) else tuple(_shape(member))
