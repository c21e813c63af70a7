"""Workspaces that many tests begin with are made once in a process, and copied for each test that wants one."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory


def copied(make: Callable[[Path], object], folder: Path) -> Path:
    """Give in `folder` what `make` would have made there; `make` may not depend on where that is."""
    return Path(shutil.copytree(_made(make), folder, dirs_exist_ok=True))


@cache
def _made(make: Callable[[Path], object]) -> Path:
    keeper = TemporaryDirectory(prefix="mianshen-kept-")
    atexit.register(keeper.cleanup)
    folder = Path(keeper.name) / "w"
    make(folder)
    return folder
