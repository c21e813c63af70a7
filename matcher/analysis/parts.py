"""What a firm must meet to be served, part by part: the scope, each condition or group, and what the award adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from enterprise_data.declarations.strict_yaml import YamlPath
from matcher.analysis.encode import Encoder
from matcher.analysis.formulas import Truth, all_of, some_of
from matcher.plan import APPLIES, BoundPolicy
from policies.language import terms as t
from policies.policy import Group, Leaf


@dataclass(frozen=True)
class Part:
    """One thing that must hold (or, below `none`, must not); `members` are those of a group.

    `path` leads to it in the file; it is empty for what the file does not word as a condition.
    """

    name: str
    path: YamlPath
    term: t.Term | None = None
    holds: bool = True
    members: tuple[Part, ...] = ()
    every: bool = True  # of the members, or at least one

    def truth(self, encoder: Encoder) -> Truth:
        """Return when the part is met, and when it is not."""
        if self.term is not None:
            truth = encoder.truth(self.term)
            return truth if self.holds else truth.negated()
        members = [member.truth(encoder) for member in self.members]
        return all_of(members) if self.every else some_of(members)

    def leaves(self) -> Iterator[Part]:
        """Yield the conditions below, itself if it is one."""
        if self.term is not None:
            yield self
        for member in self.members:
            yield from member.leaves()

    def terms(self) -> Iterator[t.Term]:
        """Yield the terms of the conditions below."""
        yield from (leaf.term for leaf in self.leaves() if leaf.term is not None)

    @property
    def shown(self) -> str:
        """Return how a message names it."""
        if self.name == APPLIES:
            return "`applies`"
        return f"`{self.name}`" if self.name else f"the group of {', '.join(leaf.shown for leaf in self.leaves())}"


@dataclass(frozen=True)
class Parts:
    """The parts of a policy: its scope, its conditions, and what the award asks besides (claimed once, items)."""

    scope: Part
    conditions: tuple[Part, ...]
    besides: tuple[Part, ...] = field(default=())

    @property
    def all(self) -> tuple[Part, ...]:
        """Return every part."""
        return (self.scope, *self.conditions, *self.besides)


def parts_of(policy: BoundPolicy) -> Parts:
    """Return the parts of a bound policy; groups of which all or none must hold are taken apart."""
    leaves = iter(policy.leaves)
    scope = Part(next(leaves).id, ("applies",), policy.scope)
    ground = {leaf.id: leaf.term for leaf in leaves}
    conditions = tuple(_members(policy.policy.conditions, ("conditions",), ground, holds=True, flat=True))
    written = {leaf.id for leaf in policy.policy.conditions.leaves()}
    besides = tuple(Part(name, ("award",), term) for name, term in ground.items() if name not in written)
    return Parts(scope, conditions, besides)


def _members(group: Group, path: YamlPath, ground: dict[str, t.Term], *, holds: bool, flat: bool) -> Iterator[Part]:
    for i, member in enumerate(group.members):
        below = (*path, i)
        if isinstance(member, Leaf):
            yield Part(member.id, (*below, "when"), ground[member.id], holds)
            continue
        wanted = holds if member.mode != "none" else not holds
        # not (a or b) = not a and not b; not (a and b) = not a or not b
        every = (member.mode == "all") == holds if member.mode != "none" else holds
        inside = (*below, member.mode)
        parts = tuple(_members(member, inside, ground, holds=wanted, flat=every))
        if flat and every:
            yield from parts
        else:
            yield Part(member.id or "", inside, members=parts, every=every)
