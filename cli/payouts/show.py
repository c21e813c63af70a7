"""`mianshen payout show`: the whole story of an entitlement, a payment or a batch, as an auditor asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.acting import acting
from cli.money import money
from cli.options import common, form_option
from cli.output import Column, Format, write_json, write_lines, write_rows, write_table
from cli.payouts.shown import moment_column
from cli.session import Session

if TYPE_CHECKING:
    from payouts.trail.trail import Trail

_ENTRIES = (
    moment_column("at", "When"),
    Column("actor", "Who"),
    Column("kind", "What"),
    Column("subject", "Which"),
    Column("from_state", "From"),
    Column("to_state", "To"),
    Column("amount_fen", "Amount", lambda fen: "" if fen is None else money(fen), "right"),
    Column("code", "Code"),
    Column("reason", "Why", wrap=True),
)


@click.command("show")
@click.argument("id_", metavar="ENTITLEMENT|PAYMENT|BATCH")
@form_option
@common
@click.pass_obj
def command(session: Session, id_: str, form: Format) -> None:
    """Show all that happened to an ENTITLEMENT, PAYMENT or BATCH: who did it, when, and why.

    That is what runs said, notices, objections, holds, signatures, files, what the bank answered, and every entry of
    the books. Times are those of China in the table. JSON has how it stands as well; CSV and JSON lines have the story.

    Example: `mianshen payout show GHVQWB4WFCQXWLVZ5NGOCIWQYY`
    """
    from payouts.trail.trail import trail

    with acting(session, "see") as officer, officer.ledger.read() as connection:
        found = trail(connection, id_)
    rows = [{**one._asdict(), "amount_fen": one.fen} for one in found.entries]
    if form is Format.JSON:
        story = [{column.key: row[column.key] for column in _ENTRIES} for row in rows]
        write_json({"kind": found.kind, "id": found.id, **found.facts, "story": story})
    elif form is not Format.TABLE:
        write_rows(form, _ENTRIES, rows)
    else:
        _tell(found, rows)


def _tell(found: Trail, rows: list[dict[str, Any]]) -> None:
    write_lines([f"{found.kind} {found.id}"])
    for key, value in found.facts.items():
        if key.endswith("_fen"):
            write_lines([f"  {key.removesuffix('_fen').replace('_', ' ')}: {money(value)}"])
        elif value not in ("", None, []):
            shown = ", ".join(value) if isinstance(value, list) else value
            write_lines([f"  {key.replace('_', ' ')}: {shown}"])
    write_lines([""])
    write_table(_ENTRIES, rows)
