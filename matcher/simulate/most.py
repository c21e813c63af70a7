"""The most that an award can come to for one firm, where the numbers written in it say so."""

from __future__ import annotations

import math
from fractions import Fraction

from policies.language import terms as t
from policies.policy import Award


def most_fen(award: Award) -> int | None:
    """Return the most one firm can get, in fen; None where nothing written bounds it."""
    limits = [_most(term) for term in (award.cap, award.lifetime) if term is not None]
    if award.items is None:
        limits.append(_most(award.amount))
    known = [max(limit, Fraction(0)) for limit in limits if limit is not None]
    if not known:
        return None
    quantum = award.rounding_quantum_fen
    return math.ceil(min(known) / quantum) * quantum


def _most(term: t.Term) -> Fraction | None:
    """Return a number that a value never exceeds."""
    if isinstance(term, t.Constant):
        return term.value if isinstance(term.value, Fraction) else None
    if isinstance(term, t.Choose):
        return _highest(_most(term.then), _most(term.otherwise))
    if isinstance(term, t.Extreme):
        members = [_most(member) for member in term.members]
        if term.function == "max":
            return _highest(*members)
        known = [member for member in members if member is not None]
        return min(known, default=None)
    return None


def _highest(*values: Fraction | None) -> Fraction | None:
    known = [value for value in values if value is not None]
    return max(known) if len(known) == len(values) else None
