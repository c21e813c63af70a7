"""A new, empty ledger for every test, on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from payouts.ledger.creation import create
from payouts.ledger.database import Ledger
from tests.payouts.racers import Racers, racers
from tests.payouts.reopening import in_memory, opened, seldom_collecting

_NUMBERS = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def _seldom_collecting() -> Iterator[None]:
    with seldom_collecting():
        yield


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Give a ledger of either kind; the test runs on both."""
    name = "sqlite_ledger" if request.param == "sqlite" else "postgresql_ledger"
    found: Ledger = request.getfixturevalue(name)
    return found


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """Give a folder in memory, where that can be."""
    with in_memory() as place:
        yield place


@pytest.fixture
def sqlite_ledger(memory_path: Path) -> Iterator[Ledger]:
    """Give a ledger in a file."""
    ledger = opened(memory_path / "ledger.sqlite")
    create(ledger)
    yield ledger
    ledger.close()


@pytest.fixture
def postgresql_ledger(postgresql_template: str) -> Iterator[Ledger]:
    """Give a ledger in a database of its own, copied from one that was made once."""
    url = make_url(postgresql_template)
    name = f"ledger_{next(_NUMBERS)}"
    _command(postgresql_template, f'CREATE DATABASE {name} TEMPLATE "{url.database}"')
    ledger = opened(url.set(database=name).render_as_string(hide_password=False))
    yield ledger
    ledger.close()
    _command(postgresql_template, f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> str:
    """Make an empty ledger once; return its URL."""
    name = "ledger_template"
    _command(postgresql_url, f"CREATE DATABASE {name}")
    url = make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    ledger = opened(url)
    create(ledger)
    ledger.close()
    return url


@pytest.fixture(scope="session")
def racing() -> Iterator[Racers]:
    """Give two processes that race."""
    with racers() as both:
        yield both


def _command(url: str, statement: str) -> None:
    """Run a statement that no transaction may hold, from the server's own database."""
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
