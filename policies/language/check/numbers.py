"""Arithmetic: `+ - * /` and the minus sign, with dates moved by durations."""

from __future__ import annotations

from fractions import Fraction

from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.kinds import Fault, describe, result_type
from policies.language.literals import DURATIONS
from policies.language.terms import DATE, Arithmetic, Constant, Kind, Shift, Term


@checks(s.Minus)
def _minus(checker: Checker, node: s.Minus) -> Term | None:
    member = checker.numeric(node.member)
    if isinstance(member, Constant) and isinstance(member.value, Fraction):
        return Constant(member.type, -member.value)
    return Arithmetic(member.type, "-", Constant(member.type, Fraction(0)), member) if member else None


@checks(s.Calculation)
def _calculation(checker: Checker, node: s.Calculation) -> Term | None:
    if isinstance(node.right, s.Quantity) and node.right.unit in DURATIONS:
        return _moved_date(checker, node, node.right)
    sides = checker.terms((node.left, node.right))
    if sides is None:
        return None
    left, right = sides
    if Kind.DATE in (left.type.kind, right.type.kind):
        _bad_date(checker, node, left, right)
        return None
    for side, term in ((node.left, left), (node.right, right)):
        if not term.type.numeric:
            checker.fault("LANG024", f"a number is needed here, not {describe(term.type)}", side)
            return None
    result = result_type(node.operator, left, right)
    if isinstance(result, Fault):
        checker.refuse(result, node)
        return None
    return Arithmetic(result, node.operator, left, right)


def _moved_date(checker: Checker, node: s.Calculation, duration: s.Quantity) -> Term | None:
    day = checker.date(node.left)
    if day is None:
        return None
    if node.operator not in "+-":
        checker.fault("LANG028", "a date only moves by `+` and `-`", node, "write `as_of - 3 years`")
        return None
    months, days = months_and_days(duration)
    sign = 1 if node.operator == "+" else -1
    return Shift(DATE, day, months=sign * months, days=sign * days)


def months_and_days(duration: s.Quantity) -> tuple[int, int]:
    """Return a duration as calendar months and days."""
    count = int(duration.value)
    return {"years": (12 * count, 0), "months": (count, 0), "days": (0, count)}[duration.unit]


def _bad_date(checker: Checker, node: s.Calculation, left: Term, right: Term) -> None:
    if node.operator == "-" and left.type == right.type == DATE:
        first, last = checker.written(node.right), checker.written(node.left)
        help_text = f"write `days_between({first}, {last})` or `months_between({first}, {last})`"
        checker.fault("LANG028", "dates are not subtracted", node, help_text)
        return
    checker.fault("LANG028", "a date moves by a duration", node, "write `as_of - 3 years` or `+ 30 days`")
