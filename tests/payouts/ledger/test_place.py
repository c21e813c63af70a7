"""Where the ledger of a workspace is, and what stands in the way."""

import stat
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.workspace import SETTINGS, Workspace
from payouts.ledger.invariants import violations
from payouts.ledger.place import ledger_of


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "town", bare=True)


def test_a_ledger_is_made_once_and_for_its_owner_alone(workspace: Workspace) -> None:
    with pytest.raises(MianshenError, match="officer add"):
        ledger_of(workspace)
    ledger_of(workspace, make=True).close()
    ledger = ledger_of(workspace)
    with ledger.read() as connection:
        assert violations(connection) == []
    ledger.close()
    assert stat.S_IMODE((workspace.ledger / "ledger.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE(workspace.ledger.stat().st_mode) == 0o700


def test_a_file_that_is_no_ledger(workspace: Workspace) -> None:
    workspace.ledger.mkdir()
    (workspace.ledger / "ledger.sqlite").write_text("hello, this is not a database at all" * 100)
    with pytest.raises(MianshenError, match="cannot open the ledger"):
        ledger_of(workspace)


@pytest.mark.parametrize("url", ["sqlite:///x", "nonsense", "mysql://a/b"])
def test_only_a_postgresql_is_named(workspace: Workspace, url: str) -> None:
    (workspace.root / SETTINGS).write_text(f'[payouts]\nledger = "{url}"\n')
    with pytest.raises(MianshenError, match="no URL of a PostgreSQL"):
        ledger_of(Workspace.open(workspace.root))


def test_a_server_that_does_not_answer(workspace: Workspace) -> None:
    (workspace.root / SETTINGS).write_text('[payouts]\nledger = "postgresql+psycopg://me:secret@127.0.0.1:1/x"\n')
    with pytest.raises(MianshenError, match="cannot open the ledger") as refused:
        ledger_of(Workspace.open(workspace.root))
    assert "secret" not in str(refused.value)


@pytest.mark.postgresql
def test_a_server_that_may_lose_payments_is_refused(workspace: Workspace, postgresql_template: str) -> None:
    (workspace.root / SETTINGS).write_text(f'[payouts]\nledger = "{postgresql_template}"\n')
    with pytest.raises(MianshenError, match="fsync=off"):
        ledger_of(Workspace.open(workspace.root))
