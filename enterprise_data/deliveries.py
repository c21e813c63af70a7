"""Deliveries: what a department sent, conformed, kept in a folder of its own; one per dataset is in force.

<folder>/<dataset>/current                     the id of the delivery in force
<folder>/<dataset>/<id>/rows.parquet           accepted rows, typed as at rest
<folder>/<dataset>/<id>/rejects.parquet        one row per fault: row_no, column, value, code, reason
<folder>/<dataset>/<id>/doubtful.parquet       rejected rows that name a firm: as rows, NULL for faults
<folder>/<dataset>/<id>/delivery.json          the counts, hashes and dates below
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json

from enterprise_data.atomic import replace_text, settle
from enterprise_data.catalogue.model import Absence, Dataset
from enterprise_data.declarations.problems import MianshenError

FORMAT = 1
ROWS = "rows.parquet"
REJECTS = "rejects.parquet"
DOUBTFUL = "doubtful.parquet"
RECORD = "delivery.json"
CURRENT = "current"


class Delivery(BaseModel):
    """One conformed delivery of one dataset.

    `input_rows` = `loaded_rows` + `rejected_rows`; of those `doubtful_rows` name a firm and are kept as
    rows that may count, and `unattributable_rows` name none. No clock time is recorded, only the `data_date`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Field(exclude=True)
    format: int = FORMAT
    dataset: str
    source: str
    source_form: str
    source_sha256: str
    data_date: date
    catalogue_sha256: str
    blank_rows: int
    input_rows: int
    loaded_rows: int
    rejected_rows: int
    doubtful_rows: int
    unattributable_rows: int
    rejects: dict[str, int]
    repairs: dict[str, dict[str, int]]
    columns: dict[str, str]
    ignored_columns: tuple[str, ...]
    rows_sha256: str

    @property
    def id(self) -> str:
        """Return the delivery's name: its number and the beginning of its source's hash."""
        return self.folder.name

    @property
    def rows_path(self) -> Path:
        """Return the file of accepted rows."""
        return self.folder / ROWS

    @property
    def rejects_path(self) -> Path:
        """Return the file of faults, sorted by row number."""
        return self.folder / REJECTS

    @property
    def doubtful_path(self) -> Path:
        """Return the file of rejected rows that name a firm; it may count no rows, but it is there."""
        return self.folder / DOUBTFUL

    @property
    def repairs_by_rule(self) -> dict[str, int]:
        """Return how often each named repair was made, over all columns."""
        totals: dict[str, int] = {}
        for counts in self.repairs.values():
            for rule, count in counts.items():
                totals[rule] = totals.get(rule, 0) + count
        return dict(sorted(totals.items()))

    def concerns(self, dataset: Dataset) -> tuple[str, ...]:
        """Return what whoever loaded this must not overlook: what may speak about firms without naming them."""
        if dataset.absence is not Absence.NONE:
            return ()
        against = "speaks against firms" if dataset.negative else "says by absence that nothing happened"
        found = []
        if self.unattributable_rows:
            count = self.unattributable_rows
            rows = "1 rejected row names no firm" if count == 1 else f"{count:,} rejected rows name no firm"
            found.append(
                f"{rows}, and `{self.dataset}` {against}: correct them and load again before relying on absent rows"
            )
        if not self.input_rows:
            found.append(
                f"the source has no row, and `{self.dataset}` {against}: it now clears every firm; "
                "load the right file if the department has anything to report"
            )
        return tuple(found)


class Deliveries:
    """The deliveries of a workspace; the newest `keep` of each dataset stay, to look back at."""

    def __init__(self, folder: Path, keep: int = 3) -> None:
        self.folder = folder
        self.keep = keep

    def current(self, dataset: str) -> Delivery | None:
        """Return the delivery in force, or None when the dataset was never loaded.

        Raises:
            MianshenError: when the folder was tampered with and the record cannot be read.
        """
        pointer = self.folder / dataset / CURRENT
        if not pointer.exists():
            return None
        folder = pointer.parent / pointer.read_text(encoding="utf-8").strip()
        try:
            return _read(folder)
        except (OSError, TypeError, ValueError) as error:  # of JSON, of its shape, of its values
            message = f"cannot read the delivery of `{dataset}` in force ({folder}); load the dataset again"
            raise MianshenError(message) from error

    def all_current(self) -> dict[str, Delivery]:
        """Return the delivery in force of every dataset that has one, by dataset."""
        names = sorted(pointer.parent.name for pointer in self.folder.glob(f"*/{CURRENT}"))
        return {name: found for name in names if (found := self.current(name)) is not None}

    @contextmanager
    def drafting(self, dataset: str) -> Iterator[Path]:
        """Give an empty folder to fill; whatever happens, nothing remains unless it was put in force.

        Raises:
            MianshenError: when another process is loading the same dataset.
        """
        home = self.folder / dataset
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home, dataset):
            for leftover in home.glob(".draft-*"):  # of a process that was killed
                shutil.rmtree(leftover, ignore_errors=True)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)

    def put_in_force(self, draft: Delivery) -> Delivery:
        """Seal the drafted folder, give it its name, and point `current` to it, in that order.

        A crash between any two steps leaves the old delivery in force and whole.
        """
        home = draft.folder.parent
        number = 1 + max((int(name.split("-")[0]) for name in _ids(home)), default=0)
        folder = home / f"{number:06d}-{draft.source_sha256[:12]}"
        (draft.folder / RECORD).write_text(draft.model_dump_json(indent=2) + "\n", encoding="utf-8")
        settle(draft.folder)
        draft.folder.rename(folder)
        settle(home)
        replace_text(home / CURRENT, folder.name + "\n")
        self._prune(home)
        return draft.model_copy(update={"folder": folder})

    def _prune(self, home: Path) -> None:
        for name in _ids(home)[: -self.keep]:
            shutil.rmtree(home / name, ignore_errors=True)


@contextmanager
def _alone(home: Path, dataset: str) -> Iterator[None]:
    """Let one process at a time write a dataset's deliveries; the lock ends with its process."""
    with (home / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MianshenError(f"`{dataset}` is being loaded by another process; wait for it") from error
        yield


def _ids(home: Path) -> list[str]:
    return sorted(path.name for path in home.glob("[0-9]*-*") if path.is_dir())


def _read(folder: Path) -> Delivery:
    record = from_json((folder / RECORD).read_bytes())
    return Delivery.model_validate({**record, "folder": folder})
