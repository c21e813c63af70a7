"""Copies of a ledger are whole and sound, and are put back whole."""

import os
import resource
import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.seal import release, seal
from payouts.booking.book import book
from payouts.booking.resolve import confirm, propose
from payouts.ledger.alone import alone_with
from payouts.ledger.backup import back_up, restore
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.keys import payment_id
from payouts.ledger.transfers import balances
from tests.payouts.batches.scenes import CHANNEL, ready
from tests.payouts.booking.sent import DUES, PAID, RETURNED, answers, tell
from tests.payouts.stories import CHECKER, Due, act, approved, confirmed, money, people

_DUES = [Due("91370200AAAAAAAAA1", 100_00)]


@pytest.fixture
def told(sqlite_ledger: Ledger) -> Ledger:
    with sqlite_ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, _DUES)
    return sqlite_ledger


@pytest.fixture
def beside(sqlite_ledger: Ledger) -> Path:
    """Give the folder of the ledger: what is set aside stays on its disk."""
    return Path(str(sqlite_ledger.engine.url.database)).parent


def test_a_ledger_goes_back_to_its_copy(told: Ledger, beside: Path) -> None:
    file = Path(str(told.engine.url.database))
    with told.read() as connection:
        before = balances(connection)
    back_up(told, beside / "copy.sqlite")
    with told.write() as connection:
        approved(connection, _DUES)
    told.close()
    restore(beside / "copy.sqlite", file, beside / "aside.sqlite")
    for path, is_before in ((file, True), (beside / "aside.sqlite", False)):
        again = open_ledger(path)
        with again.read() as connection:
            assert (balances(connection) == before) is is_before
        again.close()


def test_a_copy_that_does_not_know_what_was_sent_is_not_put_back(sqlite_ledger: Ledger, beside: Path) -> None:
    file = Path(str(sqlite_ledger.engine.url.database))
    name = ready(sqlite_ledger)
    back_up(sqlite_ledger, beside / "before.sqlite")
    with sqlite_ledger.write() as connection:
        seal(connection, name, CHANNEL, act())
        release(connection, name, act())
    back_up(sqlite_ledger, beside / "after.sqlite")
    sqlite_ledger.close()
    there = file.read_bytes()
    with pytest.raises(MianshenError, match=f"before batch {name} went to the bank"):
        restore(beside / "before.sqlite", file, beside / "aside.sqlite")
    assert (file.read_bytes(), (beside / "aside.sqlite").exists()) == (there, False)
    restore(beside / "after.sqlite", file, beside / "aside.sqlite")
    file.write_bytes(b"lost")
    restore(beside / "before.sqlite", file, beside / "again.sqlite")


def test_a_copy_that_says_returned_what_is_paid_is_not_put_back(sqlite_ledger: Ledger, beside: Path) -> None:
    """It would be reissued: two officers found later that the money did not come back."""
    file = Path(str(sqlite_ledger.engine.url.database))
    tell(sqlite_ledger)
    key = payment_id(DUES[0].id, 1)
    with sqlite_ledger.write() as connection:
        book(connection, answers((key, RETURNED), name="first"), act())
    back_up(sqlite_ledger, beside / "copy.sqlite")
    with sqlite_ledger.write() as connection:
        book(connection, answers((key, PAID), name="second"), act())
    sqlite_ledger.close()
    told = restore(beside / "copy.sqlite", file, beside / "aside.sqlite").forgotten
    assert told.endswith("Book these return files first, before anything is reissued or planned: second.")
    sqlite_ledger.close()
    restore(beside / "aside.sqlite", file, beside / "before.sqlite")
    with sqlite_ledger.write() as connection:
        confirm(connection, propose(connection, key, "paid", "the bank's book", act()), act(CHECKER))
    sqlite_ledger.close()
    with pytest.raises(MianshenError, match=f"1 payments came back which are paid .* {key}, and would let"):
        restore(beside / "copy.sqlite", file, beside / "again.sqlite")


@pytest.mark.parametrize("what", ["copied", "put back"])
def test_without_room_nothing_is_copied_or_put_back(told: Ledger, beside: Path, what: str) -> None:
    file = Path(str(told.engine.url.database))
    back_up(told, beside / "copy.sqlite")
    told.close()
    there = {path.name: path.read_bytes() for path in beside.iterdir()}
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(MianshenError, match=r"^cannot (write|restore)"):
            if what == "copied":
                back_up(told, beside / "second.sqlite")
            else:
                restore(beside / "copy.sqlite", file, beside / "aside.sqlite")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert {path.name: path.read_bytes() for path in beside.iterdir()} == there


def test_a_copy_is_taken_while_somebody_writes(told: Ledger, beside: Path) -> None:
    with told.write() as connection:
        approved(connection, _DUES)
        back_up(told, beside / "copy.sqlite")
    copy = open_ledger(beside / "copy.sqlite")
    with copy.read() as connection:
        assert ("line-1", "committed") not in balances(connection)
    copy.close()


