"""Two processes that release the same batch at the same moment: exactly one does."""

import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from payouts.batches.approve import approve
from payouts.batches.export import export
from payouts.batches.plan import draw_plan
from payouts.batches.record import record_plan
from payouts.batches.seal import AlreadyReleased, release, seal
from payouts.batches.selection import Selection
from payouts.ledger.database import Ledger, open_ledger
from tests.payouts.batches.scenes import CHANNEL, SETTINGS, due, folder_of, payments, ready, sound
from tests.payouts.stories import CHECKER, MAKER, Due, act

_SPAWN = multiprocessing.get_context("spawn")
_RACERS = (MAKER, CHECKER)
Results = list[tuple[str, str, str]]


def race(place: str, who: str, names: list[str], start: Barrier, told: "Queue[Results]") -> None:
    """Try to release each batch, at the same moment as the other; tell who was found to have released it."""
    ledger = open_ledger(place)
    found: Results = []
    for name in names:
        start.wait()
        try:
            with ledger.write() as connection:
                release(connection, name, act(who))
            found.append((name, who, who))
        except AlreadyReleased as late:
            found.append((name, who, late.by))
    ledger.close()
    told.put(found)


def run(ledger: Ledger, names: list[str]) -> Results:
    place = ledger.engine.url.render_as_string(hide_password=False)
    start = _SPAWN.Barrier(len(_RACERS))
    told: Queue[Results] = _SPAWN.Queue()
    racers = [_SPAWN.Process(target=race, args=(place, who, names, start, told)) for who in _RACERS]
    for racer in racers:
        racer.start()
    found = [line for _ in racers for line in told.get(timeout=3_000)]
    for racer in racers:
        racer.join()
        assert racer.exitcode == 0
    return found


def sealed(ledger: Ledger, count: int) -> list[str]:
    """Make batches of one payment each."""
    dues = [Due(f"91370200{number:010d}", 1_00 + number) for number in range(count)]
    due(ledger, dues)
    names = []
    with ledger.write() as connection:
        for one in dues:
            plan = draw_plan(connection, Selection(firms=(one.uscc,)), SETTINGS, act())
            name = record_plan(connection, plan, act())
            approve(connection, name, CHECKER, act(CHECKER))
            seal(connection, name, CHANNEL, act())
            names.append(name)
    return names


@pytest.mark.parametrize("count", [50, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_exactly_one_releases(ledger: Ledger, count: int) -> None:
    names = sealed(ledger, count)
    found = run(ledger, names)
    winners = {name: who for name, who, by in found if who == by}
    assert sorted(winners) == sorted(names)
    assert len(found) == 2 * count
    # The other was told the right name, and each of them was first at least once: else it was no race.
    assert all(by == winners[name] for name, _, by in found)
    assert set(winners.values()) == set(_RACERS)
    assert sound(ledger)


def deliver(job: tuple[str, str, Path], who: str, start: Barrier, told: "Queue[str]") -> None:
    place, name, folder = job
    ledger = open_ledger(place)
    start.wait()
    try:
        export(ledger, name, folder, act(who), channel=CHANNEL, exclusions={})
        told.put("exported")
    except AlreadyReleased:
        told.put("late")
    ledger.close()


def test_two_exports_end_in_one_file(ledger: Ledger, tmp_path: Path) -> None:
    name = ready(ledger)
    place = ledger.engine.url.render_as_string(hide_password=False)
    folder = tmp_path / "out"
    folder.mkdir()
    start = _SPAWN.Barrier(2)
    told: Queue[str] = _SPAWN.Queue()
    racers = [_SPAWN.Process(target=deliver, args=((place, name, folder), who, start, told)) for who in _RACERS]
    for racer in racers:
        racer.start()
    found = sorted(told.get(timeout=120) for _ in racers)
    for racer in racers:
        racer.join()
    # The later one is told so, or, if it came after the release, writes the same bytes again.
    assert found in (["exported", "late"], ["exported", "exported"])
    assert (len(folder_of(folder)), set(payments(ledger).values())) == (1, {"sent"})
    assert sound(ledger)
