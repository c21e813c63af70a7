"""The doctor looks into the ledger."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from enterprise_data.workspace import Workspace
from payouts.ledger.place import ledger_of
from tests.cli.running import mianshen
from tests.payouts.stories import Due, approved, confirmed, money, people


@pytest.fixture
def town(tmp_path: Path) -> Path:
    workspace = Workspace.create(tmp_path / "town", bare=True)
    ledger = ledger_of(workspace, make=True)
    dues = [Due("91370200AAAAAAAAA1", 100_00)]
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, dues)
        approved(connection, dues)
    ledger.close()
    return workspace.root


def _found(town: Path) -> list[dict[str, Any]]:
    rows = mianshen("doctor", "-w", town, "--format", "ndjson").rows
    return [row for row in rows if row["what"] == "Ledger"]


def test_a_sound_ledger(town: Path) -> None:
    (found,) = _found(town)
    assert found["state"] == "ok"
    assert found["found"].endswith("invariants hold")


def test_a_ledger_that_somebody_wrote_to(town: Path) -> None:
    with closing(sqlite3.connect(town / "ledger" / "ledger.sqlite")) as connection:
        connection.execute("DROP TRIGGER transfer_keep")
        connection.execute("UPDATE transfer SET fen = 1 WHERE kind = 'commit'")
        connection.commit()
    found = _found(town)
    assert found[0]["state"] == "wrong"
    assert "I1 amounts are the payment's" in found[0]["found"]
    assert "booked 1 of 10000" in found[0]["found"]


def test_a_ledger_without_a_guard(town: Path) -> None:
    with closing(sqlite3.connect(town / "ledger" / "ledger.sqlite")) as connection:
        connection.execute("DROP TRIGGER payment_no_open_hold")
    (found,) = _found(town)
    assert found["state"] == "wrong"
    assert "trigger payment_no_open_hold" in found["found"]


def test_a_ledger_that_others_may_read(town: Path) -> None:
    (town / "ledger" / "ledger.sqlite").chmod(0o644)
    assert next(row["remedy"] for row in _found(town) if row["state"] == "wrong").startswith("chmod 600")


def test_a_file_that_is_no_ledger(town: Path) -> None:
    (town / "ledger" / "ledger.sqlite").write_bytes(b"no ledger" * 1000)
    (found,) = _found(town)
    assert found["state"] == "wrong"
    assert "restore" in found["remedy"]
