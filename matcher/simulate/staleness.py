"""What in a snapshot is out of date for a simulation: deliveries loaded since, and data too old or never loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.coverage import is_fresh
from matcher.run.engine import feeds_of


def stale(space: Workspace, snapshot: Snapshot, datasets: Iterable[str], as_of: date) -> Iterator[str]:
    """Yield one sentence for each dataset read whose delivery is not the one in force, or whose facts are unknown."""
    feeds = feeds_of(snapshot)
    register = snapshot.catalogue.register.dataset
    for name in sorted({register, *datasets}):
        entry = snapshot.catalogue.datasets[name]
        held, current = snapshot.dataset(name), space.deliveries.current(name)
        if current is not None and (
            held is None or (held.source_sha256, held.data_date) != (current.source_sha256, current.data_date)
        ):
            yield (
                f"the snapshot is stale: `{name}` ({entry.title.zh}) was loaded since, with data of "
                f"{current.data_date}; `mianshen data freeze` takes it in"
            )
        if held is None:
            yield f"`{name}` ({entry.title.zh}) was never loaded into the snapshot: its facts are unknown"
        elif not is_fresh(entry, feeds, as_of):
            yield (
                f"`{name}` ({entry.title.zh}) has data of {held.data_date}, at {as_of} older than its max_age of "
                f"{entry.max_age} days: its facts are unknown"
            )
