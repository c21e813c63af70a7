"""Two processes that release the same batch at the same moment: exactly one does."""

from pathlib import Path

import pytest
from sqlalchemy import select

from payouts.batches.approve import approve
from payouts.batches.draw import draw_plan
from payouts.batches.export import export
from payouts.batches.record import record_plan
from payouts.batches.seal import AlreadyReleased, release, seal
from payouts.batches.selection import Selection
from payouts.ledger.database import Ledger
from payouts.ledger.tables import event
from tests.payouts.batches.scenes import CHANNEL, SETTINGS, due, folder_of, payments, ready, sound
from tests.payouts.racers import Racers
from tests.payouts.stories import CHECKER, MAKER, Due, act

_RACERS = (MAKER, CHECKER)
# 10,000 races on each database, a ledger for each 500 of them.
_RACES = [50, *(pytest.param(500, id=f"500-{part}", marks=pytest.mark.nightly) for part in range(20))]


def releasing(ledger: Ledger, name: str, who: str) -> str:
    """Try to release a batch; return who is known to have released it."""
    try:
        with ledger.write() as connection:
            release(connection, name, act(who))
    except AlreadyReleased as late:
        return late.by
    return who


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


@pytest.mark.parametrize("count", _RACES)
def test_exactly_one_releases(ledger: Ledger, racing: Racers, count: int) -> None:
    names = sealed(ledger, count)
    mine, yours = ([(releasing, (name, who)) for name in names] for who in _RACERS)
    found = racing.race(ledger, list(mine), list(yours))
    # Both name the same one as the first: one of them did it, and the other was told so.
    assert all(one == other for one, other in found)
    assert {one for one, _ in found} == set(_RACERS)
    with ledger.read() as connection:
        said = connection.execute(select(event.c.subject, event.c.actor).where(event.c.to_state == "released")).all()
    assert sorted(said) == sorted((name, first) for name, (first, _) in zip(names, found, strict=True))
    assert sound(ledger)


def delivering(ledger: Ledger, name: str, folder: Path, who: str) -> str:
    try:
        export(ledger, name, folder, act(who), channel=CHANNEL, exclusions={})
    except AlreadyReleased:
        return "late"
    return "exported"


def test_two_exports_end_in_one_file(ledger: Ledger, racing: Racers, tmp_path: Path) -> None:
    name = ready(ledger)
    folder = tmp_path / "out"
    folder.mkdir()
    mine, yours = ([(delivering, (name, folder, who))] for who in _RACERS)
    [found] = racing.race(ledger, list(mine), list(yours))
    # The later one is told so, or, if it came after the release, writes the same bytes again.
    assert set(found) in ({"exported", "late"}, {"exported"})
    assert (len(folder_of(folder)), set(payments(ledger).values())) == (1, {"sent"})
    assert sound(ledger)
