"""What SQL holds for a term: a pair of bounds for numbers and dates, one expression for everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlglot import exp

from enterprise_data.catalogue.bounds import bounds
from enterprise_data.catalogue.model import DataField, FieldType
from matcher.sql.exact import Expr, Ratio, Whole
from policies.language import terms as t


@dataclass(frozen=True)
class Ends:
    """The lowest and highest possible value: `Ratio`s for numbers, DATE expressions for dates.

    NULL is no bound. For ordinary values both ends are the same object, which keeps their SQL as short as a person's.
    """

    low: Any
    high: Any

    @property
    def certain(self) -> bool:
        """Return whether the two ends are one by construction."""
        return self.low is self.high

    def each(self, change: Callable[[Any], Any]) -> Ends:
        """Return the ends after a change that keeps their order."""
        return point(change(self.low)) if self.certain else Ends(change(self.low), change(self.high))


def point(value: Any) -> Ends:
    """Return the ends of a value that has no uncertainty but NULL."""
    return Ends(value, value)


class Columns(Protocol):
    """Where compiled terms find the values of facts, aggregates and row fields."""

    def of(self, term: t.Fact | t.Aggregate | t.RowField) -> Any:
        """Return `Ends` for numbers and dates, an expression otherwise."""
        ...


def column(name: str, table: str | None = None) -> Expr:
    """Return a quoted column."""
    return exp.column(name, table=table, quoted=True)


def stored(field: DataField, expr: Expr) -> Any:
    """Return the value of a catalogue field that rests in `expr`: `Ends` for numbers and dates, else `expr`."""
    limits = bounds(field)
    if limits is None:
        return point(expr) if field.type is FieldType.DATE else expr
    scale = 10 ** field.digits if field.type in (FieldType.SHARE, FieldType.NUMBER) else 1
    highest = int(max(abs(limit) for limit in limits) * scale)
    if scale == 1:
        return point(Ratio(Whole(expr, highest)))
    # DECIMAL(18, digits) is a scaled 64-bit integer: multiplied by its scale it is whole, and the cast exact.
    scaled = exp.cast(exp.Mul(this=expr, expression=exp.Literal.number(scale)), "BIGINT", dialect="duckdb")
    return point(Ratio(Whole(scaled, highest), None, scale))