@pytest.mark.parametrize("how", ["reads", "writes"])
def test_nothing_is_put_back_while_somebody_works(told: Ledger, beside: Path, how: str) -> None:
    file = Path(str(told.engine.url.database))
    back_up(told, beside / "copy.sqlite")
    there = file.read_bytes()
    with told.write() if how == "writes" else told.read() as connection:
        balances(connection)
        with pytest.raises(MianshenError, match="somebody is working with"):
            restore(beside / "copy.sqlite", file, beside / "aside.sqlite", patience=0)
    assert (file.read_bytes(), (beside / "aside.sqlite").exists()) == (there, False)


def test_who_had_the_old_file_open_writes_to_it_no_more(told: Ledger, beside: Path) -> None:
    file = Path(str(told.engine.url.database))
    back_up(told, beside / "copy.sqlite")
    with closing(sqlite3.connect(file, isolation_level=None)) as old:
        old.execute("SELECT count(*) FROM event").fetchone()
        restore(beside / "copy.sqlite", file, beside / "aside.sqlite")
        there = [path.read_bytes() for path in (file, beside / "aside.sqlite")]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            old.execute("INSERT INTO budget_line VALUES ('late', 'late')")
    assert [path.read_bytes() for path in (file, beside / "aside.sqlite")] == there


@pytest.mark.parametrize("damaged", [True, False])
def test_an_unfinished_transaction_stays_with_its_own_ledger(told: Ledger, beside: Path, damaged: bool) -> None:
    """Beside a ledger that is whole, SQLite ends it before anybody reads; beside a damaged one it is kept."""
    file, aside = Path(str(told.engine.url.database)), beside / "aside.sqlite"
    back_up(told, beside / "copy.sqlite")
    told.close()
    if damaged:
        file.write_bytes(b"lost" * 4096)
    there = file.read_bytes()
    file.with_name("ledger.sqlite-journal").write_bytes(b"of a crash")
    restore(beside / "copy.sqlite", file, aside)
    assert not file.with_name("ledger.sqlite-journal").exists()
    assert aside.read_bytes() == there
    kept = aside.with_name("aside.sqlite-journal")
    assert kept.read_bytes() == b"of a crash" if damaged else not kept.exists()


def test_the_ledger_is_no_copy_of_itself(told: Ledger, beside: Path) -> None:
    file = Path(str(told.engine.url.database))
    with pytest.raises(MianshenError, match="is the ledger itself"):
        restore(file, file, beside / "aside.sqlite")


def test_copies_are_for_their_owner_alone(told: Ledger, beside: Path) -> None:
    """They hold whole account numbers, and the secrets of one-time codes."""
    file, copy, aside = Path(str(told.engine.url.database)), beside / "copy.sqlite", beside / "aside.sqlite"
    before = os.umask(0o022)
    try:
        file.chmod(0o600)
        back_up(told, copy)
        told.close()
        restore(copy, file, aside)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, copy, aside)] == [0o600] * 3


def test_nothing_is_overwritten(told: Ledger, beside: Path) -> None:
    (beside / "there").write_text("mine")
    with pytest.raises(MianshenError, match="there already"):
        back_up(told, beside / "there")
    assert (beside / "there").read_text() == "mine"


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "flipped"])
def test_a_damaged_copy_is_not_put_back(told: Ledger, beside: Path, damage: str) -> None:
    file = Path(str(told.engine.url.database))
    copy = beside / "copy.sqlite"
    back_up(told, copy)
    told.close()
    content = copy.read_bytes()
    half = len(content) // 2
    wrong = {
        "cut": content[:half],
        "text": b"hello",
        "empty": b"",
        "flipped": content[:half] + bytes(4096) + content[half + 4096 :],
    }
    copy.write_bytes(wrong[damage])
    before = file.read_bytes()
    with pytest.raises(MianshenError, match="nothing was changed"):
        restore(copy, file, beside / "aside")
    assert file.read_bytes() == before


@pytest.mark.postgresql
def test_postgresql_has_its_own_means(postgresql_ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(MianshenError, match="pg_dump"):
        back_up(postgresql_ledger, tmp_path / "copy")


def test_who_waited_for_a_restore_does_not_go_on(told: Ledger, beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the old file's lock, and between the two somebody may have paid by the new one."""
    file, opened = Path(str(told.engine.url.database)), Event()
    back_up(told, beside / "copy.sqlite")
    told.close()
    connect = sqlite3.connect

    def telling(*told: Any, **how: Any) -> sqlite3.Connection:
        found: sqlite3.Connection = connect(*told, **how)
        opened.set()
        return found

    def second() -> None:
        with alone_with(file, beside / "aside.sqlite", 10):
            pass

    with closing(connect(file, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr("payouts.ledger.alone.sqlite3.connect", telling)
        waits = pool.submit(second)
        assert opened.wait(10)
        file.rename(beside / "moved.sqlite")
        shutil.copy(beside / "copy.sqlite", file)
        other.execute("ROLLBACK")
        with pytest.raises(MianshenError, match="put another file in the place"):
            waits.result()
