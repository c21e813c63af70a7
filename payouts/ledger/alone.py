"""Being alone with a ledger in a file: nobody else reads or writes it meanwhile."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from enterprise_data.declarations.problems import MianshenError

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)


@contextmanager
def alone_with(ledger_file: Path, aside: Path, patience: float) -> Iterator[sqlite3.Connection | None]:
    """Give the ledger that is there, and keep everybody else from it; None if there is none that can be read.

    The journal of a damaged one is kept beside `aside`.

    Raises:
        MianshenError: somebody works with it for more seconds than `patience`, or has put another in its place.
    """
    if not ledger_file.exists():
        yield None
        return
    before = ledger_file.stat()
    with closing(sqlite3.connect(ledger_file, timeout=patience, isolation_level=None)) as there:
        is_locked = _is_locked(there, ledger_file, aside)
        if not os.path.samestat(before, ledger_file.stat()):
            raise MianshenError(
                f"somebody put another file in the place of {ledger_file} just now; nothing was changed"
            )
        yield there if is_locked else None


def _is_locked(there: sqlite3.Connection, ledger_file: Path, aside: Path) -> bool:
    """Lock a ledger for ourselves; False if it is damaged, so that nobody else can work with it either.

    SQLite ends an unfinished transaction first, and does not leave its journal even where it could not; so a damaged
    ledger's is kept at once.
    """
    journal, kept = journal_of(ledger_file), journal_of(aside)
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


def journal_of(file: Path) -> Path:
    """Return where SQLite keeps what an unfinished transaction of a file would take back."""
    return file.with_name(f"{file.name}-journal")
