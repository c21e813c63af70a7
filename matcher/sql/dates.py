"""Dates in SQL: calendar arithmetic as `matcher.dates` defines it, in DuckDB's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from matcher.sql.build import Expr, case, cast, number, paren
from matcher.sql.columns import Compiling, Ends
from matcher.sql.exact import Ratio, Whole
from policies.language import terms as t

_LONGEST_DAYS = 200_000  # dates rest between 1900 and 2199, and a shift moves them by at most two centuries


def shift(at: Compiling, term: t.Shift) -> Ends:
    """Return a date moved by calendar months, then by days."""
    value: Ends = at.compile(term.member)
    return value.each(lambda day: _plus_days(_plus_months(day, number(term.months)), term.days))


def _plus_months(day: Expr, months: Expr) -> Expr:
    # DATE + INTERVAL is a TIMESTAMP; DuckDB clips month ends as the language does.
    interval = exp.Anonymous(this="to_months", expressions=[cast(months, "INTEGER")])
    return cast(exp.Add(this=day.copy(), expression=interval), "DATE")


def _plus_days(day: Expr, days: int) -> Expr:
    return paren(exp.Add(this=day, expression=cast(number(days), "INTEGER"))) if days else day


def between(at: Compiling, term: t.Between) -> Ends:
    """Return the whole months or days from one date to another; the earliest end comes from the latest start."""
    passed = _months if term.unit == "months" else _days
    start: Ends = at.compile(term.start)
    return start.mirrored.with_other(at.compile(term.end), passed)


def _days(start: Expr, end: Expr) -> Ratio:
    days = paren(exp.Sub(this=end.copy(), expression=start.copy()))
    return Ratio(Whole(cast(days, "BIGINT"), _LONGEST_DAYS))


def _months(start: Expr, end: Expr) -> Ratio:
    later = exp.GTE(this=end.copy(), expression=start.copy())
    earlier = exp.LT(this=end.copy(), expression=start.copy())
    backward = exp.Neg(this=paren(_months_forward(end, start)))
    months = case((later, _months_forward(start, end)), (earlier, backward))
    return Ratio(Whole(cast(months, "BIGINT"), _LONGEST_DAYS))


def _months_forward(start: Expr, end: Expr) -> Expr:
    """Return the calendar months from `start` to a later `end`, less one if the last has not passed."""
    difference = exp.DateDiff(this=end.copy(), expression=start.copy(), unit=exp.var("MONTH"))
    not_passed = exp.GT(this=_plus_months(start, difference.copy()), expression=end.copy())
    return exp.Sub(this=difference, expression=paren(case((not_passed, number(1)), otherwise=number(0))))


RULES: dict[type[t.Term], Callable[[Compiling, Any], Any]] = {t.Shift: shift, t.Between: between}
