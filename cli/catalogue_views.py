"""What `mianshen data catalog` shows: the datasets, and one of them with what it covers and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.failures import counted
from cli.output import Column, Row, count_column, write_lines
from enterprise_data.declarations.problems import MianshenError, suggest

if TYPE_CHECKING:
    from enterprise_data.catalogue.load import Catalogue
    from enterprise_data.catalogue.model import Coverage, DataField, Dataset


def _words(value: Any) -> str:
    return ", ".join(value) if value else "—"


SHORT_COLUMNS = (
    Column("dataset", "Dataset"),
    Column("title", "Title"),
    Column("department", "Department"),
    Column("grain", "Grain"),
    Column("key", "Key", _words),
    count_column("fields", "Fields"),
    count_column("max_age_days", "Max age, days"),
)
ENTRY_COLUMNS = (
    Column("field", "Field"),
    Column("label", "Label"),
    Column("type", "Type"),
    Column("unit", "Unit"),
    Column("required", "Required", lambda value: "yes" if value else ""),
    Column("classification", "Class"),
    Column("values", "Values or range", wrap=True),
    Column("columns", "Other headings", _words, wrap=True),
    Column("note", "Note", wrap=True),
)


def entry_rows(catalogue: Catalogue) -> list[Row]:
    """Return one row a dataset."""
    return [
        {
            "dataset": name,
            "title": entry.title.zh,
            "department": entry.department,
            "grain": entry.grain.value,
            "key": [key.value for key in entry.key],
            "fields": len(entry.fields),
            "max_age_days": entry.max_age,
        }
        for name, entry in catalogue.datasets.items()
    ]


def known_dataset(catalogue: Catalogue, name: str) -> Dataset:
    """Return a dataset by identifier or Chinese title.

    Raises:
        MianshenError: there is none; the message suggests near ones.
    """
    found = catalogue.find(name)
    if found is None:
        near = suggest(name, [*catalogue.datasets, *(d.title.zh for d in catalogue.datasets.values())])
        raise MianshenError(f"no dataset `{name}`; {near or '`mianshen data catalog` lists all'}")
    return found


def describe(entry: Dataset) -> None:
    """Write what a dataset is, what it covers, what no row means in it, and how long it counts."""
    absent = "no row means: it did not happen" if entry.absence == "none" else "no row means: not known"
    lines = [
        f"{entry.title.zh} ({entry.dataset}), from {entry.department}",
        f"one row {'per firm' if entry.grain == 'firm' else f'for each {entry.period or entry.grain}'}; {absent}",
        f"rows name their firm by {_words([key.value for key in entry.key])}",
        f"covers {_coverage(entry.covers)}",
    ]
    if entry.max_age is not None:
        lines.append(f"older than {counted(entry.max_age, 'day')}, it no longer counts")
    if entry.negative:
        lines.append("negative: a row speaks against a firm")
    write_lines([*lines, *([entry.note] if entry.note else []), ""])


def _coverage(covers: Coverage) -> str:
    when = f"from {covers.from_} on" if covers.from_ else "all times"
    where = f"in {covers.region}" if covers.region else "everywhere"
    return f"{when}, {where}" + ("" if covers.complete else "; not complete: rows may be missing even there")


def field_rows(entry: Dataset) -> list[Row]:
    """Return one row a field."""
    return [
        {
            "field": name,
            "label": field.label,
            "type": field.type.value,
            "unit": field.unit,
            "required": field.required,
            "classification": field.classification.value,
            "values": _limits(field),
            "columns": list(field.columns),
            "note": field.note,
        }
        for name, field in entry.fields.items()
    ]


def _limits(field: DataField) -> str | None:
    if field.values:
        return " ".join(field.values)
    return f"{field.range[0]} to {field.range[1]}" if field.range else None
