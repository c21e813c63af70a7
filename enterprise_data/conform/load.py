"""Loading: a source is read, conformed chunk by chunk, and put in force in one step, or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

import polars as pl

from enterprise_data.catalogue.load import Catalogue, entry_sha256
from enterprise_data.catalogue.model import Dataset
from enterprise_data.conform.columns import Columns, is_heading_row, match_columns
from enterprise_data.conform.draft import Draft
from enterprise_data.conform.duplicates import Repeated
from enterprise_data.conform.readers.csv_file import open_csv
from enterprise_data.conform.readers.database import is_database_url, open_query, shown_url
from enterprise_data.conform.readers.json_lines import open_json_lines
from enterprise_data.conform.readers.parquet_file import open_parquet
from enterprise_data.conform.readers.source import Chunk, Source, hash_file
from enterprise_data.conform.readers.xlsx_file import open_xlsx
from enterprise_data.conform.rows import Conformed, conform_chunk
from enterprise_data.declarations.problems import MianshenError, suggest
from enterprise_data.deliveries import ROWS, Delivery
from enterprise_data.workspace import Workspace

_WORKERS = 2
_AHEAD = 3  # chunks in memory: what bounds it for a file of any size

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Query:
    """A database query as a source: any SQLAlchemy URL and a SELECT."""

    url: str
    sql: str


def load(
    workspace: Workspace,
    dataset: str,
    source: str | Path | Query,
    *,
    data_date: date | None = None,
    sheet: str | None = None,
    progress: Progress | None = None,
    catalogue: Catalogue | None = None,
) -> Delivery:
    """Load a file or a query as the delivery of a dataset (by identifier or Chinese title) and put it in force.

    `data_date` is the day the data stand for, and today unless given: it decides how old the data are at a run's
    as-of date. `sheet` names the sheet of a workbook with several. `progress` is told the rows done so far.
    `catalogue` is the workspace's own, for whoever loads many files and has read it already.

    Raises:
        MianshenError: unknown dataset, unreadable source, headings that do not fit, no room on the disk. Then, and
            after an interrupt or a crash, the delivery in force is the one that was.
    """
    entry = _entry(catalogue or workspace.catalogue(), dataset)
    opened, shown = _open(source, entry, sheet)
    deliveries = workspace.deliveries
    try:
        columns = match_columns(entry, opened.headings, shown)
        with deliveries.drafting(entry.dataset) as folder:
            draft = Draft(folder, Repeated(entry))
            # Closed here, not whenever it is collected: an interrupt may still be on its way then, and would be lost.
            with closing(_conformed(entry, columns, opened)) as chunks:
                for conformed in chunks:
                    draft.add(conformed)
                    if progress is not None:
                        progress(draft.input_rows)
            origin = {"source": shown, "source_form": opened.form, "source_sha256": opened.sha256}
            delivery = _record(draft, entry, columns, origin, data_date or _today())
            return deliveries.put_in_force(delivery)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"cannot write the delivery of `{entry.dataset}`: {reason}; the one in force stays"
        raise MianshenError(message) from error
    finally:
        opened.close()


def _entry(catalogue: Catalogue, name: str) -> Dataset:
    found = catalogue.find(name)
    if found is None:
        known = [*catalogue.datasets, *(d.title.zh for d in catalogue.datasets.values())]
        hint = suggest(name, known) or f"there are: {', '.join(catalogue.datasets) or 'none; add one to catalog/'}"
        raise MianshenError(f"no dataset `{name}` in the catalogue; {hint}")
    return found


def _open(source: str | Path | Query, entry: Dataset, sheet: str | None) -> tuple[Source, str]:
    if isinstance(source, Query):
        return open_query(source.url, source.sql), f"{shown_url(source.url)} {source.sql}"
    if is_database_url(str(source)):
        raise MianshenError(f"{shown_url(str(source))} is a database: give the query whose rows are meant")
    path = Path(source)
    if not path.is_file():
        raise MianshenError(f"there is no file {path}")
    match path.suffix.lower():
        case ".csv" | ".txt" | ".tsv":
            opened = open_csv(path)
        case ".xlsx" | ".xlsm":
            opened = open_xlsx(path, partial(is_heading_row, entry), sheet)
        case ".parquet":
            opened = open_parquet(path)
        case ".jsonl" | ".ndjson" | ".json":
            opened = open_json_lines(path)
        case other:
            forms = ".csv, .tsv, .txt, .xlsx, .parquet, .jsonl or .ndjson"
            raise MianshenError(f"{path}: files named *{other} cannot be loaded; use {forms}")
    return opened, path.name


def _conformed(entry: Dataset, columns: Columns, opened: Source) -> Generator[Conformed]:
    """Conform chunks side by side and yield them in order."""
    waiting: deque[Future[Conformed]] = deque()

    def work(read: Callable[[], Chunk]) -> Conformed:
        return conform_chunk(entry, columns, read())

    with ThreadPoolExecutor(_WORKERS, "conform") as pool:
        for read in opened.chunks():
            waiting.append(pool.submit(work, read))
            if len(waiting) >= _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _record(draft: Draft, entry: Dataset, columns: Columns, origin: dict[str, str], data_date: date) -> Delivery:
    loaded = draft.finish()
    return Delivery(
        folder=draft.folder,
        dataset=entry.dataset,
        source=origin["source"],
        source_form=origin["source_form"],
        source_sha256=origin["source_sha256"],
        data_date=data_date,
        catalogue_sha256=entry_sha256(entry),
        blank_rows=draft.blank_rows,
        input_rows=draft.input_rows,
        loaded_rows=loaded,
        rejected_rows=draft.rejected_rows,
        doubtful_rows=draft.doubtful_rows,
        unattributable_rows=draft.unattributable_rows if entry.key else 0,
        rejects=dict(sorted(draft.rejects.items())),
        repairs={heading: dict(sorted(counts.items())) for heading, counts in sorted(draft.repairs.items())},
        columns={name: columns.heading(name) for name in columns.positions},
        ignored_columns=columns.ignored,
        rows_sha256=hash_file(draft.folder / ROWS),
    )


def _today() -> date:
    """Return today where this machine stands: the one place that asks the clock, and the answer is recorded."""
    return datetime.now().astimezone().date()
