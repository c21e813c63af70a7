"""Booking return files: what moves, what does not, and that the books follow."""

import dataclasses

import pytest
from sqlalchemy import func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import AnswerFile, WholeBatch
from payouts.booking.book import book
from payouts.booking.bookings import Booking, booked_files, booked_lines, find_booking
from payouts.booking.outcomes import Outcome
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.keys import payment_id
from payouts.ledger.tables import batch, event, hold, payment, return_file, return_line, transfer
from payouts.ledger.transfers import available, balances
from tests.payouts.booking.sent import DUES, PAID, RETURNED, UNKNOWN, answers, approved, said
from tests.payouts.stories import LINE, act

A, B, C, D = (payment_id(due.id, 1) for due in DUES[:4])
FEN = {payment_id(due.id, 1): due.fen for due in DUES}


def booked(ledger: Ledger, file: AnswerFile) -> Booking:
    with ledger.write() as connection:
        booking = book(connection, file, act("lihua", "2024-03-06T01:00:00.000000Z"))
    with ledger.read() as connection:
        assert violations(connection) == []
    assert sum(booking.counts.values()) == booking.lines
    return booking


def states(ledger: Ledger) -> dict[str, str]:
    with ledger.read() as connection:
        return {row.id: row.state for row in connection.execute(select(payment.c.id, payment.c.state))}


def holds(ledger: Ledger) -> set[tuple[str, str, str]]:
    with ledger.read() as connection:
        rows = connection.execute(select(hold.c.entitlement_id, hold.c.code, hold.c.detail, hold.c.state))
        return {(one, code, detail) for one, code, detail, state in rows if state == "placed"}


def test_paid_returned_and_unknown(told: Ledger) -> None:
    file = answers((A, PAID, FEN[A]), (B, RETURNED), (C, UNKNOWN))
    booking = booked(told, file)
    assert booking.counts == {Outcome.BOOKED_PAID: 1, Outcome.BOOKED_RETURNED: 1, Outcome.BOOKED_UNKNOWN: 1}
    assert booking.fen[Outcome.BOOKED_PAID] == FEN[A]
    assert (booking.booked, booking.for_a_person, booking.booked_by) == (3, 0, "lihua")
    assert states(told) == {A: "paid", B: "returned", C: "unknown"}
    with told.read() as connection:
        assert balances(connection)[LINE, "paid"] == FEN[A]
        assert balances(connection)[LINE, "clearing"] == FEN[C]
        assert available(connection, LINE) == 10_000_00 - FEN[A] - FEN[C]
        assert connection.execute(select(batch.c.state)).scalar_one() == "released"


def test_the_sums_are_what_the_file_says_and_what_is_ours(told: Ledger) -> None:
    far = 2**63 - 1
    foreign = ("X" * 26, PAID, far), ("Y" * 26, PAID, far), ("Z" * 26, RETURNED, -5)
    booking = booked(told, answers((A, PAID, FEN[A] + 7), (B, PAID), *foreign, bad=1))
    told_fen = {outcome: (booking.said_fen[outcome], booking.fen[outcome]) for outcome in booking.counts}
    assert told_fen == {
        Outcome.WRONG_AMOUNT: (FEN[A] + 7, FEN[A]),
        Outcome.BOOKED_PAID: (None, FEN[B]),
        Outcome.FOREIGN: (2 * far - 5, 0),
        Outcome.MALFORMED: (None, 0),
    }


def test_what_came_back_is_held_with_the_banks_words(told: Ledger) -> None:
    line = said(1, B, RETURNED, code="AC04", reason="账户已销户")
    booked(told, AnswerFile("s", "f.csv", (line,), ()))
    assert holds(told) == {(DUES[1].id, "returned", "AC04 账户已销户")}


def test_a_batch_is_closed_when_all_have_come_to_an_end(told: Ledger) -> None:
    booked(told, answers((A, PAID), (B, UNKNOWN)))
    booked(told, answers((B, PAID), (C, RETURNED)))
    with told.read() as connection:
        assert connection.execute(select(batch.c.state)).scalar_one() == "closed"


def test_a_file_is_booked_once(told: Ledger) -> None:
    file = answers((A, PAID), (B, RETURNED), bad=2)
    first = booked(told, file)
    with told.write() as connection:
        assert book(connection, dataclasses.replace(file, name="copy.csv"), act("wangfang")) == first
        assert find_booking(connection, file.sha256) == first
        assert booked_files(connection) == [file.sha256]
        assert connection.execute(select(func.count()).select_from(return_file)).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(return_line)).scalar_one() == 4


