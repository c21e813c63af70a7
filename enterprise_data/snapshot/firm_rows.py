"""All that a snapshot holds about a few firms, fast: for explaining one firm, and for what-if questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from enterprise_data.catalogue.model import Grain
from enterprise_data.snapshot.snapshot import Snapshot


def firms_of(snapshot: Snapshot, usccs: Sequence[str]) -> pl.DataFrame:
    """Return `firm_no`, `uscc`, `name`, `region` of those firms that the register has, by rising `firm_no`."""
    return pl.scan_parquet(snapshot.firms_path).filter(pl.col("uscc").is_in(list(usccs))).collect()


def rows_of(
    snapshot: Snapshot, firm_nos: Sequence[int], datasets: Sequence[str] | None = None
) -> Mapping[str, pl.DataFrame]:
    """Return the rows of each dataset that are, or may be, of one of these firms, in the file's order.

    Only row groups that may hold such rows are read. Reference series, which belong to no firm, come whole.
    `datasets`: only these, as far as the snapshot has them.
    """
    names = [name for name in (datasets or snapshot.manifest.datasets) if name in snapshot.manifest.datasets]
    queries = [_rows(snapshot, name, firm_nos) for name in names]
    return dict(zip(names, pl.collect_all(queries), strict=True))


def _rows(snapshot: Snapshot, name: str, firm_nos: Sequence[int]) -> pl.LazyFrame:
    rows = pl.scan_parquet(snapshot.dir / snapshot.manifest.datasets[name].file)
    if snapshot.catalogue.datasets[name].grain is Grain.REGION:
        return rows
    if not firm_nos:
        return rows.clear()
    # The outer bounds let whole row groups be passed over by their statistics.
    firm_no = pl.col("firm_no")
    near = firm_no.is_between(min(firm_nos), max(firm_nos))
    return rows.filter(near & firm_no.is_in(list(firm_nos)))
