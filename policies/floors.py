"""Caps below a floor: a limit that lies under the least an award pays, so that it would cut every single one."""

from __future__ import annotations

from fractions import Fraction

from policies.language.terms import Choose, Constant, Extreme, Term
from policies.policy import Award
from policies.reader import Reader

_LIMITS = {"item_cap": ("item_cap",), "cap": ("cap", "per_period"), "lifetime": ("cap", "lifetime")}


def check_floors(award: Award, reader: Reader) -> None:
    """Keep a fault for each plain limit below the least amount, and for a lifetime's below a period's."""
    floor = least_amount(award)
    for name, path in _LIMITS.items():
        limit = plain(getattr(award, name))
        if limit is not None and floor is not None and limit < floor:
            message = f"the cap lies below the least that is paid, {floor / 100} 元: it would cut every award"
            reader.problem("POL051", message, ("award", *path), "raise the cap, or pay less")
    period, lifetime = plain(award.cap), plain(award.lifetime)
    if period is not None and lifetime is not None and lifetime < period:
        message = "the lifetime's cap lies below that of one period, which could never be reached"
        reader.problem("POL051", message, ("award", "cap", "lifetime"), "exchange them, or drop the cap per period")


def least_amount(award: Award) -> Fraction | None:
    """Return the least an award (or each item) pays where something is due, in fen; None where no number says so."""
    if award.tiers:
        floors = [_floor(tier.pay) for tier in award.tiers]
        known = [floor for floor in floors if floor is not None]
        return min(known) if len(known) == len(floors) else None
    return _floor(award.amount)


def plain(term: Term | None) -> Fraction | None:
    """Return the value of a term that is a plain number."""
    return term.value if isinstance(term, Constant) and isinstance(term.value, Fraction) else None


def _floor(term: Term) -> Fraction | None:
    if isinstance(term, Choose):
        sides = [_floor(term.then), _floor(term.otherwise)]
    elif isinstance(term, Extreme):
        sides = [_floor(member) for member in term.members]
        if term.function == "max":
            return max((side for side in sides if side is not None), default=None)
    else:
        return plain(term)
    known = [side for side in sides if side is not None]
    return min(known) if len(known) == len(sides) else None
