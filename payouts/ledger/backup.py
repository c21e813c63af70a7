"""Copies of a ledger: taken while it is in use, checked before they count, and put back whole."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from enterprise_data.atomic import replaced
from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.invariants import violations

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)


@dataclass(frozen=True)
class Backup:
    """A copy of a ledger: its file, and the SHA-256 of its bytes."""

    path: Path
    sha256: str


def back_up(ledger: Ledger, path: Path) -> Backup:
    """Copy a ledger in a file to another file, consistently, while others go on reading and writing.

    Raises:
        MianshenError: the ledger is in PostgreSQL (use pg_dump), something is there already, or the copy is not sound.
    """
    _require_file(ledger)
    if path.exists():
        raise MianshenError(f"{path} is there already; nothing was changed")
    try:
        with replaced(path) as draft:
            _copy(Path(str(ledger.engine.url.database)), draft)
            _require_sound(draft)
    except OSError as error:
        raise MianshenError(f"cannot write {path}: {error.strerror or error}") from error
    return Backup(path, _sha256(path))


def restore(backup: Path, ledger_file: Path, aside: Path, patience: float = 10.0) -> Backup:
    """Put a copy in the place of a ledger; what is there now is kept at `aside`.

    Nobody reads or writes the ledger meanwhile; who still has the old file open can write to it no more, since SQLite
    refuses to write to a file that was moved (SQLITE_READONLY_DBMOVED).

    Raises:
        MianshenError: the copy is not sound or the ledger itself, something is at `aside` already, somebody works with
            the ledger for more seconds than `patience`, or it has sent what the copy would send again; nothing has
            changed then.
    """
    if not backup.is_file():
        raise MianshenError(f"{backup} is no file; nothing was changed")
    if aside.exists():
        raise MianshenError(f"{aside} is there already; nothing was changed")
    if ledger_file.exists() and ledger_file.samefile(backup):
        raise MianshenError(f"{backup} is the ledger itself; nothing was changed")
    _require_sound(backup)
    with _alone(ledger_file, aside, patience) as there:
        _refuse_to_forget(ledger_file, _released(there), backup)
        try:
            if ledger_file.exists():
                os.link(ledger_file, aside)
                # In the copy SQLite would undo it, and damage that.
                _journal(ledger_file).unlink(missing_ok=True)
            with replaced(ledger_file) as draft:
                _copy(backup, draft)
                draft.chmod(stat.S_IRUSR | stat.S_IWUSR)
        except OSError as error:
            raise MianshenError(f"cannot restore {ledger_file}: {error.strerror or error}") from error
    return Backup(ledger_file, _sha256(ledger_file))


@contextmanager
def _alone(ledger_file: Path, aside: Path, patience: float) -> Iterator[sqlite3.Connection | None]:
    """Give the ledger that is there, and keep everybody else from it; None if there is none that can be read."""
    if not ledger_file.exists():
        yield None
        return
    with closing(sqlite3.connect(ledger_file, timeout=patience, isolation_level=None)) as there:
        yield there if _is_locked(there, ledger_file, aside) else None


def _is_locked(there: sqlite3.Connection, ledger_file: Path, aside: Path) -> bool:
    """Lock a ledger for ourselves; False if it is damaged, so that nobody else can work with it either.

    SQLite ends an unfinished transaction first, and does not leave its journal even where it could not; so a damaged
    ledger's is kept at once.
    """
    journal, kept = _journal(ledger_file), _journal(aside)
    if journal.exists():
        os.link(journal, kept)
    try:
        there.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _DAMAGED:
            return False
        kept.unlink(missing_ok=True)
        raise MianshenError(
            f"somebody is working with {ledger_file} ({error}); nothing was changed. Let them end, stop the service if "
            "there is one, and restore then"
        ) from error
    kept.unlink(missing_ok=True)
    return True


def _journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-journal")


def _refuse_to_forget(ledger_file: Path, released: set[str], backup: Path) -> None:
    """Refuse a copy that does not know of batches that are with the bank: it would let them be paid a second time."""
    with closing(sqlite3.connect(f"{backup.resolve().as_uri()}?immutable=1", uri=True)) as copy:
        forgotten = sorted(released - _released(copy))
    if forgotten:
        raise MianshenError(
            f"{backup} was made before batch {', '.join(forgotten)} went to the bank, and would let its firms be paid "
            "again; nothing was changed. Take a newer copy. If there is none, ask the bank what it has of this, move "
            f"{ledger_file} away by hand, restore, and hold what was sent before anything is planned"
        )


def _released(ledger: sqlite3.Connection | None) -> set[str]:
    """Return the batches that went to the bank; none if the ledger cannot be read."""
    if ledger is None:
        return set()
    try:
        return {one for (one,) in ledger.execute("SELECT id FROM batch WHERE state IN ('released', 'closed')")}
    except sqlite3.Error:
        return set()


def _require_file(ledger: Ledger) -> None:
    if not ledger.is_sqlite:
        raise MianshenError("this ledger is in PostgreSQL: back it up with pg_dump")


def _copy(source: Path, target: Path) -> None:
    """Copy by SQLite's own means, which see a transaction whole or not at all."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _require_sound(path: Path) -> None:
    copy = open_ledger(path)
    try:
        with copy.read() as connection:
            wrong = violations(connection)
    except Exception as error:
        raise MianshenError(f"{path} is not a ledger that can be read: {error}; nothing was changed") from error
    finally:
        copy.close()
    if wrong:
        first = wrong[0]
        raise MianshenError(
            f"{path} breaks an invariant ({first.invariant}: {first.subject} {first.what}); nothing was changed"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
