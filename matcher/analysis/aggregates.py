"""Aggregates for the solver, in two ways that err on opposite sides.

`Opaque` leaves an aggregate any value it could have, held only by what follows from its filter: it serves to show that
no firm meets something. `OverRows` adds up a few rows exactly: it serves to find a firm that does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import z3

from enterprise_data.catalogue.bounds import bounds
from enterprise_data.catalogue.model import Dataset, Grain
from matcher.analysis.encode import Encoder
from matcher.analysis.fields import Cell
from matcher.analysis.formulas import Formula, Known, Truth, conjunction, disjunction, either, negation, possible
from policies.language import terms as t

COUNT = t.Type(t.Kind.COUNT)
_ANY_ROW = "any"
_ROWS = 3  # of an event dataset: enough for three tiers that ask for different ones
_MOST_COPIES = 500
_EFFORT = 2_000_000  # in steps of the solver, not in time: the same findings on every machine


def passes(encoder: Encoder, where: t.Term | None, item: str) -> Truth:
    """Return whether a row passes a filter."""
    return Truth(yes=True, no=False) if where is None else encoder.truth(where, item)


@dataclass
class Opaque:
    """Each aggregate is a variable of its own; what relates them is in `lemmas`, to be asked for last."""

    terms: dict[t.Aggregate, Known] = field(default_factory=dict)
    _implied: dict[tuple[t.Term | None, t.Term | None], bool] = field(default_factory=dict)
    _rows: z3.Solver | None = None  # knows what a row can be

    def value(self, encoder: Encoder, term: t.Aggregate) -> Known:
        """Return the variable of an aggregate."""
        if term not in self.terms:
            name = f"rows{len(self.terms)}"
            sure = term.function in ("count", "sum", "streak")
            known: Formula = True if sure else z3.Bool(f"{name}?", encoder.context)
            self.terms[term] = Known(self._variable(encoder, name, term), known)
            if term.function != "count":  # what else rows give depends on whether there are any
                self.value(encoder, replace(term, type=COUNT, function="count", field=None))
        return self.terms[term]

    def _variable(self, encoder: Encoder, name: str, term: t.Aggregate) -> Any:
        if term.function in ("count", "streak"):
            variable = z3.Int(name, encoder.context)
            encoder.fields.domain.append(variable >= 0)
            return variable
        of = encoder.fields.catalogue.datasets[term.dataset].fields[str(term.field)]
        if term.function not in ("sum", "avg"):
            return encoder.fields.variable(name, of)
        limits, variable = bounds(of), z3.Real(name, encoder.context)
        assert limits is not None  # only numbers are added up
        if limits[0] >= 0:
            encoder.fields.domain.append(variable >= 0)
        return variable

    def lemmas(self, encoder: Encoder) -> Iterator[Formula]:
        """Yield what holds between the aggregates asked for so far."""
        by_dataset: dict[str, list[t.Aggregate]] = defaultdict(list)
        for term in list(self.terms):
            passes(encoder, term.where, _ANY_ROW)
            by_dataset[term.dataset].append(term)
        self._rows = z3.Solver(ctx=encoder.context)
        self._rows.set("rlimit", _EFFORT)
        self._rows.add(*encoder.fields.domain)
        for terms in by_dataset.values():
            for term in terms:
                yield from self._of_one(encoder, term)
                yield from (self._of_two(term, other, encoder) for other in terms if other is not term)

    def _of_one(self, encoder: Encoder, term: t.Aggregate) -> Iterator[Formula]:
        found = self.terms[term]
        if term.function == "count":
            if term.where is not None and self._implies(encoder, term, None):
                yield found.value == 0
            return
        rows = self.terms[replace(term, type=COUNT, function="count", field=None)].value
        if term.function in ("sum", "streak"):
            yield z3.Implies(rows == 0, found.value == 0)
        else:
            yield z3.Implies(rows == 0, negation(found.known))

    def _of_two(self, term: t.Aggregate, other: t.Aggregate, encoder: Encoder) -> Formula:
        """Fewer rows pass the stricter filter, and what is never negative adds up to less over them."""
        comparable = term.function == other.function and term.field == other.field and term.function in ("count", "sum")
        if not comparable or (term.function == "sum" and not _never_negative(encoder, term)):
            return True
        return self.terms[term].value <= self.terms[other].value if self._implies(encoder, term, other) else True

    def _implies(self, encoder: Encoder, term: t.Aggregate, other: t.Aggregate | None) -> bool:
        """Return whether every row that passes the one filter passes the other (None: none passes)."""
        if other is not None and other.where is None:
            return True
        key = (term.where, other.where if other is not None else None)
        if key not in self._implied:
            mine = passes(encoder, term.where, _ANY_ROW)
            yours = Truth(yes=False, no=True) if other is None else passes(encoder, other.where, _ANY_ROW)
            self._implied[key] = not possible(self._rows, conjunction([mine.yes, negation(yours.yes)]))
        return self._implied[key]


def _never_negative(encoder: Encoder, term: t.Aggregate) -> bool:
    limits = bounds(encoder.fields.catalogue.datasets[term.dataset].fields[str(term.field)])
    return limits is not None and limits[0] >= 0


@dataclass
class OverRows:
    """Aggregates over a few rows that may be there; `present` says by dataset and slot whether, `copies` how often."""

    present: dict[tuple[str, str], Formula] = field(default_factory=dict)
    copies: dict[tuple[str, str], Any] = field(default_factory=dict)
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counted_only: frozenset[str] = frozenset()

    def value(self, encoder: Encoder, term: t.Aggregate) -> Known:
        """Return the aggregate of the rows."""
        dataset = encoder.fields.catalogue.datasets[term.dataset]
        counted = [(slot, self._counts(encoder, term, slot)) for slot in self.slots_of(dataset)]
        if term.function == "count":
            copies = [either(counts, self._copies(encoder, dataset, slot), 0) for slot, counts in counted]
            return Known(z3.Sum(*copies))
        if term.function not in ("sum", "min", "max"):
            return encoder.anything(term)
        cells = [(encoder.fields.cell(Cell(term.dataset, slot, str(term.field))), counts) for slot, counts in counted]
        encoder.fields.domain += [z3.Implies(counts, cell.known) for cell, counts in cells if cell.known is not True]
        if term.function == "sum":
            return Known(z3.Sum(*(z3.If(counts, cell.value, 0) for cell, counts in cells)))
        return _extreme(cells, term.function)

    def slots_of(self, dataset: Dataset) -> tuple[str, ...]:
        """Return the rows a firm may have: one, one a period, or a few."""
        if dataset.dataset in self.slots:
            return self.slots[dataset.dataset]
        return ("",) if dataset.grain is Grain.FIRM else tuple(f"row{i}" for i in range(_ROWS))

    def there(self, encoder: Encoder, dataset: str, slot: str) -> Formula:
        """Return whether a row is there."""
        key = (dataset, slot)
        return self.present.setdefault(key, z3.Bool(f"{dataset}/{slot}", encoder.context))

    def _counts(self, encoder: Encoder, term: t.Aggregate, slot: str) -> Formula:
        there, truth = self.there(encoder, term.dataset, slot), passes(encoder, term.where, slot)
        encoder.fields.domain.append(z3.Implies(there, disjunction([truth.yes, truth.no])))
        return conjunction([there, truth.yes])

    def _copies(self, encoder: Encoder, dataset: Dataset, slot: str) -> Any:
        if dataset.dataset not in self.counted_only or dataset.grain is not Grain.EVENT:
            return 1
        key = (dataset.dataset, slot)
        if key not in self.copies:
            self.copies[key] = z3.Int(f"{dataset.dataset}/{slot}*", encoder.context)
            encoder.fields.domain += [self.copies[key] >= 1, self.copies[key] <= _MOST_COPIES]
        return self.copies[key]


def _extreme(cells: list[tuple[Known, Formula]], function: str) -> Known:
    best, found = cells[0][0].value, cells[0][1]
    for cell, counts in cells[1:]:
        better = cell.value < best if function == "min" else cell.value > best
        best = z3.If(z3.And(counts, z3.Or(z3.Not(found), better)), cell.value, best)
        found = z3.Or(found, counts)
    return Known(best, found)
