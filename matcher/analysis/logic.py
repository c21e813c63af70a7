"""Asking the solver about one policy in one period: is there such a firm, and if so, which?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import z3

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset, FieldType, Grain
from enterprise_data.periods import Period
from matcher.analysis.aggregates import Opaque, OverRows, passes
from matcher.analysis.encode import Encoder, nullable_fields, prefixes_named
from matcher.analysis.fields import PERIOD, Cell, Fields
from matcher.analysis.formulas import Formula, Truth, conjunction, possible
from matcher.analysis.parts import Part, Parts, parts_of
from matcher.analysis.witness import Witness, firm_of
from matcher.context import Context
from matcher.coverage import window_asked
from matcher.plan import BoundPolicy, award_terms
from matcher.walk import every_term
from policies.language import terms as t
from policies.policy import Tier

_ITEM = "item"
_MOST_PERIODS = 36
_EFFORT = 5_000_000  # in steps of the solver, not in time: the same findings on every machine
_FEN_PER_WAN = 10**6
_READABLE_FEN = 10**13

Wanted = Callable[["Side"], Formula]


@dataclass
class Side:
    """One way to encode the policy; `item` is the slot of the row that an award by item pays."""

    encoder: Encoder
    item: str | None = None

    def of(self, part: Part) -> Truth:
        """Return when a part of the policy is met."""
        return part.truth(self.encoder)

    def tier(self, tier: Tier) -> Truth:
        """Return when a tier's condition holds, of the row at hand if it is paid by item."""
        return self.encoder.truth(tier.when, self.item)


def met(side: Side, parts: Iterable[Part]) -> Formula:
    """Return when all of the parts are met."""
    return conjunction(side.of(part).yes for part in parts)


def meets(*parts: Part) -> Wanted:
    """Ask for a firm that meets all of the parts."""
    return lambda side: met(side, parts)


def fails(part: Part, *others: Part) -> Wanted:
    """Ask for a firm that fails the part and meets the others."""
    return lambda side: conjunction([met(side, others), side.of(part).no])


