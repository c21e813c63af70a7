"""Literals: money in fen, shares as ratios, counts with their unit, dates, text, truth."""

from __future__ import annotations

from fractions import Fraction

from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.terms import BOOL, DATE, Constant, Kind, Term, Type

_SCALES = {"": (Kind.NUMBER, Fraction(1)), "元": (Kind.MONEY, Fraction(100)), "%": (Kind.SHARE, Fraction(1, 100)),
        "pp": (Kind.POINTS, Fraction(1, 100))}  # fmt: skip


@checks(s.Quantity)
def _quantity(_: Checker, node: s.Quantity) -> Term:
    if node.unit in _SCALES:
        kind, factor = _SCALES[node.unit]
        return Constant(Type(kind), node.value * factor)
    return Constant(Type(Kind.COUNT, node.unit), node.value)


@checks(s.Day)
def _day(_: Checker, node: s.Day) -> Term:
    return Constant(DATE, node.value)


@checks(s.Text)
def _text(_: Checker, node: s.Text) -> Term:
    return Constant(Type(Kind.TEXT), node.value)


@checks(s.Truth)
def _truth(_: Checker, node: s.Truth) -> Term:
    return Constant(BOOL, node.value)
