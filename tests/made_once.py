"""What takes long to make is made once for all tests of a run, whichever of its processes comes first."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from contextlib import chdir
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from enterprise_data.conform.load import load
from enterprise_data.sample_city.generate import TRUTH, generate
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot, current_snapshot
from enterprise_data.workspace import Workspace
from policies.load import SAMPLE_CITY
from tests.cli.running import Result, ok

DEMO = "mianshen demo --firms 2000 -w city"
ENVIRONMENT = ("WORKSPACE", "DB_URL", "DEBUG", "USER", "CLOCK", "TOKEN")
_CITY_FIRMS = 2_000
_TOLD = "told.json"


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make` has filled, in this process or another one of the run. Nobody may change it."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-once"
    shared.mkdir(exist_ok=True)
    with (shared / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / name
        if not made.exists():
            draft = shared / f"{name}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            make(draft)
            draft.rename(made)
    return made


@dataclass(frozen=True)
class Demo:
    """A demo that was run: the folder in which its `city` lies, and what it told."""

    folder: Path
    told: Result

    def copied(self, folder: Path) -> Path:
        """Return a copy of its workspace that may be changed."""
        return Path(shutil.copytree(self.folder / "city", folder))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Give what the command line `DEMO` left; its workspace is for looking at, or to be copied."""
    folder = made_once(tmp_path_factory, "demo", _run_demo)
    return Demo(folder, Result(**json.loads((folder / _TOLD).read_text(encoding="utf-8"))))


def _run_demo(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as environment, chdir(folder):
        environment.delenv("COLUMNS", raising=False)
        for name in ENVIRONMENT:
            environment.delenv(f"MIANSHEN_{name}", raising=False)
        told = ok(*DEMO.split()[1:])
    (folder / _TOLD).write_text(json.dumps(asdict(told)), encoding="utf-8")


@dataclass(frozen=True)
class FrozenCity:
    """The sample city as a frozen workspace with its own policies, and the truth about its lists by name alone."""

    root: Path
    truth: Path

    def opened(self) -> tuple[Workspace, Snapshot]:
        """Return the workspace and its snapshot."""
        space = Workspace.open(self.root)
        snapshot = current_snapshot(space)
        assert snapshot is not None
        return space, snapshot

    def copied(self, folder: Path) -> tuple[Workspace, Snapshot]:
        """Return the same of a copy, which may be changed."""
        return FrozenCity(Path(shutil.copytree(self.root, folder)), self.truth).opened()


def freeze_city(folder: Path, firms: int) -> FrozenCity:
    """Make a sample city of so many firms below a folder, load every file, and freeze."""
    city = generate(folder / "files", firms=firms, seed=7)
    space = Workspace.create(folder / "w")
    for path in city.catalogue:
        shutil.copy(path, space.root / "catalog")
    for delivery in city.deliveries:
        load(space, delivery.dataset, delivery.path, data_date=delivery.data_date)
    shutil.copytree(SAMPLE_CITY, space.policy_dir / SAMPLE_CITY.name)
    freeze(space)
    return FrozenCity(space.root, city.truth)


@pytest.fixture(scope="session")
def frozen_city(tmp_path_factory: pytest.TempPathFactory) -> FrozenCity:
    """Give a frozen sample city of 2,000 firms for looking at, or to be copied."""
    folder = made_once(tmp_path_factory, "frozen-city", lambda draft: freeze_city(draft, _CITY_FIRMS))
    return FrozenCity(folder / "w", folder / "files" / TRUTH)
