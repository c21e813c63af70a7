"""LOG004 redundant condition: the other conditions already say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.analysis.finding import Finding, listed
from matcher.analysis.logic import Logic, fails
from matcher.analysis.parts import Part
from matcher.walk import every_term
from policies.language import terms as t

REDUNDANT = "LOG004"


def find(logic: Logic) -> Iterator[Finding]:
    """Yield the conditions that the others imply; of two that say the same, the later."""
    kept = list(logic.parts.conditions)
    for part in reversed(logic.parts.conditions):
        near = [other for other in kept if other is not part and _asks(other) & _asks(part)]
        if not near or not _implied(logic, part, near) or _implied(logic, part, ()):
            continue
        saying = _needed(logic, part, near)
        witness = logic.witness(fails(part))
        if witness is None or witness.met(part) is not False or all(witness.met(other) for other in saying):
            continue
        kept.remove(part)
        message = f"{part.shown} is redundant: whoever meets {listed(saying)} meets it too"
        help_text = "leave it out, or check its bound: it was probably meant to exclude somebody"
        yield Finding(REDUNDANT, message, part.path, help_text, witness, (part.name, *(p.name for p in saying)))


def _implied(logic: Logic, part: Part, others: Sequence[Part]) -> bool:
    return not logic.possible(fails(part, *others))


def _needed(logic: Logic, part: Part, others: Sequence[Part]) -> list[Part]:
    """Return as few of the others as imply the part."""
    left = list(others)
    for other in others:
        rest = [one for one in left if one is not other]
        if _implied(logic, part, rest):
            left = rest
    return left


def _asks(part: Part) -> frozenset[tuple[str, str]]:
    """Return what a part asks for: fields of firms, and datasets whose rows it counts."""
    found = (inner for term in part.terms() for inner in every_term(term))
    return frozenset(
        (inner.dataset, inner.field if isinstance(inner, t.Fact) else "")
        for inner in found
        if isinstance(inner, t.Fact | t.Aggregate)
    )
