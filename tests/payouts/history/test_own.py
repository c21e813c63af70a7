"""Our own payments as past payments: what may be out counts as paid, what came back whole has its day."""

import polars as pl
import pytest
from sqlalchemy import select

from payouts.booking.book import book
from payouts.booking.recovery import order, receive
from payouts.booking.reissue import reissue
from payouts.history.own import COLUMNS, own_payments
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import payment
from payouts.ledger.transfers import transfer_payments
from tests.payouts.booking.sent import DUES, PAID, RETURNED, UNKNOWN, answers, approved, sent, tell
from tests.payouts.booking.test_book import FEN, A, B, C, booked
from tests.payouts.stories import act

_FAMILIES = {"synthetic-1": "synthetic"}


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    tell(ledger)
    return ledger


def rows(ledger: Ledger) -> dict[str, tuple[str, str]]:
    """Return by firm when it was paid, and when that was recovered; a firm must not stand twice."""
    with ledger.read() as connection:
        found = own_payments(connection, _FAMILIES)
    assert found["uscc"].is_unique().all()
    return {row["uscc"]: (row["paid_on"], row["recovered_on"]) for row in found.to_dicts()}


def test_a_row_says_what_was_paid_for(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.read() as connection:
        found = own_payments(connection, _FAMILIES)
    assert found.columns == list(COLUMNS)
    row = found.filter(pl.col("uscc") == DUES[0].uscc).row(0, named=True)
    assert row == {
        "uscc": DUES[0].uscc,
        "name": "",
        "policy": "synthetic-1",
        "family": "synthetic",
        "item": "",
        "fiscal_year": "2023",
        "amount": "100.01",
        "paid_on": "2024-03-05",
        "recovered_on": "",
    }


def test_what_may_be_out_counts_on_the_day_of_its_approval(told: Ledger) -> None:
    booked(told, answers((A, UNKNOWN), (B, RETURNED)))
    with told.write() as connection:
        approved(connection, DUES[3:4], "B2")
    expected = {DUES[place].uscc: ("2024-03-01", "") for place in (0, 2, 3)}
    assert rows(told) == expected


def test_voided_does_not_count(told: Ledger) -> None:
    with told.write() as connection:
        (one,) = approved(connection, DUES[3:4], "B2")
        move(connection, payment, payment.c.id == one, "voided", act())
        transfer_payments(connection, "uncommit", payment.c.id == one, act())
    assert DUES[3].uscc not in rows(told)


def test_a_new_attempt_counts_and_the_returned_one_does_not(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    assert DUES[0].uscc not in rows(told)
    with told.write() as connection:
        reissue(connection, [A], act(), same_account="yes")
        sent(connection, DUES[:1], "B2", attempt=2)
    assert rows(told)[DUES[0].uscc] == ("2024-03-01", "")


def test_returned_and_then_called_paid_may_be_out(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    booked(told, answers((A, PAID), name="other"))
    assert rows(told)[DUES[0].uscc] == ("2024-03-01", "")


def test_recovered_in_part_counts_whole_and_recovered_whole_has_its_day(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.write() as connection:
        asked = order(connection, A, FEN[A], "basis", act())
        receive(connection, asked, 1, "r1", act(at="2024-05-01T02:00:00.000000Z"))
    assert rows(told)[DUES[0].uscc] == ("2024-03-05", "")
    with told.write() as connection:
        receive(connection, asked, FEN[A] - 1, "r2", act(at="2024-05-31T18:00:00.000000Z"))
    assert rows(told)[DUES[0].uscc] == ("2024-03-05", "2024-06-01")


def test_interest_recovers_nothing(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.write() as connection:
        asked = order(connection, A, FEN[A], "basis", act(), interest=True)
        receive(connection, asked, FEN[A], "r1", act())
    assert rows(told)[DUES[0].uscc] == ("2024-03-05", "")


def test_every_live_payment_has_a_row(told: Ledger) -> None:
    with told.write() as connection:
        book(connection, answers((A, PAID), (C, RETURNED)), act())
        live = select(payment.c.id).where(payment.c.state.not_in(("voided", "returned")))
        assert len(connection.execute(live).all()) == own_payments(connection, {}).height == 2
