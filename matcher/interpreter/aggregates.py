"""Aggregates of the rows that count for one firm, as intervals: the readable twin of `matcher.sql.aggregates`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from enterprise_data.catalogue.bounds import bounds
from enterprise_data.catalogue.model import Dataset
from enterprise_data.periods import Period
from matcher.coverage import time_field
from matcher.interpreter.intervals import UNKNOWN, Interval, Truth, exactly
from policies.language import terms as t

Row = Mapping[str, Any]  # at-rest values by field, plus `belongs` (True or None) and, where it has one, `period`


def number_of(value: Any) -> Any:
    """Return a number at rest as a Fraction, and anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    return Fraction(value)


@dataclass(frozen=True)
class Counted:
    """The rows an aggregate counts, and whether they are all there are."""

    term: t.Aggregate
    dataset: Dataset
    rows: Sequence[tuple[Row, Truth]]
    closed: bool

    @property
    def values(self) -> list[tuple[Any, Truth]]:
        """Return the aggregated field of each counted row as Fraction, date, text or None."""
        field = str(self.term.field)
        return [(number_of(row[field]), truth) for row, truth in self.rows]

    @property
    def complete(self) -> bool:
        """Return whether the values at hand are all there are: no row can be missing, and none lacks its value."""
        return self.closed and not self.has_empty_value

    @property
    def has_empty_value(self) -> bool:
        """Return whether a counted row lacks the aggregated value."""
        return any(value is None for value, _ in self.values)


def _count(counted: Counted) -> Interval:
    sure = Fraction(sum(truth is True for _, truth in counted.rows))
    return Interval(sure, Fraction(len(counted.rows)) if counted.closed else None)


def _sum(counted: Counted) -> Interval:
    """Add up what is known; rows that are missing, or miss the value, can move the sum only as its range allows."""
    sure = sum((value for value, truth in counted.values if truth and value is not None), Fraction(0))
    possible = [value for value, truth in counted.values if truth is None and value is not None]
    low = sure + sum((min(value, Fraction(0)) for value in possible), Fraction(0))
    high = sure + sum((max(value, Fraction(0)) for value in possible), Fraction(0))
    if counted.complete:
        return Interval(low, high)
    lowest, highest = _range(counted)
    return Interval(low if lowest >= 0 else None, high if highest <= 0 else None)


def _range(counted: Counted) -> tuple[Any, Any]:
    limits = bounds(counted.dataset.fields[str(counted.term.field)])
    assert limits is not None  # only numbers are summed
    return limits


def _smallest(counted: Counted) -> Interval:
    sure, either = _known_values(counted)
    if not sure:
        return UNKNOWN
    return Interval(min(either) if counted.complete else None, min(sure))


def _largest(counted: Counted) -> Interval:
    sure, either = _known_values(counted)
    if not sure:
        return UNKNOWN
    return Interval(max(sure), max(either) if counted.complete else None)


def _known_values(counted: Counted) -> tuple[list[Any], list[Any]]:
    """Return the values of the rows that surely count, and of all that may."""
    known = [(value, truth) for value, truth in counted.values if value is not None]
    return [value for value, truth in known if truth], [value for value, _ in known]


def _average(counted: Counted) -> Interval:
    all_sure = all(truth for _, truth in counted.rows)
    if not counted.complete or not counted.rows or not all_sure:
        return UNKNOWN
    return exactly(sum((value for value, _ in counted.values), Fraction(0)) / len(counted.rows))


def _latest(counted: Counted) -> Interval:
    """Take the value of the last sure row, provided no other row could be later with another value."""
    if not counted.closed or not any(truth for _, truth in counted.rows):
        return UNKNOWN
    anchor = str(time_field(counted.dataset))
    days = [row[anchor] for row, truth in counted.rows if truth and row[anchor] is not None]
    last = max(days, default=date.min)
    field = str(counted.term.field)
    could_be = {number_of(row[field]) for row, _ in counted.rows if row[anchor] is None or row[anchor] >= last}
    return exactly(could_be.pop()) if len(could_be) == 1 else UNKNOWN


def _streak(counted: Counted) -> Interval:
    kind = counted.dataset.period
    assert kind is not None  # the language allows `streak` only over datasets with a period
    indexes = [(Period.containing(row["period"], kind).index, truth) for row, truth in counted.rows]
    sure = _longest_run({index for index, truth in indexes if truth})
    return Interval(sure, _longest_run({index for index, _ in indexes}) if counted.closed else None)


def _longest_run(indexes: set[int]) -> Fraction:
    longest = 0
    for start in (index for index in indexes if index - 1 not in indexes):
        end = start
        while end in indexes:
            end += 1
        longest = max(longest, end - start)
    return Fraction(longest)


FUNCTIONS: dict[str, Callable[[Counted], Interval]] = {
    "count": _count,
    "sum": _sum,
    "min": _smallest,
    "max": _largest,
    "avg": _average,
    "latest": _latest,
    "streak": _streak,
}
