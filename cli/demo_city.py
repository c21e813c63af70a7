"""The work of `mianshen demo`: a workspace with the sample city, loaded, frozen and matched."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.failures import counted
from cli.session import Session
from enterprise_data.atomic import replace_text
from enterprise_data.conform.load import load
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period
from enterprise_data.sample_city.generate import SampleCity, generate
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import SETTINGS, Workspace
from matcher.context import Context
from matcher.run.match import match
from matcher.run.store import Run
from policies.load import SAMPLE_CITY, Library, workspace_library

PERIODS = ("2021", "2022", "2023", "2024")
AS_OF = date(2025, 6, 30)
_MARKER = "synthetic.json"
_FILES = "departments"


@dataclass(frozen=True)
class Demo:
    """What was made; `runs` in the order of `PERIODS`."""

    space: Workspace
    city: SampleCity
    snapshot: Snapshot
    library: Library
    runs: tuple[Run, ...]


def prepared(session: Session, firms: int, seed: int) -> Demo:
    """Make the workspace, or make it anew, and run the whole job in it.

    Raises:
        MianshenError: the folder is a workspace that this command did not make.
    """
    space = _workspace(session.root, firms, seed)
    city = _generated(session, space.root / _FILES, firms, seed)
    for entry in city.catalogue:
        shutil.copy(entry, space.root / "catalog" / entry.name)
    _give_policies(space)
    _load(session, space, city)
    session.note("linking every row to its firm, and freezing a snapshot ...")
    with session.progress() as step:
        snapshot = freeze(space, lambda name: step(f"linking {name}"))
    library = workspace_library(space, snapshot.catalogue)
    runs = tuple(matched(session, space, snapshot, library, period) for period in PERIODS)
    return Demo(space, city, snapshot, library, runs)


def _workspace(root: Path, firms: int, seed: int) -> Workspace:
    if (root / SETTINGS).exists():
        if not (root / _MARKER).exists():
            raise MianshenError(f"{root} is a workspace that `mianshen demo` did not make; name another folder with -w")
        space = Workspace.open(root)
    else:
        space = Workspace.create(root)
    shutil.rmtree(space.identity, ignore_errors=True)
    replace_text(root / _MARKER, json.dumps({"synthetic": True, "firms": firms, "seed": seed}) + "\n")
    return space


def _give_policies(space: Workspace) -> None:
    """Put the invented city's own policies beside those that come with Mianshen."""
    folder = space.policy_dir / SAMPLE_CITY.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLE_CITY, folder)


def _generated(session: Session, folder: Path, firms: int, seed: int) -> SampleCity:
    session.note(f"inventing a synthetic city of {counted(firms, 'firm')} ...")
    shutil.rmtree(folder, ignore_errors=True)
    with session.progress() as step:
        return generate(folder, firms, seed, lambda done, of: step("inventing firms", done, of))


def _load(session: Session, space: Workspace, city: SampleCity) -> None:
    session.note(f"loading {counted(len(city.deliveries), 'file')} of its departments ...")
    catalogue = space.catalogue()
    read = rejected = repaired = 0
    with session.progress() as step:
        for done, delivery in enumerate(city.deliveries):
            step(f"loading {delivery.dataset}", done, len(city.deliveries))
            loaded = load(space, delivery.dataset, delivery.path, data_date=delivery.data_date, catalogue=catalogue)
            read += loaded.input_rows
            rejected += loaded.rejected_rows
            repaired += sum(loaded.repairs_by_rule.values())
    mended = f"{counted(repaired, 'value')} repaired, each by a named rule"
    session.note(f"  {counted(read, 'row')} read, {rejected:,} rejected, {mended}")


def matched(session: Session, space: Workspace, snapshot: Snapshot, library: Library, period: str) -> Run:
    """Match the policies of one period."""
    session.note(f"matching the policies for {period} ...")
    with session.progress() as step:
        return match(
            space,
            snapshot,
            library,
            Context(Period.parse(period), AS_OF),
            progress=lambda what, done, of: step(f"deciding {what}", done, of),
        )
