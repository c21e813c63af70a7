"""Bookings: what became of a return file, as the ledger keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from payouts.booking.outcomes import BOOKED, FOR_A_PERSON, Outcome
from payouts.ledger.tables import payment, return_file, return_line

_PART = 10**9


@dataclass(frozen=True)
class Booking:
    """A return file that was booked; `number` counts files, `counts` says how many lines came to each outcome.

    `fen` are the amounts, by the ledger, of the payments that the lines of an outcome are about; a payment that stands
    on two lines of one outcome counts twice. `said_fen` are the amounts that the file states on these lines, None where
    it states none.
    """

    sha256: str
    name: str
    number: int
    lines: int
    booked_by: str
    booked_at: str
    counts: Mapping[Outcome, int]
    fen: Mapping[Outcome, int]
    said_fen: Mapping[Outcome, int | None]

    @property
    def booked(self) -> int:
        """How many payments moved."""
        return sum(count for outcome, count in self.counts.items() if outcome in BOOKED)

    @property
    def for_a_person(self) -> int:
        """How many lines somebody has to look at."""
        return sum(count for outcome, count in self.counts.items() if outcome in FOR_A_PERSON)


@dataclass(frozen=True)
class BookedLine:
    """A line as the bank sent it, and what it did; `payment_id` is None where it is no payment of ours."""

    line: int
    payment_text: str
    payment_id: str | None
    answer: str
    fen: int | None
    code: str
    reason: str
    said_on: str
    outcome: Outcome


def find_booking(connection: Connection, sha256: str) -> Booking | None:
    """Return the booking of a file by the hash of its bytes; None if it was not booked."""
    there = connection.execute(select(return_file.c.number).where(return_file.c.sha256 == sha256)).first()
    return None if there is None else booking_of(connection, sha256)


def booking_of(connection: Connection, sha256: str) -> Booking:
    """Return the booking of a file that was booked."""
    file = connection.execute(select(return_file).where(return_file.c.sha256 == sha256)).one()
    # In two parts: what a bank writes may be as large as a number can be, and SQLite's sums end there.
    parts = (func.sum(return_line.c.fen // _PART), func.sum(return_line.c.fen % _PART))
    query = (
        select(return_line.c.outcome, func.count(), func.coalesce(func.sum(payment.c.amount_fen), 0), *parts)
        .join_from(return_line, payment, return_line.c.payment_id == payment.c.id, isouter=True)
        .where(return_line.c.file_sha256 == sha256)
        .group_by(return_line.c.outcome)
        .order_by(return_line.c.outcome)
    )
    counts, ours, said = {}, {}, {}
    for word, count, fen, large, small in connection.execute(query):
        outcome = Outcome(word)
        counts[outcome], ours[outcome] = int(count), int(fen)
        said[outcome] = None if large is None else int(large) * _PART + int(small)
    told = (file.sha256, file.name, file.number, file.lines, file.booked_by, file.booked_at)
    return Booking(*told, counts, ours, said)


def booked_files(connection: Connection) -> list[str]:
    """Return the hashes of all files that were booked, in the order in which they were."""
    return list(connection.execute(select(return_file.c.sha256).order_by(return_file.c.number)).scalars())


def booked_lines(connection: Connection, sha256: str, outcomes: Collection[Outcome]) -> list[BookedLine]:
    """Return the lines of a file that came to one of the outcomes, in the file's order."""
    columns = [column for column in return_line.c if column.name != "file_sha256"]
    chosen = (return_line.c.file_sha256 == sha256) & return_line.c.outcome.in_([one.value for one in outcomes])
    rows = connection.execute(select(*columns).where(chosen).order_by(return_line.c.line))
    return [BookedLine(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows.mappings()]
