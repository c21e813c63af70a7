"""The faulty disk itself: it counts, it fails where it is told, and losing power loses what was not synced."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from payouts.ledger.creation import create
from payouts.ledger.invariants import violations
from tests.payouts.faults.disk import Disk, Fault, Gone
from tests.payouts.reopening import opened
from tests.payouts.stories import Due, approved, confirmed, money, people

_DUES = [Due("91370200AAAAAAAAA1", 100_00), Due("91370200AAAAAAAAA2", 250_01)]


def _made(path: Path) -> Path:
    ledger = opened(path)
    create(ledger)
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, _DUES)
    ledger.close()
    return path


def _operations(path: Path) -> int:
    disk = Disk()
    with disk.ledger(str(path)).write() as connection:
        approved(connection, _DUES)
    return disk.operations


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NONE])
def test_a_batch_is_there_whole_or_not_at_all(memory_path: Path, fault: Fault) -> None:
    made = _made(memory_path / "made.sqlite")
    last = _operations(Path(shutil.copy(made, memory_path / "first.sqlite")))
    assert last > 10
    seen = set()
    for at in range(1, last + 1):
        path = Path(shutil.copy(made, memory_path / f"{at}.sqlite"))
        disk = Disk(fault, at)
        try:
            with disk.ledger(str(path)).write() as connection:
                approved(connection, _DUES)
            committed = True
        except (OperationalError, Gone):
            committed = False
        ledger = opened(path)
        with ledger.read() as connection:
            assert violations(connection) == []
            (count,) = connection.exec_driver_sql("SELECT count(*) FROM payment").one()
        ledger.close()
        assert count == len(_DUES) if committed else count in {0, len(_DUES)}, (fault, at)
        seen.add(committed)
        disk.unregister()
    assert False in seen
