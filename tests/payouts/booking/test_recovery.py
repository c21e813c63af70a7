"""Money asked back: never more than was paid, each receipt once, and the books agree."""

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.booking.recoveries import Recovery, find, recoveries
from payouts.booking.recovery import cancel, order, receive, write_off
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.transfers import balances
from tests.payouts.booking.sent import PAID, answers
from tests.payouts.booking.test_book import FEN, A, B, booked
from tests.payouts.stories import LINE, act

_BASIS = "synthetic notice 1, article 2"


@pytest.fixture
def paid(told: Ledger) -> Ledger:
    booked(told, answers((A, PAID)))
    return told


def ordered(ledger: Ledger, fen: int, *, interest: bool = False) -> str:
    with ledger.write() as connection:
        return order(connection, A, fen, _BASIS, act(), interest=interest)


def received(ledger: Ledger, recovery: str, fen: int, reference: str) -> Recovery:
    with ledger.write() as connection:
        return receive(connection, recovery, fen, reference, act())


def accounts(ledger: Ledger) -> dict[str, int]:
    with ledger.read() as connection:
        assert violations(connection) == []
        found = balances(connection)
    return {name: fen for (line, name), fen in found.items() if line == LINE and fen and name in _ACCOUNTS}


_ACCOUNTS = ("paid", "receivable", "claimed", "recovered", "written_off")


def test_a_recovery_in_parts(paid: Ledger) -> None:
    asked = ordered(paid, 60_00)
    assert accounts(paid) == {"paid": FEN[A], "receivable": 60_00, "claimed": -60_00}
    assert received(paid, asked, 20_00, "r1").open_fen == 40_00
    assert received(paid, asked, 40_00, "r2").state == "recovered"
    assert accounts(paid) == {"paid": FEN[A], "recovered": 60_00, "claimed": -60_00}


def test_a_receipt_is_booked_once(paid: Ledger) -> None:
    asked = ordered(paid, 60_00)
    once = received(paid, asked, 20_00, "r1")
    assert received(paid, asked, 20_00, " r1 ") == once
    with pytest.raises(MianshenError, match="booked before"):
        received(paid, asked, 21_00, "r1")
    other = ordered(paid, 10_00)
    with pytest.raises(MianshenError, match="booked before"):
        received(paid, other, 20_00, "r1")
    received(paid, asked, 40_00, "r2")
    assert received(paid, asked, 40_00, "r2").state == "recovered"
    assert accounts(paid)["recovered"] == 60_00


def test_what_did_not_come_is_written_off(paid: Ledger) -> None:
    asked = ordered(paid, 60_00)
    received(paid, asked, 20_00, "r1")
    with paid.write() as connection:
        assert (
            write_off(connection, asked, act(reason="the firm is gone; decided by the bureau")).state == "written_off"
        )
    assert accounts(paid) == {"paid": FEN[A], "recovered": 20_00, "written_off": 40_00, "claimed": -60_00}
    with pytest.raises(MianshenError, match="can be asked back"):
        ordered(paid, FEN[A] - 60_00 + 1)


def test_what_did_not_come_is_asked_no_longer_and_may_be_asked_anew(paid: Ledger) -> None:
    asked = ordered(paid, 60_00)
    received(paid, asked, 20_00, "r1")
    with paid.write() as connection:
        found = cancel(connection, asked, act())
    assert (found.state, found.received_fen, found.ended_fen, found.open_fen) == ("cancelled", 20_00, 40_00, 0)
    assert accounts(paid) == {"paid": FEN[A], "recovered": 20_00, "claimed": -20_00}
    with pytest.raises(MianshenError, match="can be asked back"):
        ordered(paid, FEN[A] - 20_00 + 1)
    ordered(paid, FEN[A] - 20_00)
    accounts(paid)


def test_interest_is_an_order_of_its_own(paid: Ledger) -> None:
    ordered(paid, FEN[A])
    interest = ordered(paid, 1_23, interest=True)
    assert received(paid, interest, 1_23, "r1").state == "recovered"
    with paid.read() as connection:
        assert {one.kind: one.state for one in recoveries(connection)} == {
            "principal": "ordered",
            "interest": "recovered",
        }
    accounts(paid)


@pytest.mark.parametrize(
    ("one", "fen", "basis", "why"),
    [
        (A, 0, _BASIS, "not 0.00 yuan"),
        (A, -1, _BASIS, "can be asked back"),
        (A, FEN[A] + 1, _BASIS, "can be asked back"),
        (A, 1, " ", "on what basis"),
        (B, 1, _BASIS, "it is sent"),
        ("X", 1, _BASIS, "no such payment"),
    ],
)
def test_what_cannot_be_asked_back(paid: Ledger, one: str, fen: int, basis: str, why: str) -> None:
    with pytest.raises(MianshenError, match=why), paid.write() as connection:
        order(connection, one, fen, basis, act())
    assert accounts(paid) == {"paid": FEN[A]}


def test_what_cannot_be_received(paid: Ledger) -> None:
    asked = ordered(paid, 60_00)
    for fen, reference, why in ((60_01, "r", "are open"), (0, "r", "are open"), (1, " ", "reference")):
        with pytest.raises(MianshenError, match=why):
            received(paid, asked, fen, reference)
    with paid.write() as connection:
        cancel(connection, asked, act())
    with pytest.raises(MianshenError, match="is cancelled"):
        received(paid, asked, 1, "r")
    with pytest.raises(MianshenError, match="no recovery"), paid.read() as connection:
        find(connection, "X")


@pytest.mark.parametrize("end", [write_off, cancel])
def test_an_end_needs_a_reason(paid: Ledger, end: type) -> None:
    asked = ordered(paid, 1)
    with pytest.raises(MianshenError, match="reason"), paid.write() as connection:
        end(connection, asked, act(reason=" "))
