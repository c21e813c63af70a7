"""The journal's file: one fact a line, only ever added to, under a lock, durable when an addition returns."""

from __future__ import annotations

import fcntl
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.identity.journal.facts import Decision, Fact, Statement, Undo
from enterprise_data.identity.journal.ledger import Ledger, Refused

FILE = "journal.jsonl"
TORN = "journal.torn"


def _now() -> datetime:
    return datetime.now().astimezone().replace(microsecond=0)


@dataclass
class Journal:
    """The journal in a folder, which need not exist before the first addition.

    What was read once is not read again: only lines that were added since. `torn` holds the beginnings of lines that
    a crash cut short, as they were found; such a line was never reported as written. The next addition moves it to a
    file beside the journal.
    """

    folder: Path
    clock: Callable[[], datetime] = _now
    torn: list[str] = field(default_factory=list)
    _ledger: Ledger = field(default_factory=Ledger)
    _read: int = 0  # bytes
    _lines: int = 0

    @property
    def path(self) -> Path:
        """Return the file."""
        return self.folder / FILE

    def ledger(self) -> Ledger:
        """Read what was added since the last time and return all of it.

        Raises:
            MianshenError: a line that is not a fact, or contradicts earlier ones, with file and line.
        """
        try:
            with self.path.open("rb") as file, _locked(file, fcntl.LOCK_SH):
                self._catch_up(file)
        except FileNotFoundError:
            self._forget()
        except OSError as error:
            raise MianshenError(f"cannot read {self.path}: {error.strerror or error}") from error
        return self._ledger

    def append(self, statements: Iterable[Statement], *, replace: bool = False) -> tuple[Fact, ...]:
        """Add statements, all or none, and return them as facts; `replace` first undoes a live decision in the way.

        Raises:
            Refused: one contradicts an earlier fact; nothing was added.
            MianshenError: the file cannot be read or written.
        """
        wanted = tuple(statements)
        if not wanted:
            return ()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b", buffering=0) as file, _locked(file, fcntl.LOCK_EX):
                whole = self._catch_up(file)
                added = self._admitted(wanted, replace)
                self._cut_off(file, whole)
                _write(file, b"".join(_line(fact) for fact in added), whole)
                _settle(self.folder)
                self._read = file.seek(0, io.SEEK_END)
                self._lines += len(added)
        except OSError as error:
            self._forget()
            raise MianshenError(f"cannot write {self.path}: {error.strerror or error}; nothing was added") from error
        return added

    def _admitted(self, statements: Iterable[Statement], replace: bool) -> tuple[Fact, ...]:
        added: list[Fact] = []
        try:
            for statement in statements:
                if replace and (undo := self._undo_before(statement)) is not None:
                    added.append(self._admit(undo))
                added.append(self._admit(statement))
        except BaseException:
            self._forget()
            raise
        return tuple(added)

    def _admit(self, statement: Statement) -> Fact:
        said = {name: getattr(statement, name) for name in Statement.model_fields}
        fact = Fact(id=self._ledger.last_id + 1, at=self.clock(), **said)
        self._ledger.admit(fact)
        return fact

    def _undo_before(self, statement: Statement) -> Statement | None:
        what = statement.what
        earlier = self._ledger.decision_about(what.subject) if isinstance(what, Decision) else None
        return earlier and Statement(author=statement.author, reason=statement.reason, what=Undo(of=earlier.id))

    def _catch_up(self, file: BinaryIO) -> int:
        """Take in the lines not yet read, and return where the last whole one ends, in bytes."""
        if file.seek(0, io.SEEK_END) < self._read:
            self._forget()
        file.seek(self._read)
        new = file.read()
        whole = new.rfind(b"\n") + 1
        for line in new[:whole].split(b"\n")[:-1]:
            self._lines += 1
            self._take(line)
        self._read += whole
        if torn := new[whole:]:
            self._note_torn(torn)
        return self._read

    def _take(self, line: bytes) -> None:
        where = f"{self.path}:{self._lines}"
        try:
            fact = Fact.model_validate_json(line)
            if fact.id <= self._ledger.last_id:
                raise MianshenError(f"{where}: the ids must rise, but {fact.id} follows {self._ledger.last_id}")
            self._ledger.admit(fact)
        except (ValidationError, Refused) as error:
            why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            self._forget()
            raise MianshenError(
                f"{where}: not a fact of the journal ({why}); nothing of it is used until the line is as it was: "
                "bring the file back from a copy"
            ) from error

    def _cut_off(self, file: BinaryIO, whole: int) -> None:
        """Keep what stands behind the last whole line elsewhere, and take it off."""
        file.seek(whole)
        if torn := file.read():
            with (self.folder / TORN).open("ab") as kept:
                kept.write(torn + b"\n")
                kept.flush()
                os.fsync(kept.fileno())
            file.truncate(whole)

    def _note_torn(self, torn: bytes) -> None:
        text = torn.decode("utf-8", "backslashreplace")
        if text not in self.torn:
            self.torn.append(text)

    def _forget(self) -> None:
        self._ledger, self._read, self._lines = Ledger(), 0, 0


def _line(fact: Fact) -> bytes:
    return fact.model_dump_json().encode() + b"\n"


def _write(file: BinaryIO, content: bytes, whole: int) -> None:
    left = memoryview(content)
    try:
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(whole)
        raise


def _settle(folder: Path) -> None:
    """Make the file's name durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(file: BinaryIO, kind: int) -> Iterator[None]:
    fcntl.flock(file, kind)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
