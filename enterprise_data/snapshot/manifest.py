"""What a snapshot holds: its files with their hashes, and where each dataset's rows come from."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

FORMAT: Final = 3  # raised whenever what a manifest holds changes
MANIFEST = "manifest.json"
CATALOGUE = "catalogue.json"


class FileEntry(BaseModel):
    """A sealed file; `rows` are its rows, or lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    sha256: str
    rows: int


class DatasetEntry(FileEntry):
    """One dataset.

    `rows` counts rows that surely are a firm's (all rows of a reference series), `uncertain_rows` the lines of rows
    that may be, one for each plausible firm; `unlinked` counts delivered rows by the reason they are not sure,
    `linked` sure ones by the rule that linked them. Repeated identical rows were left out `duplicates` times.
    `undelivered` names the fields whose column the source did not have: an empty value there says nothing at all.
    """

    uncertain_rows: int
    unlinked_rows: int
    duplicates: int
    linked: dict[str, int]
    unlinked: dict[str, int]
    data_date: date
    source: str
    source_sha256: str
    undelivered: tuple[str, ...] = ()


class Manifest(BaseModel):
    """The manifest; nothing in it tells when it was made, so that equal content has an equal id.

    firms        `firm_no`, `uscc`, `name`, `region`
    unlinked     rows that no rule linked: `dataset`, `row_no`, the keys, `day`, `region`, `reason`, `candidates`
    links        how each row was linked whose keys are not letter for letter the register's: `rule`, `key`, and
                 `other_name`, the name beside a code where no firm bears it
    candidates   the likeliest firms of each unlinked row, `rank` 1 to 5; `plausible`: its facts are left open
    facts        people's decisions and corrections that were in force, as JSON lines
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[3] = FORMAT
    catalogue: str
    firms: FileEntry
    unlinked: FileEntry
    links: FileEntry
    candidates: FileEntry
    facts: FileEntry
    datasets: dict[str, DatasetEntry]

    def to_json(self) -> str:
        """Return the canonical text: sorted keys, no spaces."""
        content = self.model_dump(mode="json")
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def id(self) -> str:
        """Return the snapshot's id: the first 16 hexadecimal digits of the canonical text's SHA-256."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    @property
    def files(self) -> dict[str, str]:
        """Return the SHA-256 of each file beside the manifest, by name."""
        entries = (self.firms, self.unlinked, self.links, self.candidates, self.facts, *self.datasets.values())
        return {CATALOGUE: self.catalogue} | {entry.file: entry.sha256 for entry in entries}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
