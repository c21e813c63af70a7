"""LOG005 shadowed tier: a tier that pays nobody, because earlier ones come first or the conditions exclude it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.analysis.finding import Finding
from matcher.analysis.formulas import Formula, conjunction
from matcher.analysis.logic import Logic, Side, Wanted, met
from policies.policy import Tier

SHADOWED = "LOG005"


def find(logic: Logic) -> Iterator[Finding]:
    """Yield the tiers that no eligible firm is paid by."""
    for i, tier in enumerate(logic.tiers):
        earlier = logic.tiers[:i]
        if logic.possible(_pays(logic, tier, earlier)):
            continue
        path = ("award", "tiers", i, "when")
        witness = logic.witness(_pays(logic, tier, ()))
        if witness is not None and witness.truth(tier.when) is True:
            first = next((other for other in earlier if witness.truth(other.when) is True), None)
            if first is None:
                continue
            message = f"the tier `{tier.id}` pays nobody: an earlier tier, such as `{first.id}`, comes first"
            yield Finding(
                SHADOWED, message, path, "the first tier that holds pays: put the stricter one first", witness
            )
        elif not logic.possible(_pays(logic, tier, ())):
            message = f"the tier `{tier.id}` pays nobody: no firm that meets the conditions can reach it"
            yield Finding(SHADOWED, message, path, "check its bounds against each other and against the conditions")


def _pays(logic: Logic, tier: Tier, earlier: Sequence[Tier]) -> Wanted:
    """Ask for an eligible firm that reaches the tier, and none of the earlier ones."""

    def wanted(side: Side) -> Formula:
        before = [side.tier(other).no for other in earlier]
        return conjunction([met(side, logic.parts.all), side.tier(tier).yes, *before])

    return wanted
