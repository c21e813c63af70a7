"""The town, frozen once for tests that only look at it."""

from __future__ import annotations

import pytest

from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from tests.matcher.workspaces import frozen_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Snapshot]:
    """Give a frozen workspace that nobody may change."""
    return frozen_town(tmp_path_factory.mktemp("town") / "w")
