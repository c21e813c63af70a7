"""Faults of awards that are shares of others: of nothing that pays, of another kind of period, or of themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from enterprise_data.declarations.problems import Problem, suggest
from enterprise_data.declarations.strict_yaml import Document
from policies.awards_together import AwardsTogether
from policies.derived import Order, base_of


def check_derived(
    together: AwardsTogether, documents: Mapping[str, Document], unread: Collection[str]
) -> Iterator[Problem]:
    """Yield each fault at its place; of what could not be read (`unread`), nothing is said."""
    policies = together.policies
    for name in sorted(policies):
        base = base_of(policies, name)
        if not base or base in unread:
            continue
        place = documents[name].place("award", "share", "of_award")
        if base not in policies or policies[base].award is None:
            help_text = suggest(base, policies) or "name a policy with an award, not a draft"
            yield Problem("POL054", f"`{base}` awards nothing that this could be a share of", place, help_text)
        elif policies[base].period_kind is not policies[name].period_kind:
            message = f"`{base}` decides by {policies[base].period_kind.value}: they are never in one run"
            yield Problem("POL056", message, place, "only policies of one kind of period are settled together")
    cycle = Order.of(together).cycle
    if cycle:
        place = documents[cycle[0]].place("award")
        help_text = "let one of them say its amount without the others"
        yield Problem("POL054", f"an award is in the end a share of itself: {' → '.join(cycle)}", place, help_text)
