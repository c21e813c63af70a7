"""A disk of one megabyte that runs full: a clean message, an exit code, nothing changed; with room it goes on.

Where nobody may mount such a disk, and beside it, the system refuses to let any file grow (RLIMIT_FSIZE).
"""

import hashlib
import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.acting import TOKEN
from payouts.batches.export import export
from payouts.batches.settings import read_settings
from payouts.ledger.database import open_ledger
from payouts.ledger.invariants import violations
from tests.cli.payout_office import FIRMS, PAID, PAYMENTS, Office, answer, made, with_firms
from tests.cli.running import PROGRAM
from tests.payouts.batches.scenes import folder_of
from tests.payouts.stories import CHECKER, LINE, MAKER, act

_SIZE = 1 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root mounts a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def content(root: Path) -> str:
    """Return the hash of everything that a ledger says; nobody writes meanwhile, and no journal is left."""
    (path,) = root.rglob("*.sqlite")
    connection = sqlite3.connect(path)
    told = "\n".join(connection.iterdump())
    connection.close()
    return hashlib.sha256(told.encode()).hexdigest()


def fill(folder: Path) -> Path:
    """Leave no room at all."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(512))
        except OSError:
            pass
    return ballast


def refused_then_done(office: Office, who: str, *command: object) -> str:
    """Run a command on a full disk, then with room; return what it said then."""
    before, ballast = content(office.root), fill(office.root)
    told = office.tries(who, *command)
    assert told.code == 1, told
    assert "the disk is full; make room" in told.err
    assert "internal error" not in told.err
    ballast.unlink()
    assert content(office.root) == before
    return office.does(who, *command).out


def test_a_batch_on_a_full_disk(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = with_firms(made(small / "office", monkeypatch), FIRMS)
    refused_then_done(office, MAKER, "payout", "budget", LINE, "--grant", 5, "--reason", "a document")
    [row] = office.does(MAKER, "payout", "plan", "--format", "ndjson").rows[:1]
    assert row
    refused_then_done(office, MAKER, "payout", "plan", "--record")
    (path,) = office.root.rglob("*.sqlite")
    ledger = open_ledger(path)
    with ledger.read() as connection:
        (batch,) = connection.exec_driver_sql("SELECT id FROM batch").scalars()
    refused_then_done(office, CHECKER, "payout", "approve", batch)
    folder = small / "bank"
    folder.mkdir()
    _, channel = read_settings(office.root / "payouts.yaml")
    ballast = fill(small)
    before = content(office.root)
    with pytest.raises(Exception, match="full"):
        export(ledger, batch, folder, act(), channel=channel, exclusions={})
    assert folder_of(folder) == {}
    ballast.unlink()
    assert content(office.root) == before
    export(ledger, batch, folder, act(), channel=channel, exclusions={})
    first = folder_of(folder)
    export(ledger, batch, folder, act(), channel=channel, exclusions={})
    assert folder_of(folder) == first
    file = answer(office, "a.csv", *((payment, due.fen, PAID) for payment, due in zip(PAYMENTS, FIRMS, strict=True)))
    assert "booked_paid" in refused_then_done(office, MAKER, "payout", "return", file)
    with ledger.read() as connection:
        assert violations(connection) == []
    ledger.close()


def test_no_file_may_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = with_firms(made(tmp_path / "office", monkeypatch), FIRMS)
    command = [str(PROGRAM), "payout", "plan", "--record", "-w", str(office.root)]
    environment = os.environ | {TOKEN: office.tokens[MAKER]}
    before = content(office.root)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, 8_192))

    told = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, preexec_fn=limit, timeout=120
    )
    assert told.returncode == 1, told
    assert "internal error" not in told.stderr
    assert "then run this again" in told.stderr
    assert content(office.root) == before
    office.does(MAKER, "payout", "plan", "--record")
