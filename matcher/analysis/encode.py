"""Ground terms as formulas: when a condition is true, when it is false, exactly as the interpreter reads it.

What the solver does not decide (a product or quotient of two facts that is not compared with a constant, months
between two facts, streaks) becomes a free variable: it may be anything, known or not. That errs on one side only:
what no firm meets even so, no firm meets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import z3

from enterprise_data.catalogue.model import FieldType
from matcher.analysis.fields import CODED, Fields, Item
from matcher.analysis.formulas import (
    Known,
    Truth,
)
from matcher.analysis.truths import TRUTHS, flag
from matcher.analysis.values import VALUES
from matcher.walk import every_term
from policies.language import terms as t


class Aggregates(Protocol):
    """How aggregates over rows become values."""

    def value(self, encoder: Encoder, term: t.Aggregate) -> Known:
        """Return the value of an aggregate."""
        ...


@dataclass
class Encoder:
    """Encodes the terms of one policy; equal terms become one formula. `bodies` False leaves definitions open."""

    fields: Fields
    aggregates: Aggregates
    bodies: bool = True
    # By identity, for hashing a deep term costs as much as encoding it; each entry keeps its term alive.
    _truths: dict[tuple[int, Item], tuple[t.Term, Truth]] = field(default_factory=dict)
    _values: dict[tuple[int, Item], tuple[t.Term, Known]] = field(default_factory=dict)
    free: dict[tuple[t.Term, Item], Known] = field(default_factory=dict)

    @property
    def context(self) -> z3.Context:
        """Return the solver's context."""
        return self.fields.context

    def truth(self, term: t.Term, item: Item = None) -> Truth:
        """Return when a condition is true and when it is false."""
        key = (id(term), item)
        if key not in self._truths:
            rule = TRUTHS.get(type(term))
            self._truths[key] = (term, rule(self, term, item) if rule else flag(self, term, item))
        return self._truths[key][1]

    def value(self, term: t.Term, item: Item = None) -> Known:
        """Return the value of a term that is no condition, or of a fact of yes or no."""
        key = (id(term), item)
        if key not in self._values:
            rule = VALUES.get(type(term))
            self._values[key] = (term, rule(self, term, item) if rule else self.anything(term, item))
        return self._values[key][1]

    def anything(self, term: t.Term, item: Item = None) -> Known:
        """Return a free value of the term's type, known or not."""
        key = (term, item)
        if key not in self.free:
            name = f"free{len(self.free)}"
            self.free[key] = Known(self._free(name, term.type.kind), z3.Bool(f"{name}?", self.context))
        return self.free[key]

    def _free(self, name: str, kind: t.Kind) -> Any:
        if kind is t.Kind.BOOL:
            return z3.Bool(name, self.context)
        if kind in CODED:
            whole = z3.Int(name, self.context)
            self.fields.domain += [whole >= 0, whole <= len(self.fields.prefixes.get(CODED[kind], ()))]
            return whole
        if kind in (t.Kind.DATE, t.Kind.TEXT):
            return z3.Int(name, self.context)
        return z3.Real(name, self.context)


def nullable_fields(terms: Iterable[t.Term]) -> frozenset[tuple[str, str]]:
    """Return the fields whose presence the terms ask about."""
    inside = (known.member for term in terms for known in every_term(term) if isinstance(known, t.Known))
    facts = (fact for member in inside for fact in every_term(member) if isinstance(fact, t.Fact | t.RowField))
    return frozenset((fact.dataset, fact.field) for fact in facts)


def prefixes_named(terms: Iterable[t.Term]) -> dict[FieldType, tuple[str, ...]]:
    """Return the region and industry prefixes that the terms name."""
    found: dict[FieldType, set[str]] = {FieldType.REGION: set(), FieldType.INDUSTRY: set()}
    for term in terms:
        for within in every_term(term):
            if isinstance(within, t.Within):
                found[CODED[within.member.type.kind]].update(within.prefixes)
    return {type_: tuple(sorted(prefixes)) for type_, prefixes in found.items()}
