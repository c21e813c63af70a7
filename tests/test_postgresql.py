"""The test server itself: it is there, it is PostgreSQL, and it keeps Chinese text whole."""

import pytest
from sqlalchemy import create_engine, text


@pytest.mark.postgresql
def test_the_server_answers(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    try:
        with engine.connect() as connection:
            one, name = connection.execute(text("SELECT 1, CAST('济南' AS text)")).one()
    finally:
        engine.dispose()
    assert (one, name) == (1, "济南")
    assert engine.dialect.name == "postgresql"
