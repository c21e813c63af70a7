"""Names: fields, a row's fields, definitions, parameters, `as_of`, `on`; and literals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.codes import industries, regions
from enterprise_data.declarations.problems import suggest
from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.check.periods import known_period, not_a_value
from policies.language.kinds import misfit
from policies.language.scope import field_of, type_of
from policies.language.terms import (
    BOOL,
    DATE,
    AsOf,
    Constant,
    Definition,
    Fact,
    Kind,
    Parameter,
    PeriodRef,
    RowField,
    Shift,
    Term,
    Type,
)

_SCALES = {"": (Kind.NUMBER, Fraction(1)), "元": (Kind.MONEY, Fraction(100)), "%": (Kind.SHARE, Fraction(1, 100)),
        "pp": (Kind.POINTS, Fraction(1, 100))}  # fmt: skip


# -- literals


@checks(s.Quantity)
def _quantity(_: Checker, node: s.Quantity) -> Term:
    if node.unit in _SCALES:
        kind, factor = _SCALES[node.unit]
        return Constant(Type(kind), node.value * factor)
    return Constant(Type(Kind.COUNT, node.unit), node.value)


@checks(s.Day)
def _day(_: Checker, node: s.Day) -> Term:
    return Constant(DATE, node.value)


@checks(s.Text)
def _text(_: Checker, node: s.Text) -> Term:
    return Constant(Type(Kind.TEXT), node.value)


@checks(s.Truth)
def _truth(_: Checker, node: s.Truth) -> Term:
    return Constant(BOOL, node.value)


# -- names


@checks(s.Name)
def _name(checker: Checker, node: s.Name) -> Term | None:
    name = node.text
    if name == "as_of":
        return AsOf(DATE)
    if name == "period" or name in checker.variables:
        not_a_value(checker, node)
        return None
    if name == "on":
        return _row_day(checker, node)
    if checker.row is not None and (field := field_of(checker.row, name)):
        return RowField(type_of(checker.row.fields[field]), checker.row.dataset, field)
    if name in checker.scope.definitions:
        if checker.row is not None:
            _outside_filter(checker, node, f"the definition `{name}`")
            return None
        return Definition(checker.scope.definitions[name], name)
    _unknown_name(checker, node)
    return None


def _row_day(checker: Checker, node: s.Name) -> Term | None:
    row = checker.row
    if row is None:
        checker.fault("LANG013", "`on` is the day of a row, and there is no row here", node)
        return None
    if row.period is not None:
        # A row about a period counts as of the period's last day.
        first = RowField(DATE, row.dataset, "period")
        return Shift(DATE, first, months=12 // row.period.per_year, days=-1)
    if row.dated_by is None:
        dates = [name for name, field in row.fields.items() if type_of(field) == DATE]
        help_text = f"name a date of its own: {', '.join(dates)}" if dates else "add `dated_by` to its catalogue entry"
        checker.fault("LANG013", f"the rows of `{row.dataset}` have no day of their own", node, help_text)
        return None
    return RowField(DATE, row.dataset, row.dated_by)


def _outside_filter(checker: Checker, node: s.Node, what: str) -> None:
    row = checker.row.dataset if checker.row else ""
    message = f"{what} cannot stand in a filter over the rows of `{row}`"
    help_text = "a filter reads one row, literals, parameters, `period` and `as_of`; join the rest outside by `and`"
    checker.fault("LANG041", message, node, help_text)


def _unknown_name(checker: Checker, node: s.Name) -> None:
    catalogue, name = checker.scope.catalogue, node.text
    if dataset := catalogue.find(name):
        example = f"write `{dataset.dataset}.{next(iter(dataset.fields))}` or `count({dataset.dataset})`"
        checker.fault("LANG012", f"`{name}` is a dataset, not a value", node, example)
        return
    owners = [f"{d.dataset}.{field}" for d in catalogue.datasets.values() if (field := field_of(d, name))]
    if owners and checker.row is None:
        help_text = f"did you mean {' or '.join(f'`{owner}`' for owner in owners[:3])}?"
        checker.fault("LANG012", f"`{name}` needs the dataset it is a field of", node, help_text)
        return
    row_fields = [*checker.row.fields, *(f.label for f in checker.row.fields.values())] if checker.row else []
    known = [
        *row_fields,
        *checker.scope.definitions,
        *checker.variables,
        "period",
        "as_of",
        "on",
        "true",
        "false",
    ]
    where = f" in `{checker.row.dataset}`" if checker.row else ""
    checker.fault("LANG012", f"`{name}` is not known{where}", node, suggest(name, known))


# -- fields of datasets


def find_dataset(checker: Checker, name: s.Name) -> Dataset | None:
    """Return the dataset of a name, or None after a fault."""
    dataset = checker.scope.catalogue.find(name.text)
    if dataset is None:
        datasets = checker.scope.catalogue.datasets
        known = [*datasets, *(d.title.zh for d in datasets.values())]
        checker.fault("LANG010", f"there is no dataset `{name.text}`", name, suggest(name.text, known))
    return dataset


def find_field(checker: Checker, dataset: Dataset, name: s.Name) -> str | None:
    """Return the identifier of a field of a dataset, or None after a fault."""
    field = field_of(dataset, name.text)
    if field is None:
        known = [*dataset.fields, *(declared.label for declared in dataset.fields.values())]
        help_text = suggest(name.text, known) or f"its fields: {', '.join(list(dataset.fields)[:12])}"
        checker.fault("LANG011", f"`{dataset.dataset}` has no field `{name.text}`", name, help_text)
    return field


@checks(s.Field)
def _field(checker: Checker, node: s.Field) -> Term | None:
    dataset = find_dataset(checker, node.dataset)
    if dataset is None:
        return None
    field = find_field(checker, dataset, node.field)
    if field is None:
        return None
    if checker.row is not None:
        if checker.row.dataset == dataset.dataset and not node.index:
            return RowField(type_of(dataset.fields[field]), dataset.dataset, field)
        _outside_filter(checker, node, f"`{checker.written(node)}`")
        return None
    if dataset.grain is Grain.EVENT:
        _many_rows(checker, node, dataset, field)
        return None
    return _fact(checker, node, dataset, field)


def _many_rows(checker: Checker, node: s.Field, dataset: Dataset, field: str) -> None:
    name = dataset.dataset
    help_text = f"write `exists({name} where ...)`, or `latest({name}.{field})` for one of its values"
    checker.fault("LANG040", f"a firm may have many rows in `{name}`", node, help_text)


def _fact(checker: Checker, node: s.Field, dataset: Dataset, field: str) -> Term | None:
    kind, name = type_of(dataset.fields[field]), f"{dataset.dataset}.{field}"
    if dataset.period is None:
        if node.index:
            help_text = f"write `{name}`"
            checker.fault("LANG031", f"`{dataset.dataset}` has one row per firm, without periods", node, help_text)
            return None
        return Fact(kind, dataset.dataset, field)
    if len(node.index) != 1:
        help_text = f"write `{name}[period]` or `{name}[period - 1]`"
        checker.fault("LANG031", f"`{dataset.dataset}` has one row per {dataset.period.value}", node, help_text)
        return None
    period = known_period(checker, node.index[0], dataset)
    return Fact(kind, dataset.dataset, field, period) if period else None


# -- parameters


@checks(s.ParameterUse)
def _parameter(checker: Checker, node: s.ParameterUse) -> Term | None:
    signature = checker.scope.parameters.get(node.name.text)
    if signature is None:
        help_text = suggest(node.name.text, checker.scope.parameters)
        checker.fault("LANG014", f"there is no parameter `{node.name.text}`", node.name, help_text)
        return None
    key_type, index = signature.key_type, node.index
    name = f"param.{node.name.text}"
    if key_type is not None and not index:
        checker.fault("LANG015", f"`{name}` is a table", node, f"write `{name}[key]`")
        return None
    if len(index) > (1 if key_type is None else 2):
        checker.fault("LANG015", f"`{name}` takes no key", node, f"write `{name}` or `{name}[period - 1]`")
        return None
    if key_type is None:
        return _dated(checker, Parameter(signature.type, node.name.text), index)
    key = _key(checker, index[0], key_type)
    return _dated(checker, Parameter(signature.type, node.name.text, key), index[1:]) if key else None


def _dated(checker: Checker, term: Parameter, index: tuple[s.Node, ...]) -> Term | None:
    if not index:
        return term
    period = known_period(checker, index[0])
    return replace(term, at=period) if isinstance(period, PeriodRef) else None


def _key(checker: Checker, node: s.Node, key_type: Type) -> Term | None:
    if isinstance(node, s.Text) and key_type.kind in (Kind.REGION, Kind.INDUSTRY):
        return _code_key(checker, node, key_type)
    term = checker.term(node)
    if term is None:
        return None
    fault = misfit(term, key_type)
    if fault:
        checker.refuse(fault, node)
        return None
    return term


def _code_key(checker: Checker, node: s.Text, key_type: Type) -> Term | None:
    try:
        if key_type.kind is Kind.REGION:
            return Constant(key_type, regions.canonical_code(regions.prefix_of(node.value)))
        return Constant(key_type, industries.prefix_of(node.value))
    except LookupError as error:
        checker.fault("LANG016" if key_type.kind is Kind.REGION else "LANG017", str(error), node)
        return None
