"""Names: fields of datasets, a row's fields, definitions, `as_of`, `on`."""

from __future__ import annotations

from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.declarations.problems import suggest
from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.check.periods import known_period, not_a_value
from policies.language.scope import field_of, type_of
from policies.language.terms import (
    DATE,
    AsOf,
    Definition,
    Fact,
    RowField,
    Shift,
    Term,
)


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
