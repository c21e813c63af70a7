"""What is at stake in a dataset: the most that one policy that reads it says it pays to a firm (or for an item).

A rough measure on purpose: it orders the review of rows that no rule linked, and tells which decisions need a second
person. The amounts are those written in the award: a fixed amount, the highest tier, a cap. Amounts that are computed
(a share of the revenue, so much per employee) count with the amounts written in them, parameters with their highest
value; where nothing is written, nothing counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

from matcher.plan import award_terms
from matcher.walk import children
from policies.language import terms as t
from policies.load import Library
from policies.model import Status
from policies.policy import Award, Policy


def stakes(library: Library) -> dict[str, int]:
    """Return the stake of each dataset that a policy in force reads, in fen; also those that a person must judge."""
    found: dict[str, int] = {}
    for policy in library.policies:
        if policy.status is not Status.IN_FORCE:
            continue
        amount = stake_of(policy.award, library) if policy.award else 0
        for dataset in datasets_of(policy, library):
            found[dataset] = max(found.get(dataset, 0), amount)
    return dict(sorted(found.items()))


def datasets_of(policy: Policy, library: Library) -> frozenset[str]:
    """Return the datasets that a policy reads: in its conditions, its award, and the definitions they use."""
    terms = [leaf.term for leaf in policy.conditions.leaves()]
    items = set()
    if policy.award is not None:
        terms += award_terms(policy.award)
        if policy.award.items is not None:
            items = {policy.award.items.dataset}
            terms += [policy.award.items.where] if policy.award.items.where is not None else []
    return frozenset(items.union(*(_datasets(term, library.definition_terms) for term in terms)))


def _datasets(term: t.Term, definitions: Mapping[str, t.Term]) -> Iterator[str]:
    if isinstance(term, t.Fact | t.Aggregate):
        yield term.dataset
    if isinstance(term, t.Definition):
        yield from _datasets(definitions[term.name], definitions)
    for child in children(term):
        yield from _datasets(child, definitions)


def stake_of(award: Award, library: Library) -> int:
    """Return the largest amount written in an award, in fen, rounded up; 0 where none is."""
    written = [award.amount, *(tier.pay for tier in award.tiers), award.item_cap, award.cap]
    amounts = [amount for term in written if term is not None for amount in _amounts(term, library)]
    return max(0, math.ceil(max(amounts, default=Fraction(0))))


def _amounts(term: t.Term, library: Library) -> Iterator[Fraction]:
    """Yield the amounts of money that a value is made of; not those it is compared with on the way."""
    if isinstance(term, t.Constant):
        if term.type.kind is t.Kind.MONEY and isinstance(term.value, Fraction):
            yield term.value
    elif isinstance(term, t.Parameter):
        if term.type.kind is t.Kind.MONEY:
            rows = (row for value in library.parameters.entries[term.name].values for row in value.rows)
            yield from (row.value for row in rows if isinstance(row.value, Fraction))
    elif isinstance(term, t.Definition):
        yield from _amounts(library.definition_terms[term.name], library)
    elif isinstance(term, t.Choose):
        for branch in (term.then, term.otherwise):
            yield from _amounts(branch, library)
    elif isinstance(term, t.Arithmetic | t.Extreme | t.Absolute | t.Rounded):
        for child in children(term):
            yield from _amounts(child, library)
