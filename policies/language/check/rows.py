"""Rows: `exists count sum min max avg latest streak` over the rows of one dataset that pass one filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.declarations.problems import suggest
from enterprise_data.periods import PeriodKind
from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.check.references import find_dataset, find_field
from policies.language.kinds import describe
from policies.language.scope import type_of
from policies.language.terms import BOOL, NUMBER, Aggregate, Compare, Constant, Kind, Term, Type

_NUMBERS = frozenset({Kind.MONEY, Kind.COUNT, Kind.SHARE, Kind.NUMBER})
_EVERY_KIND = frozenset(Kind)

Name = Literal["count", "sum", "min", "max", "avg", "latest", "streak"]


@dataclass(frozen=True)
class RowFunction:
    """What a function of rows aggregates: fields of some kinds, or (no kinds) the rows themselves."""

    name: Name
    kinds: frozenset[Kind] = frozenset()
    fits: Callable[[Dataset], str] = lambda _: ""


def _has_periods(dataset: Dataset) -> str:
    return "" if dataset.grain is Grain.PERIOD else "has no row per period, so nothing is consecutive in it"


def _has_order(dataset: Dataset) -> str:
    dated = dataset.grain is not Grain.EVENT or dataset.dated_by is not None
    return "" if dated else "has no `dated_by`, so no row is the latest"


ROW_FUNCTIONS = {
    "exists": RowFunction("count"),
    "count": RowFunction("count"),
    "streak": RowFunction("streak", fits=_has_periods),
    "sum": RowFunction("sum", _NUMBERS),
    "avg": RowFunction("avg", _NUMBERS),
    "min": RowFunction("min", _NUMBERS | {Kind.DATE}),
    "max": RowFunction("max", _NUMBERS | {Kind.DATE}),
    "latest": RowFunction("latest", _EVERY_KIND, _has_order),
}


@checks(s.Rows)
def _rows(checker: Checker, node: s.Rows) -> Term | None:
    name = node.function.text
    function = ROW_FUNCTIONS.get(name)
    if function is None:
        help_text = suggest(name, ROW_FUNCTIONS)
        checker.fault("LANG019", f"there is no function `{name}` of rows", node.function, help_text)
        return None
    if checker.row is not None:
        help_text = "a filter reads one row; join the two outside by `and`"
        checker.fault("LANG041", f"`{name}` cannot stand inside a filter", node, help_text)
        return None
    dataset = find_dataset(checker, node.dataset)
    if dataset is None:
        return None
    if dataset.grain is Grain.REGION:
        series = next((field for field in dataset.fields if field != dataset.home_region), "field")
        help_text = f"write `{dataset.dataset}.{series}[period]`"
        checker.fault("LANG042", f"the rows of `{dataset.dataset}` are no firm's", node.dataset, help_text)
        return None
    if unfit := function.fits(dataset):
        checker.fault("LANG042", f"`{dataset.dataset}` {unfit}", node.dataset)
        return None
    where = checker.in_rows_of(dataset).condition(node.where) if node.where else None
    field = _aggregated(checker, node, function, dataset)
    if field is None or (node.where and where is None):
        return None
    return _term(name, function, dataset, field, where)


def _term(name: str, function: RowFunction, dataset: Dataset, field: str, where: Term | None) -> Term:
    kind = type_of(dataset.fields[field]) if field else _rows_type(function, dataset)
    term = Aggregate(kind, function.name, dataset.dataset, field or None, where)
    return Compare(BOOL, ">", term, Constant(NUMBER, Fraction(0))) if name == "exists" else term


def _rows_type(function: RowFunction, dataset: Dataset) -> Type:
    """Return the type of a number of rows; consecutive rows of a monthly dataset are months."""
    months = function.name == "streak" and dataset.period is PeriodKind.MONTH
    return Type(Kind.COUNT, "months" if months else None)


def _aggregated(checker: Checker, node: s.Rows, function: RowFunction, dataset: Dataset) -> str | None:
    """Return the field to aggregate, empty for functions of the rows themselves, None after a fault."""
    name = node.function.text
    if not function.kinds:
        if node.field is None:
            return ""
        help_text = f"write `{name}({dataset.dataset} where {node.field.text} ...)`"
        checker.fault("LANG043", f"`{name}` is about rows, not about a field", node.field, help_text)
        return None
    if node.field is None:
        fits = [field for field, declared in dataset.fields.items() if type_of(declared).kind in function.kinds]
        help_text = f"write `{name}({dataset.dataset}.{fits[0]})`" if fits else ""
        checker.fault("LANG043", f"`{name}` needs a field of `{dataset.dataset}`", node.dataset, help_text)
        return None
    field = find_field(checker, dataset, node.field)
    if field is None:
        return None
    kind = type_of(dataset.fields[field])
    if kind.kind not in function.kinds:
        checker.fault("LANG043", f"`{name}` does not apply to {describe(kind)}", node.field)
        return None
    return field
