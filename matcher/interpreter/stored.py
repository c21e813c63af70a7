"""Facts of one firm as a run stored them, for explaining a decision from its evidence alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from matcher.interpreter.aggregates import Row
from matcher.interpreter.evaluate import has_bounds
from matcher.interpreter.intervals import Interval
from matcher.interpreter.rows import HOME_REGION, CountedRow, counted_rows
from matcher.sql.build import Expr
from matcher.sql.columns import Ends
from matcher.sql.exact import Ratio
from matcher.sql.facts import FactColumns
from policies.language import terms as t


@dataclass(frozen=True)
class StoredFacts:
    """One row of facts.parquet, read by the columns the run's plan gave its facts; `items` by dataset."""

    columns: FactColumns
    row: Mapping[str, Any]
    items: Mapping[str, Sequence[Row]]

    def value(self, term: t.Fact | t.Aggregate | t.RowField) -> Any:
        """Return the stored value of a fact (see `Facts`)."""
        if term == HOME_REGION:
            return self.row["region"]
        rest = self.columns.of(term)
        if isinstance(rest, Ends):
            return Interval(self._end(rest.low), self._end(rest.high))
        return self._column(rest) if not has_bounds(term.type) else Interval()

    def rows_that_count(self, dataset: str, where: t.Term | None) -> list[CountedRow]:
        """Return the stored item rows that count surely (True) or possibly (None)."""
        return counted_rows(self, self.items.get(dataset, ()), where)

    def _end(self, end: Any) -> Any:
        if not isinstance(end, Ratio):
            return self._column(end)
        numerator = self._column(end.numerator.expr)
        divisor = 1 if end.denominator is None else self._column(end.denominator.expr)
        return None if numerator is None or divisor is None else Fraction(int(numerator), int(divisor) * end.scale)

    def _column(self, column: Expr) -> Any:
        return self.row[column.name]
