"""How the rows of each delivery were linked: by which rules, why the rest was not, and whose facts that leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from enterprise_data.catalogue.model import Grain
from enterprise_data.codes.uscc import clean_code, uscc_is_valid
from enterprise_data.identity.colliding_keys import Collisions, collisions
from enterprise_data.identity.wording import REASONS, RULES, in_order
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.snapshot.suspicious_codes import suspicious_codes


@dataclass(frozen=True)
class NotLinked:
    """Rows that are not linked for one reason, and how many firms they may be about (each counted once)."""

    reason: str
    rows: int
    firms: int


@dataclass(frozen=True)
class DatasetLinks:
    """The rows of one delivery: `delivered` = `repeated` (identical ones, left out) + linked + not linked.

    `linked` holds (rule, rows) in the order of the ladder. `open_firms` are the firms for which the dataset's facts
    are open because a row may be theirs. `decidable`: people may decide whose its rows are; a register, former names
    and successions say themselves what firms there are.
    """

    dataset: str
    title: str
    department: str
    decidable: bool
    delivered: int
    repeated: int
    linked: tuple[tuple[str, int], ...]
    unlinked: tuple[NotLinked, ...]
    open_firms: int

    @property
    def linked_rows(self) -> int:
        """Return how many rows are linked, by whatever rule."""
        return sum(rows for _, rows in self.linked)

    @property
    def unlinked_rows(self) -> int:
        """Return how many rows are not linked, for whatever reason."""
        return sum(entry.rows for entry in self.unlinked)


@dataclass(frozen=True)
class LinkingReport:
    """All there is to say of some datasets of a snapshot.

    `open_firms` counts each firm once. What is said of the register (`without_firm`, see `rows_without_firm`, and
    `colliding`) is empty unless it is among the datasets. `suspicious`: see `suspicious_codes`.
    """

    snapshot: str
    register: str
    datasets: tuple[DatasetLinks, ...]
    open_firms: int
    suspicious: pl.DataFrame
    without_firm: pl.DataFrame
    colliding: tuple[Collisions, ...]

    def linked(self) -> list[tuple[str, int]]:
        """Return (rule, rows) over all the datasets, in the order of the ladder."""
        total = Counter[str]()
        for dataset in self.datasets:
            total.update(dict(dataset.linked))
        return [(rule, total[rule]) for rule in in_order(total, RULES)]

    def unlinked(self) -> list[tuple[str, int]]:
        """Return (reason, rows) over all the datasets."""
        total = Counter[str]()
        for dataset in self.datasets:
            total.update({entry.reason: entry.rows for entry in dataset.unlinked})
        return [(reason, total[reason]) for reason in in_order(total, REASONS)]


def report_of(snapshot: Snapshot, kept: Path, names: Sequence[str] | None = None) -> LinkingReport:
    """Return the report of all datasets, or of the named ones; `kept` is where freezing keeps keys of names."""
    register = snapshot.catalogue.register.dataset
    with_register = names is None or register in names
    without_firm = rows_without_firm(snapshot)
    return LinkingReport(
        snapshot=snapshot.id,
        register=register,
        datasets=tuple(links_of(snapshot, names)),
        open_firms=open_firms(snapshot, names),
        suspicious=suspicious_codes(snapshot, names),
        without_firm=without_firm if with_register else without_firm.clear(),
        colliding=tuple(collisions(snapshot.firms_path, kept)) if with_register else (),
    )


def links_of(snapshot: Snapshot, names: Sequence[str] | None = None) -> list[DatasetLinks]:
    """Return how the datasets of a snapshot were linked, by name; those that speak of regions are left out.

    `names`: only these, as far as the snapshot has them.
    """
    firms = _open_rows(snapshot, names).group_by("dataset", "reason").agg(pl.col("firm_no").n_unique())
    by_reason = {(name, reason): count for name, reason, count in firms.collect().iter_rows()}
    per_dataset = _open_rows(snapshot, names).group_by("dataset").agg(pl.col("firm_no").n_unique())
    in_all = dict(per_dataset.collect().iter_rows())
    return [_links(snapshot, name, by_reason, in_all.get(name, 0)) for name in _named(snapshot, names)]


def open_firms(snapshot: Snapshot, names: Sequence[str] | None = None) -> int:
    """Return for how many firms, each counted once, some dataset's facts are open because a row may be theirs."""
    return int(_open_rows(snapshot, names).select(pl.col("firm_no").n_unique()).collect().item())


def rows_without_firm(snapshot: Snapshot) -> pl.DataFrame:
    """Return the register's rows that make no firm, since their USCC is wrong or missing, in the file's order.

    Columns: `row_no`, `uscc` and `name` as delivered.
    """
    register = snapshot.catalogue.register.dataset
    unlinked = pl.scan_parquet(snapshot.unlinked_path, glob=False).filter(pl.col("dataset") == register)
    wrong = ~uscc_is_valid(clean_code(pl.col("uscc").fill_null("")))
    return unlinked.filter(wrong).select("row_no", "uscc", "name").sort("row_no").collect()


def _named(snapshot: Snapshot, names: Sequence[str] | None) -> list[str]:
    datasets = snapshot.catalogue.datasets
    about_firms = (name for name in snapshot.manifest.datasets if datasets[name].grain is not Grain.REGION)
    return [name for name in about_firms if names is None or name in names]


def _links(snapshot: Snapshot, name: str, firms: dict[tuple[str, str], int], in_all: int) -> DatasetLinks:
    entry, declared = snapshot.manifest.datasets[name], snapshot.catalogue.datasets[name]
    return DatasetLinks(
        dataset=name,
        title=declared.title.zh,
        department=declared.department,
        decidable=declared.is_decidable,
        delivered=sum(entry.linked.values()) + entry.unlinked_rows + entry.duplicates,
        repeated=entry.duplicates,
        linked=tuple((rule, entry.linked[rule]) for rule in in_order(entry.linked, RULES)),
        unlinked=tuple(
            NotLinked(reason, entry.unlinked[reason], firms.get((name, reason), 0))
            for reason in in_order(entry.unlinked, REASONS)
        ),
        open_firms=in_all,
    )


def _open_rows(snapshot: Snapshot, names: Sequence[str] | None) -> pl.LazyFrame:
    """Return `dataset`, `reason`, `firm_no` of rows that may be of firms; such files stand in the manifest."""
    held = snapshot.manifest.datasets
    rows = [
        pl.scan_parquet(snapshot.dir / held[name].file, glob=False)
        .filter(pl.col("belongs").is_null())
        .select(pl.lit(name).alias("dataset"), pl.col("linked_by").alias("reason"), "firm_no")
        for name in _named(snapshot, names)
        if held[name].uncertain_rows
    ]
    nobody = pl.LazyFrame(schema={"dataset": pl.String, "reason": pl.String, "firm_no": pl.Int32})
    return pl.concat([nobody, *rows])
