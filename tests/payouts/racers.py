"""Two processes that live as long as the tests do, and do things to one ledger at the same moment."""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from payouts.ledger.database import Ledger
from tests.payouts.reopening import opened

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE = 600
# One of two starts this many seconds later at most, about as long as a transaction: each may find the other anywhere.
_LATER = 0.004

# What a racer does, and with what: it returns what is to be told of it.
Job = tuple[Callable[..., str], tuple[Any, ...]]


@dataclass(frozen=True)
class Racers:
    """Two processes, each at the other end of a pipe."""

    pipes: tuple[Connection, Connection]

    def race(self, ledger: Ledger, mine: list[Job], yours: list[Job], seed: int = 0) -> list[tuple[str, str]]:
        """Let both do their jobs, the n-th of both at the same moment; return what both told of each."""
        place, chance = ledger.engine.url.render_as_string(hide_password=False), random.Random(seed)
        for pipe, jobs in zip(self.pipes, (mine, yours), strict=True):
            pipe.send((place, jobs, [chance.choice((0, chance.uniform(0, _LATER))) for _ in jobs]))
        one, other = (_heard(pipe) for pipe in self.pipes)
        # Else it was no race: somebody was always too late to meet the other.
        assert any(a.begun < b.ended and b.begun < a.ended for a, b in zip(one, other, strict=True))
        return [(a.told, b.told) for a, b in zip(one, other, strict=True)]


@dataclass(frozen=True)
class _Done:
    """What came of a job, and when: the clock is one for both processes."""

    begun: float
    ended: float
    told: str


@contextmanager
def racers() -> Iterator[Racers]:
    """Start two processes, and end them."""
    start = _SPAWN.Barrier(2)
    ends = [_SPAWN.Pipe() for _ in range(2)]
    processes = [_SPAWN.Process(target=_work, args=(theirs, start), daemon=True) for _, theirs in ends]
    for process in processes:
        process.start()
    (mine, _), (yours, _) = ends
    yield Racers((mine, yours))
    for pipe, process in zip((mine, yours), processes, strict=True):
        pipe.send(None)
        process.join(_PATIENCE)
        assert process.exitcode == 0


def _work(pipe: Connection, start: Barrier) -> None:
    while (order := pipe.recv()) is not None:
        try:
            pipe.send(_race(start, *order))
        except Exception as error:
            start.abort()
            pipe.send(error)
            raise


def _race(start: Barrier, place: str, jobs: list[Job], delays: list[float]) -> list[_Done]:
    done = []
    with closing(opened(place)) as ledger:
        for (does, given), delay in zip(jobs, delays, strict=True):
            start.wait(_PATIENCE)
            time.sleep(delay)
            begun = time.monotonic()
            told = does(ledger, *given)
            done.append(_Done(begun, time.monotonic(), told))
    return done


def _heard(pipe: Connection) -> list[_Done]:
    found = pipe.recv()
    if isinstance(found, Exception):
        raise found
    return list(found)
