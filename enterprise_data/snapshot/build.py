"""Build a snapshot's files in an empty folder: the register first, then former names, then all the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset, FirmKey, Grain, Role
from enterprise_data.deliveries import Delivery
from enterprise_data.identity.link import forget_links, link
from enterprise_data.identity.register import add_former_names, add_names, build_register
from enterprise_data.queries import column, run
from enterprise_data.snapshot.dataset_file import CONFLICT, write_firm_rows, write_sorted
from enterprise_data.snapshot.delivered import show_delivered
from enterprise_data.snapshot.manifest import (
    DatasetEntry,
    FirmsEntry,
    Manifest,
    UnlinkedEntry,
    sha256_of,
)
from enterprise_data.snapshot.reference_file import write_reference_rows

_UNLINKED = """
CREATE TEMP TABLE unlinked (
    dataset VARCHAR, row_no BIGINT, uscc VARCHAR, organisation_code VARCHAR, registration_no VARCHAR, name VARCHAR,
    reason VARCHAR, candidates INTEGER[]
)
"""

_KEEP_UNLINKED = """
INSERT INTO unlinked
SELECT $dataset, row_no, uscc, organisation_code, registration_no, name, reason, candidates
FROM resolved WHERE reason IS NOT NULL
"""

_KEEP_CONFLICTS = """
INSERT INTO unlinked
SELECT $dataset, d.row_no, d._uscc, d._organisation_code, d._registration_no, d._name, $reason, [v.firm_no]
FROM verdicts v JOIN delivered d USING (row_no)
WHERE v.contents > 1 AND v.kept
"""

_LINKED = "SELECT linked_by, count(*) FROM read_parquet($file) WHERE belongs GROUP BY ALL ORDER BY ALL"
_REASONS = "SELECT reason, count(*) FROM unlinked WHERE dataset = $dataset GROUP BY ALL ORDER BY ALL"
_UNSURE = "SELECT count(*) FROM read_parquet($file) WHERE belongs IS NULL"
_DUPLICATES = "SELECT count(*) FROM verdicts WHERE NOT kept"
_FIRMS = exp.select("firm_no", "uscc", "raw_name AS name", "region").from_("firms")


@dataclass
class Build:
    """One freeze; `folder` receives the files, `spill` what is needed for a moment only."""

    con: duckdb.DuckDBPyConnection
    catalogue: Catalogue
    deliveries: Mapping[str, Delivery]
    folder: Path
    spill: Path

    def run(self, progress: Callable[[str], None]) -> Manifest:
        """Write every file and return the manifest."""
        self.con.execute(_UNLINKED)
        entries = {}
        for dataset in self._in_order():
            progress(dataset.dataset)
            delivery = self.deliveries[dataset.dataset]
            show_delivered(self.con, dataset, delivery.rows_path, delivery.doubtful_path, delivery.data_date)
            write = self._write_reference if dataset.grain is Grain.REGION else self._write_firm_rows
            entries[dataset.dataset] = write(dataset, delivery)
        firms = self._write(_FIRMS, ("firm_no",), "firms")
        unlinked = self._write(exp.select("*").from_("unlinked"), ("dataset", "row_no"), "unlinked")
        return Manifest(
            catalogue=self.catalogue.sha256,
            firms=FirmsEntry(file=firms.name, sha256=sha256_of(firms), rows=self._count(firms)),
            unlinked=UnlinkedEntry(file=unlinked.name, sha256=sha256_of(unlinked), rows=self._count(unlinked)),
            datasets=dict(sorted(entries.items())),
        )

    def _in_order(self) -> list[Dataset]:
        """Names can be compared only after the register, and its former names, are known."""
        first = {Role.REGISTER: 0, Role.FORMER_NAMES: 1}
        datasets = [self.catalogue.datasets[name] for name in self.deliveries]
        return sorted(datasets, key=lambda d: (first.get(d.role, 2) if d.role else 2, d.dataset))

    def _write_firm_rows(self, dataset: Dataset, delivery: Delivery) -> DatasetEntry:
        if dataset.role is Role.REGISTER:
            self._read_register(dataset)
        link(self.con, self.spill, registration_nos=FirmKey.REGISTRATION_NO in self.catalogue.register.key)
        draft = self.folder / f"{dataset.dataset}.parquet"
        write_firm_rows(self.con, dataset, draft)
        name = {"dataset": dataset.dataset}
        self.con.execute(_KEEP_UNLINKED, name)
        self.con.execute(_KEEP_CONFLICTS, {**name, "reason": CONFLICT})
        file = {"file": str(draft)}
        entry = self._entry(
            delivery,
            draft,
            uncertain_rows=self._number(_UNSURE, file),
            duplicates=self._number(_DUPLICATES, {}),
            linked=dict(self.con.execute(_LINKED, file).fetchall()),
            unlinked=dict(self.con.execute(_REASONS, name).fetchall()),
        )
        self.con.execute("DROP TABLE verdicts")
        forget_links(self.con)
        if dataset.role is Role.REGISTER:
            add_names(self.con)
        elif dataset.role is Role.FORMER_NAMES:
            self._read_former_names(dataset, self.folder / entry.file)
        return entry

    def _write_reference(self, dataset: Dataset, delivery: Delivery) -> DatasetEntry:
        draft = self.folder / f"{dataset.dataset}.parquet"
        write_reference_rows(self.con, dataset, draft)
        duplicates = delivery.loaded_rows - self._count(draft)
        return self._entry(delivery, draft, uncertain_rows=0, duplicates=duplicates, linked={}, unlinked={})

    def _read_register(self, dataset: Dataset) -> None:
        region = column(dataset.home_region) if dataset.home_region else exp.cast(exp.null(), "VARCHAR")
        keys = [exp.alias_(column(f"_{key.value}"), key.value) for key in FirmKey]
        rows = exp.select("row_no", *keys, exp.alias_(region, "region"), "_doubtful AS doubtful").from_("delivered")
        run(self.con, rows).create_view("register_rows", replace=True)
        build_register(self.con, self.spill)

    def _read_former_names(self, dataset: Dataset, file: Path) -> None:
        since = column("used_from") if "used_from" in dataset.fields else exp.cast(exp.null(), "DATE")
        self.con.read_parquet(str(file)).create_view("renamings", replace=True)
        rows = exp.select("firm_no", "former_name", exp.alias_(since, "since"), "until", "belongs").from_("renamings")
        run(self.con, rows).create("former_rows")
        add_former_names(self.con, self.spill)

    def _write(self, query: exp.Query, order: tuple[str, ...], name: str) -> Path:
        draft = self.folder / f"{name}.parquet"
        write_sorted(self.con, query, order, draft)
        return _named_by_content(draft)

    def _entry(
        self,
        delivery: Delivery,
        draft: Path,
        *,
        uncertain_rows: int,
        duplicates: int,
        linked: dict[str, int],
        unlinked: dict[str, int],
    ) -> DatasetEntry:
        rows = self._count(draft) - uncertain_rows
        path = _named_by_content(draft)
        return DatasetEntry(
            file=path.name,
            sha256=sha256_of(path),
            rows=rows,
            uncertain_rows=uncertain_rows,
            unlinked_rows=sum(unlinked.values()),
            duplicates=duplicates,
            linked=linked,
            unlinked=unlinked,
            data_date=delivery.data_date,
            source=delivery.source,
            source_sha256=delivery.source_sha256,
            undelivered=tuple(
                sorted(self.catalogue.datasets[delivery.dataset].fields.keys() - delivery.columns.keys())
            ),
        )

    def _count(self, path: Path) -> int:
        return self._number("SELECT count(*) FROM read_parquet($file)", {"file": str(path)})

    def _number(self, query: str, parameters: dict[str, str]) -> int:
        return int(self.con.execute(query, parameters).fetchall()[0][0])


def _named_by_content(draft: Path) -> Path:
    path = draft.with_name(f"{draft.stem}-{sha256_of(draft)[:12]}.parquet")
    return draft.rename(path)
