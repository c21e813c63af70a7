"""`mianshen payout return`: what the bank answered is booked, line by line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.acting import acting
from cli.exit_codes import ExitCode
from cli.failures import counted
from cli.options import common, form_option
from cli.output import Column, Format, count_column, money_column, write_rows, write_table
from cli.payouts.bureau import read_bureau, warn_of_samples
from cli.payouts.shown import moment, section
from cli.session import Session

if TYPE_CHECKING:
    from payouts.booking.bookings import BookedLine, Booking

_OUTCOMES = (
    Column("outcome", "Outcome"),
    count_column("lines", "Lines"),
    money_column("said_fen", "The file says"),
    money_column("amount_fen", "Our payments"),
    Column("meaning", "What it means", wrap=True),
)
_LINES = (
    count_column("line", "Line"),
    Column("payment", "Payment"),
    Column("answer", "The bank says"),
    money_column("amount_fen", "Amount"),
    Column("code", "Code"),
    Column("reason", "Reason", wrap=True),
    Column("said_on", "On"),
    Column("outcome", "Outcome"),
)
_KEYS = (*_LINES, Column("for_a_person", "For a person"))
_MEANT = {
    "booked_paid": "paid now",
    "booked_returned": "sent back; held until it is reissued",
    "booked_unknown": "the bank does not know either; nothing sends it again",
    "already_said": "the bank had said so before",
    "contradictory": "the bank says something else than before: two officers decide",
    "wrong_amount": "the amount is not the payment's: ask the bank, two officers decide",
    "foreign": "no payment of ours: ask the bank whose it is",
    "not_sent": "a payment that was never sent: ask the bank; what is owed is held",
    "late": "two officers had decided so by then",
    "malformed": "the line cannot be read: look at it, ask the bank",
    "whole_batch": "a word on a whole batch that names no payment: look at it, ask the bank",
}


@click.command("return")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reason", default="", help="What else is to be known, for the record.")
@form_option
@common
@click.pass_obj
@click.pass_context
def command(context: click.Context, session: Session, file: Path, reason: str, form: Format) -> None:
    """Book a return FILE of the bank (回执); say what became of its lines, and which of them need a person.

    Leaves with 1 when some do. A file that was booked before changes nothing. A table sums up; the other formats give
    every line.

    Example: `mianshen payout return 回盘-20240305.csv`
    """
    from payouts.booking.book import book
    from payouts.booking.bookings import booked_lines, find_booking
    from payouts.booking.outcomes import Outcome

    with acting(session, "book") as maker:
        _, channel = read_bureau(maker.workspace)
        warn_of_samples(session, channel, answers=True)
        answers = channel.read_answer(file.read_bytes(), file.name)
        with maker.ledger.write() as connection:
            earlier = find_booking(connection, answers.sha256)
            booking = book(connection, answers, maker.act(reason))
            lines = booked_lines(connection, booking.sha256, tuple(Outcome))
    rows = [_line_row(line) for line in lines]
    if form is Format.TABLE:
        _tell(booking, rows)
    else:
        write_rows(form, _KEYS, rows)
    if earlier is not None:
        session.note(f"{booking.booked_by} booked this file on {moment(booking.booked_at)}; nothing was changed.")
    else:
        session.note(f"{counted(booking.booked, 'payment')} moved, by {counted(booking.lines, 'line')}.")
    if booking.for_a_person:
        session.note(
            f"{counted(booking.for_a_person, 'line')} for a person: `mianshen payout resolve list{session.option()}` "
            "has the payments that two officers decide."
        )
        context.exit(ExitCode.PROBLEMS)


def _tell(booking: Booking, rows: list[dict[str, Any]]) -> None:
    from payouts.booking.outcomes import NOBODYS

    told = [
        {
            "outcome": outcome.value,
            "lines": count,
            "said_fen": booking.said_fen[outcome],
            "amount_fen": None if outcome in NOBODYS else booking.fen[outcome],
            "meaning": _MEANT[outcome.value],
        }
        for outcome, count in booking.counts.items()
    ]
    write_table(_OUTCOMES, told)
    section("For a person", _LINES, [row for row in rows if row["for_a_person"]])


def _line_row(line: BookedLine) -> dict[str, Any]:
    from payouts.booking.outcomes import FOR_A_PERSON

    told = {"payment": line.payment_text, "amount_fen": line.fen, "for_a_person": line.outcome in FOR_A_PERSON}
    return {**asdict(line), **told, "outcome": line.outcome.value}
