"""Every operation of a batch that changes the disk fails once, in each way: nothing is broken, and it can go on."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.invariants import violations
from tests.payouts.faults import files
from tests.payouts.faults.disk import Disk, Fault, Gone
from tests.payouts.faults.story import acknowledged, contents, finish, made
from tests.payouts.reopening import opened

_PAYMENTS = 9
_FAULTS = (Fault.ERROR, Fault.FULL, Fault.KILLED, Fault.POWER_CUT)
_EVERY = 23  # in the short run each twenty-third operation fails; which ones is another for each fault


def _try(place: Path, disk: Disk) -> list[str]:
    """Work at the batch on a disk; return what was acknowledged before it failed."""
    seen: list[str] = []
    try:
        with files.on(disk):
            seen.extend(finish(disk.ledger(str(place / "ledger.sqlite")), place / "files"))
    except (DBAPIError, MianshenError, OSError, Gone):
        pass
    finally:
        disk.gone = False
        disk.unregister()
    return seen


def _left(place: Path) -> tuple[object, dict[str, bytes]]:
    ledger = opened(place / "ledger.sqlite")
    left = contents(ledger)
    ledger.close()
    sent = {file.name: file.read_bytes() for file in (place / "files").iterdir() if not file.name.startswith(".")}
    return left, sent


def _fresh(template: Path, place: Path) -> Path:
    (place / "files").mkdir(parents=True)
    shutil.copy(template, place / "ledger.sqlite")
    return place


def _fail_at(place: Path, fault: Fault, at: int) -> None:
    seen = _try(place, Disk(fault, at))
    ledger = opened(place / "ledger.sqlite")
    with ledger.read() as connection:
        assert violations(connection) == [], (fault, at)
    assert all(acknowledged(ledger, step) for step in seen), (fault, at, seen)
    ledger.close()
    _try(place, Disk())


def _each(memory_path: Path, fault: Fault, first: int, every: int) -> int:
    template = made(memory_path / "template.sqlite", _PAYMENTS)
    whole = _fresh(template, memory_path / "whole")
    disk = Disk()
    assert _try(whole, disk) == ["planned", "approved", "released", "booked"]
    expected = _left(whole)
    points = range(first, disk.operations + 1, every)
    for at in points:
        place = _fresh(template, memory_path / str(at))
        _fail_at(place, fault, at)
        assert _left(place) == expected, (fault, at)
        shutil.rmtree(place)
    return len(points)


@pytest.mark.parametrize(("first", "fault"), list(enumerate(_FAULTS, 1)))
def test_some_operations_fail(memory_path: Path, first: int, fault: Fault) -> None:
    assert _each(memory_path, fault, first, _EVERY) > 5


@pytest.mark.nightly
@pytest.mark.parametrize("fault", _FAULTS)
def test_each_operation_fails(memory_path: Path, fault: Fault) -> None:
    assert _each(memory_path, fault, 1, 1) > 140
