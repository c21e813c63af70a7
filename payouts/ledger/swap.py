"""Putting back a copy of a ledger in PostgreSQL: the database that pg_restore filled takes the ledger's place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.creation import is_current
from payouts.ledger.database import open_ledger
from payouts.ledger.forgetting import Known, known, refuse_to_forget, told
from payouts.ledger.invariants import violations
from payouts.ledger.tables import batch

BEFORE = "-before-"  # between the name of a ledger and the time, in that of what was there
_OFFICE = "postgres"  # the database from which others are renamed


def put_in_place(place: str, restored: str, aside: str) -> str:
    """Let the database `restored` take the name of a ledger's, on the same server; the ledger's is kept as `aside`.

    A database is renamed only while nobody is connected to it, so that nobody writes to either meanwhile or later.
    Returns in words what the ledger knew and the copy does not.

    Raises:
        MianshenError: there is no such database, or one called `aside`; it is no sound ledger of this version; somebody
            is connected; or firms would be paid again by it. Nothing has changed then.
    """
    url = make_url(place)
    if restored in (url.database, aside):
        raise MianshenError(f"{restored} is the ledger itself; nothing was changed: restore into a new database")
    with _server(url) as server:
        there = set(server.execute(text("SELECT datname FROM pg_database")).scalars())
        if restored not in there:
            raise MianshenError(f"there is no database {restored} on the ledger's server; pg_restore into one first")
        if aside in there:
            raise MianshenError(f"there is a database {aside} already; nothing was changed")
        copy = _known(url.set(database=restored))
        if url.database not in there:
            # Whoever was ended between the two renames below has left it so.
            for before in sorted(one for one in there if one.startswith(f"{url.database}{BEFORE}"))[-1:]:
                was = _known(url.set(database=before), is_sound=False)
                refuse_to_forget(was, copy, restored, f"rename the database {before} by hand")
            _rename(server, restored, str(url.database))
            return ""
        _rename(server, str(url.database), aside)
        try:
            before = _known(url.set(database=aside), is_sound=False)
            refuse_to_forget(before, copy, restored, "rename the ledger's database by hand")
            _rename(server, restored, str(url.database))
        except BaseException:
            _rename(server, aside, str(url.database))
            raise
    return told(before, copy)


def _known(url: URL, *, is_sound: bool = True) -> Known:
    """Return what a database knows of the bank; the ledger that was there may be broken, a copy not."""
    ledger = open_ledger(url.render_as_string(hide_password=False))
    try:
        with ledger.read() as connection:
            if not inspect(connection).has_table(batch.name):
                if is_sound:
                    raise MianshenError(f"{url.database} is not a ledger; nothing was changed")
                return Known()
            if is_sound and (wrong := violations(connection)):
                first = f"{wrong[0].invariant}: {wrong[0].subject} {wrong[0].what}"
                raise MianshenError(f"{url.database} breaks an invariant ({first}); nothing was changed")
            found = known(connection.exec_driver_sql)
        if is_sound and not is_current(ledger):
            raise MianshenError(f"{url.database} is of an older version; `mianshen payout upgrade` it first")
        return found
    finally:
        ledger.close()


@contextmanager
def _server(url: URL) -> Iterator[Connection]:
    engine: Engine = create_engine(url.set(database=_OFFICE), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", error)).splitlines()[0]
        raise MianshenError(f"the server refuses: {told}. Nothing was changed; end whatever uses the ledger") from error
    finally:
        engine.dispose()


def _rename(server: Connection, name: str, to: str) -> None:
    quote = server.dialect.identifier_preparer.quote
    server.exec_driver_sql(f"ALTER DATABASE {quote(name)} RENAME TO {quote(to)}")
