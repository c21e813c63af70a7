"""A day moved by calendar months, or months passed since or until it, against a constant: a bound on the day itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from enterprise_data.catalogue.bounds import EARLIEST_DAY, LATEST_DAY
from matcher.analysis.formulas import Formula
from matcher.dates import months_between, shift
from policies.language import terms as t

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class MovingDay:
    """A number that never falls (`rising`) or never rises as `day` goes by, compared with `limit`."""

    day: t.Term
    number: Callable[[date], int]
    limit: Any
    rising: bool = True

    def holds(self, operator: str, day: Any) -> Formula:
        """Return the comparison as a bound on the ordinal of the day."""
        sign = 1 if self.rising else -1
        limit = sign * self.limit
        upto = _last(lambda at: sign * self.number(at) <= limit)
        before = _last(lambda at: sign * self.number(at) < limit)
        if operator in ("=", "!="):
            equal = z3.And(day <= upto, day > before)
            return equal if operator == "=" else z3.Not(equal)
        said = operator if self.rising else _MIRRORED[operator]
        return {"<=": day <= upto, ">": day > upto, "<": day <= before, ">=": day > before}[said]


def _last(holds: Callable[[date], bool]) -> int:
    """Return the ordinal of the last day for which it still holds (that before the first day, if for none)."""
    low, high = EARLIEST_DAY.toordinal() - 1, LATEST_DAY.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        if holds(date.fromordinal(middle)):
            low = middle
        else:
            high = middle - 1
    return low


def moving_day(left: t.Term, right: t.Constant) -> MovingDay | None:
    """Return the day that a comparison with a constant bounds, if it is of this form."""
    if isinstance(left, t.Shift) and left.months and isinstance(right.value, date):
        months, days = left.months, left.days
        return MovingDay(left.member, lambda day: shift(day, months, days).toordinal(), right.value.toordinal())
    if isinstance(left, t.Between) and left.unit == "months" and right.value is not None:
        start, end = left.start, left.end
        if isinstance(end, t.Constant) and isinstance(end.value, date):
            until = end.value
            return MovingDay(start, lambda day: months_between(day, until), right.value, rising=False)
        if isinstance(start, t.Constant) and isinstance(start.value, date):
            since = start.value
            return MovingDay(end, lambda day: months_between(since, day), right.value)
    return None
