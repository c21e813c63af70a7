"""Conditions for the solver: one function per class of term, found by class in `TRUTHS`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import z3

from matcher.analysis.days import moving_day
from matcher.analysis.fields import CODED, Item
from matcher.analysis.formulas import (
    MIRRORED,
    Known,
    Truth,
    all_of,
    compared,
    conjunction,
    decided,
    disjunction,
    flag_of,
    negation,
    some_of,
)
from matcher.walk import every_term
from policies.language import terms as t

if TYPE_CHECKING:
    from matcher.analysis.encode import Encoder


def flag(at: Encoder, term: t.Term, item: Item) -> Truth:
    """Return the condition that a fact of yes or no is."""
    return flag_of(at.value(term, item))


def _constant_truth(at: Encoder, term: t.Constant, item: Item) -> Truth:
    return flag_of(at.anything(term, item)) if term.value is None else Truth(bool(term.value), not term.value)


def _defined_truth(at: Encoder, term: t.Defined, item: Item) -> Truth:
    return at.truth(term.body, item) if at.bodies else flag_of(at.anything(term, item))


def _choose_truth(at: Encoder, term: t.Choose, item: Item) -> Truth:
    condition, then, otherwise = (at.truth(part, item) for part in (term.condition, term.then, term.otherwise))
    return _chosen(condition, then, otherwise)


def _chosen(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    yes = disjunction([conjunction([condition.yes, then.yes]), conjunction([condition.no, otherwise.yes])])
    return Truth(yes, disjunction([conjunction([condition.yes, then.no]), conjunction([condition.no, otherwise.no])]))


def _known(at: Encoder, term: t.Known, item: Item) -> Truth:
    member = term.member
    if any(isinstance(inner, t.Aggregate) for inner in every_term(member)):
        asked = at.anything(term, item).value  # rows may lack what a filter asks: that is not modelled
        return Truth(asked, negation(asked))
    if member.type.kind is t.Kind.BOOL:
        truth = at.truth(member, item)
        known = disjunction([truth.yes, truth.no])
    else:
        value = at.value(member, item)
        defined = True if value.denominator is None else value.denominator != 0
        known = conjunction([value.known, defined])
    return Truth(known, negation(known))


def _one_of(at: Encoder, term: t.OneOf, item: Item) -> Truth:
    tests = (t.Compare(t.BOOL, "=", term.member, t.Constant(term.member.type, value)) for value in term.values)
    return some_of(at.truth(test, item) for test in tests)


def _within(at: Encoder, term: t.Within, item: Item) -> Truth:
    member = at.value(term.member, item)
    inside = at.fields.within(member.value, CODED[term.member.type.kind], term.prefixes)
    return decided(member.known, inside)


def _compare(at: Encoder, term: t.Compare, item: Item) -> Truth:
    left, right, operator = _opened(at, term.left), _opened(at, term.right), term.operator
    if isinstance(left, t.Constant) and not isinstance(right, t.Constant):
        left, right, operator = right, left, MIRRORED[operator]
    if isinstance(left, t.Choose) and isinstance(right, t.Constant):
        branches = (at.truth(t.Compare(t.BOOL, operator, part, right), item) for part in (left.then, left.otherwise))
        return _chosen(at.truth(left.condition, item), *branches)
    if left.type.kind in CODED:  # codes are told apart only by the places that conditions name
        return flag_of(at.anything(term, item))
    if left.type.kind is t.Kind.BOOL:
        return _equal_truths(at.truth(left, item), at.truth(right, item), operator)
    moving = moving_day(left, right) if isinstance(right, t.Constant) else None
    if moving is not None:
        day = at.value(moving.day, item)
        return decided(day.known, moving.holds(operator, day.value))
    found = _compared(at.value(left, item), at.value(right, item), operator)
    return flag_of(at.anything(term, item)) if found is None else found


def _opened(at: Encoder, term: t.Term) -> t.Term:
    return _opened(at, term.body) if isinstance(term, t.Defined) and at.bodies else term


def _equal_truths(left: Truth, right: Truth, operator: str) -> Truth:
    same = disjunction([conjunction([left.yes, right.yes]), conjunction([left.no, right.no])])
    differ = disjunction([conjunction([left.yes, right.no]), conjunction([left.no, right.yes])])
    return Truth(same, differ) if operator == "=" else Truth(differ, same)


def _compared(left: Known, right: Known, operator: t.Comparison) -> Truth | None:
    """Compare two numbers; a ratio only with a constant, which it is multiplied out with (None otherwise)."""
    if right.denominator is not None and left.denominator is None:
        left, right, operator = right, left, MIRRORED[operator]
    known = conjunction([left.known, right.known])
    if left.denominator is None:
        return decided(known, compared(operator, left.value, right.value))
    if right.constant is None:
        return None
    base, scaled = left.denominator, right.value * left.denominator
    positive = z3.And(base > 0, compared(operator, left.value, scaled))
    negative = z3.And(base < 0, compared(MIRRORED[operator], left.value, scaled))
    return decided(conjunction([known, base != 0]), z3.Or(positive, negative))


TRUTHS: dict[type[t.Term], Callable[[Encoder, Any, Item], Truth]] = {
    t.Constant: _constant_truth,
    t.Defined: _defined_truth,
    t.Choose: _choose_truth,
    t.Compare: _compare,
    t.All: lambda at, term, item: all_of(at.truth(member, item) for member in term.members),
    t.Some: lambda at, term, item: some_of(at.truth(member, item) for member in term.members),
    t.Not: lambda at, term, item: at.truth(term.member, item).negated(),
    t.OneOf: _one_of,
    t.Within: _within,
    t.Known: _known,
}
