"""Facts of one firm, straight from its rows: look-ups, and aggregates as intervals.

A row counts surely (its filter is true and the row is surely the firm's), possibly (the filter is unknown, or the row
only may be the firm's), or not at all. Rows that are not there count only where the data is closed-world and covered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from enterprise_data.catalogue.bounds import bounds
from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period
from matcher.coverage import Closed, Feeds, closed_world, is_fresh, time_field
from matcher.interpreter.evaluate import Facts, Interpreter, has_bounds
from matcher.interpreter.intervals import UNKNOWN, Interval, Truth, exactly
from policies.language import terms as t

# The region of the firm itself, as the register has it: the scope of policies is decided by it alone.
HOME_REGION = t.RowField(t.Type(t.Kind.REGION), "firms", "home region")

Row = Mapping[str, Any]  # at-rest values by field, plus `belongs` (True or None) and, where it has one, `period`


CountedRow = tuple[Row, Truth]


class FirmFacts(Facts, Protocol):
    """Facts of one firm, with the rows that awards by item are paid for."""

    def rows_that_count(self, dataset: str, where: t.Term | None) -> list[CountedRow]:
        """Return the rows that count surely (True) or possibly (None), each with which of the two."""
        ...


def counted_rows(facts: Facts, rows: Sequence[Row], where: t.Term | None) -> list[CountedRow]:
    """Return those of the rows that pass the filter, or may."""
    counted: list[CountedRow] = []
    for row in rows:
        passes = True if where is None else Interpreter(WithinRow(facts, row)).truth(where)
        if passes is not False:
            counted.append((row, True if passes and row["belongs"] else None))
    return counted


@dataclass(frozen=True)
class FirmRows:
    """Everything the departments hold about one firm; rows of grain `region` are those of all regions."""

    region: str | None
    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class RowFacts:
    """Answers facts and aggregates from rows; see `Facts`."""

    catalogue: Catalogue
    feeds: Feeds
    as_of: date
    firm: FirmRows

    def value(self, term: t.Fact | t.Aggregate | t.RowField) -> Any:
        """Return the fact's interval or value.

        Raises:
            MianshenError: for a row's field, which has a value only inside a filter or an item.
        """
        if isinstance(term, t.Fact):
            return self._fact(term)
        if isinstance(term, t.Aggregate):
            return self._aggregate(term)
        if term == HOME_REGION:
            return self.firm.region
        raise MianshenError(f"`{term.field}` of {term.dataset} has a value only within a row")

    def rows_that_count(self, dataset: str, where: t.Term | None) -> list[CountedRow]:
        """Return the rows that count surely (True) or possibly (None), each with which of the two."""
        return counted_rows(self, self.firm.rows.get(dataset, ()), where)

    def _fact(self, term: t.Fact) -> Any:
        dataset = self.catalogue.datasets[term.dataset]
        rows: Sequence[Row] = ()
        if is_fresh(dataset, self.feeds, self.as_of):
            rows = self.firm.rows.get(term.dataset, ())
        if term.period is not None and term.period.fixed is not None:
            rows = [row for row in rows if row["period"] == term.period.fixed.first_day]
        if dataset.grain is Grain.REGION:
            rows = _nearest_region(rows, dataset, self.firm.region)
        known = len(rows) == 1 and rows[0]["belongs"]
        return _typed(rows[0][term.field] if known else None, term.type)

    def _aggregate(self, term: t.Aggregate) -> Any:
        dataset = self.catalogue.datasets[term.dataset]
        closed = self._has_all_rows(dataset, closed_world(term, dataset, self.feeds, self.as_of))
        counted = self.rows_that_count(term.dataset, term.where)
        result = _FUNCTIONS[term.function](Counted(term, dataset, counted, closed))
        return result if has_bounds(term.type) else result.value

    def _has_all_rows(self, dataset: Dataset, closed: Closed) -> bool:
        if closed.window is None or closed.holds_in(self.firm.region):
            return closed.holds_in(self.firm.region)
        periods = [row["period"] for row in self.firm.rows.get(dataset.dataset, ()) if row["belongs"]]
        within = [period for period in periods if closed.window.first <= period <= closed.window.last]
        return len(within) == closed.window.periods


@dataclass(frozen=True)
class WithinRow:
    """Facts as seen from one row: its own fields, and for everything else the firm's."""

    firm: Facts
    row: Row

    def value(self, term: t.Fact | t.Aggregate | t.RowField) -> Any:
        """Return a field of the row, or a fact of the firm."""
        if isinstance(term, t.RowField) and term.field in self.row:
            return _typed(self.row[term.field], term.type)
        return self.firm.value(term)


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
        return [(_number(row[field]), truth) for row, truth in self.rows]

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
    could_be = {_number(row[field]) for row, _ in counted.rows if row[anchor] is None or row[anchor] >= last}
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


_FUNCTIONS: dict[str, Callable[[Counted], Interval]] = {
    "count": _count,
    "sum": _sum,
    "min": _smallest,
    "max": _largest,
    "avg": _average,
    "latest": _latest,
    "streak": _streak,
}


def _nearest_region(rows: Sequence[Row], dataset: Dataset, region: str | None) -> Sequence[Row]:
    """Keep the rows of the smallest region around the firm that has any."""
    home = str(dataset.home_region)
    for code in around(region):
        found = [{**row, "belongs": True} for row in rows if row[home] == code]
        if found:
            return found
    return ()


def around(region: str | None) -> list[str]:
    """Return the firm's region code and those of the county, city and province around it, nearest first."""
    if region is None:
        return []
    return list(dict.fromkeys([region, region[:6], region[:4].ljust(6, "0"), region[:2].ljust(6, "0")]))


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    return Fraction(value)


def _typed(value: Any, type_: t.Type) -> Any:
    return exactly(_number(value)) if has_bounds(type_) else value
