"""What `mianshen doctor` looks at; each check yields what it found and what to do about it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from cli.data_views import in_snapshot, status_rows
from cli.failures import counted
from cli.session import Session
from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from enterprise_data.deliveries import Delivery
from enterprise_data.snapshot.snapshot import Snapshot, current_snapshot
from enterprise_data.workspace import SETTINGS, Workspace
from policies.load import workspace_library

PACKAGES = ("matcher", "policies", "enterprise_data", "cli", "tests")
_OURS = Path(__file__).parent.parent
_OLDEST_PYTHON = (3, 11)
_ROOM_GIB = 2


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    state: Literal["ok", "note", "wrong"]
    found: str
    remedy: str = ""


def installation(root: Path) -> Iterator[Finding]:
    """Check Python, DuckDB, the packages' names, the disk and the terminal."""
    python = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < _OLDEST_PYTHON
    yield Finding("Python", "wrong" if old else "ok", python, "install Python 3.11 or newer" if old else "")
    yield Finding("Mianshen, DuckDB", "ok", f"{version('mianshen')}, {version('duckdb')}")
    yield from clashes(packages_distributions(), {name: _location(name) for name in PACKAGES}, _OURS)
    yield room(root)
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    poor = encoding not in ("utf8", "gb18030", "gbk")
    remedy = "set LC_ALL=C.UTF-8 or PYTHONUTF8=1, else Chinese cannot be shown" if poor else ""
    yield Finding("Terminal encoding", "wrong" if poor else "ok", sys.stdout.encoding or "none", remedy)


def _location(name: str) -> Path | None:
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]).resolve() if places else None


def clashes(
    distributions: Mapping[str, list[str]], locations: Mapping[str, Path | None], ours: Path
) -> Iterator[Finding]:
    """Check that each of our packages is ours, and that no other distribution brings one of the same name."""
    clean = True
    for name, location in locations.items():
        others = sorted(set(distributions.get(name, ())) - {"mianshen"})
        expected = (ours / name).resolve()
        if name == "tests" and not expected.is_dir():  # not part of an installed Mianshen
            continue
        if location != expected or (others and name != "tests"):
            clean = False
            who = ", ".join(others) or f"a folder at {location}"
            remedy = f"give Mianshen an environment of its own, or remove {who}"
            yield Finding("Package names", "wrong", f"`{name}` also comes from {who}", remedy)
    if clean:
        yield Finding("Package names", "ok", "nothing shadows them")


def room(folder: Path) -> Finding:
    """Check that the disk has room for the next delivery, snapshot and run."""
    existing = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(existing).free / 2**30
    if free < _ROOM_GIB:
        return Finding("Disk space", "wrong", f"{free:.1f} GiB free", f"make room for {_ROOM_GIB} GiB or more")
    return Finding("Disk space", "ok", f"{free:.0f} GiB free")


def of_workspace(session: Session, as_of: date | None) -> Iterator[Finding]:
    """Check settings, catalogue, policies, deliveries and snapshot; what rests on a fault is passed over."""
    if not session.named and not (session.root / SETTINGS).is_file():
        yield Finding("Workspace", "note", "none here", "name one with -w, or make one with `mianshen init DIR`")
        return
    try:
        space = session.workspace()
        yield Finding("Workspace", "ok", str(space.root))
        catalogue = space.catalogue()
        yield Finding("Catalogue", "ok", counted(len(catalogue.datasets), "dataset"))
    except MianshenError as error:
        yield _broken("Workspace and catalogue", error, "put it right")
        return
    yield _policies(space, catalogue)
    try:
        deliveries, snapshot = space.deliveries.all_current(), current_snapshot(space)
    except MianshenError as error:
        yield _broken("Data", error, "load or freeze again")
        return
    yield from _ages(catalogue, deliveries, snapshot, as_of)
    yield _snapshot(deliveries, snapshot)


def _broken(what: str, error: MianshenError, remedy: str) -> Finding:
    if not isinstance(error, ProblemsFound):
        return Finding(what, "wrong", str(error))
    errors = [problem for problem in error.problems if problem.severity == "error"]
    first = f"{errors[0].place}: {errors[0].message}"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Finding(what, "wrong", first + more, errors[0].help or remedy)


def _policies(space: Workspace, catalogue: Catalogue) -> Finding:
    try:
        library = workspace_library(space, catalogue)
    except MianshenError as error:
        return _broken("Policies", error, "see `mianshen policy check`")
    warnings = f", {counted(len(library.warnings), 'warning')}" if library.warnings else ""
    return Finding("Policies", "ok", counted(len(library.policies), "policy file") + warnings)


def _ages(
    catalogue: Catalogue, deliveries: Mapping[str, Delivery], snapshot: Snapshot | None, as_of: date | None
) -> Iterator[Finding]:
    rows = status_rows(catalogue, deliveries, snapshot, as_of)
    for row in rows:
        if row["state"] == "stale":
            age = f"{counted(row['age_days'], 'day')} old, {row['max_age_days']} allowed"
            found = f"{row['dataset']} of {row['data_date']}: {age}"
            yield Finding("Delivery", "wrong", found, f"ask {row['department']} for a new one; till then it is unknown")
    missing = [str(row["dataset"]) for row in rows if row["state"] == "never loaded"]
    if missing:
        yield Finding("Never loaded", "note", ", ".join(missing), "what policies ask of these stays unknown")
    fresh = sum(row["state"] == "loaded" for row in rows)
    yield Finding("Deliveries in time", "ok", f"{fresh} of {len(rows)}")


def _snapshot(deliveries: Mapping[str, Delivery], snapshot: Snapshot | None) -> Finding:
    if snapshot is None:
        return Finding("Snapshot", "note", "none yet", "make one with `mianshen data freeze`")
    newer = [name for name, delivery in deliveries.items() if not in_snapshot(delivery, snapshot)]
    if newer:
        found = f"{snapshot.id} lacks what was loaded since: {', '.join(newer)}"
        return Finding("Snapshot", "wrong", found, "make a new one with `mianshen data freeze`")
    dates = [entry.data_date for entry in snapshot.manifest.datasets.values()]
    return Finding("Snapshot", "ok", f"{snapshot.id}, data of {min(dates)} to {max(dates)}")
