"""Each invariant is found broken when something breaks it behind the guards' back."""

import sqlite3
from contextlib import closing

import pytest

from payouts.ledger import invariants
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from tests.payouts.stories import Due, approved, confirmed, money, people

_DUES = [Due("91370200AAAAAAAAA1", 100_00), Due("91370200AAAAAAAAA2", 250_01)]

_BREAKS = {
    "I1 books follow payments": ["UPDATE payment SET state = 'sent'"],
    "I1 amounts are the payment's": ["UPDATE transfer SET fen = fen + 1 WHERE kind = 'commit'"],
    "I2 one live payment": ["DROP INDEX uq_payment_live", "UPDATE payment SET entitlement_id = 'x', attempt = rowid"],
    "I3 sent in a released batch": ["UPDATE payment SET state = 'paid'"],
    "I3 the files of a released batch are known": ["UPDATE batch SET state = 'released'"],
    "I4 files = payments": ["UPDATE batch SET state = 'released'"],
    "I4 payments = approved total": ["UPDATE payment SET amount_fen = amount_fen + 1"],
    "I5 signed by enough": ["DELETE FROM approval WHERE role = 'checker'"],
    "I5 maker is not checker": ["UPDATE batch SET made_by = 'wangfang'"],
    "I8 states follow events": ["UPDATE entitlement SET state = 'declined'"],
    "I8 events follow each other": ["UPDATE event SET from_state = '' WHERE to_state = 'confirmed'"],
    "I9 every line has an outcome": ["INSERT INTO return_file VALUES ('s', 1, 'n', 2, 'lihua', '2024')"],
    "no line is overspent": ["UPDATE transfer SET fen = 1 WHERE kind = 'grant'"],
    "no more is asked back than was paid": [
        "INSERT INTO recovery SELECT 'R', id, 'principal', 9999999, 'lihua', '', 'b', 'ordered' FROM payment LIMIT 1"
    ],
    "books follow recoveries": [
        "INSERT INTO recovery SELECT 'R', id, 'interest', 1, 'lihua', '', 'b', 'ordered' FROM payment LIMIT 1"
    ],
    "references hold": ["UPDATE payment SET batch_id = 'nowhere'"],
}


@pytest.fixture
def told(sqlite_ledger: Ledger) -> Ledger:
    with sqlite_ledger.write() as connection:
        people(connection)
        money(connection, 1_000_00)
        confirmed(connection, _DUES)
        approved(connection, _DUES)
    return sqlite_ledger


def test_a_sound_ledger(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people(connection)
        money(connection, 1_000_00)
        confirmed(connection, _DUES)
        approved(connection, _DUES)
    with ledger.read() as connection:
        assert violations(connection) == []


@pytest.mark.parametrize("name", _BREAKS)
def test_what_is_broken_is_found(told: Ledger, name: str) -> None:
    with closing(sqlite3.connect(str(told.engine.url.database), isolation_level=None)) as driver:
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("PRAGMA ignore_check_constraints = ON")
        for (trigger,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            driver.execute(f"DROP TRIGGER {trigger}")
        for statement in _BREAKS[name]:
            driver.execute(statement)
    with told.read() as connection:
        assert name in {violation.invariant for violation in violations(connection)}


def test_every_invariant_is_broken_by_a_test() -> None:
    assert {name for name, _ in invariants.queries()} == set(_BREAKS) - {"references hold"}
