"""LOG006 gap between tiers: a firm that meets every condition and reaches no tier, so that it is paid nothing."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.analysis.finding import Finding
from matcher.analysis.formulas import Formula, conjunction
from matcher.analysis.logic import Logic, Side, met
from matcher.outcomes import Outcome

GAP = "LOG006"


def find(logic: Logic) -> Iterator[Finding]:
    """Yield the gap, if an eligible firm can fall into it."""
    tiers = logic.tiers
    if not tiers:
        return

    def unpaid(side: Side) -> Formula:
        return conjunction([met(side, logic.parts.all), *(side.tier(tier).no for tier in tiers)])

    witness = logic.witness(unpaid) if logic.possible(unpaid) else None
    if witness is None or any(witness.truth(tier.when) is not False for tier in tiers):
        return
    decision = witness.decision(logic.policy)
    if decision is None or decision.verdict.outcome is not Outcome.ELIGIBLE:
        return
    what = "row" if witness.item is not None else "firm"
    message = f"a {what} can meet every condition and reach no tier: it is paid nothing"
    help_text = "close the gap between the tiers, or ask in the conditions for what the lowest tier asks"
    yield Finding(GAP, message, ("award", "tiers"), help_text, witness, always=False)
