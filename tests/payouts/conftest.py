"""A new, empty ledger for every test, on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from payouts.ledger.creation import create
from payouts.ledger.database import Ledger, open_ledger

_NUMBERS = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Give a ledger of either kind; the test runs on both."""
    name = "sqlite_ledger" if request.param == "sqlite" else "postgresql_ledger"
    found: Ledger = request.getfixturevalue(name)
    return found


@pytest.fixture
def sqlite_ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Give a ledger in a file."""
    opened = open_ledger(tmp_path / "ledger.sqlite")
    create(opened)
    yield opened
    opened.close()


@pytest.fixture
def postgresql_ledger(postgresql_template: str) -> Iterator[Ledger]:
    """Give a ledger in a database of its own, copied from one that was made once."""
    url = make_url(postgresql_template)
    name = f"ledger_{next(_NUMBERS)}"
    _command(postgresql_template, f'CREATE DATABASE {name} TEMPLATE "{url.database}"')
    opened = open_ledger(url.set(database=name).render_as_string(hide_password=False))
    yield opened
    opened.close()
    _command(postgresql_template, f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> str:
    """Make an empty ledger once; return its URL."""
    name = "ledger_template"
    _command(postgresql_url, f"CREATE DATABASE {name}")
    url = make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    opened = open_ledger(url)
    create(opened)
    opened.close()
    return url


def _command(url: str, statement: str) -> None:
    """Run a statement that no transaction may hold, from the server's own database."""
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
