"""Copies of a ledger: taken while it is in use, checked before they count, and put back whole."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from enterprise_data.atomic import replaced
from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.alone import alone_with, journal_of
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.forgetting import Known, known, refuse_to_forget, told
from payouts.ledger.invariants import violations


@dataclass(frozen=True)
class Backup:
    """A copy of a ledger: its file, and the SHA-256 of its bytes.

    `forgotten` says in words what the ledger knew that a copy which took its place does not.
    """

    path: Path
    sha256: str
    forgotten: str = ""


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
    except (OSError, sqlite3.Error) as error:
        raise MianshenError(f"cannot write {path}: {_words(error)}") from error
    return Backup(path, _sha256(path))


def restore(backup: Path, ledger_file: Path, aside: Path, patience: float = 10.0) -> Backup:
    """Put a copy in the place of a ledger; what is there now is kept at `aside`.

    Nobody reads or writes the ledger meanwhile; who still has the old file open can write to it no more, since SQLite
    refuses to write to a file that was moved (SQLITE_READONLY_DBMOVED).

    Raises:
        MianshenError: the copy is not sound or the ledger itself, something is at `aside` already, somebody works with
            the ledger for more seconds than `patience`, or the copy would send again what was sent or paid; nothing has
            changed then.
    """
    if not backup.is_file():
        raise MianshenError(f"{backup} is no file; nothing was changed")
    if aside.exists():
        raise MianshenError(f"{aside} is there already; nothing was changed")
    if ledger_file.exists() and ledger_file.samefile(backup):
        raise MianshenError(f"{backup} is the ledger itself; nothing was changed")
    _require_sound(backup)
    with alone_with(ledger_file, aside, patience) as there:
        before, after = _known(there), _known_by_copy(backup)
        refuse_to_forget(before, after, str(backup), f"move {ledger_file} away by hand")
        try:
            with replaced(ledger_file) as draft:
                _copy(backup, draft)
                draft.chmod(stat.S_IRUSR | stat.S_IWUSR)
                if ledger_file.exists():
                    os.link(ledger_file, aside)
                    # In the copy SQLite would undo it, and damage that.
                    journal_of(ledger_file).unlink(missing_ok=True)
        except (OSError, sqlite3.Error) as error:
            if aside.exists() and aside.samefile(ledger_file):
                aside.unlink()
            raise MianshenError(f"cannot restore {ledger_file}: {_words(error)}; nothing was changed") from error
    return Backup(ledger_file, _sha256(ledger_file), told(before, after))


def _known(ledger: sqlite3.Connection | None) -> Known:
    """Return what a ledger knows of the bank; nothing if it cannot be read."""
    if ledger is None:
        return Known()
    try:
        return known(ledger.execute)
    except sqlite3.Error:
        return Known()


def _known_by_copy(backup: Path) -> Known:
    with closing(sqlite3.connect(f"{backup.resolve().as_uri()}?immutable=1", uri=True)) as copy:
        return _known(copy)


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
        told = str(error).partition("\n")[0]
        raise MianshenError(f"{path} is not a ledger that can be read: {told}; nothing was changed") from error
    finally:
        copy.close()
    if wrong:
        first = wrong[0]
        raise MianshenError(
            f"{path} breaks an invariant ({first.invariant}: {first.subject} {first.what}); nothing was changed"
        )


def _words(error: OSError | sqlite3.Error) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
