"""Lines of the budget, and copies of the ledger, by command lines."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.payout_office import ADMIN, AUDITOR, Office
from tests.payouts.stories import LINE, MAKER


def test_money_is_granted_and_taken_back_with_a_reason(office: Office) -> None:
    budget = ("payout", "budget")
    first = ("qd-new", "--grant", "1000.50", "--title", "虚构资金", "--reason", "青财指〔2024〕1号", "--new")
    assert "qd-new had 0.00 元 left, and has 1,000.50 元 now." in office.does(MAKER, *budget, *first).err
    done = office.does(MAKER, *budget, "qd-new", "--grant=-0.50", "--reason", "收回", "--format", "ndjson")
    assert "qd-new had 1,000.50 元 left, and has 1,000.00 元 now." in done.err
    [row] = done.rows
    assert (row["title"], row["granted"], row["available"]) == ("虚构资金", 1000_00, 1000_00)
    assert [row["line"] for row in office.does(AUDITOR, *budget, "--format", "ndjson").rows] == [LINE, "qd-new"]
    for wrong in ("0.001", "abc", "NaN", "inf", "1e3", "1,000", "１０００", "9" * 17):
        told = office.tries(MAKER, *budget, "qd-new", "--grant", wrong)
        assert (told.code, "no amount in yuan" in told.err) == (2, True)
    assert "not zero" in office.tries(MAKER, *budget, "qd-new", "--grant", "0").err
    again = office.tries(MAKER, *budget, "qd-new", "--grant", "1000.50")
    assert (again.code, "nothing was booked a second time" in again.err) == (1, True)
    assert office.tries(AUDITOR, *budget, "qd-new", "--grant", "1").code == 1
    assert "1,000.00 元" in office.does(AUDITOR, "payout", "status").out


def test_a_mistyped_line_is_not_made(office: Office) -> None:
    for typed in (("line-11", "--grant", "5"), ("line-11",)):
        told = office.tries(MAKER, "payout", "budget", *typed)
        assert (told.code, "there is no line `line-11` of the budget; did you mean `line-1`?" in told.err) == (1, True)
    assert [row["line"] for row in office.does(AUDITOR, "payout", "budget", "--format", "ndjson").rows] == [LINE]


def test_a_copy_is_put_back_and_what_was_there_is_kept(office: Office, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    assert "it takes the role admin" in office.tries(MAKER, "payout", "backup", copy).err
    told = office.does(ADMIN, "payout", "backup", copy)
    assert told.out.strip() == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert "is there already" in office.tries(ADMIN, "payout", "backup", copy).err
    office.does(MAKER, "payout", "budget", "later", "--grant", "1", "--new")
    kept = office.does(ADMIN, "payout", "restore", copy)
    assert "ledger-before-20240301T160000.sqlite" in kept.err
    rows = office.does(AUDITOR, "payout", "budget", "--format", "ndjson").rows
    assert [row["line"] for row in rows] == [LINE]
    assert "is there already" in office.tries(ADMIN, "payout", "restore", copy).err


def test_what_is_no_ledger_is_not_put_back(office: Office, tmp_path: Path) -> None:
    (tmp_path / "no.sqlite").write_bytes(b"no ledger" * 1000)
    told = office.tries(ADMIN, "payout", "restore", tmp_path / "no.sqlite")
    assert (told.code, "nothing was changed" in told.err) == (1, True)
    office.does(MAKER, "payout", "status")


def test_a_ledger_that_is_up_to_date_stays_as_it_is(office: Office) -> None:
    assert "The ledger is up to date." in office.does(ADMIN, "payout", "upgrade").err


@pytest.mark.parametrize("line", ["", " ", f" {LINE}", f"{LINE} ", "two  blanks", "two\nlines", "l" * 101])
def test_a_new_line_has_a_name_that_can_be_typed_again(office: Office, line: str) -> None:
    told = office.tries(MAKER, "payout", "budget", line, "--grant", "5", "--new")
    assert told.code == 1
    assert "is no name of a line of the budget" in told.err
    assert [row["line"] for row in office.does(AUDITOR, "payout", "budget", "--format", "ndjson").rows] == [LINE]


def test_with_a_ledger_that_lacks_a_guard_nothing_is_done(office: Office) -> None:
    with office.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER payment_no_open_hold")
    for words in (("plan",), ("budget", LINE, "--grant", "1")):
        told = office.tries(MAKER, "payout", *words)
        assert told.code == 1
        assert (
            "lacks 1 of the tables, indexes and guards of this version, such as trigger payment_no_open_hold"
            in told.err
        )
    office.does(ADMIN, "payout", "backup", office.root / "copy.sqlite")
