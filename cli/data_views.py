"""What `mianshen data` shows of the deliveries: their state and their faults, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cli.catalogue_views import known_dataset
from cli.output import Column, Row, count_column
from enterprise_data.declarations.problems import MianshenError

if TYPE_CHECKING:
    from enterprise_data.catalogue.load import Catalogue
    from enterprise_data.catalogue.model import Dataset
    from enterprise_data.deliveries import Delivery
    from enterprise_data.snapshot.snapshot import Snapshot
    from enterprise_data.workspace import Workspace


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