@dataclass
class Logic:
    """One policy, bound; asks whether a firm can be (`possible`: no is certain) and for one (`witness`).

    `catalogue` is that of firms of which everything is known (`witness.fully_known`).
    """

    policy: BoundPolicy
    catalogue: Catalogue
    context: Context

    @cached_property
    def parts(self) -> Parts:
        """Return what a firm must meet."""
        return parts_of(self.policy)

    @cached_property
    def terms(self) -> tuple[t.Term, ...]:
        """Return every term that findings speak of."""
        award = self.policy.award
        items = award.items.where if award and award.items else None
        terms = [leaf.term for leaf in self.policy.leaves] + ([] if award is None else award_terms(award))
        return (*terms, *([] if items is None else [items]))

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        """Return the tiers of the award."""
        return self.policy.award.tiers if self.policy.award else ()

    def mention(self, side: Side) -> None:
        """Encode everything that will be asked about, so that the solver knows what relates it."""
        for part in self.parts.all:
            side.of(part)
        for tier in self.tiers:
            side.tier(tier)

    def _fields(self) -> Fields:
        return Fields(self.catalogue, z3.Context(), nullable_fields(self.terms), prefixes_named(self.terms))

    def _side(self, *, bodies: bool) -> tuple[Side, z3.Solver]:
        """Return the side that may say too much, with a solver that knows everything about it."""
        opaque = Opaque()
        encoder = Encoder(self._fields(), opaque, bodies)
        side = Side(encoder, _ITEM if self.policy.award and self.policy.award.items else None)
        self.mention(side)
        item = self._item_passes(side)
        lemmas = [lemma for lemma in opaque.lemmas(encoder) if lemma is not True]
        return side, _solver(encoder, [item, *lemmas])

    def _item_passes(self, side: Side) -> Formula:
        items = self.policy.award.items if self.policy.award else None
        return True if items is None or side.item is None else passes(side.encoder, items.where, side.item).yes

    @cached_property
    def _open(self) -> tuple[Side, z3.Solver]:
        return self._side(bodies=True)

    @cached_property
    def _undefined(self) -> tuple[Side, z3.Solver]:
        return self._side(bodies=False)

    def possible(self, wanted: Wanted, *, bodies: bool = True) -> bool:
        """Return False only if no firm whose facts are known is so; `bodies=False` lets definitions be anything."""
        side, solver = self._open if bodies else self._undefined
        return possible(solver, wanted(side))

    def minimal(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        """Return parts that no firm meets together, none of which can be left out."""
        left = list(parts)
        for part in parts:
            rest = [other for other in left if other is not part]
            if not self.possible(meets(*rest)):
                left = rest
        return tuple(left)

    def witness(self, wanted: Wanted) -> Witness | None:
        """Return a firm that is so, as rows; None if none was found. The interpreter has yet to confirm it."""
        return self.firm_and_guesses(wanted)[0]

    def firm_and_guesses(self, wanted: Wanted) -> tuple[Witness | None, tuple[t.Term, ...]]:
        """Return a firm that is so if the terms beside it, which the solver left free, are as it took them to be."""
        over = OverRows(slots=dict(self._slots()), counted_only=self._counted_only())
        encoder = Encoder(self._fields(), over)
        items = self.policy.award.items if self.policy.award else None
        at_hand = (items.dataset, over.slots_of(self.catalogue.datasets[items.dataset])[0]) if items else None
        side = Side(encoder, at_hand[1] if at_hand else None)
        formulas = [wanted(side), self._item_passes(side)]
        if at_hand is not None:
            formulas.append(over.there(encoder, *at_hand))
        solver = _solver(encoder, [*formulas, *_own_rows(encoder, over)])
        if solver.check(*_round_figures(encoder)) != z3.sat and solver.check() != z3.sat:
            return None, ()
        try:
            firm = firm_of(solver.model(), encoder, over, self.context, at_hand)
        except LookupError:
            return None, ()
        return firm, tuple(term for term, _ in encoder.free)

    def _aggregates(self) -> Iterator[t.Aggregate]:
        for term in self.terms:
            yield from (inner for inner in every_term(term) if isinstance(inner, t.Aggregate))

    def _counted_only(self) -> frozenset[str]:
        found = list(self._aggregates())
        return frozenset(a.dataset for a in found) - {a.dataset for a in found if a.function != "count"}

    def _slots(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the periods of which rows may be there, of datasets with a row a period."""
        asked: dict[str, set[Period]] = {}
        for term in self.terms:
            for inner in every_term(term):
                if isinstance(inner, t.Fact) and inner.period is not None and inner.period.fixed is not None:
                    asked.setdefault(inner.dataset, set()).add(inner.period.fixed)
        for aggregate in self._aggregates():
            dataset = self.catalogue.datasets[aggregate.dataset]
            if dataset.grain is Grain.PERIOD:
                asked.setdefault(dataset.dataset, set()).update(_window(aggregate, dataset, self.context))
        for name, periods in asked.items():
            yield name, tuple(str(period) for period in sorted(periods)[-_MOST_PERIODS:])


def _window(aggregate: t.Aggregate, dataset: Dataset, context: Context) -> list[Period]:
    assert dataset.period is not None
    last = Period.containing(context.as_of, dataset.period)
    window = window_asked(aggregate, dataset)
    if window is None:
        return [last + shift for shift in range(-2, 1)]
    first = Period.containing(window.first, dataset.period)
    return [first + shift for shift in range(min(window.periods, _MOST_PERIODS))]


def _own_rows(encoder: Encoder, over: OverRows) -> Iterator[Formula]:
    """Yield that the rows whose facts are asked for are there, and of which period each row is."""
    for cell in list(encoder.fields.cells):
        dataset = encoder.fields.catalogue.datasets[cell.dataset]
        if dataset.grain in (Grain.FIRM, Grain.PERIOD):
            yield over.there(encoder, cell.dataset, cell.slot)
        if dataset.grain is Grain.PERIOD:
            first = encoder.fields.cell(Cell(cell.dataset, cell.slot, PERIOD)).value
            yield first == Period.parse(cell.slot).first_day.toordinal()


def _round_figures(encoder: Encoder) -> Iterator[Formula]:
    """Yield what makes a firm easier to read: money in whole 万元, below 1000亿元."""
    for cell, known in encoder.fields.cells.items():
        of = encoder.fields.field_of(cell)
        if of is not None and of.type is FieldType.MONEY:
            yield known.value % _FEN_PER_WAN == 0
            yield z3.And(known.value >= -_READABLE_FEN, known.value <= _READABLE_FEN)


def _solver(encoder: Encoder, formulas: Sequence[Formula]) -> z3.Solver:
    solver = z3.Solver(ctx=encoder.context)
    solver.set("rlimit", _EFFORT)
    solver.add(*(formula for formula in encoder.fields.domain))
    solver.add(*(z3.BoolVal(f, encoder.context) if isinstance(f, bool) else f for f in formulas))
    return solver
