"""LOG003 always true: a condition that excludes nobody, whatever the data say."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.analysis.finding import Finding
from matcher.analysis.logic import Logic, fails, meets

ALWAYS = "LOG003"


def find(logic: Logic) -> Iterator[Finding]:
    """Yield the conditions that no firm whose facts are known fails."""
    for part in logic.parts.conditions:
        for leaf in part.leaves():
            if logic.possible(fails(leaf)):
                continue
            witness = logic.witness(meets(leaf))
            if witness is None or leaf.term is None or witness.truth(leaf.term) is not leaf.holds:
                continue
            message = f"{leaf.shown} is always true: no firm whose facts are known fails it"
            help_text = "check the bound and its unit against the range of the data, or leave the condition out"
            yield Finding(ALWAYS, message, leaf.path, help_text, witness, (leaf.name,))
