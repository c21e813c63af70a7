"""`mianshen data`: what departments may deliver, what they did deliver, and sealing it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from cli.catalogue_views import ENTRY_COLUMNS, SHORT_COLUMNS, describe, entry_rows, field_rows, known_dataset
from cli.data_views import REJECT_COLUMNS, STATUS_COLUMNS, status_rows
from cli.failures import counted
from cli.lazy import LazyGroup
from cli.options import Day, common, complete_datasets, form_option
from cli.output import Format, write_frame, write_json, write_lines, write_rows, write_table
from cli.session import Session

if TYPE_CHECKING:
    from enterprise_data.conform.load import Query
    from enterprise_data.deliveries import Delivery

_SHOWN_REJECTS = 50


@click.group("data", cls=LazyGroup, later={"links": "cli.links:command", "review": "cli.review:command"})
@common
def command() -> None:
    """Load the departments' files and freeze them as a snapshot."""


@command.command("catalog")
@click.argument("dataset", required=False, shell_complete=complete_datasets)
@form_option
@common
@click.pass_obj
def catalog(session: Session, dataset: str | None, form: Format) -> None:
    """List the datasets of the catalogue, or the fields of one DATASET.

    Example: `mianshen data catalog tax`
    """
    catalogue = session.workspace().catalogue()
    if dataset is None:
        write_rows(form, SHORT_COLUMNS, entry_rows(catalogue))
        return
    entry = known_dataset(catalogue, dataset)
    if form is Format.TABLE:
        describe(entry)
    if form is Format.JSON:
        write_json(entry.model_dump(mode="json", by_alias=True))
    else:
        write_rows(form, ENTRY_COLUMNS, field_rows(entry))


@command.command("load")
@click.argument("dataset", shell_complete=complete_datasets)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--data-date", type=Day(), help="The day the data stand for.  [default: today]")
@click.option("--sheet", help="The sheet of a workbook that has several.")
@click.option("--url", envvar="MIANSHEN_DB_URL", help="A database, as an SQLAlchemy URL.  [default: $MIANSHEN_DB_URL]")
@click.option("--query", metavar="SQL", help="The query whose rows to load from the database.")
@common
@click.pass_obj
def load(
    session: Session,
    dataset: str,
    file: Path | None,
    data_date: date | None,
    sheet: str | None,
    url: str | None,
    query: str | None,
) -> None:
    """Load FILE, or a database query, as the delivery of DATASET; it replaces the one before.

    FILE is CSV (UTF-8 or GB18030), XLSX, Parquet or JSON lines. Rows with faults are left out and listed by
    `mianshen data rejects`; whatever goes wrong, the delivery in force stays whole.

    Keep a password off the command line: put the URL into $MIANSHEN_DB_URL.

    Example: `mianshen data load tax tax-2024.xlsx --data-date 2025-06-20`
    """
    source = _source(file, url, query)
    from enterprise_data.conform.load import load as load_source

    with session.progress() as step:
        delivery = load_source(
            session.workspace(),
            dataset,
            source,
            data_date=data_date,
            sheet=sheet,
            progress=lambda rows: step(f"loading {dataset}", rows),
        )
    _tell(session, delivery)


def _source(file: Path | None, url: str | None, query: str | None) -> Path | Query:
    if file is not None and query is not None:
        raise click.UsageError("give either FILE or --query, not both")
    if query is not None:
        if url is None:
            raise click.UsageError("--query needs a database: set $MIANSHEN_DB_URL, or give --url")
        from enterprise_data.conform.load import Query

        return Query(url, query)
    if file is None:
        raise click.UsageError("give FILE, or --query with $MIANSHEN_DB_URL or --url")
    return file


def _tell(session: Session, delivery: Delivery) -> None:
    session.note(
        f"{delivery.dataset}: {counted(delivery.loaded_rows, 'row')} loaded, {delivery.rejected_rows:,} rejected, "
        f"of {delivery.input_rows:,} read; data of {delivery.data_date}"
    )
    if repairs := delivery.repairs_by_rule:
        session.note("  repaired: " + ", ".join(f"{rule} {count:,}" for rule, count in repairs.items()))
    if delivery.ignored_columns:
        session.note("  columns the catalogue does not know, left out: " + ", ".join(delivery.ignored_columns))
    if delivery.rejected_rows:
        reasons = ", ".join(f"{code} {count:,}" for code, count in delivery.rejects.items())
        session.note(f"  rejected: {reasons}\n  see `mianshen data rejects{session.option()} {delivery.dataset}`")


@command.command("status")
@click.option("--as-of", type=Day(), help="The day to judge ages by.  [default: today]")
@form_option
@common
@click.pass_obj
def status(session: Session, as_of: date | None, form: Format) -> None:
    """Show what was loaded of each dataset, how old it is, and whether the snapshot holds it.

    Example: `mianshen data status --as-of 2025-06-30`
    """
    from enterprise_data.snapshot.snapshot import current_snapshot

    space = session.workspace()
    snapshot = current_snapshot(space)
    rows = status_rows(space.catalogue(), space.deliveries.all_current(), snapshot, as_of)
    write_rows(form, STATUS_COLUMNS, rows)
    if snapshot is None:
        session.note(f"no snapshot yet; make one with `mianshen data freeze{session.option()}`")
    else:
        session.note(f"snapshot {snapshot.id}: {counted(snapshot.manifest.firms.rows, 'firm')}")


@command.command("rejects")
@click.argument("dataset", shell_complete=complete_datasets)
@form_option
@common
@click.pass_obj
def rejects(session: Session, dataset: str, form: Format) -> None:
    """List the faults of the rows that were left out of DATASET, by row number of the file.

    A table shows the first 50; the other formats give all of them.

    Example: `mianshen data rejects tax --format csv > tax-rejects.csv`
    """
    import polars as pl

    from cli.data_views import current_delivery

    frame = pl.scan_parquet(current_delivery(session.workspace(), dataset).rejects_path, glob=False)
    if form is not Format.TABLE:
        write_frame(form, frame)
        return
    shown = frame.head(_SHOWN_REJECTS).collect()
    write_table(REJECT_COLUMNS, shown.to_dicts())
    faults = int(frame.select(pl.len()).collect().item())
    if faults > shown.height:
        session.note(f"{shown.height} of {faults:,} faults; `--format csv` gives all")


@command.command("freeze")
@click.option("--threads", type=click.IntRange(1), help="How many processor cores to use.  [default: all]")
@common
@click.pass_obj
def freeze(session: Session, threads: int | None) -> None:
    """Link what was loaded to firms and seal it as a snapshot; print its id.

    Equal deliveries give the same snapshot. What was matched before stays as it was.

    Example: `mianshen data freeze`
    """
    from cli.links_notes import tell_without_firm
    from enterprise_data.snapshot.freeze import freeze as freeze_deliveries

    with session.progress() as step:
        snapshot = freeze_deliveries(session.workspace(), lambda name: step(f"linking {name}"), threads)
    unlinked = snapshot.manifest.unlinked.rows
    session.note(
        f"{counted(snapshot.manifest.firms.rows, 'firm')}, {counted(unlinked, 'row')} not linked to one for sure"
    )
    tell_without_firm(session, snapshot)
    write_lines([snapshot.id])