def test_the_same_answer_in_another_file_moves_nothing(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    before = states(told)
    booking = booked(told, answers((A, PAID), name="again.csv"))
    assert booking.counts == {Outcome.ALREADY_SAID: 1}
    assert states(told) == before


@pytest.mark.parametrize(("first", "then"), [(PAID, RETURNED), (RETURNED, PAID)])
def test_a_contradiction_across_files_moves_nothing_and_holds(told: Ledger, first: str, then: str) -> None:
    booked(told, answers((A, first), name="first"))  # type: ignore[arg-type]  # parametrised
    before = states(told)
    booking = booked(told, answers((A, then), name="then"))  # type: ignore[arg-type]  # parametrised
    assert booking.counts == {Outcome.CONTRADICTORY: 1}
    assert states(told) == before
    assert (DUES[0].id, "contradicted", f"{then}:") in holds(told)


def test_a_contradiction_within_a_file_books_neither_and_blocks_later_files(told: Ledger) -> None:
    booking = booked(told, answers((A, PAID), (A, RETURNED), (B, PAID)))
    assert booking.counts == {Outcome.CONTRADICTORY: 2, Outcome.BOOKED_PAID: 1}
    assert states(told) == {A: "sent", B: "paid", C: "sent"}
    later = booked(told, answers((A, PAID), name="later"))
    assert later.counts == {Outcome.CONTRADICTORY: 1}
    assert states(told)[A] == "sent"


def test_wrong_amounts_and_foreign_lines_move_nothing(told: Ledger) -> None:
    booking = booked(told, answers((A, PAID, FEN[A] - 1), ("X" * 26, PAID, 1), ("\x00'; DROP", PAID, 1), bad=1))
    assert booking.counts == {Outcome.WRONG_AMOUNT: 1, Outcome.FOREIGN: 2, Outcome.MALFORMED: 1}
    assert set(states(told).values()) == {"sent"}
    right = booked(told, answers((A, PAID, FEN[A]), name="right"))
    assert right.counts == {Outcome.BOOKED_PAID: 1}


def test_an_answer_to_what_was_never_sent_holds_it(told: Ledger) -> None:
    with told.write() as connection:
        approved(connection, DUES[3:4], "B2")
    booking = booked(told, answers((D, PAID)))
    assert booking.counts == {Outcome.NOT_SENT: 1}
    assert states(told)[D] == "batched"
    assert holds(told) == {(DUES[3].id, "answered_unsent", "paid:")}


def test_an_amount_beyond_any_is_malformed(told: Ledger) -> None:
    booking = booked(told, answers((A, PAID, 10**30), (B, PAID, FEN[B])))
    assert booking.counts == {Outcome.BOOKED_PAID: 1, Outcome.MALFORMED: 1}


@pytest.mark.parametrize("bad", [0, 3])
def test_a_file_without_an_answer_is_refused_and_may_be_read_again(told: Ledger, bad: int) -> None:
    with pytest.raises(MianshenError, match="no line that can be read"):
        booked(told, answers(bad=bad))
    with told.read() as connection:
        assert booked_files(connection) == []


def test_the_lines_of_a_booking_can_be_listed(told: Ledger) -> None:
    file = answers((A, PAID), ("?", PAID), (A, PAID))
    booked(told, file)
    with told.read() as connection:
        (line,) = booked_lines(connection, file.sha256, {Outcome.FOREIGN})
    assert (line.line, line.payment_text, line.payment_id) == (2, "?", None)


def test_a_refused_file_leaves_nothing(told: Ledger) -> None:
    class Stop(Exception):
        pass

    with pytest.raises(Stop), told.write() as connection:
        book(connection, answers((A, PAID)), act())
        raise Stop
    with told.read() as connection:
        assert booked_files(connection) == []
        assert connection.execute(select(transfer).where(transfer.c.kind == "settle")).first() is None
        assert connection.execute(select(event).where(event.c.to_state == "paid")).first() is None


_REJECTED = WholeBatch(RETURNED, 3, sum(FEN[one] for one in (A, B, C)), "FF01", "bad file", "2024-03-05")


@pytest.mark.parametrize(
    ("changed", "applied"),
    [
        ({}, True),
        ({"fen": None}, True),
        ({"answer": PAID}, False),
        ({"answer": UNKNOWN}, False),
        ({"payments": None}, False),
        ({"payments": 2}, False),
        ({"fen": 1}, False),
    ],
)
def test_only_a_rejection_of_the_whole_is_applied(told: Ledger, changed: dict[str, object], applied: bool) -> None:
    whole = dataclasses.replace(_REJECTED, **changed)  # type: ignore[arg-type]  # parametrised
    booking = booked(told, AnswerFile("s", "f.xml", (), (), "B1", whole))
    assert booking.counts == ({Outcome.BOOKED_RETURNED: 3} if applied else {Outcome.WHOLE_BATCH: 1})
    assert set(states(told).values()) == ({"returned"} if applied else {"sent"})


def test_a_rejection_of_another_batch_moves_nothing(told: Ledger) -> None:
    booking = booked(told, AnswerFile("s", "f.xml", (), (), "B9", _REJECTED))
    assert booking.counts == {Outcome.WHOLE_BATCH: 1}
    assert set(states(told).values()) == {"sent"}


def test_a_rejection_after_an_answer_contradicts_it(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    booking = booked(told, AnswerFile("s", "f.xml", (), (), "B1", _REJECTED))
    assert booking.counts == {Outcome.BOOKED_RETURNED: 2, Outcome.CONTRADICTORY: 1}
    assert states(told) == {A: "paid", B: "returned", C: "returned"}
