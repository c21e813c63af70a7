"""Build a snapshot's files in an empty folder: what linking must know of firms first, then all the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset, FirmKey, Grain, Role
from enterprise_data.deliveries import Delivery
from enterprise_data.identity.journal.ledger import Active
from enterprise_data.identity.link import forget_links, link
from enterprise_data.snapshot.dataset_file import CONFLICT, write_firm_rows, write_sorted
from enterprise_data.snapshot.delivered import show_delivered
from enterprise_data.snapshot.known_firms import (
    facts_text,
    know_firms,
    read_former_names,
    read_register,
    read_relations,
    read_successions,
)
from enterprise_data.snapshot.manifest import DatasetEntry, FileEntry, Manifest, sha256_of
from enterprise_data.snapshot.reference_file import write_reference_rows

_UNLINKED = """
CREATE TEMP TABLE unlinked (
    dataset VARCHAR, row_no BIGINT, uscc VARCHAR, organisation_code VARCHAR, registration_no VARCHAR, name VARCHAR,
    day DATE, region VARCHAR, reason VARCHAR, candidates INTEGER[]
)
"""

_LINKS = """
CREATE TEMP TABLE links (
    dataset VARCHAR, row_no BIGINT, firm_no INTEGER, rule VARCHAR, key VARCHAR, other_name VARCHAR
)
"""

_CANDIDATES = """
CREATE TEMP TABLE candidates (
    dataset VARCHAR, row_no BIGINT, rank INTEGER, firm_no INTEGER, name VARCHAR, score DOUBLE, plausible BOOLEAN,
    pattern VARCHAR
)
"""

_KEEP_UNLINKED = """
INSERT INTO unlinked
SELECT $dataset, row_no, uscc, organisation_code, registration_no, name, day, region, reason, candidates
FROM resolved WHERE reason IS NOT NULL
"""

# Beside the code that links a row may stand a name that no firm bears: it tells that the code is suspicious.
_KEEP_LINKS = """
INSERT INTO links
SELECT $dataset, row_no, firm_no, rule, key, CASE WHEN by_code_alone THEN name END
FROM resolved WHERE reason IS NULL
"""

_KEEP_CANDIDATES = """
INSERT INTO candidates SELECT $dataset, row_no, rank, firm_no, name, score, plausible, pattern FROM proposed
"""

_KEEP_CONFLICTS = """
INSERT INTO unlinked
SELECT $dataset, d.row_no, d._uscc, d._organisation_code, d._registration_no, d._name, d._day, d._region, $reason,
       [v.firm_no]
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
    """One freeze; `folder` receives the files, `spill` what is needed for a moment only.

    `facts` are people's decisions and corrections; `kept` is the folder of what earlier freezes computed already.
    """

    con: duckdb.DuckDBPyConnection
    catalogue: Catalogue
    deliveries: Mapping[str, Delivery]
    facts: Active
    folder: Path
    spill: Path
    kept: Path

    def run(self, progress: Callable[[str], None]) -> Manifest:
        """Write every file and return the manifest."""
        for table in (_UNLINKED, _LINKS, _CANDIDATES):
            self.con.execute(table)
        entries = {}
        known = False
        for dataset in self._in_order():
            if not known and dataset.is_decidable:
                self._read_relations()
                know_firms(self.con, self.facts, self.spill, self.kept)
                known = True
            progress(dataset.dataset)
            delivery = self.deliveries[dataset.dataset]
            show_delivered(self.con, dataset, delivery.rows_path, delivery.doubtful_path, delivery.data_date)
            write = self._write_reference if dataset.grain is Grain.REGION else self._write_firm_rows
            entries[dataset.dataset] = write(dataset, delivery)
        return Manifest(
            catalogue=self.catalogue.sha256,
            firms=self._file("firms", _FIRMS, ("firm_no",)),
            unlinked=self._file("unlinked", exp.select("*").from_("unlinked"), ("dataset", "row_no")),
            links=self._file("links", exp.select("*").from_("links"), ("dataset", "row_no")),
            candidates=self._file("candidates", exp.select("*").from_("candidates"), ("dataset", "row_no", "rank")),
            facts=self._write_facts(),
            datasets=dict(sorted(entries.items())),
        )

    def _in_order(self) -> list[Dataset]:
        """Names can be compared only after all are known that firms bear or bore."""
        order = (Role.REGISTER, Role.SUCCESSIONS, Role.FORMER_NAMES)
        datasets = [self.catalogue.datasets[name] for name in self.deliveries]
        return sorted(datasets, key=lambda d: (order.index(d.role) if d.role in order else len(order), d.dataset))

    def _read_relations(self) -> None:
        """Relations are read by their codes before all names are known, and linked like any list thereafter."""
        for name, delivery in self.deliveries.items():
            dataset = self.catalogue.datasets[name]
            if dataset.role is Role.RELATIONS:
                show_delivered(self.con, dataset, delivery.rows_path, delivery.doubtful_path, delivery.data_date)
                read_relations(self.con, dataset)

    def _write_firm_rows(self, dataset: Dataset, delivery: Delivery) -> DatasetEntry:
        if dataset.role is Role.REGISTER:
            read_register(self.con, dataset, self.spill, self.kept)
        link(
            self.con,
            self.spill,
            dataset=dataset.dataset,
            registration_nos=FirmKey.REGISTRATION_NO in self.catalogue.register.key,
            propose=dataset.is_decidable,
        )
        draft = self.folder / f"{dataset.dataset}.parquet"
        write_firm_rows(self.con, dataset, draft)
        name = {"dataset": dataset.dataset}
        for keep in (_KEEP_UNLINKED, _KEEP_LINKS, _KEEP_CANDIDATES):
            self.con.execute(keep, name)
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
        if dataset.role is Role.SUCCESSIONS:
            read_successions(self.con, dataset, self.folder / entry.file)
        elif dataset.role is Role.FORMER_NAMES:
            read_former_names(self.con, dataset, self.folder / entry.file)
        return entry

    def _write_reference(self, dataset: Dataset, delivery: Delivery) -> DatasetEntry:
        draft = self.folder / f"{dataset.dataset}.parquet"
        write_reference_rows(self.con, dataset, draft)
        duplicates = delivery.loaded_rows - self._count(draft)
        return self._entry(delivery, draft, uncertain_rows=0, duplicates=duplicates, linked={}, unlinked={})

    def _file(self, name: str, query: exp.Query, order: tuple[str, ...]) -> FileEntry:
        draft = self.folder / f"{name}.parquet"
        write_sorted(self.con, query, order, draft)
        path = _named_by_content(draft)
        return FileEntry(file=path.name, sha256=sha256_of(path), rows=self._count(path))

    def _write_facts(self) -> FileEntry:
        draft = self.folder / "facts.jsonl"
        draft.write_text(facts_text(self.facts), encoding="utf-8")
        path = _named_by_content(draft)
        rows = len(self.facts.decisions) + len(self.facts.corrections)
        return FileEntry(file=path.name, sha256=sha256_of(path), rows=rows)

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
    path = draft.with_name(f"{draft.stem}-{sha256_of(draft)[:12]}{draft.suffix}")
    return draft.rename(path)
