"""The small town, made once for tests that only look at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.acting import CLOCK
from tests.cli.payout_office import FIRMS, START, Office, made, with_firms
from tests.cli.queue import waiting_town
from tests.cli.running import ok
from tests.cli.town import MATCH, frozen
from tests.made_once import ENVIRONMENT


@pytest.fixture(autouse=True)
def _nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(f"MIANSHEN_{name}", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a matched workspace that nobody may change."""
    folder = frozen(tmp_path_factory.mktemp("town") / "w")
    ok("match", "-q", "-w", folder, *MATCH)
    return folder


@pytest.fixture(scope="session")
def _waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return waiting_town(tmp_path_factory.mktemp("waiting") / "w")


@pytest.fixture
def waiting(_waiting: Path, tmp_path: Path) -> Path:
    """Give a workspace whose snapshot has rows that wait for a person."""
    return Path(shutil.copytree(_waiting, tmp_path / "w"))


@pytest.fixture(scope="session")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    with pytest.MonkeyPatch.context() as environment:
        return with_firms(made(tmp_path_factory.mktemp("office") / "w", environment), FIRMS)


@pytest.fixture
def office(_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give a bureau whose officers are logged in, with three confirmed firms of which nothing is planned."""
    monkeypatch.setenv(CLOCK, START)
    return Office(Path(shutil.copytree(_office.root, tmp_path / "office")), monkeypatch, dict(_office.tokens))
