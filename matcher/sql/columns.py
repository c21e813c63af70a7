"""What SQL holds for a term: a pair of bounds for numbers and dates, one expression for everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlglot import exp

from enterprise_data.catalogue.bounds import bounds
from enterprise_data.catalogue.model import DataField, FieldType
from matcher.sql.build import Expr, cast, number
from matcher.sql.exact import Ratio, Whole
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

    def with_other(self, other: Ends, change: Callable[[Any, Any], Any]) -> Ends:
        """Return low with low and high with high, changed together."""
        if self.certain and other.certain:
            return point(change(self.low, other.low))
        return Ends(change(self.low, other.low), change(self.high, other.high))

    @property
    def mirrored(self) -> Ends:
        """Return the ends exchanged, as a subtrahend or a negative factor needs them."""
        return self if self.certain else Ends(self.high, self.low)


def point(value: Any) -> Ends:
    """Return the ends of a value that has no uncertainty but NULL."""
    return Ends(value, value)


class Columns(Protocol):
    """Where compiled terms find the values of facts, aggregates and row fields."""

    def of(self, term: t.Fact | t.Aggregate | t.RowField | t.Defined) -> Any:
        """Return `Ends` for numbers and dates, an expression otherwise."""
        ...


class Compiling(Protocol):
    """What the rules for one class of term need of the compiler as a whole."""

    @property
    def columns(self) -> Columns:
        """Return where facts rest."""
        ...

    def compile(self, term: t.Term) -> Any:
        """Return the SQL of any term."""
        ...

    def condition(self, term: t.Term) -> Expr:
        """Return the BOOLEAN expression of a condition."""
        ...


def stored(field: DataField, expr: Expr) -> Any:
    """Return the value of a catalogue field that rests in `expr`: `Ends` for numbers and dates, else `expr`."""
    limits = bounds(field)
    if limits is None:
        return point(expr) if field.type is FieldType.DATE else expr
    scale = 10**field.digits if field.type in (FieldType.SHARE, FieldType.NUMBER) else 1
    highest = int(max(abs(limit) for limit in limits) * scale)
    if scale == 1:
        return point(Ratio(Whole(expr, highest)))
    # DECIMAL(18, digits) is a scaled 64-bit integer: multiplied by its scale it is whole, and the cast exact.
    return point(Ratio(Whole(cast(exp.Mul(this=expr, expression=number(scale)), "BIGINT"), highest), None, scale))
