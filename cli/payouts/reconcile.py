"""`mianshen payout reconcile`: the ledger beside the bank's statement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.acting import acting
from cli.exit_codes import ExitCode
from cli.money import money
from cli.options import Day, common, form_option
from cli.output import Column, Format, count_column, money_column, write_json, write_lines, write_rows, write_table
from cli.payouts.shown import section
from cli.payouts.yuan import Yuan
from cli.session import Session

if TYPE_CHECKING:
    from payouts.booking.reconcile import Reconciliation

_BOTH = (
    Column("about", "Of"),
    money_column("paid_fen", "The ledger paid"),
    money_column("bank_fen", "The bank paid"),
    money_column("difference_fen", "The bank's is more by"),
    Column("agrees", "", lambda agrees: "they agree" if agrees else "they differ"),
)
_STATES = (Column("state", "Payments"), count_column("payments", "Count"), money_column("amount_fen", "Amount"))
_OPEN = (
    Column("payment", "Open payment"),
    Column("uscc", "Firm"),
    money_column("amount_fen", "Amount"),
    Column("state", "State"),
    Column("why", "Why"),
    Column("explains", "Is the difference", lambda explains: "yes" if explains else ""),
)


@click.command("reconcile")
@click.argument("batch", required=False)
@click.option("--day", type=Day(), help="All that was paid on this day, instead of a BATCH.")
@click.option("--bank", type=Yuan(), required=True, help="What the statement says was paid and not sent back, in yuan.")
@form_option
@common
@click.pass_obj
@click.pass_context
def command(
    context: click.Context, session: Session, batch: str | None, day: date | None, bank: int, form: Format
) -> None:
    """Hold a BATCH, or a day, against the bank's own total (对账); leave with 1 when they differ.

    Shown are the payments that may explain a difference: what waits for an answer, and what the bank contradicts. JSON
    has everything; CSV and JSON lines have the comparison alone.

    Example: `mianshen payout reconcile --day 2024-03-05 --bank 1234567.89`
    """
    from payouts.booking.reconcile import reconcile_batch, reconcile_day

    if (batch is None) == (day is None):
        raise click.UsageError("name a BATCH or a --day, one of them")
    with acting(session, "see") as officer, officer.ledger.read() as connection:
        if day is not None:
            found = reconcile_day(connection, day, bank)
        else:
            found = reconcile_batch(connection, batch or "", bank)
    _write(form, found)
    if not found.agrees:
        context.exit(ExitCode.PROBLEMS)


def _write(form: Format, found: Reconciliation) -> None:
    both = {column.key: getattr(found, column.key) for column in _BOTH}
    states = [
        {"state": state, "payments": count, "amount_fen": fen} for state, (count, fen) in sorted(found.states.items())
    ]
    waiting: list[dict[str, Any]] = [
        {"payment": one.id, "uscc": one.uscc, "amount_fen": one.fen}
        | {"state": one.state, "why": one.why, "explains": one.explains}
        for one in found.open
    ]
    if form is Format.JSON:
        write_json(both | {"states": states, "open": waiting, "strayed": list(found.strayed)})
    elif form is not Format.TABLE:
        write_rows(form, _BOTH, [both])
    else:
        write_table(_BOTH, [both])
        section("", _STATES, states)
        section("", _OPEN, waiting)
        if found.strayed:
            shown = ", ".join(found.strayed[:5])
            write_lines(["", f"The entries of {len(found.strayed)} payments are not what their states say: {shown}."])
            write_lines(["Pay nothing: `mianshen doctor` tells what is wrong with the ledger."])
        elif found.difference_fen and not any(one["explains"] for one in waiting):
            told = money(abs(found.difference_fen))
            write_lines(["", f"No single open payment is the difference of {told}; look for several, or for a fee."])
