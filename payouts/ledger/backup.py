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
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.invariants import violations


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


def restore(backup: Path, ledger_file: Path, aside: Path) -> Backup:
    """Put a copy in the place of a ledger; what is there now is kept at `aside`.

    Raises:
        MianshenError: the copy is not sound, something is at `aside` already, or the ledger has sent what the copy
            would send again; nothing has changed then.
    """
    if not backup.is_file():
        raise MianshenError(f"{backup} is no file; nothing was changed")
    if aside.exists():
        raise MianshenError(f"{aside} is there already; nothing was changed")
    _require_sound(backup)
    _refuse_to_forget(ledger_file, backup)
    try:
        if ledger_file.exists():
            os.link(ledger_file, aside)
            _keep_journal(ledger_file, aside)
        with replaced(ledger_file) as draft:
            _copy(backup, draft)
            draft.chmod(stat.S_IRUSR | stat.S_IWUSR)
    except OSError as error:
        raise MianshenError(f"cannot restore {ledger_file}: {error.strerror or error}") from error
    return Backup(ledger_file, _sha256(ledger_file))


def _refuse_to_forget(ledger_file: Path, backup: Path) -> None:
    """Refuse a copy that does not know of batches that are with the bank: it would let them be paid a second time."""
    forgotten = sorted(_released(ledger_file) - _released(backup))
    if forgotten:
        raise MianshenError(
            f"{backup} was made before batch {', '.join(forgotten)} went to the bank, and would let its firms be paid "
            "again; nothing was changed. Take a newer copy. If there is none, ask the bank what it has of this, move "
            f"{ledger_file} away by hand, restore, and hold what was sent before anything is planned"
        )


def _released(path: Path) -> set[str]:
    """Return the batches that went to the bank by a ledger's file; none if it cannot be read.

    The file is looked at as it lies there: an unfinished transaction beside it is left alone.
    """
    if not path.exists():
        return set()
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)) as found:
            return {one for (one,) in found.execute("SELECT id FROM batch WHERE state IN ('released', 'closed')")}
    except sqlite3.Error:
        return set()


def _keep_journal(ledger_file: Path, aside: Path) -> None:
    """Keep an unfinished transaction with its own ledger: SQLite would undo it in the copy, and damage that."""
    journal = ledger_file.with_name(f"{ledger_file.name}-journal")
    if journal.exists():
        journal.rename(aside.with_name(f"{aside.name}-journal"))


def _require_file(ledger: Ledger) -> None:
    if not ledger.is_sqlite:
        raise MianshenError("this ledger is in PostgreSQL: back it up with pg_dump, restore it with pg_restore")


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
