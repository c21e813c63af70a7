"""When an absent row means "no": the dataset is loaded, fresh, closed-world and complete for the time and place asked.

Both evaluators ask here, so that they cannot differ about coverage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from enterprise_data.catalogue.model import Absence, Dataset, Grain
from enterprise_data.codes import regions
from enterprise_data.periods import Period
from matcher.dates import shift
from policies.language import terms as t


@dataclass(frozen=True)
class Feed:
    """The state of a dataset in a snapshot: the day its delivery speaks of, and whether some rows are unresolved."""

    data_date: date
    has_uncertain_rows: bool = True


Feeds = Mapping[str, Feed]  # by dataset; one that was never loaded is absent


def is_fresh(dataset: Dataset, feeds: Feeds, as_of: date) -> bool:
    """Return whether the dataset was loaded, and not longer before the as-of date than its `max_age` allows."""
    feed = feeds.get(dataset.dataset)
    if feed is None:
        return False
    return dataset.max_age is None or as_of - feed.data_date <= timedelta(days=dataset.max_age)


@dataclass(frozen=True)
class Window:
    """The periods a filter asks for: so many, from one first day of a period to another."""

    first: date
    last: date
    periods: int


@dataclass(frozen=True)
class Closed:
    """For which firms the rows at hand are all there are.

    Those in the region of `prefix` ("" is everywhere, None nowhere); and, whatever the department leaves open, those
    that have a row for every period of `window`: no further row can come.
    """

    prefix: str | None
    window: Window | None = None

    def holds_in(self, region: str | None) -> bool:
        """Return whether it holds by region for a firm with this code (None: not known where)."""
        if self.prefix is None:
            return False
        return self.prefix == "" or (region is not None and region.startswith(self.prefix))


def closed_world(term: t.Aggregate, dataset: Dataset, feeds: Feeds, as_of: date) -> Closed:
    """Return for which firms the rows at hand are all the rows that `term` could count."""
    covers = dataset.covers
    if not is_fresh(dataset, feeds, as_of):
        return Closed(None)
    window = window_asked(term, dataset)
    if dataset.absence is not Absence.NONE or not covers.complete:
        return Closed(None, window)
    if covers.from_ is not None:
        first = first_day_asked(term, dataset)
        if first is None or first < covers.from_:
            return Closed(None, window)
    return Closed("") if covers.region is None else Closed(regions.prefix_of(covers.region), window)


def time_field(dataset: Dataset) -> str | None:
    """Return the field that dates a row: `dated_by`, or the row's own period."""
    return "period" if dataset.grain is Grain.PERIOD else dataset.dated_by


def first_day_asked(term: t.Aggregate, dataset: Dataset) -> date | None:
    """Return the earliest day a counted row can be dated, as far as the filter says so; None if it does not."""
    first = max(_days_said(term, dataset, _LOWER), default=None)
    if first is None or dataset.grain is not Grain.PERIOD or dataset.period is None:
        return first
    period = Period.containing(first, dataset.period)
    return period.first_day if period.first_day >= first else (period + 1).first_day


def window_asked(term: t.Aggregate, dataset: Dataset) -> Window | None:
    """Return the periods a filter is confined to on both sides; None if it is not, or the rows have no periods."""
    first, end = first_day_asked(term, dataset), min(_days_said(term, dataset, _UPPER), default=None)
    if first is None or end is None or dataset.grain is not Grain.PERIOD or dataset.period is None:
        return None
    last = Period.containing(end, dataset.period)
    periods = last.index - Period.containing(first, dataset.period).index + 1
    return Window(first, last.first_day, periods) if periods > 0 else None


def _days_said(term: t.Aggregate, dataset: Dataset, operators: Mapping[str, int]) -> list[date]:
    """Return the days that the filter's conjuncts bound a row's date by, on the side of the operators, included."""
    anchor = time_field(dataset)
    if anchor is None or term.where is None:
        return []
    bounds = (_bound(conjunct, anchor, operators) for conjunct in _conjuncts(term.where))
    return [day for day in bounds if day is not None]


def _conjuncts(term: t.Term) -> Iterator[t.Term]:
    if isinstance(term, t.All):
        for member in term.members:
            yield from _conjuncts(member)
    else:
        yield term


def _bound(term: t.Term, anchor: str, operators: Mapping[str, int]) -> date | None:
    """Return the day that `anchor <operator> day` still leaves, the comparison either way round."""
    if not isinstance(term, t.Compare):
        return None
    left, right, operator = term.left, term.right, term.operator
    if isinstance(left, t.Constant):
        left, right, operator = right, left, _MIRRORED[operator]
    if operator not in operators or not isinstance(right, t.Constant) or not isinstance(right.value, date):
        return None
    day = right.value + timedelta(days=operators[operator])
    if isinstance(left, t.Shift):  # field + months + days <= day: undo the days, then the months
        day, left = shift(shift(day, 0, -left.days), -left.months, 0), left.member
    return day if isinstance(left, t.RowField) and left.field == anchor else None


# By how many days each comparison moves the day it names to the last one it leaves.
_LOWER: Mapping[str, int] = {">": 1, ">=": 0, "=": 0}
_UPPER: Mapping[str, int] = {"<": -1, "<=": 0, "=": 0}
_MIRRORED: dict[t.Comparison, t.Comparison] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
