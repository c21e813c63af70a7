"""A small world around one ledger: its clock, its folders, its faults, and what is watched at every step.

One seed is one run: whatever happens is drawn from `rng`, in one thread, at instants that the world itself gives.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Connection, event

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile
from payouts.bank.saving import save
from payouts.ledger.act import Act, instant
from payouts.ledger.database import Ledger
from tests.payouts.reopening import PREPARED, opened

_CHINA = timedelta(hours=8)
# What a ledger has come to; nothing of it ever goes back.
_EXTENT = (
    "SELECT (SELECT coalesce(max(seq), 0) FROM event), (SELECT count(*) FROM transfer), (SELECT count(*) FROM payee), "
    "(SELECT coalesce(max(id), 0) FROM proposal), (SELECT count(*) FROM return_line), (SELECT count(*) FROM approval), "
    "(SELECT count(*) FROM batch_item), (SELECT count(*) FROM bank_file), (SELECT count(*) FROM notice)"
)


class Crash(BaseException):
    """The process is gone in the midst of what it did."""


class Broken(AssertionError):
    """Something that must always hold does not."""


class World:
    """A ledger and everything around it; `do` takes a step, `write` and `read` are what officers' commands use."""

    def __init__(self, rng: random.Random, path: Path, folders: tuple[Path, ...]) -> None:
        self.rng, self.path, self.folders = rng, path, folders
        self.now = datetime(2024, 3, 1, 1, tzinfo=UTC)
        self.steps: list[str] = []
        self.counts: dict[str, int] = {}
        self.fuse: int | None = None
        self.meanwhile: Callable[[], None] | None = None
        self.observers: list[Callable[[], None]] = []
        self._watch = sqlite3.connect(path, cached_statements=PREPARED)
        self._watch.row_factory = sqlite3.Row
        self._nested = False
        self.extent = self._extent()
        self.ledger = self._open()

    def act(self, actor: str, reason: str = "") -> Act:
        """Return an act at an instant of its own."""
        self.now += timedelta(seconds=self.rng.randint(1, 900))
        return Act(actor, instant(self.now), reason)

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Let the fuse burn while files are saved."""

        def burning(file: BankFile, folder: Path) -> Path:
            self._burn("before a file")
            path = save(file, folder)
            self._burn("after a file")
            return path

        with mock.patch("payouts.batches.export.save", burning):
            yield

    def midnight(self) -> None:
        """Let the day end (in China)."""
        local = (self.now + _CHINA).replace(hour=0, minute=0, second=1, microsecond=0)
        self.now = local + timedelta(days=self.rng.choice((1, 1, 1, 2, 7))) - _CHINA

    @property
    def day(self) -> str:
        return (self.now + _CHINA).date().isoformat()

    def rows(self, query: str, *values: object) -> list[Any]:
        """Read the ledger beside the code under test, by a connection of one's own."""
        return self._watch.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        return self._watch.execute(query, values).fetchone()[0]

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction; what it wrote must be there when it is over."""
        with self.ledger.write() as connection:
            yield connection
            written = connection.exec_driver_sql(_EXTENT).one()
        if self._extent() != tuple(written):
            raise Broken("I7: what was acknowledged is not there")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.ledger.read() as connection:
            yield connection

    def do(self, name: str, step: Callable[[], object]) -> bool:
        """Take a step; return whether it was not refused. A crash ends it, and the ledger is opened anew."""
        place = len(self.steps)
        self.steps.append(name)
        end = "refused"
        try:
            told = step()
            end = "done"
            self.steps[place] += f": {told}" if told is not None else ": done"
        except MianshenError as error:
            self.steps[place] += f": refused, {str(error).splitlines()[0][:160]}"
        except Crash as crash:
            self.steps[place] += f": CRASH {crash}"
            end = "crashed"
            self._restart()
        self.fuse, self.meanwhile = None, None
        word = f"{name.split(' ', maxsplit=1)[0]} {end}"
        self.counts[word] = self.counts.get(word, 0) + 1
        self.observe()
        return end == "done"

    def observe(self) -> None:
        """Look at the ledger between two transactions."""
        extent = self._extent()
        if any(now < before for now, before in zip(extent, self.extent, strict=True)):
            raise Broken(f"I7: what was acknowledged is gone: {self.extent} became {extent}")
        self.extent = extent
        for look in self.observers:
            look()

    def close(self) -> None:
        self.ledger.close()
        self._watch.close()

    def _extent(self) -> tuple[int, ...]:
        return tuple(self._watch.execute(_EXTENT).fetchone())

    def _open(self) -> Ledger:
        ledger = opened(self.path)
        event.listen(ledger.engine, "before_cursor_execute", self._on_statement)
        event.listen(ledger.engine, "commit", self._on_commit)
        return ledger

    def _restart(self) -> None:
        self.ledger.close()
        self.ledger = self._open()
        self.fuse = None

    def _on_statement(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            self._on_begin()
        elif not statement.startswith("SELECT"):
            self._burn(statement.split("(", maxsplit=1)[0].strip()[:30])

    def _on_commit(self, _connection: object) -> None:
        self._burn("commit")

    def _on_begin(self) -> None:
        self.observe()
        if self.meanwhile is not None and not self._nested and self.rng.random() < 0.5:
            step, self.meanwhile = self.meanwhile, None
            fuse, self.fuse, self._nested = self.fuse, None, True
            try:
                step()
            finally:
                self.fuse, self._nested = fuse, False
        self._burn("begin")

    def _burn(self, where: str) -> None:
        if self.fuse is None or self._nested:
            return
        self.fuse -= 1
        if self.fuse <= 0:
            self.fuse = None
            raise Crash(f"at {where}")
