"""Conditions in SQL: BOOLEAN expressions whose NULL is unknown, by Kleene's tables, which are SQL's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from enterprise_data.codes import industries, regions
from matcher.interpreter.evaluate import has_bounds
from matcher.sql.build import Expr, all_hold, case, is_null, negated, paren, some_hold, text
from matcher.sql.columns import Compiling, Ends
from matcher.sql.exact import Ratio
from matcher.sql.numbers import certain, tested
from policies.language import terms as t

_ORDERS: dict[str, type[exp.Binary]] = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def order(operator: str, left: Any, right: Any) -> Expr:
    """Return `left operator right` for two ends of one kind (two ratios or two dates)."""
    return tested(_ORDERS[operator], left, right)


def compare(at: Compiling, term: t.Compare) -> Expr:
    """Return an order or equality test, decided only if it is so over the whole intervals."""
    left, right = at.compile(term.left), at.compile(term.right)
    if term.operator in ("=", "!="):
        equal = _equal(left, right) if isinstance(left, Ends) else paren(exp.EQ(this=left, expression=right))
        return negated(equal) if term.operator == "!=" else equal
    if left.certain and right.certain:
        return order(term.operator, left.low, right.low)
    far, near = (left.high, right.low), (left.low, right.high)
    if term.operator in (">", ">="):
        far, near = near, far
    return _decided(order(term.operator, *far), order(_OPPOSITE[term.operator], *near))


def _decided(true_if: Expr, false_if: Expr) -> Expr:
    return case((true_if, exp.true()), (false_if, exp.false()))


def _equal(left: Ends, right: Ends) -> Expr:
    if left.certain and right.certain:
        return tested(exp.EQ, left.low, right.low)
    pairs = [(left.low, left.high), (right.low, right.high), (left.low, right.low)]
    same = all_hold(*(tested(exp.EQ, a, b) for a, b in pairs))
    return _decided(same, some_hold(order("<", left.high, right.low), order("<", right.high, left.low)))


def all_members(at: Compiling, term: t.All) -> Expr:
    """Return the conjunction."""
    return all_hold(*(at.condition(member) for member in term.members))


def some_member(at: Compiling, term: t.Some) -> Expr:
    """Return the disjunction."""
    return some_hold(*(at.condition(member) for member in term.members))


def opposite(at: Compiling, term: t.Not) -> Expr:
    """Return the negation."""
    return negated(at.condition(term.member))


def one_of(at: Compiling, term: t.OneOf) -> Expr:
    """Return membership in a set of constants; of intervals, the disjunction of the equalities."""
    if not has_bounds(term.member.type):
        values = [text(str(value)) for value in term.values]
        return paren(exp.In(this=at.compile(term.member), expressions=values))
    kind = term.member.type
    equalities = (t.Compare(t.BOOL, "=", term.member, t.Constant(kind, value)) for value in term.values)
    return at.condition(t.Some(t.BOOL, tuple(equalities)))


def within(at: Compiling, term: t.Within) -> Expr:
    """Return whether a code lies below one of the prefixes; unknown for a code coarser than one of them."""
    code: Expr = at.compile(term.member)
    tree = regions if term.member.type.kind is t.Kind.REGION else industries
    coarser = sorted({ancestor for prefix in term.prefixes for ancestor in tree.ancestors(prefix)})
    inside = some_hold(*(between(code, *span) for span in spans(term.prefixes)))
    if not coarser:
        return inside
    doubtful = exp.In(this=code.copy(), expressions=[text(c) for c in coarser])
    return case((inside, exp.true()), (some_hold(doubtful, is_null(code.copy())), exp.null()), otherwise=exp.false())


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
    at_least = exp.GTE(this=code.copy(), expression=text(low))
    return all_hold(at_least, exp.LT(this=code.copy(), expression=text(high)))


def known(at: Compiling, term: t.Known) -> Expr:
    """Return whether the value is certain: never NULL."""
    value = at.compile(term.member)
    if isinstance(value, Ends):
        value = certain(value)
        value = value.nullable if isinstance(value, Ratio) else value
    return negated(is_null(value))


RULES: dict[type[t.Term], Callable[[Compiling, Any], Any]] = {
    t.Compare: compare,
    t.All: all_members,
    t.Some: some_member,
    t.Not: opposite,
    t.OneOf: one_of,
    t.Within: within,
    t.Known: known,
}
