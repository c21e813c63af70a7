"""From the truths of a policy's leaves to its outcome: the same few lines for one firm and for a whole city.

A city has few distinct patterns of truths, so deciding pattern by pattern costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.interpreter.evaluate import all_of, some_of
from matcher.interpreter.intervals import Truth
from matcher.plan import BoundPolicy
from policies.policy import Group, Leaf


class Outcome(StrEnum):
    """What a decision says of a firm (可享、不符合、待定)."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Verdict:
    """An outcome, the leaves that make it false and those that leave it open, and the truth of each top-level member.

    `near_miss` says that exactly one member is false.

    In a group of which any may hold, a false leaf fails the policy only if the group is false as a whole; in a group
    of which none may hold, the leaves that hold are the ones that fail it.
    """

    outcome: Outcome
    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    members: tuple[Truth, ...]

    @property
    def near_miss(self) -> bool:
        """Return whether exactly one condition stands between the firm and the policy."""
        return self.members.count(False) == 1


@dataclass(frozen=True)
class _Node:
    truth: Truth
    failed: tuple[str, ...]
    unknown: tuple[str, ...]


def verdict(policy: BoundPolicy, truths: Sequence[Truth]) -> Verdict | None:
    """Return the verdict for truths in the order of `policy.leaves`; None where the policy does not apply."""
    if truths[0] is False:
        return None
    place = iter(range(1, len(truths)))
    members = [_leaf(policy.leaves[0].id, truths[0], holds=True)]
    members += [_node(member, truths, place) for member in policy.policy.conditions.members]
    members += [_leaf(policy.leaves[i].id, truths[i], holds=True) for i in place]
    whole = _joined(members, all_of(member.truth for member in members))
    outcome = {True: Outcome.ELIGIBLE, False: Outcome.INELIGIBLE, None: Outcome.UNDETERMINED}[whole.truth]
    unknown = tuple(name for member in members if member.truth is None for name in member.unknown)
    return Verdict(outcome, whole.failed, unknown, tuple(member.truth for member in members))


def _node(member: Leaf | Group, truths: Sequence[Truth], place: Iterator[int], *, holds: bool = True) -> _Node:
    """Return the node of a condition that must hold, or (`holds=False`, inside `none`) must not."""
    if isinstance(member, Leaf):
        return _leaf(member.id, truths[next(place)], holds=holds)
    wanted = holds if member.mode != "none" else not holds
    members = [_node(inner, truths, place, holds=wanted) for inner in member.members]
    # not (a or b) = not a and not b, not (a and b) = not a or not b
    conjunction = (member.mode == "all") == holds if member.mode != "none" else holds
    truth = all_of(m.truth for m in members) if conjunction else some_of(m.truth for m in members)
    return _joined(members, truth)


def _leaf(name: str, truth: Truth, *, holds: bool) -> _Node:
    seen = truth if holds or truth is None else not truth
    return _Node(seen, (name,) if seen is False else (), (name,) if seen is None else ())


def _joined(members: Sequence[_Node], truth: Truth) -> _Node:
    failed = tuple(name for m in members if m.truth is False for name in m.failed) if truth is False else ()
    unknown = tuple(name for m in members if m.truth is None for name in m.unknown) if truth is None else ()
    return _Node(truth, failed, unknown)
