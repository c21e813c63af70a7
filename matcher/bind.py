"""Binding: a policy's terms and a run's context become ground terms, which speak of fixed days and periods only."""

from __future__ import annotations

import operator as operator_module
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, date
from fractions import Fraction
from typing import Any, Protocol

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period
from matcher.context import Context
from matcher.dates import shift
from matcher.walk import children, rebuild
from policies.language import terms as t

MAX_UNROLLED = 120
MAX_COPIES = 1_200
MAX_MONTHS_MOVED = 2400  # dates rest between 1900 and 2199: two centuries on either side stay in every calendar


Undelivered = Mapping[str, Collection[str]]  # by dataset, the fields whose column was not in the delivery


class ParameterValues(Protocol):
    """What binding needs of the parameters: the term of one of them on a day, its key still a term."""

    def term(self, name: str, key: t.Term | None, day: date) -> t.Term:
        """Return the value on `day` as a term (an unknown constant when nothing is laid down for it)."""
        ...


@dataclass(frozen=True)
class Binder:
    """Binds terms to one context; `variables` holds the periods that quantifiers stand at."""

    context: Context
    definitions: Mapping[str, t.Term]
    parameters: ParameterValues
    variables: Mapping[str, Period] = field(default_factory=dict)
    undelivered: Undelivered = field(default_factory=dict)
    copies: int = 1  # how often the quantifiers around repeat what stands inside

    def bind(self, term: t.Term) -> t.Term:
        """Return the ground form of `term`: periods fixed, quantifiers unrolled, parameters put in."""
        rule = _RULES.get(type(term))
        return rule(self, term) if rule else _folded(rebuild(term, self.bind))

    def period(self, reference: t.PeriodRef) -> Period:
        """Return the period a reference means here."""
        if reference.fixed is not None:
            base = reference.fixed
        elif reference.name is not None and reference.name in self.variables:
            base = self.variables[reference.name]
        elif reference.name == "period":
            base = self.context.period
        else:
            raise MianshenError(f"the period `{reference.name}` is not known here")
        period = _part(base, reference).years_earlier(-reference.shift_years) + reference.shift
        if not MINYEAR <= period.year < MAXYEAR:
            raise MianshenError(f"a period so far from {base} lies outside the calendar")
        return period

    def at(self, variable: str, period: Period) -> Binder:
        """Return a binder for which `variable` stands at `period`."""
        return replace(self, variables={**self.variables, variable: period})


def _part(base: Period, reference: t.PeriodRef) -> Period:
    """Return the sub-period asked for (the first month of a year), or the period itself."""
    if reference.part is None:
        return base
    kind, place = reference.part
    first = Period.containing(base.first_day, kind)
    last = Period.containing(base.last_day, kind)
    return (last if place < 0 else first) + (place + 1 if place < 0 else place)


def _fact(binder: Binder, term: t.Fact) -> t.Term:
    if term.period is None:
        return term
    return replace(term, period=t.PeriodRef(None, binder.period(term.period)))


def _as_of(binder: Binder, term: t.AsOf) -> t.Term:
    return t.Constant(term.type, binder.context.as_of)


def _period_day(binder: Binder, term: t.PeriodDay) -> t.Term:
    period = binder.period(term.period)
    return t.Constant(term.type, period.first_day if term.day == "first" else period.last_day)


def _shift(binder: Binder, term: t.Shift) -> t.Term:
    member = binder.bind(term.member)
    if _longest_move(replace(term, member=member)) > MAX_MONTHS_MOVED:
        raise MianshenError(f"a date is moved by more than {MAX_MONTHS_MOVED // 12} years; write the day itself")
    return _folded(replace(term, member=member))


def _longest_move(term: t.Term) -> int:
    """Return by how many months the date facts below are moved in all; days count as whole months."""
    own = abs(term.months) + -(-abs(term.days) // 28) if isinstance(term, t.Shift) else 0
    return own + max(map(_longest_move, children(term)), default=0)


def _parameter(binder: Binder, term: t.Parameter) -> t.Term:
    period = binder.context.period if term.at is None else binder.period(term.at)
    key = None if term.key is None else binder.bind(term.key)
    return binder.bind(binder.parameters.term(term.name, key, period.last_day))


def _definition(binder: Binder, term: t.Definition) -> t.Term:
    # A definition is closed: it sees the run's period, never a quantifier's variable of the place that uses it.
    return t.Defined(term.type, term.name, replace(binder, variables={}).bind(binder.definitions[term.name]))


def _known(binder: Binder, term: t.Known) -> t.Term:
    """Leave open whether a value is known whose column the department left out.

    `revoked_on is not known` must not clear every firm because nobody sent revocations.
    """
    member = term.member
    if isinstance(member, t.Fact | t.RowField) and member.field in binder.undelivered.get(member.dataset, ()):
        return t.Constant(t.BOOL, None)
    return t.Known(term.type, binder.bind(member))


def _quantified(binder: Binder, term: t.Quantified) -> t.Term:
    first, last = binder.period(term.first), binder.period(term.last)
    periods = [Period(first.kind, index) for index in range(first.index, last.index + 1)]
    if first.kind is not last.kind or not 1 <= len(periods) <= MAX_UNROLLED:
        message = f"`every`/`some` from {first} to {last}: needs 1 to {MAX_UNROLLED} periods of one kind"
        raise MianshenError(message)
    inside = replace(binder, copies=binder.copies * len(periods))
    if inside.copies > MAX_COPIES:
        raise MianshenError(f"`every`/`some` inside each other repeat a condition more than {MAX_COPIES} times")
    members = tuple(inside.at(term.variable, period).bind(term.body) for period in periods)
    return t.All(term.type, members) if term.every else t.Some(term.type, members)


_RULES: dict[type[t.Term], Callable[[Binder, Any], t.Term]] = {
    t.Fact: _fact,
    t.AsOf: _as_of,
    t.PeriodDay: _period_day,
    t.Shift: _shift,
    t.Parameter: _parameter,
    t.Definition: _definition,
    t.Quantified: _quantified,
    t.Known: _known,
}


def _folded(term: t.Term) -> t.Term:
    """Compute what no longer depends on data, so that both evaluators and coverage see plain constants."""
    if isinstance(term, t.Shift) and isinstance(term.member, t.Constant) and isinstance(term.member.value, date):
        return t.Constant(term.type, shift(term.member.value, term.months, term.days))
    if isinstance(term, t.Arithmetic) and isinstance(term.left, t.Constant) and isinstance(term.right, t.Constant):
        return t.Constant(term.type, calculate(term.operator, term.left.value, term.right.value))
    return term


def calculate(operator: str, left: t.Value, right: t.Value) -> Fraction | None:
    """Return the exact result, or None (unknown) for an unknown side or a division by zero."""
    if not isinstance(left, Fraction) or not isinstance(right, Fraction) or (operator == "/" and right == 0):
        return None
    return _OPERATIONS[operator](left, right)


_OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator_module.add,
    "-": operator_module.sub,
    "*": operator_module.mul,
    "/": operator_module.truediv,
}
