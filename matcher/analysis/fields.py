"""Variables for the fields of rows, within what the catalogue allows, and back from a solution to values at rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import z3

from enterprise_data.catalogue.bounds import EARLIEST_DAY, LATEST_DAY, bounds
from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import DataField, FieldType
from enterprise_data.codes import industries, regions
from matcher.analysis.formulas import Formula, Known
from policies.language.terms import Kind

PERIOD = "period"  # of a row: the first day of its period
CODED = {Kind.REGION: FieldType.REGION, Kind.INDUSTRY: FieldType.INDUSTRY}
Item = str | None  # the slot of the row at hand, inside a filter or for an item


@dataclass(frozen=True)
class Cell:
    """A field of one row: `slot` tells the rows of a dataset apart."""

    dataset: str
    slot: str
    field: str


@dataclass
class Fields:
    """Makes one variable a cell, when it is first asked for; `domain` gathers what the catalogue says of them.

    `nullable` are the fields whose presence some condition asks about; all others are taken as known.
    """

    catalogue: Catalogue
    context: z3.Context
    nullable: frozenset[tuple[str, str]] = frozenset()
    prefixes: Mapping[FieldType, tuple[str, ...]] = field(default_factory=dict)
    domain: list[Formula] = field(default_factory=list)
    cells: dict[Cell, Known] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)

    def text(self, value: str) -> Any:
        """Return the number that stands for a text."""
        return z3.IntVal(self.texts.setdefault(value, len(self.texts)), self.context)

    def cell(self, cell: Cell) -> Known:
        """Return the value of a cell, in the units at rest."""
        if cell not in self.cells:
            name = f"{cell.dataset}/{cell.slot}/{cell.field}"
            known: Formula = True
            if (cell.dataset, cell.field) in self.nullable:
                known = z3.Bool(f"{name}?", self.context)
            self.cells[cell] = Known(self.variable(name, self.field_of(cell)), known)
        return self.cells[cell]

    def field_of(self, cell: Cell) -> DataField | None:
        """Return the catalogue's field; None for the period of a row."""
        return None if cell.field == PERIOD else self.catalogue.datasets[cell.dataset].fields[cell.field]

    def variable(self, name: str, of: DataField | None) -> Any:
        """Return a new variable that can hold what the field can."""
        if of is not None and of.type is FieldType.BOOLEAN:
            return z3.Bool(name, self.context)
        whole = z3.Int(name, self.context)
        if of is None or of.type is FieldType.DATE:
            self.domain += [whole >= EARLIEST_DAY.toordinal(), whole <= LATEST_DAY.toordinal()]
        elif of.type is FieldType.CODE:
            self.domain.append(z3.Or(*(whole == self.text(value) for value in of.values)))
        elif of.type is FieldType.TEXT:
            self.domain.append(whole >= 0)
        elif of.type in CODED.values():
            self.domain += [whole >= 0, whole <= len(self.prefixes.get(of.type, ()))]
        else:
            return self._number(whole, of)
        return whole

    def _number(self, whole: Any, of: DataField) -> Any:
        limits = bounds(of)
        assert limits is not None  # only numbers are left
        digits = of.digits if of.type in (FieldType.SHARE, FieldType.NUMBER) else 0
        low, high = (int(limit.scaleb(digits)) for limit in limits)
        self.domain += [whole >= low, whole <= high]
        return whole if digits == 0 else z3.ToReal(whole) / z3.RealVal(10**digits, self.context)

    def within(self, value: Any, type_: FieldType, prefixes: Iterable[str]) -> Formula:
        """Return whether a code lies below one of the prefixes; it stands for the finest prefix it lies below."""
        asked = tuple(prefixes)
        classes = self.prefixes[type_]
        return z3.Or(
            z3.BoolVal(False, self.context), *(value == i for i, p in enumerate(classes, 1) if p.startswith(asked))
        )

    def solution(self, cell: Cell, model: z3.ModelRef) -> Any:
        """Return a cell's value at rest in a solution, None where it is not known.

        Raises:
            LookupError: no code lies where the solution puts it.
        """
        known = self.cells[cell]
        if known.known is not True and not z3.is_true(model.eval(known.known, model_completion=True)):
            return None
        value = model.eval(known.value, model_completion=True)
        of = self.field_of(cell)
        if of is not None and of.type is FieldType.BOOLEAN:
            return z3.is_true(value)
        number = (
            Fraction(value.numerator_as_long(), value.denominator_as_long())
            if z3.is_rational_value(value)
            else Fraction(value.as_long())
        )
        if of is None or of.type is FieldType.DATE:
            return date.fromordinal(int(number))
        if of.type in (FieldType.CODE, FieldType.TEXT):
            texts = {place: text for text, place in self.texts.items()}
            return texts.get(int(number), f"其他{int(number)}")
        if of.type in CODED.values():
            classes = self.prefixes.get(of.type, ())
            return code_in(of.type, classes[int(number) - 1] if number else "", classes)
        if of.type in (FieldType.SHARE, FieldType.NUMBER):
            return Decimal(number.numerator) / Decimal(number.denominator)
        return int(number)


@lru_cache(maxsize=1024)
def code_in(type_: FieldType, prefix: str, prefixes: tuple[str, ...]) -> str:
    """Return a real code whose finest prefix among `prefixes` is `prefix` ("" is none of them).

    Raises:
        LookupError: there is none.
    """
    tree = regions if type_ is FieldType.REGION else industries
    finer = tuple(p for p in prefixes if p != prefix and p.startswith(prefix))
    coarser = {code for p in finer for code in tree.ancestors(p)}
    for code in _codes(type_):
        if code.startswith(prefix) and not code.startswith(finer or ("?",)) and code not in coarser:
            return code
    raise LookupError(f"no code lies in {prefix} alone")


@lru_cache(maxsize=2)
def _codes(type_: FieldType) -> tuple[str, ...]:
    if type_ is FieldType.REGION:
        return tuple(sorted(p for p in regions.regions().names if len(p) == 6))
    return tuple(sorted(industries.industries().names, key=lambda code: (-len(code), code)))
