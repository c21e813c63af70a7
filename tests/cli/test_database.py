"""Loading from a database: the password stays off the command line and out of every message."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy

from cli.exit_codes import ExitCode
from tests.cli.running import mianshen, ok
from tests.cli.town import FILES, A, bare, write

QUERY = "SELECT uscc, year AS period, revenue FROM turnover"


def test_a_query_is_loaded_by_the_url_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, database = bare(tmp_path / "w"), tmp_path / "tax.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE turnover (uscc TEXT, year TEXT, revenue NUMERIC)")
        connection.execute("INSERT INTO turnover VALUES (?, '2023', 12.5)", [A])
    connection.close()
    monkeypatch.setenv("MIANSHEN_DB_URL", f"sqlite:///{database}")
    assert "1 row loaded" in ok("data", "load", "-w", folder, "turnover", "--query", QUERY).err


@pytest.mark.postgresql
def test_a_query_of_postgresql_is_loaded(tmp_path: Path, postgresql_url: str) -> None:
    folder = bare(tmp_path / "w")
    engine = sqlalchemy.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE turnover (uscc TEXT, year TEXT, revenue NUMERIC(18,2))"))
        connection.execute(sqlalchemy.text("INSERT INTO turnover VALUES (:code, '2023', 12.5)"), {"code": A})
    result = ok("data", "load", "-w", folder, "turnover", "--url", postgresql_url, "--query", QUERY)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("DROP TABLE turnover"))
    engine.dispose()
    assert "1 row loaded" in result.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://clerk:hunter2@127.0.0.1:1/tax",
        "nosuchdriver://clerk:hunter2@db/tax",
        "mysql://clerk:hunter2@db/tax",
        "hunter2",
    ],
)
def test_a_database_that_is_down_or_unheard_of_leaves_the_delivery_in_force(tmp_path: Path, url: str) -> None:
    folder = bare(tmp_path / "w")
    ok("data", "load", "-w", folder, "turnover", write(tmp_path, "t.csv", FILES["turnover"]))
    before = ok("data", "status", "-w", folder, "--format", "ndjson").out
    result = mianshen("data", "load", "-w", folder, "turnover", "--url", url, "--query", QUERY)
    assert result.code == ExitCode.PROBLEMS, result
    assert "hunter2" not in result.err or url == "hunter2"
    assert "Traceback" not in result.err
    assert ok("data", "status", "-w", folder, "--format", "ndjson").out == before


def test_a_query_the_database_refuses_is_reported(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    result = mianshen("data", "load", "-w", folder, "turnover", "--url", "sqlite://", "--query", "SELEC 1")
    assert result.code == ExitCode.PROBLEMS
    assert "syntax error" in result.err
