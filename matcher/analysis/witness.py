"""A firm that shows a finding: its rows, as departments would deliver them, decided by the interpreter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Absence, Coverage, Dataset, Grain
from enterprise_data.periods import Period
from matcher.analysis.aggregates import OverRows
from matcher.analysis.encode import Encoder
from matcher.analysis.fields import PERIOD
from matcher.analysis.parts import Part
from matcher.context import Context
from matcher.coverage import Feed
from matcher.decide import Decision, decide
from matcher.explain.values import shown
from matcher.interpreter.aggregates import number_of
from matcher.interpreter.evaluate import Interpreter, all_of, has_bounds, some_of
from matcher.interpreter.intervals import Truth, exactly
from matcher.interpreter.rows import FirmRows, RowFacts, WithinRow
from matcher.plan import BoundPolicy
from policies.language import terms as t

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Witness:
    """One firm of which everything that is asked is known; `item` is the row at hand, of an award by item."""

    catalogue: Catalogue
    context: Context
    firm: FirmRows
    item: Mapping[str, Any] | None = None

    @property
    def facts(self) -> RowFacts:
        """Return the facts as the interpreter sees them: every dataset delivered, and complete."""
        feeds = {name: Feed(self.context.as_of, has_uncertain_rows=False) for name in self.catalogue.datasets}
        return RowFacts(self.catalogue, feeds, self.context.as_of, self.firm)

    def truth(self, term: t.Term) -> Truth:
        """Return what the interpreter says of a condition, of the row at hand where there is one."""
        facts = self.facts
        return Interpreter(facts if self.item is None else WithinRow(facts, self.item)).truth(term)

    def met(self, part: Part) -> Truth:
        """Return what the interpreter says of a part of the policy."""
        if part.term is not None:
            truth = self.truth(part.term)
            return truth if part.holds or truth is None else not truth
        members = [self.met(member) for member in part.members]
        return all_of(members) if part.every else some_of(members)

    def decision(self, policy: BoundPolicy) -> Decision | None:
        """Return how the interpreter decides a policy for the firm."""
        return decide(policy, self.facts)

    def lines(self) -> tuple[str, ...]:
        """Return the firm's facts for people, one line a row."""
        return tuple(
            f"{name}{_dated(row, self.catalogue.datasets[name])}: {_values(row, self.catalogue.datasets[name])}"
            for name, rows in sorted(self.firm.rows.items())
            for row in rows
            if any(row[field] is not None for field in self.catalogue.datasets[name].fields)
        )

    def json(self) -> dict[str, Any]:
        """Return the rows by dataset, known fields only, each as people read it."""
        found: dict[str, Any] = {}
        for name, rows in sorted(self.firm.rows.items()):
            dataset = self.catalogue.datasets[name]
            found[name] = [dict(_pairs(row, dataset)) for row in rows]
        return found


def fully_known(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue as a firm meets it of which everything is known: an absent row means no, everywhere."""
    update = {"covers": Coverage(), "absence": Absence.NONE}
    return Catalogue({name: dataset.model_copy(update=update) for name, dataset in catalogue.datasets.items()})


def firm_of(
    model: z3.ModelRef, encoder: Encoder, over: OverRows, context: Context, item: tuple[str, str] | None
) -> Witness:
    """Return the firm of a solution over rows; `item` names the dataset and slot of the row at hand.

    Raises:
        LookupError: no code lies where the solution puts a region or an industry.
    """
    catalogue = encoder.fields.catalogue
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for cell in encoder.fields.cells:
        cells.setdefault((cell.dataset, cell.slot), {})[cell.field] = encoder.fields.solution(cell, model)
    region = cells.get((catalogue.register.dataset, ""), {}).get(str(catalogue.register.home_region))
    rows: dict[str, list[Mapping[str, Any]]] = {}
    at_hand = None
    for key in dict.fromkeys([*cells, *over.present]):
        if key in over.present and not z3.is_true(model.eval(over.present[key], model_completion=True)):
            continue
        dataset = catalogue.datasets[key[0]]
        row = _row(dataset, key[1], cells.get(key, {}), region)
        copies = model.eval(over.copies[key], model_completion=True).as_long() if key in over.copies else 1
        rows.setdefault(key[0], []).extend([row] * copies)
        at_hand = row if key == item else at_hand
    return Witness(catalogue, context, FirmRows(region, rows), at_hand)


def _row(dataset: Dataset, slot: str, values: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {**dict.fromkeys(dataset.fields), **values, "belongs": True}
    if dataset.period is not None and PERIOD not in values:
        row[PERIOD] = Period.parse(slot).first_day
    if dataset.grain is Grain.REGION:
        row[str(dataset.home_region)] = region
    return row


def _dated(row: Mapping[str, Any], dataset: Dataset) -> str:
    return f"[{Period.containing(row[PERIOD], dataset.period)}]" if dataset.period is not None else ""


def _values(row: Mapping[str, Any], dataset: Dataset) -> str:
    return ", ".join(f"{name} = {value}" for name, value in _pairs(row, dataset) if name != PERIOD)


def _pairs(row: Mapping[str, Any], dataset: Dataset) -> Iterator[tuple[str, str]]:
    if dataset.period is not None:
        yield PERIOD, str(Period.containing(row[PERIOD], dataset.period))
    for name, of in dataset.fields.items():
        if row[name] is not None:
            type_ = t.Type(KINDS[of.type], of.unit if of.type == "count" else None)
            value = number_of(row[name])
            yield name, shown(exactly(value) if has_bounds(type_) else value, type_)


KINDS = {
    "money": t.Kind.MONEY,
    "count": t.Kind.COUNT,
    "share": t.Kind.SHARE,
    "number": t.Kind.NUMBER,
    "date": t.Kind.DATE,
    "boolean": t.Kind.BOOL,
    "code": t.Kind.TEXT,
    "text": t.Kind.TEXT,
    "region": t.Kind.REGION,
    "industry": t.Kind.INDUSTRY,
}
