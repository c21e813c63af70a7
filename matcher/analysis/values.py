"""Values for the solver: one function per class of term, found by class in `VALUES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import z3

from enterprise_data.catalogue.model import Grain
from matcher.analysis.fields import CODED, Cell, Item
from matcher.analysis.formulas import (
    Known,
    conjunction,
    disjunction,
    either,
    literal,
)
from matcher.bind import calculate
from matcher.interpreter.rows import HOME_REGION
from policies.language import terms as t

if TYPE_CHECKING:
    from matcher.analysis.encode import Encoder


def _constant(at: Encoder, term: t.Constant, item: Item) -> Known:
    value = term.value
    if isinstance(value, bool):
        return Known(z3.BoolVal(value, at.context))
    if isinstance(value, date):
        return Known(z3.IntVal(value.toordinal(), at.context), constant=Fraction(value.toordinal()))
    if isinstance(value, str):
        return at.anything(term, item) if term.type.kind in CODED else Known(at.fields.text(value))
    return at.anything(term, item) if value is None else Known(literal(value, at.context), constant=value)


def _fact(at: Encoder, term: t.Fact, item: Item) -> Known:
    slot = "" if term.period is None else str(term.period.fixed)
    dataset = at.fields.catalogue.datasets[term.dataset]
    if dataset.grain is Grain.REGION:
        at.value(HOME_REGION)  # whoever has such a fact lies in a region
        if term.field == dataset.home_region:
            return at.anything(term)  # that of the row, which may be of a wider region than the firm's
    return at.fields.cell(Cell(term.dataset, slot, term.field))


def _row_field(at: Encoder, term: t.RowField, item: Item) -> Known:
    if term == HOME_REGION:
        register = at.fields.catalogue.register
        return at.fields.cell(Cell(register.dataset, "", str(register.home_region)))
    assert item is not None  # the language allows fields of a row only where one is at hand
    return at.fields.cell(Cell(term.dataset, item, term.field))


def _aggregate(at: Encoder, term: t.Aggregate, item: Item) -> Known:
    return at.aggregates.value(at, term)


def _arithmetic(at: Encoder, term: t.Arithmetic, item: Item) -> Known:
    left, right = at.value(term.left, item), at.value(term.right, item)
    known = conjunction([left.known, right.known])
    if left.constant is not None and right.constant is not None:
        number = calculate(term.operator, left.constant, right.constant)
        return at.anything(term, item) if number is None else Known(literal(number, at.context), constant=number)
    if term.operator in "+-":
        added = _added(left, right, term.operator)
        return at.anything(term, item) if added is None else replace(added, known=known)
    if term.operator == "*" and left.constant is not None:
        left, right = right, left
    if right.constant is None:
        if term.operator == "/" and left.denominator is None and right.denominator is None:
            return Known(left.value, known, right.value)
        return at.anything(term, item)
    if term.operator == "/" and right.constant == 0:
        return at.anything(term, item)
    scale = right.constant if term.operator == "*" else 1 / right.constant
    return Known(left.value * literal(scale, at.context), known, left.denominator)


def _added(left: Known, right: Known, operator: str) -> Known | None:
    """Add or subtract; to a ratio only a constant (None otherwise)."""
    first, second, denominator = left.value, right.value, None
    if left.denominator is not None:
        denominator, second = left.denominator, second * left.denominator
    elif right.denominator is not None:
        denominator, first = right.denominator, first * right.denominator
    constants = (left if right.denominator is not None else right).constant
    if denominator is not None and constants is None:
        return None
    return Known(first + second if operator == "+" else first - second, True, denominator)


def _members(at: Encoder, term: t.Term, members: Iterable[t.Term], item: Item) -> list[Known] | None:
    """Return the values of the members, or None if one of them is a ratio."""
    values = [at.value(member, item) for member in members]
    return None if any(value.denominator is not None for value in values) else values


def _extreme(at: Encoder, term: t.Extreme, item: Item) -> Known:
    values = _members(at, term, term.members, item)
    if values is None:
        return at.anything(term, item)
    result = values[0].value
    for value in values[1:]:
        sooner = value.value < result if term.function == "min" else value.value > result
        result = z3.If(sooner, value.value, result)
    return Known(result, conjunction(value.known for value in values))


def _absolute(at: Encoder, term: t.Absolute, item: Item) -> Known:
    values = _members(at, term, (term.member,), item)
    if values is None:
        return at.anything(term, item)
    value = values[0].value
    return Known(z3.If(value >= 0, value, -value), values[0].known)


def _rounded(at: Encoder, term: t.Rounded, item: Item) -> Known:
    values = _members(at, term, (term.member,), item)
    if values is None:
        return at.anything(term, item)
    steps = z3.ToReal(values[0].value) if z3.is_int(values[0].value) else values[0].value
    steps /= z3.RealVal(f"{term.quantum.numerator}/{term.quantum.denominator}", at.context)
    half = z3.RealVal("1/2", at.context)
    whole = {
        "down": z3.ToInt(steps),
        "up": -z3.ToInt(-steps),
        "half_up": z3.If(steps >= 0, z3.ToInt(steps + half), -z3.ToInt(half - steps)),
    }[term.mode]
    return Known(whole * literal(term.quantum, at.context), values[0].known)


def _choose(at: Encoder, term: t.Choose, item: Item) -> Known:
    if term.type.kind in CODED:
        return at.anything(term, item)
    condition = at.truth(term.condition, item)
    values = _members(at, term, (term.then, term.otherwise), item)
    if values is None:
        return at.anything(term, item)
    then, otherwise = values
    known = disjunction([conjunction([condition.yes, then.known]), conjunction([condition.no, otherwise.known])])
    return Known(either(condition.yes, then.value, otherwise.value), known)


def _shift(at: Encoder, term: t.Shift, item: Item) -> Known:
    if term.months:
        return at.anything(term, item)
    member = at.value(term.member, item)
    return Known(member.value + term.days, member.known)


def _between(at: Encoder, term: t.Between, item: Item) -> Known:
    if term.unit == "months":
        return at.anything(term, item)
    start, end = at.value(term.start, item), at.value(term.end, item)
    return Known(end.value - start.value, conjunction([start.known, end.known]))


VALUES: dict[type[t.Term], Callable[[Encoder, Any, Item], Known]] = {
    t.Constant: _constant,
    t.Defined: lambda at, term, item: at.value(term.body, item) if at.bodies else at.anything(term, item),
    t.Fact: _fact,
    t.RowField: _row_field,
    t.Aggregate: _aggregate,
    t.Arithmetic: _arithmetic,
    t.Extreme: _extreme,
    t.Absolute: _absolute,
    t.Rounded: _rounded,
    t.Choose: _choose,
    t.Shift: _shift,
    t.Between: _between,
}
