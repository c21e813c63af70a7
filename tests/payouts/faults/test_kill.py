"""A process that works at a batch is killed at random moments: nothing is lost, doubled or half, and it can go on."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from payouts.ledger.invariants import violations
from tests.payouts.faults.story import acknowledged, contents, finish, made
from tests.payouts.reopening import opened

_PAYMENTS = 1_000


def _attempt(path: Path, folder: Path, patience: float | None) -> list[str]:
    """Work at the batch in a process of its own, killed after some seconds; return what it acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for step in finish(opened(path), folder):
                os.write(writing, f"{step}\n".encode())
        finally:
            os._exit(0)
    os.close(writing)
    if patience is not None:
        time.sleep(patience)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as told:
        steps = told.read().split()
    os.waitpid(child, 0)
    return steps


def _whole(template: Path, place: Path) -> tuple[float, object, dict[str, bytes]]:
    """Do a batch without any fault; return how long it took and what it left."""
    folder = _fresh(template, place)
    began = time.perf_counter()
    assert _attempt(place / "ledger.sqlite", folder, None) == ["planned", "approved", "released", "booked"]
    took = time.perf_counter() - began
    return took, *_left(place / "ledger.sqlite", folder)


def _left(path: Path, folder: Path) -> tuple[object, dict[str, bytes]]:
    ledger = opened(path)
    left = contents(ledger)
    ledger.close()
    return left, {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.startswith(".")}


def _fresh(template: Path, place: Path) -> Path:
    folder = place / "files"
    folder.mkdir(parents=True)
    shutil.copy(template, place / "ledger.sqlite")
    return folder


def _survives(path: Path, steps: list[str]) -> None:
    ledger = opened(path)
    with ledger.read() as connection:
        assert violations(connection) == []
    assert all(acknowledged(ledger, step) for step in steps)
    ledger.close()


def _kill_often(where: Path, kills: int, seed: int) -> None:
    template = made(where / "template.sqlite", _PAYMENTS)
    took, *expected = _whole(template, where / "whole")
    moments = random.Random(seed)
    done, batches = 0, 0
    while done < kills:
        batches += 1
        place = where / str(batches)
        folder = _fresh(template, place)
        path = place / "ledger.sqlite"
        seen: list[str] = []
        while "booked" not in seen and done < kills:
            seen += _attempt(path, folder, moments.uniform(0, took))
            done += 1
            _survives(path, seen)
        _attempt(path, folder, None)
        _survives(path, seen)
        assert list(_left(path, folder)) == expected, f"seed {seed}, batch {batches}"
        shutil.rmtree(place)


def test_killed_at_random_moments(memory_path: Path) -> None:
    _kill_often(memory_path, kills=20, seed=1)


@pytest.mark.nightly
def test_killed_a_thousand_times(tmp_path: Path) -> None:
    _kill_often(tmp_path, kills=1_000, seed=2)
