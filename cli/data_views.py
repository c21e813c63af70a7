"""What `mianshen data` shows: the catalogue, one dataset, and the state of the deliveries, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cli.failures import counted
from cli.output import Column, Row, count_column, write_lines
from enterprise_data.declarations.problems import MianshenError, suggest

if TYPE_CHECKING:
    from enterprise_data.catalogue.load import Catalogue
    from enterprise_data.catalogue.model import Coverage, DataField, Dataset
    from enterprise_data.deliveries import Delivery
    from enterprise_data.snapshot.snapshot import Snapshot
    from enterprise_data.workspace import Workspace


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
STATUS_COLUMNS = (
    Column("dataset", "Dataset"),
    Column("title", "Title"),
    Column("department", "Department"),
    Column("state", "State"),
    Column("data_date", "Data of"),
    count_column("age_days", "Age, days"),
    count_column("max_age_days", "Max age"),
    count_column("loaded_rows", "Rows"),
    count_column("rejected_rows", "Rejected"),
    count_column("repairs", "Repairs"),
    Column("in_snapshot", "In snapshot", lambda value: "yes" if value else "no"),
    Column("source", "Source"),
)
REJECT_COLUMNS = (
    count_column("row_no", "Row"),
    Column("column", "Column"),
    Column("value", "Value"),
    Column("code", "Code"),
    Column("reason", "Reason", wrap=True),
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


def current_delivery(space: Workspace, name: str) -> Delivery:
    """Return the delivery in force of a dataset.

    Raises:
        MianshenError: no such dataset, or it was never loaded.
    """
    entry = known_dataset(space.catalogue(), name)
    found = space.deliveries.current(entry.dataset)
    if found is None:
        raise MianshenError(f"`{entry.dataset}` was never loaded; `mianshen data load {entry.dataset} FILE` does")
    return found


def status_rows(
    catalogue: Catalogue, deliveries: Mapping[str, Delivery], snapshot: Snapshot | None, as_of: date | None
) -> list[Row]:
    """Return one row a dataset: loaded, stale (older than `max_age` at `as_of`, today unless given) or never loaded.

    `in_snapshot` says that the snapshot holds just this delivery.
    """
    day = as_of or datetime.now().astimezone().date()
    return [_status(entry, deliveries.get(name), snapshot, day) for name, entry in catalogue.datasets.items()]


def is_stale(entry: Dataset, data_date: date, as_of: date) -> bool:
    """Return whether data of that day are too old at `as_of`."""
    return entry.max_age is not None and as_of - data_date > timedelta(days=entry.max_age)


def _status(entry: Dataset, delivery: Delivery | None, snapshot: Snapshot | None, as_of: date) -> Row:
    row: dict[str, Any] = {
        "dataset": entry.dataset,
        "title": entry.title.zh,
        "department": entry.department,
        "state": "never loaded",
        "max_age_days": entry.max_age,
        "in_snapshot": False,
    }
    if delivery is None:
        return row
    return row | {
        "state": "stale" if is_stale(entry, delivery.data_date, as_of) else "loaded",
        "data_date": delivery.data_date,
        "age_days": (as_of - delivery.data_date).days,
        "loaded_rows": delivery.loaded_rows,
        "rejected_rows": delivery.rejected_rows,
        "repairs": sum(delivery.repairs_by_rule.values()),
        "in_snapshot": snapshot is not None and in_snapshot(delivery, snapshot),
        "source": delivery.source,
    }


def in_snapshot(delivery: Delivery, snapshot: Snapshot) -> bool:
    """Return whether the snapshot was made of this very delivery."""
    held = snapshot.dataset(delivery.dataset)
    return held is not None and (held.source_sha256, held.data_date) == (delivery.source_sha256, delivery.data_date)
