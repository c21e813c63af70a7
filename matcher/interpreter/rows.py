"""Facts of one firm, straight from its rows: look-ups, and aggregates as intervals.

A row counts surely (its filter is true and the row is surely the firm's), possibly (the filter is unknown, or the row
only may be the firm's), or not at all. Rows that are not there count only where the data is closed-world and covered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.declarations.problems import MianshenError
from matcher.coverage import Closed, Feeds, closed_world, is_fresh
from matcher.interpreter.aggregates import FUNCTIONS, Counted, Row, number_of
from matcher.interpreter.evaluate import Facts, Interpreter, has_bounds
from matcher.interpreter.intervals import Truth, exactly
from policies.language import terms as t

# The region of the firm itself, as the register has it: the scope of policies is decided by it alone.
HOME_REGION = t.RowField(t.Type(t.Kind.REGION), "firms", "home region")


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
    """Everything the departments hold about one firm; rows of grain `region` are those of all regions.

    `uscc` breaks ties between firms; firms that are given without one are told apart by their places.
    """

    region: str | None
    rows: Mapping[str, Sequence[Row]]
    uscc: str = ""


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
        result = FUNCTIONS[term.function](Counted(term, dataset, counted, closed))
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


def _typed(value: Any, type_: t.Type) -> Any:
    return exactly(number_of(value)) if has_bounds(type_) else value
