"""A ledger that lacks a table, an index or a guard of this version is known, on both databases."""

import pytest

from payouts.ledger.database import Ledger
from payouts.ledger.whole import lacking


def test_a_new_ledger_lacks_nothing(ledger: Ledger) -> None:
    with ledger.read() as connection:
        assert lacking(connection) == []


def test_what_was_taken_away_is_named(ledger: Ledger) -> None:
    on = "" if ledger.is_sqlite else " ON payment"
    with ledger.write() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER payment_no_open_hold{on}")
        connection.exec_driver_sql("DROP TABLE account_listing")
        assert lacking(connection) == [
            "table account_listing",
            "trigger account_listing_keep",
            "trigger account_listing_stay",
            *([] if ledger.is_sqlite else ["trigger account_listing_whole"]),
            "trigger payment_no_open_hold",
        ]


@pytest.mark.postgresql
def test_a_guard_that_is_switched_off_is_none(postgresql_ledger: Ledger) -> None:
    with postgresql_ledger.write() as connection:
        connection.exec_driver_sql("ALTER TABLE payment DISABLE TRIGGER payment_moves")
        assert lacking(connection) == ["trigger payment_moves"]


def test_an_index_that_forbids_a_second_payment_is_missed(ledger: Ledger) -> None:
    with ledger.write() as connection:
        connection.exec_driver_sql("DROP INDEX uq_payment_live")
        assert lacking(connection) == ["index uq_payment_live"]


def test_a_guard_that_says_something_else_is_known(ledger: Ledger) -> None:
    function = "FUNCTION mianshen_payment_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    trigger = "TRIGGER payment_moves BEFORE UPDATE ON payment BEGIN SELECT 1; END"
    nothing = (
        ["DROP TRIGGER payment_moves", f"CREATE {trigger}"] if ledger.is_sqlite else [f"CREATE OR REPLACE {function}"]
    )
    changed = "trigger payment_moves" if ledger.is_sqlite else "function mianshen_payment_moves"
    with ledger.write() as connection:
        for statement in nothing:
            connection.exec_driver_sql(statement)
        assert lacking(connection) == [f"{changed} (it was changed)"]
