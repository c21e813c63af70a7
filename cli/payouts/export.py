"""`mianshen payout export`: an approved batch is looked at a last time, released, and written as the bank's files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.acting import Acting, acting
from cli.failures import counted
from cli.options import common, form_option
from cli.output import Column, Format, count_column, money_column, write_json, write_rows, write_table
from cli.payouts.bureau import read_bureau, warn_of_samples
from cli.payouts.pull import PULLED, pulled_rows
from cli.payouts.shown import section
from cli.session import Session

if TYPE_CHECKING:
    from payouts.batches.export import Exported
    from payouts.batches.recheck import Exclusions

FILES = "files"
_FILES = (
    Column("name", "File"),
    count_column("payments", "Payments"),
    money_column("total_fen", "Total"),
    count_column("bytes", "Bytes"),
    Column("sha256", "SHA-256"),
    Column("path", "Path"),
)


@click.command("export")
@click.argument("batch")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where to.  [default: ledger/files]"
)
@click.option("--reason", default="", help="What else is to be known, for the record.")
@form_option
@common
@click.pass_obj
def command(session: Session, batch: str, folder: Path | None, reason: str, form: Format) -> None:
    """Write the bank's files of an approved BATCH, once it is released; show each with its rows, total and SHA-256.

    First every payment is looked at again: by the ledger, and by the exclusion conditions of its policy on the newest
    snapshot. What has lost its ground is pulled out, and listed. A batch that was exported before is written again,
    byte for byte. Nothing is sent: give the files to the bank, and book its answer with `mianshen payout return`.

    JSON has everything; CSV and JSON lines have the files.

    Example: `mianshen payout export GHVQWB4WFCQXWLVZ5NGOCIWQYY`
    """
    from payouts.batches.export import export

    with acting(session, "export") as maker:
        _, channel = read_bureau(maker.workspace)
        place = folder or _own_folder(maker)
        exclusions = _exclusions(maker, batch)
        done = export(maker.ledger, batch, place, maker.act(reason), channel=channel, exclusions=exclusions)
        rows = _file_rows(maker, done)
    _write(form, done, rows)
    warn_of_samples(session, channel)
    _tell(session, done, form)


def _own_folder(maker: Acting) -> Path:
    """Return the folder of files for banks, which only this user of the machine may read."""
    place = maker.workspace.ledger / FILES
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _exclusions(maker: Acting, batch: str) -> Exclusions:
    """Return what the newest snapshot says of the firms whose payments are still to be sent."""
    from payouts.batches.standing import claims_of, standing_of

    with maker.ledger.read() as connection:
        claims = claims_of(connection, batch)
    return standing_of(maker.workspace, claims, maker.act().day) if claims else {}


def _file_rows(maker: Acting, done: Exported) -> list[dict[str, Any]]:
    """Return what was sealed of each file; its path is where it was written."""
    from sqlalchemy import select

    from payouts.ledger.tables import bank_file

    paths = {path.name: str(path) for path in done.paths}
    columns = [bank_file.c[column.key] for column in _FILES[:-1]]
    with maker.ledger.read() as connection:
        sealed = select(*columns).where(bank_file.c.batch_id == done.batch_id).order_by(bank_file.c.part)
        return [{**row, "path": paths.get(row["name"])} for row in connection.execute(sealed).mappings()]


def _write(form: Format, done: Exported, rows: list[dict[str, Any]]) -> None:
    pulled = pulled_rows(done.pulled)
    if form is Format.JSON:
        write_json({"batch": done.batch_id, "again": done.again, "files": rows, "pulled": pulled})
    elif form is not Format.TABLE:
        write_rows(form, _FILES, rows)
    else:
        write_table(_FILES, rows)
        section("Pulled out, and held", PULLED, pulled)


def _tell(session: Session, done: Exported, form: Format) -> None:
    if done.pulled and form in {Format.CSV, Format.NDJSON}:
        session.note(f"{counted(len(done.pulled), 'payment')} pulled out; --format json lists them.")
    if not done.paths:
        session.note(f"Nothing is left of batch {done.batch_id}; it is cancelled, and there is no file.")
    elif done.again:
        session.note("It was released before; these are the same files.")
    else:
        session.note(f"Batch {done.batch_id} is released. `mianshen payout return{session.option()} FILE` is next.")
