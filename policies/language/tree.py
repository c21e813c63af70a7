"""An expression as it is written: what the parser returns, the formatter prints and the checker reads.

Nodes compare by what they say, not by where they stand; `span` is (first, past-last) character of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from typing import Literal

from enterprise_data.periods import Period, PeriodKind
from policies.language.terms import Comparison

Span = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """Base of everything written."""

    span: Span = field(compare=False)

    def children(self) -> Iterator[Node]:
        """Yield the nodes directly inside."""
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (item for item in value if isinstance(item, Node))

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        yield self
        for child in self.children():
            yield from child.walk()


# -- values


@dataclass(frozen=True)
class Quantity(Node):
    """A number with its unit: 元 (value in yuan), `%`, `pp`, `years`, `months`, `days`, a noun, or `` for none."""

    value: Fraction
    unit: str = ""
    grouped: bool = field(default=False, compare=False)  # written with commas: 20,000元


@dataclass(frozen=True)
class Day(Node):
    """A date, 2021-06-09."""

    value: date


@dataclass(frozen=True)
class Text(Node):
    """A string in double quotes."""

    value: str


@dataclass(frozen=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class PeriodLiteral(Node):
    """`2024Q1`, `2024H1` or `2024-03`; a year is written as a number and known from where it stands."""

    value: Period


# -- names


@dataclass(frozen=True)
class Name(Node):
    """A word that stands for something: a row's field, a definition, a variable, `period`, `as_of`, `on`."""

    text: str


@dataclass(frozen=True)
class Field(Node):
    """`dataset.field`, with a period in brackets where the dataset has one."""

    dataset: Name
    field: Name
    index: tuple[Node, ...] = ()


@dataclass(frozen=True)
class ParameterUse(Node):
    """`param.name`, `param.name[key]`, `param.name[period]` or `param.name[key, period]`."""

    name: Name
    index: tuple[Node, ...] = ()


@dataclass(frozen=True)
class PartOf(Node):
    """`first month of P`, `last quarter of P`, `month 3 of P`; number 0 is `year of P`, the year that holds P."""

    kind: PeriodKind
    number: int
    member: Node


@dataclass(frozen=True)
class DayOf(Node):
    """`first day of P` or `last day of P`."""

    day: Literal["first", "last"]
    member: Node


# -- logic


@dataclass(frozen=True)
class Compared(Node):
    """`a <= b`."""

    operator: Comparison
    left: Node
    right: Node


@dataclass(frozen=True)
class Joined(Node):
    """`a and b and c`, or the same with `or`."""

    operator: Literal["and", "or"]
    members: tuple[Node, ...]


@dataclass(frozen=True)
class Negated(Node):
    """`not a`."""

    member: Node


@dataclass(frozen=True)
class Ranged(Node):
    """`x between a and b`, both ends included."""

    member: Node
    low: Node
    high: Node
    negated: bool = False


@dataclass(frozen=True)
class Listed(Node):
    """`x in [a, b]`."""

    member: Node
    values: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True)
class Code(Node):
    """A region (name or code), an industry code, or a range of industry codes."""

    first: str
    last: str | None = None


@dataclass(frozen=True)
class Placed(Node):
    """`x within 山东省 except 青岛市`, `x within industry C27..C29`."""

    member: Node
    tree: Literal["region", "industry"]
    codes: tuple[Code, ...]
    excepted: tuple[Code, ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Present(Node):
    """`x is known`."""

    member: Node
    negated: bool = False


@dataclass(frozen=True)
class DuringLast(Node):
    """`x during last 3 years`."""

    member: Node
    duration: Quantity


@dataclass(frozen=True)
class During(Node):
    """`x during P` or `x during P..Q`."""

    member: Node
    first: Node
    last: Node | None = None


@dataclass(frozen=True)
class Bounded(Node):
    """`x since D`, `x before D`, `x after D`, `x until D`."""

    bound: Literal["since", "before", "after", "until"]
    member: Node
    day: Node


@dataclass(frozen=True)
class Quantifier(Node):
    """`every y in P..Q: condition`, or the same with `some`."""

    every: bool
    variable: Name
    first: Node
    last: Node
    body: Node


# -- arithmetic and functions


@dataclass(frozen=True)
class Calculation(Node):
    """`a + b` and its like."""

    operator: Literal["+", "-", "*", "/"]
    left: Node
    right: Node


@dataclass(frozen=True)
class Minus(Node):
    """`-a`."""

    member: Node


@dataclass(frozen=True)
class Choice(Node):
    """`if c then a else b`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Option(Node):
    """An argument that begins with a word: `over 1 year`, `otherwise 100%`."""

    word: str
    value: Node


@dataclass(frozen=True)
class Call(Node):
    """`round(x, 2)`."""

    function: Name
    arguments: tuple[Node, ...]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Rows(Node):
    """`count(dataset where f)`, `sum(dataset.field where f)`."""

    function: Name
    dataset: Name
    field: Name | None = None
    where: Node | None = None
