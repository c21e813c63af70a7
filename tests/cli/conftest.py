"""The small town, made once for tests that only look at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.queue import waiting_town
from tests.cli.running import ok
from tests.cli.town import MATCH, frozen


@pytest.fixture(autouse=True)
def _nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MIANSHEN_WORKSPACE", "MIANSHEN_DB_URL", "MIANSHEN_DEBUG", "MIANSHEN_USER", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


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
