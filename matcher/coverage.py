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
class Closed:
    """For which firms no row means "no": those in the region of `prefix` ("" is everywhere), or none (None)."""

    prefix: str | None

    def holds_in(self, region: str | None) -> bool:
        """Return whether it holds for a firm with this region code (None: not known where)."""
        if self.prefix is None:
            return False
        return self.prefix == "" or (region is not None and region.startswith(self.prefix))


def closed_world(term: t.Aggregate, dataset: Dataset, feeds: Feeds, as_of: date) -> Closed:
    """Return for which firms the rows at hand are all the rows that `term` could count."""
    covers = dataset.covers
    if not is_fresh(dataset, feeds, as_of) or dataset.absence is not Absence.NONE or not covers.complete:
        return Closed(None)
    if covers.from_ is not None:
        first = first_day_asked(term, dataset)
        if first is None or first < covers.from_:
            return Closed(None)
    return Closed("" if covers.region is None else regions.prefix_of(covers.region))


def time_field(dataset: Dataset) -> str | None:
    """Return the field that dates a row: `dated_by`, or the row's own period."""
    return "period" if dataset.grain is Grain.PERIOD else dataset.dated_by


def first_day_asked(term: t.Aggregate, dataset: Dataset) -> date | None:
    """Return the earliest day a counted row can be dated, as far as the filter says so; None if it does not."""
    anchor = time_field(dataset)
    if anchor is None or term.where is None:
        return None
    days = [day for day in (_lower_bound(c, anchor) for c in _conjuncts(term.where)) if day is not None]
    if not days:
        return None
    first = max(days)
    if dataset.grain is Grain.PERIOD and dataset.period is not None:
        period = Period.containing(first, dataset.period)
        return period.first_day if period.first_day >= first else (period + 1).first_day
    return first


def _conjuncts(term: t.Term) -> Iterator[t.Term]:
    if isinstance(term, t.All):
        for member in term.members:
            yield from _conjuncts(member)
    else:
        yield term


def _lower_bound(term: t.Term, anchor: str) -> date | None:
    """Return the first day that `anchor >= day`, `> day` or `= day` leaves, with the comparison either way round."""
    if not isinstance(term, t.Compare):
        return None
    left, right, operator = term.left, term.right, term.operator
    if isinstance(left, t.Constant):
        left, right, operator = right, left, _MIRRORED[operator]
    if operator not in (">", ">=", "=") or not isinstance(right, t.Constant) or not isinstance(right.value, date):
        return None
    day = right.value + timedelta(days=operator == ">")
    if isinstance(left, t.Shift):  # field + months + days >= day: undo the days, then the months
        day, left = shift(shift(day, 0, -left.days), -left.months, 0), left.member
    return day if isinstance(left, t.RowField) and left.field == anchor else None


_MIRRORED: dict[t.Comparison, t.Comparison] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
