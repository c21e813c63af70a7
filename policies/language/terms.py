"""What a condition means, once names are resolved and types agree: the terms both evaluators read.

Terms are immutable and compare by value, so that equal facts of different policies are one fact. A term may still
speak of `period`, of quantifier variables, definitions and parameters; binding it to a run (`matcher.bind`) leaves
only *ground* terms, marked below. Truth is Kleene's: true, false or unknown.

Numbers are exact: `Constant` holds a Fraction. Money is in fen, a share of 5.5 % is 11/200, 10 pp is 1/10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from enterprise_data.periods import Period, PeriodKind


class Kind(StrEnum):
    """The kinds of value the language knows."""

    MONEY = "money"
    SHARE = "share"
    POINTS = "points"  # a difference of two shares, in percentage points (个百分点)
    COUNT = "count"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"  # text and codes
    REGION = "region"
    INDUSTRY = "industry"
    BOOL = "bool"


@dataclass(frozen=True)
class Type:
    """A kind, with the unit of a count (人, 件; None agrees with every unit) and the allowed values of a code."""

    kind: Kind
    unit: str | None = None
    values: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Return whether values are numbers."""
        return self.kind in (Kind.MONEY, Kind.SHARE, Kind.POINTS, Kind.COUNT, Kind.NUMBER)


BOOL = Type(Kind.BOOL)
DATE = Type(Kind.DATE)
NUMBER = Type(Kind.NUMBER)

Value = Fraction | date | str | bool | None
Comparison = Literal["=", "!=", "<", "<=", ">", ">="]
RowFunction = Literal["count", "sum", "min", "max", "avg", "latest", "streak"]
Rounding = Literal["down", "up", "half_up"]


@dataclass(frozen=True)
class PeriodRef:
    """A period named relative to the run's `period` or a quantifier's variable, or fixed when `name` is None.

    `part` takes the n-th sub-period of a kind (from 0; -1 is the last); the shifts apply after it.
    """

    name: str | None = "period"
    fixed: Period | None = None
    part: tuple[PeriodKind, int] | None = None
    shift: int = 0  # in periods of its own kind
    shift_years: int = 0


@dataclass(frozen=True)
class Term:
    """Base of all terms."""

    type: Type


# -- ground: leaves ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Constant(Term):
    """A value; None is unknown."""

    value: Value


@dataclass(frozen=True)
class Fact(Term):
    """A field of a dataset of grain `firm`, `period` or `region`; ground once `period` is a fixed period or None."""

    dataset: str
    field: str
    period: PeriodRef | None = None


@dataclass(frozen=True)
class RowField(Term):
    """A field of the row at hand, inside a filter or an item's amount; `period` names the row's own period (a date)."""

    dataset: str
    field: str


@dataclass(frozen=True)
class Aggregate(Term):
    """`count`, `sum`, `min`, `max`, `avg`, `latest` or `streak` over the rows of one dataset that pass `where`.

    `exists(...)` is `count(...) > 0`. `field` is None for `count` and `streak`.
    """

    function: RowFunction
    dataset: str
    field: str | None = None
    where: Term | None = None


# -- ground: logic ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compare(Term):
    """An order or equality test of two terms of agreeing types."""

    operator: Comparison
    left: Term
    right: Term


@dataclass(frozen=True)
class All(Term):
    """Every member holds (`and`)."""

    members: tuple[Term, ...]


@dataclass(frozen=True)
class Some(Term):
    """At least one member holds (`or`)."""

    members: tuple[Term, ...]


@dataclass(frozen=True)
class Not(Term):
    """The opposite; unknown stays unknown."""

    member: Term


@dataclass(frozen=True)
class OneOf(Term):
    """`x in [..]` over constants (Fraction, date or str, as the type of `member` says)."""

    member: Term
    values: tuple[Fraction | date | str, ...]


@dataclass(frozen=True)
class Within(Term):
    """A region or industry code lies below one of the prefixes (`37`, `3702`, `C27`).

    A code coarser than a prefix (370000 against 3702) may or may not lie below it: unknown.
    """

    member: Term
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class Known(Term):
    """`x is known`: true or false, never unknown."""

    member: Term


# -- ground: values ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arithmetic(Term):
    """Exact `+ - * /`; division by zero is unknown."""

    operator: Literal["+", "-", "*", "/"]
    left: Term
    right: Term


@dataclass(frozen=True)
class Extreme(Term):
    """`min(a, b, ...)` or `max(a, b, ...)` of values (not of rows); unknown if any member is."""

    function: Literal["min", "max"]
    members: tuple[Term, ...]


@dataclass(frozen=True)
class Absolute(Term):
    """`abs(x)`."""

    member: Term


@dataclass(frozen=True)
class Rounded(Term):
    """A multiple of `quantum`: the one below (`down`), above (`up`), or nearest with halves away from zero."""

    mode: Rounding
    member: Term
    quantum: Fraction


@dataclass(frozen=True)
class Choose(Term):
    """`if condition then a else b`; unknown when the condition is."""

    condition: Term
    then: Term
    otherwise: Term


@dataclass(frozen=True)
class Shift(Term):
    """A date plus calendar months (month ends clipped), then plus days; either may be negative."""

    member: Term
    months: int = 0
    days: int = 0


@dataclass(frozen=True)
class Between(Term):
    """Whole `months` or `days` from `start` to `end`; negative when `end` is earlier.

    n months have passed once `start` plus n months (month ends clipped) is not after `end`.
    """

    unit: Literal["months", "days"]
    start: Term
    end: Term


@dataclass(frozen=True)
class Defined(Term):
    """The value of a named definition, worked out once a firm however many policies share it."""

    name: str
    body: Term


# -- not ground: gone after binding -----------------------------------------------------------------------------


@dataclass(frozen=True)
class AsOf(Term):
    """The run's as-of date."""


@dataclass(frozen=True)
class PeriodDay(Term):
    """The `first` or `last` day of a period."""

    day: Literal["first", "last"]
    period: PeriodRef


@dataclass(frozen=True)
class Parameter(Term):
    """A dated value of `parameters/*.yaml`, looked up at `at` (the run's period when None) under `key`."""

    name: str
    key: Term | None = None
    at: PeriodRef | None = None


@dataclass(frozen=True)
class Definition(Term):
    """A named, cited predicate or value of `definitions/*.yaml`."""

    name: str


@dataclass(frozen=True)
class Quantified(Term):
    """`every` (all) or `some` period from `first` to `last` makes `body` hold; `variable` names it in the body."""

    every: bool
    variable: str
    first: PeriodRef
    last: PeriodRef
    body: Term
