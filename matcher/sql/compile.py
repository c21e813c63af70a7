"""Compiling ground terms to DuckDB expressions, with exactly the interpreter's meaning.

Numbers and dates compile to `Ends`, conditions to a BOOLEAN whose NULL is unknown, everything else to one expression.
One function per class of term, found by class in `_RULES`. Nothing is pasted from text: every expression is built.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

from sqlglot import exp

from enterprise_data.codes import industries, regions
from matcher.interpreter.evaluate import has_bounds
from matcher.sql.columns import Columns, Ends, point
from matcher.sql.exact import Expr, Ratio, Whole, compared, floor_to
from policies.language import terms as t

_ORDERS: dict[str, type[exp.Binary]] = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class Compiler:
    """Compiles terms over one set of columns."""

    columns: Columns

    def compile(self, term: t.Term) -> Any:
        """Return the SQL of `term`; see the module's first lines for its form.

        Raises:
            Overflow: when values within their declared ranges could exceed 128 bits.
        """
        return _RULES[type(term)](self, term)

    def condition(self, term: t.Term) -> Expr:
        """Return the BOOLEAN expression of a condition; NULL is unknown."""
        expr: Expr = self.compile(term)
        return expr


def _copy(value: Any) -> Any:
    """Copy an expression used twice: sqlglot nodes have one parent."""
    return value.copy() if isinstance(value, exp.Expression) else value


def order(operator: str, left: Any, right: Any) -> Expr:
    """Return `left operator right` for two ends of one kind (two ratios or two dates)."""
    if isinstance(left, Ratio):
        return exp.paren(compared(_ORDERS[operator], left, right))
    return exp.paren(_ORDERS[operator](this=_copy(left), expression=_copy(right)))


def _constant(at: Compiler, term: t.Constant) -> Any:
    value = term.value
    if isinstance(value, Fraction):
        return point(Ratio.of(value))
    if isinstance(value, date):
        return point(exp.cast(exp.Literal.string(value.isoformat()), "DATE", dialect="duckdb"))
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, str):
        return exp.Literal.string(value)
    return unknown(term.type)


def unknown(type_: t.Type) -> Any:
    """Return the value nobody knows, as a typed NULL."""
    if type_.kind is t.Kind.DATE:
        return point(exp.cast(exp.null(), "DATE", dialect="duckdb"))
    if has_bounds(type_):
        return point(Ratio(Whole(exp.cast(exp.null(), "BIGINT", dialect="duckdb"), 0)))
    kind = "BOOLEAN" if type_.kind is t.Kind.BOOL else "VARCHAR"
    return exp.cast(exp.null(), kind, dialect="duckdb")


def _column(at: Compiler, term: t.Fact | t.Aggregate | t.RowField) -> Any:
    return at.columns.of(term)


def _compare(at: Compiler, term: t.Compare) -> Expr:
    left, right = at.compile(term.left), at.compile(term.right)
    if term.operator in ("=", "!="):
        equal = _equal(left, right) if isinstance(left, Ends) else exp.paren(exp.EQ(this=left, expression=right))
        return exp.not_(equal) if term.operator == "!=" else equal
    if left.certain and right.certain:
        return order(term.operator, left.low, right.low)
    # Decided only if it is so over the whole intervals: the far ends prove it true, the near ends false.
    far, near = (left.high, right.low), (left.low, right.high)
    if term.operator in (">", ">="):
        far, near = (left.low, right.high), (left.high, right.low)
    return decided(order(term.operator, *far), order(_OPPOSITE[term.operator], *near))


def decided(true_if: Expr, false_if: Expr) -> Expr:
    """Return TRUE, FALSE or, where neither is proven, NULL."""
    return exp.case().when(true_if, exp.true()).when(false_if, exp.false())


def _equal(left: Ends, right: Ends) -> Expr:
    if left.certain and right.certain:
        return _same(left.low, right.low)
    ends = [_same(left.low, left.high), _same(right.low, right.high), _same(left.low, right.low)]
    apart = exp.or_(order("<", left.high, right.low), order("<", right.high, left.low), copy=False)
    return decided(exp.and_(*ends, copy=False), apart)


def _same(left: Any, right: Any) -> Expr:
    if isinstance(left, Ratio):
        return exp.paren(compared(exp.EQ, left, right))
    return exp.paren(exp.EQ(this=_copy(left), expression=_copy(right)))


def _all(at: Compiler, term: t.All) -> Expr:
    return exp.paren(exp.and_(*(at.condition(member) for member in term.members), copy=False))


def _some(at: Compiler, term: t.Some) -> Expr:
    return exp.paren(exp.or_(*(at.condition(member) for member in term.members), copy=False))


def _not(at: Compiler, term: t.Not) -> Expr:
    return exp.paren(exp.not_(exp.paren(at.condition(term.member)), copy=False))


def _one_of(at: Compiler, term: t.OneOf) -> Expr:
    equalities = tuple(
        t.Compare(t.BOOL, "=", term.member, t.Constant(term.member.type, value)) for value in term.values
    )
    if has_bounds(term.member.type):
        return at.condition(t.Some(t.BOOL, equalities))
    values = [exp.Literal.string(str(value)) for value in term.values]
    return exp.paren(exp.In(this=at.compile(term.member), expressions=values))


def _within(at: Compiler, term: t.Within) -> Expr:
    code = at.compile(term.member)
    tree = regions if term.member.type.kind is t.Kind.REGION else industries
    coarser = sorted({ancestor for prefix in term.prefixes for ancestor in tree.ancestors(prefix)})
    inside = exp.or_(*(between(code, *span) for span in spans(term.prefixes)), copy=False)
    if not coarser:
        return exp.paren(inside)
    doubtful = exp.In(this=_copy(code), expressions=[exp.Literal.string(c) for c in coarser])
    unknown_code = exp.Is(this=_copy(code), expression=exp.null())
    case = exp.case().when(inside, exp.true()).when(exp.or_(doubtful, unknown_code, copy=False), exp.null())
    return case.else_(exp.false())


def spans(prefixes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return half-open text ranges [from, to) that hold exactly the codes under the prefixes, neighbours joined."""
    joined: list[tuple[str, str]] = []
    for low, high in sorted((prefix, _after(prefix)) for prefix in prefixes):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


