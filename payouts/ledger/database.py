"""Opening a ledger: SQLite in a file by default, PostgreSQL by URL; one writer at a time in both.

SQLite keeps a rollback journal with full sync (`journal_mode=DELETE`, `synchronous=EXTRA`): what was committed
survives a power cut. Its write-ahead log is not used: versions before 3.51.3 could damage it (sqlite.org, 2026).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

_PRAGMAS = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # INSERT OR REPLACE deletes, and asks the rules of deleting only so
    "PRAGMA trusted_schema = OFF",
    "PRAGMA busy_timeout = 60000",
    # A large batch touches more pages than the default of 2 MB holds, and what spills is synced and read again.
    "PRAGMA cache_size = -65536",  # KiB, taken as they are needed
    "PRAGMA temp_store = MEMORY",  # what a statement would take back, and its sorting: no file outside the ledger
)
_WRITES = "ledger_writes"
_LOCK = 5_870_214_931_077_001  # any number that nothing else locks by


class Ledger:
    """A ledger that is open; `write` is one transaction by the only writer, `read` one consistent view."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine as it comes from SQLAlchemy and make its connections safe."""
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that no other writer interleaves; it is durable when the block ends, or never was.

        Whatever a server's defaults are: a stricter level would look at the ledger as it was before the lock was had.
        """
        level = {} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        with self.engine.connect().execution_options(**{_WRITES: True}, **level) as connection, connection.begin():
            if not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give one consistent view."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**level) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_ledger(place: str | Path) -> Ledger:
    """Open the ledger at a path (SQLite) or a URL (`postgresql+psycopg://…`); it must have been made before."""
    return Ledger(create_engine(_url(place)))


def _url(place: str | Path) -> URL:
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    return make_url(place)


def _prepare(connection: Any, _record: object) -> None:
    """Set what every connection to SQLite needs; transactions are begun by `_begin`, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
