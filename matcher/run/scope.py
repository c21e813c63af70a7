"""Which firms a policy speaks of, as ranges of firm numbers.

A snapshot numbers firms by region, so every region is one range. A scope is therefore decided once for each region
code in the snapshot, never firm by firm, and a regional policy reads only its own stretch of the facts table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from enterprise_data.declarations.problems import MianshenError
from matcher.interpreter.evaluate import Interpreter
from matcher.interpreter.intervals import Truth
from matcher.interpreter.rows import HOME_REGION
from policies.language import terms as t


@dataclass(frozen=True)
class Stretch:
    """Firms `first` to `last`, both included, of one region, or (`truth` None) of whom it is open if they are meant."""

    first: int
    last: int
    truth: Truth


@dataclass(frozen=True)
class _AtRegion:
    region: str | None

    def value(self, term: t.Fact | t.Aggregate | t.RowField) -> Any:
        assert term == HOME_REGION  # a scope asks for nothing else
        return self.region


@dataclass(frozen=True)
class Regions:
    """The stretch of firms of each region code, by rising firm number."""

    stretches: Sequence[tuple[str | None, int, int]]
    known: dict[t.Term, list[Stretch]] = field(default_factory=dict, compare=False)

    @staticmethod
    def of(connection: duckdb.DuckDBPyConnection) -> Regions:
        """Read them from the table `firms`.

        Raises:
            MianshenError: when the firms are not numbered by region.
        """
        query = "SELECT region, min(firm_no), max(firm_no), count(*) FROM firms GROUP BY region ORDER BY 2"
        found = connection.execute(query).fetchall()
        if any(last - first + 1 != firms for _, first, last, firms in found):
            raise MianshenError("the snapshot does not number its firms by region; freeze the deliveries again")
        return Regions([(region, first, last) for region, first, last, _ in found])

    def scope(self, term: t.Term) -> list[Stretch]:
        """Return the stretches for which a scope is true or open, neighbours of one truth joined."""
        if term not in self.known:
            self.known[term] = self._decided(term)
        return self.known[term]

    def _decided(self, term: t.Term) -> list[Stretch]:
        found: list[Stretch] = []
        for region, first, last in self.stretches:
            truth = Interpreter(_AtRegion(region)).truth(term)
            if truth is False:
                continue
            if found and found[-1].last == first - 1 and found[-1].truth is truth:
                first = found.pop().first  # noqa: PLW2901  # the joined stretch begins where its neighbour did
            found.append(Stretch(first, last, truth))
        return found
