"""The funnel of each policy: how many firms each condition lets through, stops, or leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.outcomes import Outcome
from matcher.plan import BoundPolicy
from matcher.run.patterns import Pattern
from policies.policy import Leaf


@dataclass(frozen=True)
class FunnelRow:
    """One condition of one policy over all firms in scope.

    `remaining` counts the firms that no condition up to this one has failed, `sole_reason` those that fail the policy
    by this condition alone.
    """

    policy: str
    position: int
    condition: str
    true: int
    false: int
    unknown: int
    remaining: int
    sole_reason: int


@dataclass(frozen=True)
class Tally:
    """A policy's firms by outcome."""

    in_scope: int
    eligible: int
    undetermined: int
    ineligible: int


def tally(patterns: Sequence[Pattern]) -> Tally:
    """Return how many firms show each outcome."""
    counts = dict.fromkeys(Outcome, 0)
    for pattern in patterns:
        counts[pattern.verdict.outcome] += pattern.firms
    return Tally(
        sum(counts.values()), counts[Outcome.ELIGIBLE], counts[Outcome.UNDETERMINED], counts[Outcome.INELIGIBLE]
    )


def funnel(policy: BoundPolicy, patterns: Sequence[Pattern]) -> Iterator[FunnelRow]:
    """Yield one row a leaf, in the order of the policy."""
    members = _member_of_leaf(policy)
    for place, leaf in enumerate(policy.leaves):
        seen = {truth: sum(p.firms for p in patterns if p.truths[place] is truth) for truth in (True, False, None)}
        upto = members[place] + 1
        remaining = sum(p.firms for p in patterns if False not in p.verdict.members[:upto])
        sole = sum(p.firms for p in patterns if p.verdict.failed == (leaf.id,))
        yield FunnelRow(policy.id, place, leaf.id, seen[True], seen[False], seen[None], remaining, sole)


def _member_of_leaf(policy: BoundPolicy) -> list[int]:
    """Return for each leaf the place of the top-level condition it belongs to."""
    places = [0]
    for position, member in enumerate(policy.policy.conditions.members, start=1):
        places += [position] * (1 if isinstance(member, Leaf) else len(list(member.leaves())))
    places += [max(places) + 1] * (len(policy.leaves) - len(places))
    return places
