"""The town of `town/`: ten firms in CSV files, three policies, loaded, frozen and matched by the real parts."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

from enterprise_data.conform.load import load
from enterprise_data.periods import Period
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot, current_snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from policies.load import Library, load_library
from tests.kept import copied
from tests.snapshot.city import uscc

TOWN = Path(__file__).parent / "town"
CONTEXT = Context(Period.parse("2024"), date(2024, 12, 31))


def town(folder: Path) -> Workspace:
    """Make a workspace of the town's catalogue and policies, with every file loaded; `@3` is the code of firm 3."""
    space = Workspace.create(folder, bare=True)
    for part, target in (("catalog", folder / "catalog"), ("policies", space.policy_dir)):
        shutil.copytree(TOWN / part, target, dirs_exist_ok=True)
    inbox = folder / "in"
    inbox.mkdir()
    for source in sorted((TOWN / "files").glob("*.csv")):
        text = re.sub(r"@(\d+)", lambda found: uscc(int(found[1])), source.read_text(encoding="utf-8"))
        (inbox / source.name).write_text(text, encoding="utf-8")
        delivery = load(space, source.stem, inbox / source.name, data_date=CONTEXT.as_of)
        assert delivery.rejected_rows == 0, source
    return space


def frozen_town(folder: Path) -> tuple[Workspace, Snapshot]:
    """Make the town and freeze it."""
    space = Workspace.open(copied(_freeze_town, folder))
    snapshot = current_snapshot(space)
    assert snapshot is not None
    return space, snapshot


def _freeze_town(folder: Path) -> None:
    freeze(town(folder))


def library_of(space: Workspace, snapshot: Snapshot) -> Library:
    """Return the workspace's own policies."""
    return load_library([space.policy_dir], snapshot.catalogue)
