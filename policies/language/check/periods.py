"""Periods: which one an expression names, of which kind, and whether a dataset has such; quantifiers over them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from enterprise_data.catalogue.model import IDENTIFIER, RESERVED, Dataset
from enterprise_data.periods import Period, PeriodKind
from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.scope import field_of
from policies.language.terms import BOOL, DATE, PeriodDay, PeriodRef, Quantified, Term

MAX_PERIODS = 120
_WRITE = "write `period`, `period - 1`, `period - 1 year`, 2023, 2024Q1, 2024H1 or 2024-03"


@dataclass(frozen=True)
class Named:
    """A period as named, and its kind."""

    reference: PeriodRef
    kind: PeriodKind


def known_period(checker: Checker, node: s.Node, dataset: Dataset | None = None) -> PeriodRef | None:
    """Return the period a node names, of the kind that the dataset has, or None after a fault."""
    named = read_period(checker, node)
    if named is None:
        return None
    if dataset is None or dataset.period is None or dataset.period is named.kind:
        return named.reference
    checker.fault(
        "LANG032",
        f"`{dataset.dataset}` has one row per {dataset.period.value}, but this is a {named.kind.value}",
        node,
        _other_kind(checker, node, dataset.period, named.kind),
    )
    return None


def _other_kind(checker: Checker, node: s.Node, wanted: PeriodKind, given: PeriodKind) -> str:
    written = checker.written(node)
    member = f"({written})" if isinstance(node, s.Calculation) else written
    if wanted.per_year > given.per_year:
        return f"write `last {wanted.value} of {member}`, `{wanted.value} 1 of {member}`, or read rows: `sum(...)`"
    return f"write `{wanted.value} of {member}`"


def read_period(checker: Checker, node: s.Node) -> Named | None:
    """Return the period a node names, or None after a fault."""
    if isinstance(node, s.Name) and node.text == "period":
        kind = checker.scope.period_kind
        return Named(PeriodRef(), kind)
    if isinstance(node, s.Name) and node.text in checker.variables:
        kind = checker.variables[node.text]
        return Named(PeriodRef(node.text), kind)
    if isinstance(node, s.PeriodLiteral):
        return _fixed(node.value)
    if isinstance(node, s.Quantity) and not node.unit and node.value.denominator == 1 and 1000 <= node.value < 3000:
        return _fixed(Period(PeriodKind.YEAR, int(node.value)))
    if isinstance(node, s.Calculation) and node.operator in "+-":
        return _shifted(checker, node)
    if isinstance(node, s.PartOf):
        return _part(checker, node)
    checker.fault("LANG030", f"`{checker.written(node)}` is not a period", node, _WRITE)
    return None


def _fixed(period: Period) -> Named:
    return Named(PeriodRef(None, period), period.kind)


def moved(reference: PeriodRef, periods: int = 0, years: int = 0) -> PeriodRef:
    """Return the period so many periods of its kind and so many years later (earlier when negative)."""
    if reference.fixed is not None:
        return PeriodRef(None, reference.fixed.years_earlier(-years) + periods)
    return replace(reference, shift=reference.shift + periods, shift_years=reference.shift_years + years)


def _shifted(checker: Checker, node: s.Calculation) -> Named | None:
    named = read_period(checker, node.left)
    if named is None:
        return None
    step = node.right
    if not isinstance(step, s.Quantity) or step.value.denominator != 1:
        checker.fault("LANG030", "a period moves by a whole number", step, _WRITE)
        return None
    count = int(step.value) * (1 if node.operator == "+" else -1)
    if step.unit == "years":
        return replace(named, reference=moved(named.reference, years=count))
    if step.unit == "" or (step.unit == "months" and named.kind is PeriodKind.MONTH):
        return replace(named, reference=moved(named.reference, periods=count))
    checker.fault("LANG030", f"a {named.kind.value} moves by a plain number or by years", step, _WRITE)
    return None


def _part(checker: Checker, node: s.PartOf) -> Named | None:
    named = read_period(checker, node.member)
    if named is None:
        return None
    if node.number == 0:
        return _containing(checker, node, named)
    count = node.kind.per_year // named.kind.per_year
    if count < 2:
        message = f"a {named.kind.value} has no {node.kind.value}s in it"
        checker.fault("LANG030", message, node, f"write `{node.kind.value} of ...` for the one that holds it")
        return None
    if node.number > count:
        message = f"a {named.kind.value} has no {node.kind.value} {node.number}"
        checker.fault("LANG030", message, node, f"it has {count}")
        return None
    index = node.number - 1 if node.number > 0 else node.number % count
    return _inner(named, node.kind, index, count)


def _inner(named: Named, kind: PeriodKind, index: int, count: int) -> Named:
    reference = named.reference
    if reference.fixed is not None:
        return _fixed(Period(kind, reference.fixed.index * count + index))
    before = reference.part[1] if reference.part else 0
    part = (kind, before * count + index)
    return Named(replace(reference, part=part, shift=reference.shift * count), kind)


def _containing(checker: Checker, node: s.PartOf, named: Named) -> Named | None:
    """Return the longer period that holds a period."""
    reference, per_year = named.reference, named.kind.per_year
    if node.kind.per_year > per_year:
        message = f"a {named.kind.value} does not lie in a {node.kind.value}"
        checker.fault("LANG030", message, node, f"write `first {node.kind.value} of ...`")
        return None
    if reference.fixed is not None:
        return _fixed(Period.containing(reference.fixed.first_day, node.kind))
    if reference.part is not None or reference.shift % per_year:
        help_text = f"write `({node.kind.value} of period) - 1`: move it after taking the {node.kind.value}"
        checker.fault("LANG030", "this period cannot be moved before it is widened", node, help_text)
        return None
    years = reference.shift_years + reference.shift // per_year
    widened = replace(reference, part=(node.kind, 0), shift=0, shift_years=years)
    return Named(widened, node.kind)


# -- as values


@checks(s.DayOf)
def _day_of(checker: Checker, node: s.DayOf) -> Term | None:
    named = read_period(checker, node.member)
    return PeriodDay(DATE, node.day, named.reference) if named else None


@checks(s.PartOf, s.PeriodLiteral)
def not_a_value(checker: Checker, node: s.Node) -> None:
    """Say that a period stands where a value must."""
    help_text = "write it in brackets, `tax.revenue[period]`, or name a day: `first day of period`"
    checker.fault("LANG030", "a period is not a value", node, help_text)


@checks(s.Quantifier)
def _quantifier(checker: Checker, node: s.Quantifier) -> Term | None:
    first, last = read_period(checker, node.first), read_period(checker, node.last)
    fits = _variable_is_free(checker, node.variable)
    if first is None or last is None or not fits:
        return None
    if first.kind is not last.kind:
        message = f"the range begins with a {first.kind.value} and ends with a {last.kind.value}"
        checker.fault("LANG033", message, node.last, "both ends must be of one kind")
        return None
    length = _length(first, last)
    if length is not None and not 1 <= length <= MAX_PERIODS:
        message = "the range ends before it begins" if length < 1 else f"the range has {length} periods"
        checker.fault("LANG033", message, node.last, f"a range has 1 to {MAX_PERIODS} periods")
        return None
    body = checker.with_variable(node.variable, first.kind).condition(node.body)
    if body is None:
        return None
    return Quantified(BOOL, node.every, node.variable.text, first.reference, last.reference, body)


def _variable_is_free(checker: Checker, variable: s.Name) -> bool:
    name = variable.text
    taken = name in RESERVED or name in checker.variables or name in checker.scope.definitions or name == "on"
    in_row = checker.row is not None and field_of(checker.row, name)
    if not IDENTIFIER.fullmatch(name) or taken or in_row:
        checker.fault(
            "LANG034",
            f"`{name}` cannot name a quantifier's period",
            variable,
            "write a free name, such as `y`",
        )
        return False
    return True


def _length(first: Named, last: Named) -> int | None:
    """Return how many periods a range has, where that is known before the run."""
    a, b = first.reference, last.reference
    if a.fixed is not None and b.fixed is not None:
        return b.fixed.index - a.fixed.index + 1
    if (a.name, a.fixed, a.part) != (b.name, b.fixed, b.part):
        return None
    per_year = first.kind.per_year
    return b.shift + b.shift_years * per_year - a.shift - a.shift_years * per_year + 1
