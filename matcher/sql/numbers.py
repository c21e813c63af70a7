"""Numbers in SQL: intervals of exact ratios, and the choice between values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

from sqlglot import exp

from matcher.sql.build import Expr, case, choice, paren
from matcher.sql.columns import Compiling, Ends, point
from matcher.sql.exact import Ratio, Whole, alike, compared, rounded_to
from policies.language import terms as t


def tested(operator: type[exp.Binary], left: Any, right: Any) -> Expr:
    """Return `(left operator right)` for two ends of one kind: two ratios or two dates."""
    if isinstance(left, Ratio):
        return paren(compared(operator, left, right))
    return paren(operator(this=left.copy(), expression=right.copy()))


def certain(value: Ends) -> Any:
    """Return the one value of an interval, NULL where its ends differ."""
    if value.certain:
        return value.low
    same = tested(exp.EQ, value.low, value.high)
    if not isinstance(value.low, Ratio):
        return case((same, value.low.copy()))
    numerator = Whole(case((same, value.low.numerator.expr.copy())), value.low.numerator.bound)
    return Ratio(numerator, value.low.denominator, value.low.scale)


def arithmetic(at: Compiling, term: t.Arithmetic) -> Ends:
    """Return `+ - * /`: sums and constant factors keep intervals, other products need certain values."""
    left: Ends = at.compile(term.left)
    right: Ends = at.compile(term.right)
    if term.operator == "+":
        return left.with_other(right, Ratio.plus)
    if term.operator == "-":
        return left.with_other(right.mirrored, Ratio.minus)
    factor = term.right
    if term.operator == "*" and isinstance(term.left, t.Constant):
        left, right, factor = right, left, term.left
    change = Ratio.times if term.operator == "*" else Ratio.divided_by
    if isinstance(factor, t.Constant) and isinstance(factor.value, Fraction):
        scaled = left.each(lambda end: change(end, right.low))
        return scaled if factor.value >= 0 else scaled.mirrored
    return point(change(certain(left), certain(right)))


def extreme(at: Compiling, term: t.Extreme) -> Ends:
    """Return the least or greatest member, unknown if any is: LEAST and GREATEST would skip NULL."""
    operator: type[exp.Binary] = exp.LTE if term.function == "min" else exp.GTE
    members: list[Ends] = [at.compile(member) for member in term.members]

    def better(left: Any, right: Any) -> Any:
        return chosen(tested(operator, left, right), left, right)

    return reduce(lambda a, b: a.with_other(b, better), members)


def chosen(condition: Expr, then: Any, otherwise: Any) -> Any:
    """Return `then` where the condition is true, `otherwise` where it is false, NULL where it is unknown."""
    if not isinstance(then, Ratio):
        return choice(condition, then, otherwise)
    a, b = alike(then, otherwise)
    numerator = _either_whole(condition, a.numerator, b.numerator)
    if a.denominator is None or b.denominator is None:
        return Ratio(numerator, None, a.scale)
    return Ratio(numerator, _either_whole(condition, a.denominator, b.denominator), a.scale)


def _either_whole(condition: Expr, then: Whole, otherwise: Whole) -> Whole:
    return Whole(choice(condition, then.expr, otherwise.expr), max(then.bound, otherwise.bound))


def absolute(at: Compiling, term: t.Absolute) -> Ends:
    """Return the absolute value of a certain number."""
    value: Ratio = certain(at.compile(term.member))
    positive = Whole(exp.Abs(this=value.numerator.expr), value.numerator.bound)
    return point(Ratio(positive, value.denominator, value.scale))


def rounded(at: Compiling, term: t.Rounded) -> Ends:
    """Return each end as a multiple of the quantum."""
    value: Ends = at.compile(term.member)
    return value.each(lambda end: rounded_to(end, term.quantum, term.mode))


def choose(at: Compiling, term: t.Choose) -> Any:
    """Return `if ... then ... else ...`, unknown where the condition is."""
    condition = at.condition(term.condition)
    then, otherwise = at.compile(term.then), at.compile(term.otherwise)
    if not isinstance(then, Ends):
        return chosen(condition, then, otherwise)
    return then.with_other(otherwise, lambda a, b: chosen(condition, a, b))


RULES: dict[type[t.Term], Callable[[Compiling, Any], Any]] = {
    t.Arithmetic: arithmetic,
    t.Extreme: extreme,
    t.Absolute: absolute,
    t.Rounded: rounded,
    t.Choose: choose,
}
