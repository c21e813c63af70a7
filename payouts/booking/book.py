"""Booking a return file (回执入账): every line gets its outcome, payments move, and money follows; or nothing does."""

from __future__ import annotations

from sqlalchemy import Connection, Select, func, insert, select

from payouts.bank.answer import AnswerFile, AnswerLine, BadLine
from payouts.booking import holds
from payouts.booking.answered import answered
from payouts.booking.bookings import Booking, booking_of, find_booking
from payouts.booking.closing import close_batches
from payouts.booking.judge import judge
from payouts.booking.known import known_payments
from payouts.booking.outcomes import MOVES, Outcome
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import payment, return_file, return_line
from payouts.ledger.transfers import transfer_payments

_NUL = "\x00"  # PostgreSQL keeps none
_PARTED = {"payment_id": None, "answer": "", "fen": None, "code": "", "said_on": ""}


def book(connection: Connection, file: AnswerFile, act: Act) -> Booking:
    """Book a return file within the caller's transaction, and return what became of it.

    A file that was booked before (by the hash of its bytes) changes nothing; its earlier booking is returned. Nothing
    that the bank does not know is sent again by any machine.

    Raises:
        MianshenError: not one line of the file can be read.
    """
    earlier = find_booking(connection, file.sha256)
    if earlier is not None:
        return earlier
    lines, bad = answered(connection, file)
    _write(connection, file, [*_judged(connection, lines), *(_malformed(line) for line in bad)], act)
    because = act.because(f"return file {_kept(file.name)}", "bank")
    for outcome, (state, kind) in MOVES.items():
        concerned = payment.c.id.in_(_said(file.sha256, outcome))
        move(connection, payment, concerned, state, because)
        if kind is not None:
            transfer_payments(connection, kind, concerned, because)
    _hold(connection, file.sha256, because)
    close_batches(connection, payment.c.id.in_(_said(file.sha256, *MOVES)), because)
    return booking_of(connection, file.sha256)


def _judged(connection: Connection, lines: list[AnswerLine]) -> list[dict[str, object]]:
    known = known_payments(connection, (line.payment_id for line in lines))
    return [
        {
            "line": line.line,
            "payment_text": _kept(line.payment_id),
            "payment_id": line.payment_id if line.payment_id in known else None,
            "answer": line.answer.value,
            "fen": line.fen,
            "code": _kept(line.code),
            "reason": _kept(line.reason),
            "said_on": _kept(line.said_on),
            "outcome": outcome.value,
        }
        for line, outcome in zip(lines, judge(lines, known), strict=True)
    ]


def _malformed(line: BadLine) -> dict[str, object]:
    told = {"line": line.line, "payment_text": _kept(line.text), "reason": _kept(line.why)}
    return {**_PARTED, **told, "outcome": Outcome.MALFORMED.value}


def _whole_batch(file: AnswerFile) -> dict[str, object]:
    """Return the one line of a file that speaks of a batch as a whole and was not applied."""
    told = {"line": 1, "payment_text": _kept(file.batch_id), "outcome": Outcome.WHOLE_BATCH.value}
    whole = file.whole_batch
    if whole is not None:
        told |= {"answer": whole.answer.value, "fen": whole.fen, "code": _kept(whole.code)}
        told |= {"reason": _kept(whole.reason), "said_on": _kept(whole.said_on)}
    return {**_PARTED, **told}


def _write(connection: Connection, file: AnswerFile, rows: list[dict[str, object]], act: Act) -> None:
    rows = rows or [_whole_batch(file)]
    number = connection.execute(select(func.coalesce(func.max(return_file.c.number), 0) + 1)).scalar_one()
    told = {"sha256": file.sha256, "number": number, "name": _kept(file.name), "lines": len(rows)}
    connection.execute(insert(return_file), [{**told, "booked_by": act.actor, "booked_at": act.at}])
    connection.execute(insert(return_line), [{"file_sha256": file.sha256, **row} for row in rows])


def _said(sha256: str, *outcomes: Outcome) -> Select[tuple[str | None]]:
    chosen = return_line.c.outcome.in_([outcome.value for outcome in outcomes])
    return select(return_line.c.payment_id).where(return_line.c.file_sha256 == sha256, chosen)


def _hold(connection: Connection, sha256: str, act: Act) -> None:
    """Hold what is not payable now: what came back, what is contradicted, what was answered and never sent."""
    codes = {
        Outcome.BOOKED_RETURNED: holds.RETURNED,
        Outcome.CONTRADICTORY: holds.CONTRADICTED,
        Outcome.NOT_SENT: holds.ANSWERED_UNSENT,
    }
    for outcome, code in codes.items():
        query = (
            select(payment.c.entitlement_id, return_line.c.code, return_line.c.reason, return_line.c.answer)
            .join_from(return_line, payment, return_line.c.payment_id == payment.c.id)
            .where(return_line.c.file_sha256 == sha256, return_line.c.outcome == outcome.value)
            .order_by(return_line.c.line)
        )
        details = []
        for entitlement, bank_code, reason, answer in connection.execute(query):
            words = (bank_code, reason) if code == holds.RETURNED else (f"{answer}:", bank_code, reason)
            details.append((entitlement, " ".join(word for word in words if word)))
        holds.place(connection, code, details, sha256, act)


def _kept(text: str) -> str:
    """Return a text as both databases can keep it."""
    return text.replace(_NUL, "\N{SYMBOL FOR NULL}").encode("utf-8", "backslashreplace").decode()
