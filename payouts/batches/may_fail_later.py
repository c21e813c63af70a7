"""Which conditions of a policy may fail after a decision, and are asked again before money moves.

The policy and the catalogue say it: conditions under `none`, those that ask a negative list (失信, 经营异常, …:
`negative: true`), those that ask the register (注销, 吊销, 迁出, …), and whether the policy speaks of the firm at all.
A condition joined with others by `any` is decided with them. What a firm earned or employed in its period was decided
once and is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from enterprise_data.catalogue.load import Catalogue
from matcher.plan import BoundLeaf, BoundPolicy
from matcher.walk import every_term
from policies.language import terms as t
from policies.policy import Group, Leaf


def narrowed(policy: BoundPolicy, catalogue: Catalogue) -> BoundPolicy:
    """Return a policy of nothing but its scope and the conditions that may fail later."""
    terms = iter(policy.leaves[1:])
    members: list[Leaf | Group] = []
    leaves: list[BoundLeaf] = [policy.leaves[0]]
    for member in policy.policy.conditions.members:
        own = [next(terms) for _ in _leaves(member)]
        if _may_fail_later(member, own, catalogue):
            members.append(member)
            leaves += own
    conditions = replace(policy.policy.conditions, members=tuple(members))
    return BoundPolicy(replace(policy.policy, conditions=conditions), tuple(leaves), None)


def _may_fail_later(member: Leaf | Group, leaves: Sequence[BoundLeaf], catalogue: Catalogue) -> bool:
    return _has_none(member) or any(_asks_a_list(leaf.term, catalogue) for leaf in leaves)


def _has_none(member: Leaf | Group) -> bool:
    return isinstance(member, Group) and (member.mode == "none" or any(map(_has_none, member.members)))


def _asks_a_list(term: t.Term, catalogue: Catalogue) -> bool:
    """Return whether a condition asks the register or a negative list."""
    return any(
        isinstance(part, t.Fact | t.Aggregate)
        and (part.dataset == catalogue.register.dataset or catalogue.datasets[part.dataset].negative)
        for part in every_term(term)
    )


def _leaves(member: Leaf | Group) -> Iterator[Leaf]:
    return iter((member,)) if isinstance(member, Leaf) else member.leaves()