def _after(prefix: str) -> str:
    """Return the first text in code-point order that no longer begins with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def between(code: Expr, low: str, high: str) -> Expr:
    """Return `low <= code < high`."""
    at_least = exp.GTE(this=code.copy(), expression=exp.Literal.string(low))
    return exp.paren(exp.and_(at_least, exp.LT(this=code.copy(), expression=exp.Literal.string(high)), copy=False))


def _known(at: Compiler, term: t.Known) -> Expr:
    value = at.compile(term.member)
    if isinstance(value, Ends):
        value = _certain(value)
        value = _nullable(value) if isinstance(value, Ratio) else value
    return exp.paren(exp.not_(exp.Is(this=value, expression=exp.null())))


def _nullable(value: Ratio) -> Expr:
    """Return an expression that is NULL exactly when the ratio is unknown."""
    if value.denominator is None:
        return value.numerator.expr
    return value.numerator.times(value.denominator).expr


def _certain(value: Ends) -> Any:
    """Return the one value of an interval, NULL where its ends differ."""
    if value.certain:
        return value.low
    same = _same(value.low, value.high)
    if not isinstance(value.low, Ratio):
        return exp.case().when(same, _copy(value.low))
    numerator = exp.case().when(same, value.low.numerator.expr.copy())
    return Ratio(Whole(numerator, value.low.numerator.bound), value.low.denominator, value.low.scale)


def _arithmetic(at: Compiler, term: t.Arithmetic) -> Ends:
    left, right = at.compile(term.left), at.compile(term.right)
    if term.operator == "+":
        return _ends(left, right, lambda a, b: a.plus(b), crossed=False)
    if term.operator == "-":
        return _ends(left, right, lambda a, b: a.minus(b), crossed=True)
    if term.operator == "*" and isinstance(term.left, t.Constant):
        left, right, constant = right, left, term.left
    else:
        constant = term.right if isinstance(term.right, t.Constant) else None
    change = _MULTIPLY[term.operator]
    if isinstance(constant, t.Constant) and isinstance(constant.value, Fraction):
        scaled = left.each(lambda end: change(end, right.low))
        return scaled if scaled.certain or constant.value >= 0 else Ends(scaled.high, scaled.low)
    return point(change(_certain(left), _certain(right)))


_MULTIPLY: dict[str, Callable[[Ratio, Ratio], Ratio]] = {
    "*": lambda a, b: a.times(b),
    "/": lambda a, b: a.divided_by(b),
}


def _ends(left: Ends, right: Ends, change: Callable[[Any, Any], Any], *, crossed: bool) -> Ends:
    if left.certain and right.certain:
        return point(change(left.low, right.low))
    other = Ends(right.high, right.low) if crossed else right
    return Ends(change(left.low, other.low), change(left.high, other.high))


def _extreme(at: Compiler, term: t.Extreme) -> Ends:
    operator = "<=" if term.function == "min" else ">="
    members = [at.compile(member) for member in term.members]
    return reduce(lambda a, b: _ends(a, b, lambda x, y: _pick(operator, x, y), crossed=False), members)


def _pick(operator: str, left: Any, right: Any) -> Any:
    # LEAST and GREATEST skip NULL; an unknown member must leave the result unknown.
    return chosen(order(operator, left, right), left, right)


def chosen(condition: Expr, then: Any, otherwise: Any) -> Any:
    """Return `then` where the condition is true, `otherwise` where it is false, NULL where it is unknown."""
    if not isinstance(then, Ratio):
        return _either(condition, _copy(then), _copy(otherwise))
    a, b, scale = _alike(then, otherwise)
    numerator = Whole(_either(condition, a.numerator.expr, b.numerator.expr), max(a.numerator.bound, b.numerator.bound))
    if a.denominator is None or b.denominator is None:
        return Ratio(numerator, None, scale)
    bound = max(a.denominator.bound, b.denominator.bound)
    denominator = Whole(_either(condition, a.denominator.expr, b.denominator.expr), bound)
    return Ratio(numerator, denominator, scale)


def _either(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    return exp.case().when(condition.copy(), then.copy()).when(exp.not_(exp.paren(condition.copy())), otherwise.copy())


def _alike(left: Ratio, right: Ratio) -> tuple[Ratio, Ratio, int]:
    """Give both ratios one scale, and either both a denominator or neither."""
    scale = math.lcm(left.scale, right.scale)
    a, b = (
        Ratio(side.numerator.times(Whole.of(scale // side.scale)), side.denominator, scale) for side in (left, right)
    )
    if (a.denominator is None) != (b.denominator is None):
        a, b = (Ratio(side.numerator, side.denominator or Whole.of(1), scale) for side in (a, b))
    return a, b, scale


def _absolute(at: Compiler, term: t.Absolute) -> Ends:
    value: Ratio = _certain(at.compile(term.member))
    positive = Whole(exp.Abs(this=value.numerator.expr), value.numerator.bound)
    return point(Ratio(positive, value.denominator, value.scale))


def _rounded(at: Compiler, term: t.Rounded) -> Ends:
    value: Ends = at.compile(term.member)
    return value.each(lambda end: floor_to(end, term.quantum, term.mode))


def _choose(at: Compiler, term: t.Choose) -> Any:
    condition = at.condition(term.condition)
    then, otherwise = at.compile(term.then), at.compile(term.otherwise)
    if not isinstance(then, Ends):
        return chosen(condition, then, otherwise)
    return _ends(then, otherwise, lambda a, b: chosen(condition, a, b), crossed=False)


def _shift(at: Compiler, term: t.Shift) -> Ends:
    value: Ends = at.compile(term.member)
    return value.each(lambda day: shifted(day, term.months, term.days))


def shifted(day: Expr, months: int | Expr, days: int = 0) -> Expr:
    """Return a DATE moved by calendar months (month ends clipped) and then by days."""
    amount = exp.Literal.number(months) if isinstance(months, int) else months
    if isinstance(months, int) and months == 0:
        moved = day.copy()
    else:
        interval = exp.Anonymous(this="to_months", expressions=[exp.cast(amount, "INTEGER", dialect="duckdb")])
        moved = exp.cast(exp.Add(this=day.copy(), expression=interval), "DATE", dialect="duckdb")
    if days == 0:
        return moved
    return exp.paren(exp.Add(this=moved, expression=exp.cast(exp.Literal.number(days), "INTEGER", dialect="duckdb")))


def _between(at: Compiler, term: t.Between) -> Ends:
    passed = _months if term.unit == "months" else _days
    start, end = at.compile(term.start), at.compile(term.end)
    if start.certain and end.certain:
        return point(passed(start.low, end.low))
    return Ends(passed(start.high, end.low), passed(start.low, end.high))


_LONGEST_DAYS = 200_000  # dates rest between 1900 and 2199, and a shift moves them by at most two centuries


def _days(start: Expr, end: Expr) -> Ratio:
    days = exp.Sub(this=end.copy(), expression=start.copy())
    return Ratio(Whole(exp.cast(exp.paren(days), "BIGINT", dialect="duckdb"), _LONGEST_DAYS))


def _months(start: Expr, end: Expr) -> Ratio:
    forward, backward = _months_forward(start, end), exp.Neg(this=exp.paren(_months_forward(end, start)))
    later = exp.GTE(this=end.copy(), expression=start.copy())
    earlier = exp.LT(this=end.copy(), expression=start.copy())
    months = exp.case().when(later, forward).when(earlier, backward)
    return Ratio(Whole(exp.cast(months, "BIGINT", dialect="duckdb"), _LONGEST_DAYS))


def _months_forward(start: Expr, end: Expr) -> Expr:
    """Return the calendar months from `start` to a later `end`, less one if the last has not passed."""
    difference = exp.DateDiff(this=end.copy(), expression=start.copy(), unit=exp.var("MONTH"))
    not_passed = exp.GT(this=shifted(start, difference.copy()), expression=end.copy())
    one = exp.case().when(not_passed, exp.Literal.number(1)).else_(exp.Literal.number(0))
    return exp.Sub(this=difference, expression=exp.paren(one))


_RULES: dict[type[t.Term], Callable[[Compiler, Any], Any]] = {
    t.Constant: _constant,
    t.Fact: _column,
    t.Aggregate: _column,
    t.RowField: _column,
    t.Compare: _compare,
    t.All: _all,
    t.Some: _some,
    t.Not: _not,
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
