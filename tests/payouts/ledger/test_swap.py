"""A copy that pg_restore put into a database takes the ledger's place, if it is sound and forgets nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.seal import release, seal
from payouts.booking.book import book
from payouts.booking.resolve import confirm, propose
from payouts.ledger.database import Ledger
from payouts.ledger.keys import payment_id
from payouts.ledger.swap import put_in_place
from payouts.ledger.transfers import grant
from tests.payouts.batches.scenes import CHANNEL, A, hold_back, ready, state_of
from tests.payouts.booking.sent import DUES, PAID, RETURNED, answers, tell
from tests.payouts.stories import CHECKER, act

pytestmark = pytest.mark.postgresql


class Server:
    """The server of a ledger, which copies databases as pg_dump and pg_restore do."""

    def __init__(self, ledger: Ledger) -> None:
        self.url = ledger.engine.url
        self.place = self.url.render_as_string(hide_password=False)
        self.name = str(self.url.database)
        self._ledger = ledger

    def does(self, *statements: str) -> list[str]:
        self._ledger.close()
        engine = create_engine(make_url(self.place).set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
            found = connection.execute(text("SELECT datname FROM pg_database WHERE datname LIKE 'copy%'")).scalars()
            names = sorted(found)
        engine.dispose()
        return names

    def copies(self, name: str) -> None:
        self.does(f'CREATE DATABASE {name} TEMPLATE "{self.name}"')


@pytest.fixture
def server(postgresql_ledger: Ledger) -> Iterator[Server]:
    found = Server(postgresql_ledger)
    yield found
    found.does(*(f"DROP DATABASE {name}" for name in found.does()))


def test_a_copy_takes_the_place(postgresql_ledger: Ledger, server: Server) -> None:
    batch = ready(postgresql_ledger)
    server.copies("copy")
    with postgresql_ledger.write() as connection:
        grant(connection, "later", "later", 5, act())
        hold_back(connection, A)
    with postgresql_ledger.read(), pytest.raises(MianshenError, match="is being accessed by other users"):
        put_in_place(server.place, "copy", "copy_aside")
    postgresql_ledger.close()
    assert "It ends at" in put_in_place(server.place, "copy", "copy_aside")
    assert server.does() == ["copy_aside"]
    assert state_of(postgresql_ledger, batch) == "approved"
    with postgresql_ledger.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM budget_line WHERE id = 'later'")).scalar() == 0


def test_a_copy_from_before_a_release_is_refused(postgresql_ledger: Ledger, server: Server) -> None:
    batch = ready(postgresql_ledger)
    server.copies("copy")
    with postgresql_ledger.write() as connection:
        seal(connection, batch, CHANNEL, act())
        release(connection, batch, act())
    postgresql_ledger.close()
    with pytest.raises(MianshenError, match=f"before batch {batch} went to the bank"):
        put_in_place(server.place, "copy", "copy_aside")
    assert (server.does(), state_of(postgresql_ledger, batch)) == (["copy"], "released")
    server.does(f'ALTER DATABASE "{server.name}" RENAME TO copy_lost')
    put_in_place(server.place, "copy", "copy_aside")
    assert (server.does(), state_of(postgresql_ledger, batch)) == (["copy_lost"], "approved")


def test_a_restore_that_was_ended_midway_forgets_nothing_when_it_is_run_again(
    postgresql_ledger: Ledger, server: Server
) -> None:
    batch = ready(postgresql_ledger)
    server.copies("copy")
    with postgresql_ledger.write() as connection:
        seal(connection, batch, CHANNEL, act())
        release(connection, batch, act())
    midway = f"{server.name}-before-20240301T080000"
    server.does(f'ALTER DATABASE "{server.name}" RENAME TO "{midway}"')
    try:
        with pytest.raises(MianshenError, match=f"before batch {batch} went to the bank"):
            put_in_place(server.place, "copy", "copy_aside")
    finally:
        server.does(f'ALTER DATABASE "{midway}" RENAME TO "{server.name}"')
    assert (server.does(), state_of(postgresql_ledger, batch)) == (["copy"], "released")


def test_a_copy_that_says_returned_what_is_paid_is_refused(postgresql_ledger: Ledger, server: Server) -> None:
    tell(postgresql_ledger)
    key = payment_id(DUES[0].id, 1)
    with postgresql_ledger.write() as connection:
        book(connection, answers((key, RETURNED)), act())
    postgresql_ledger.close()
    server.copies("copy")
    with postgresql_ledger.write() as connection:
        book(connection, answers((key, PAID)), act())
        confirm(connection, propose(connection, key, "paid", "the bank's book", act()), act(CHECKER))
    postgresql_ledger.close()
    with pytest.raises(MianshenError, match="1 payments came back which are paid"):
        put_in_place(server.place, "copy", "copy_aside")
    assert server.does() == ["copy"]


def test_what_is_no_sound_ledger_is_refused(postgresql_ledger: Ledger, server: Server) -> None:
    ready(postgresql_ledger)
    server.copies("copy")
    server.does("CREATE DATABASE copy_empty")
    broken = create_engine(server.url.set(database="copy"))
    with broken.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE transfer DISABLE TRIGGER ALL")
        connection.exec_driver_sql("DELETE FROM transfer WHERE kind = 'commit'")
    broken.dispose()
    for name, said in (
        ("copy", "breaks an invariant"),
        ("copy_empty", "is not a ledger"),
        ("copy_none", "there is no database copy_none"),
        (server.name, "is the ledger itself"),
    ):
        with pytest.raises(MianshenError, match=said):
            put_in_place(server.place, name, "copy_aside")
    assert server.does() == ["copy", "copy_empty"]
