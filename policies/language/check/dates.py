"""Windows of time: `during`, `since`, `before`, `after`, `until`; their ends are stated in `docs/language.md`."""

from __future__ import annotations

from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.check.numbers import months_and_days
from policies.language.check.periods import read_period
from policies.language.terms import BOOL, DATE, All, AsOf, Compare, Comparison, PeriodDay, Shift, Term

_BOUNDS: dict[str, Comparison] = {"since": ">=", "before": "<", "after": ">", "until": "<="}


@checks(s.DuringLast)
def _during_last(checker: Checker, node: s.DuringLast) -> Term | None:
    day = _day(checker, node.member)
    if day is None:
        return None
    months, days = months_and_days(node.duration)
    start = Shift(DATE, AsOf(DATE), months=-months, days=-days)
    return All(BOOL, (Compare(BOOL, ">", day, start), Compare(BOOL, "<=", day, AsOf(DATE))))


@checks(s.During)
def _during(checker: Checker, node: s.During) -> Term | None:
    day, first = _day(checker, node.member), read_period(checker, node.first)
    last = read_period(checker, node.last) if node.last else first
    if day is None or first is None or last is None:
        return None
    start, end = PeriodDay(DATE, "first", first.reference), PeriodDay(DATE, "last", last.reference)
    return All(BOOL, (Compare(BOOL, ">=", day, start), Compare(BOOL, "<=", day, end)))


@checks(s.Bounded)
def _bounded(checker: Checker, node: s.Bounded) -> Term | None:
    day, bound = _day(checker, node.member), checker.date(node.day)
    return Compare(BOOL, _BOUNDS[node.bound], day, bound) if day and bound else None


def _day(checker: Checker, node: s.Node) -> Term | None:
    if checker.row is not None and checker.row.period and isinstance(node, s.Name) and node.text == "period":
        message = "`period` is the run's period, not the row's"
        checker.fault("LANG030", message, node, "write `on`, the last day of the row's period")
        return None
    return checker.date(node)
