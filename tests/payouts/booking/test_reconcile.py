"""The ledger beside the bank's statement: agreed, or the payments that explain why not."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import AnswerFile
from payouts.booking.paid_days import paid_days
from payouts.booking.reconcile import reconcile_batch, reconcile_day
from payouts.ledger.database import Ledger
from tests.payouts.booking.sent import PAID, RETURNED, UNKNOWN, answers, said, tell
from tests.payouts.booking.test_book import FEN, A, B, C, booked
from tests.payouts.booking.test_resolve import decided


def test_a_batch_agrees(told: Ledger) -> None:
    booked(told, answers((A, PAID), (B, RETURNED), (C, PAID)))
    with told.read() as connection:
        found = reconcile_batch(connection, "B1", FEN[A] + FEN[C])
    assert found.agrees
    assert found.states == {"paid": (2, FEN[A] + FEN[C]), "returned": (1, FEN[B])}
    assert found.accounts == {"paid": FEN[A] + FEN[C]}
    assert list(found.open) == []


def test_the_payment_that_explains_a_difference_is_named(told: Ledger) -> None:
    booked(told, answers((A, PAID), (B, UNKNOWN)))
    with told.read() as connection:
        found = reconcile_batch(connection, "B1", FEN[A] + FEN[B])
    assert (found.agrees, found.difference_fen) == (False, FEN[B])
    assert [(one.id, one.why, one.explains) for one in found.open] == sorted(
        [(B, "unknown", True), (C, "no answer", False)]
    )
    assert found.accounts == {"paid": FEN[A], "clearing": FEN[B] + FEN[C]}


def test_a_contradicted_payment_is_open_too(told: Ledger) -> None:
    booked(told, answers((A, PAID), (B, PAID), (C, PAID)))
    booked(told, answers((A, RETURNED), name="other"))
    with told.read() as connection:
        found = reconcile_batch(connection, "B1", FEN[B] + FEN[C])
    assert found.difference_fen == -FEN[A]
    assert [(one.id, one.why, one.explains) for one in found.open] == [(A, "contradictory", True)]


def test_a_day_is_the_banks_day_or_else_that_of_booking(told: Ledger) -> None:
    lines = (said(1, A, PAID, said_on="2024-03-05"), said(2, B, PAID, said_on=""))
    booked(told, AnswerFile("s", "f.csv", lines, ()))
    decided(told, C, "paid")
    with told.read() as connection:
        days = paid_days(connection)
        assert days == {A: date(2024, 3, 5), B: date(2024, 3, 6), C: date(2024, 3, 1)}
        assert reconcile_day(connection, date(2024, 3, 5), FEN[A]).agrees
        assert reconcile_day(connection, date(2024, 3, 6), FEN[B]).agrees
        assert not reconcile_day(connection, date(2024, 3, 7), FEN[B]).agrees
        assert reconcile_day(connection, date(2024, 3, 7), 0).agrees


def test_what_waits_counts_for_every_day(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.read() as connection:
        found = reconcile_day(connection, date(2024, 3, 5), FEN[A] + FEN[C])
    assert {one.id for one in found.open if one.explains} == {C}
    assert found.states == {"sent": (2, FEN[B] + FEN[C]), "paid": (1, FEN[A])}


def test_what_two_officers_decided_is_shown_for_the_days_before(told: Ledger) -> None:
    """They decided on 2024-03-01; the bank may have paid on any day until then."""
    booked(told, answers((B, PAID)))
    decided(told, C, "paid")
    with told.read() as connection:
        before = reconcile_day(connection, date(2024, 2, 29), FEN[C])
        too_much = reconcile_day(connection, date(2024, 3, 1), 0)
        assert "decided" not in str([reconcile_day(connection, date(2024, 3, 1), FEN[C]).open])
        assert "decided" not in str([reconcile_day(connection, date(2024, 3, 2), 1).open])
    why = "decided by two officers, counted for 2024-03-01"
    for found in (before, too_much):
        assert [(one.id, one.why) for one in found.open if one.explains] == [(C, why)]


def test_what_the_bank_contradicts_is_open_on_its_day(told: Ledger) -> None:
    booked(told, answers((A, PAID), (B, PAID), (C, PAID)))
    booked(told, answers((A, RETURNED), name="other"))
    with told.read() as connection:
        found = reconcile_day(connection, date(2024, 3, 5), FEN[B] + FEN[C])
        other = reconcile_day(connection, date(2024, 3, 6), FEN[A])
    assert [(one.id, one.why, one.explains) for one in found.open] == [(A, "contradictory", True)]
    assert list(other.open) == []


def test_no_such_batch(told: Ledger) -> None:
    with pytest.raises(MianshenError, match="no batch"), told.read() as connection:
        reconcile_batch(connection, "B9", 0)


def test_entries_that_do_not_stand_where_the_state_says_are_named(sqlite_ledger: Ledger) -> None:
    tell(sqlite_ledger)
    with closing(sqlite3.connect(str(sqlite_ledger.engine.url.database), isolation_level=None)) as driver:
        for (trigger,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            driver.execute(f"DROP TRIGGER {trigger}")
        driver.execute("UPDATE payment SET state = 'paid' WHERE id = ?", [A])
    with sqlite_ledger.read() as connection:
        found = reconcile_batch(connection, "B1", FEN[A])
    assert found.strayed == [A]
    assert not found.agrees
