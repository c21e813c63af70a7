"""Evaluating ground terms over the facts of one firm.

Numbers and dates evaluate to `Interval`, conditions to true, false or None (unknown), everything else to its value
or None. One function per class of term, found by class in `_RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from enterprise_data.codes import industries, regions
from matcher.dates import days_between, months_between, shift
from matcher.interpreter.intervals import (
    UNKNOWN,
    Interval,
    Truth,
    arithmetic,
    equal,
    exactly,
    less,
    rounded,
)
from policies.language import terms as t

_WITH_BOUNDS = frozenset({t.Kind.MONEY, t.Kind.SHARE, t.Kind.POINTS, t.Kind.COUNT, t.Kind.NUMBER, t.Kind.DATE})


class Facts(Protocol):
    """Where evaluation gets the values of facts, aggregates and the fields of the row at hand."""

    def value(self, term: t.Fact | t.Aggregate | t.RowField) -> Any:
        """Return an `Interval` for numbers and dates, a value or None otherwise."""
        ...


def has_bounds(type_: t.Type) -> bool:
    """Return whether values of the type are intervals."""
    return type_.kind in _WITH_BOUNDS


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene conjunction: false wins over unknown, unknown over true."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def some_of(truths: Iterable[Truth]) -> Truth:
    """Kleene disjunction: true wins over unknown, unknown over false."""
    seen = set(truths)
    return True if True in seen else None if None in seen else False


@dataclass(frozen=True)
class Interpreter:
    """Evaluates ground terms over one source of facts."""

    facts: Facts

    def evaluate(self, term: t.Term) -> Any:
        """Return the value of `term`; see the module's first lines for its form."""
        return _RULES[type(term)](self, term)

    def truth(self, term: t.Term) -> Truth:
        """Return whether the condition holds."""
        value = self.evaluate(term)
        return value if value is None else bool(value)


def _constant(at: Interpreter, term: t.Constant) -> Any:
    return exactly(term.value) if has_bounds(term.type) else term.value


def _fact(at: Interpreter, term: t.Fact | t.Aggregate | t.RowField) -> Any:
    return at.facts.value(term)


def _compare(at: Interpreter, term: t.Compare) -> Truth:
    left, right = at.evaluate(term.left), at.evaluate(term.right)
    if term.operator in ("=", "!="):
        truth = equal(left, right) if has_bounds(term.left.type) else _same(left, right)
        return _negated(truth) if term.operator == "!=" else truth
    if term.operator in (">", ">="):
        left, right = right, left
    return less(left, right, or_equal=term.operator in ("<=", ">="))


def _same(left: Any, right: Any) -> Truth:
    return None if left is None or right is None else bool(left == right)


def _negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _one_of(at: Interpreter, term: t.OneOf) -> Truth:
    value = at.evaluate(term.member)
    if has_bounds(term.member.type):
        return some_of(equal(value, exactly(v)) for v in term.values)
    return None if value is None else value in term.values


def _within(at: Interpreter, term: t.Within) -> Truth:
    code = at.evaluate(term.member)
    if code is None:
        return None
    if any(code.startswith(prefix) for prefix in term.prefixes):
        return True
    tree = regions if term.member.type.kind is t.Kind.REGION else industries
    coarser = {ancestor for prefix in term.prefixes for ancestor in tree.ancestors(prefix)}
    return None if code in coarser else False


def _known(at: Interpreter, term: t.Known) -> bool:
    value = at.evaluate(term.member)
    return (value.value if isinstance(value, Interval) else value) is not None


def _arithmetic(at: Interpreter, term: t.Arithmetic) -> Interval:
    left, right, operator = term.left, term.right, term.operator
    if operator == "*" and isinstance(left, t.Constant):
        left, right = right, left
    scale = right.value if operator in "*/" and isinstance(right, t.Constant) else None
    known_scale = scale if isinstance(scale, Fraction) else None
    return arithmetic(operator, at.evaluate(left), at.evaluate(right), known_scale)


def _extreme(at: Interpreter, term: t.Extreme) -> Interval:
    members = [at.evaluate(member) for member in term.members]
    choose = min if term.function == "min" else max
    lows, highs = [m.low for m in members], [m.high for m in members]
    return Interval(None if None in lows else choose(lows), None if None in highs else choose(highs))


def _absolute(at: Interpreter, term: t.Absolute) -> Interval:
    value = at.evaluate(term.member).value
    return UNKNOWN if value is None else exactly(abs(value))


def _rounded(at: Interpreter, term: t.Rounded) -> Interval:
    return _each_end(at.evaluate(term.member), lambda end: rounded(term.mode, end, term.quantum))


def _each_end(value: Interval, change: Callable[[Any], Any]) -> Interval:
    return Interval(*(None if end is None else change(end) for end in (value.low, value.high)))


def _choose(at: Interpreter, term: t.Choose) -> Any:
    truth = at.truth(term.condition)
    if truth is None:
        return UNKNOWN if has_bounds(term.type) else None
    return at.evaluate(term.then if truth else term.otherwise)


def _shift(at: Interpreter, term: t.Shift) -> Interval:
    return _each_end(at.evaluate(term.member), lambda end: shift(end, term.months, term.days))


def _between(at: Interpreter, term: t.Between) -> Interval:
    count: Callable[[date, date], int] = months_between if term.unit == "months" else days_between
    start, end = at.evaluate(term.start), at.evaluate(term.end)

    def passed(first: date | None, last: date | None) -> Fraction | None:
        return None if first is None or last is None else Fraction(count(first, last))

    return Interval(passed(start.high, end.low), passed(start.low, end.high))


_RULES: dict[type[t.Term], Callable[[Interpreter, Any], Any]] = {
    t.Constant: _constant,
    t.Fact: _fact,
    t.Aggregate: _fact,
    t.RowField: _fact,
    t.Defined: lambda at, term: at.evaluate(term.body),
    t.Compare: _compare,
    t.All: lambda at, term: all_of(at.truth(m) for m in term.members),
    t.Some: lambda at, term: some_of(at.truth(m) for m in term.members),
    t.Not: lambda at, term: _negated(at.truth(term.member)),
    t.OneOf: _one_of,
    t.Within: _within,
    t.Known: _known,
    t.Arithmetic: _arithmetic,
    t.Extreme: _extreme,
    t.Absolute: _absolute,
    t.Rounded: _rounded,
    t.Choose: _choose,
    t.Shift: _shift,
    t.Between: _between,
}
