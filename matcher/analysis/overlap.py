"""LOG007 overlap between tiers: two ranges of one value of which neither contains the other.

A ladder (at least 2,000, at least 500, at least 100) overlaps on purpose: each rung contains those above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matcher.analysis.finding import Finding
from matcher.analysis.formulas import conjunction
from matcher.analysis.logic import Logic, Wanted, met
from matcher.walk import every_term
from policies.language import terms as t
from policies.policy import Tier

OVERLAP = "LOG007"


def find(logic: Logic) -> Iterator[Finding]:
    """Yield the pairs of tiers whose ranges overlap, with a firm that lies in both."""
    for (_, first), (j, second) in combinations(enumerate(logic.tiers), 2):
        value = _value(first)
        if value is None or value != _value(second) or first.pay == second.pay:
            continue
        if not (logic.possible(_only(logic, first, second)) and logic.possible(_only(logic, second, first))):
            continue
        witness = logic.witness(_both(logic, first, second))
        if witness is None or not (witness.truth(first.when) and witness.truth(second.when)):
            continue
        message = (
            f"the tiers `{first.id}` and `{second.id}` overlap: both hold for one firm, and the first of them pays"
        )
        help_text = "let one begin where the other ends, and say on which side the boundary lies"
        yield Finding(OVERLAP, message, ("award", "tiers", j, "when"), help_text, witness, always=False)


def _only(logic: Logic, one: Tier, other: Tier) -> Wanted:
    return lambda side: conjunction([met(side, logic.parts.all), side.tier(one).yes, side.tier(other).no])


def _both(logic: Logic, one: Tier, other: Tier) -> Wanted:
    return lambda side: conjunction([met(side, logic.parts.all), side.tier(one).yes, side.tier(other).yes])


def _value(tier: Tier) -> t.Term | None:
    """Return the one number or day that a tier bounds, if it bounds just one."""
    inside = tuple(every_term(tier.when))
    compared = [side for inner in inside if isinstance(inner, t.Compare) for side in (inner.left, inner.right)]
    sides = [side for side in compared if not isinstance(side, t.Constant)]
    below = {inner for side in sides for inner in every_term(side)}
    plain = all(isinstance(inner, t.Compare | t.All | t.Constant) or inner in below for inner in inside)
    values = set(sides)
    if not plain or len(values) != 1:
        return None
    value = values.pop()
    return value if value.type.numeric or value.type.kind is t.Kind.DATE else None
