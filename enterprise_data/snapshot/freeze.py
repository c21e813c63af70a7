"""`freeze`: link the deliveries in force and seal them as a snapshot."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from enterprise_data.atomic import replace_text, settle
from enterprise_data.catalogue.load import Catalogue, entry_sha256
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.deliveries import Delivery
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.session import session
from enterprise_data.snapshot.build import Build
from enterprise_data.snapshot.manifest import CATALOGUE, MANIFEST, Manifest, sha256_of
from enterprise_data.snapshot.snapshot import CURRENT, Snapshot
from enterprise_data.workspace import Workspace

_DRAFT = ".draft-"
_LOCK = ".lock"


def freeze(workspace: Workspace, progress: Callable[[str], None] | None = None, threads: int | None = None) -> Snapshot:
    """Link and seal the deliveries in force; `progress` is told the name of each dataset as it begins.

    Equal deliveries under an equal catalogue give the same snapshot, which then exists once. Whatever stops the
    work, nothing half remains, and the snapshot in force stays in force.

    Raises:
        MianshenError: the register was never loaded, a delivery does not fit the catalogue or was altered, another
            freeze is running, or the disk is full.
    """
    catalogue = workspace.catalogue()
    deliveries = _checked_deliveries(workspace, catalogue)
    facts = Journal(workspace.identity).ledger().active()
    with _drafting(workspace.snapshots) as draft:
        spill = draft / "spill"
        spill.mkdir()
        with session(spill, threads) as con:
            manifest = Build(con, catalogue, deliveries, facts, draft, spill, workspace.keys).run(
                progress or (lambda _: None)
            )
        (draft / CATALOGUE).write_text(catalogue.to_json(), encoding="utf-8")
        (draft / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        return _put_in_force(workspace.snapshots, draft, manifest)


def _checked_deliveries(workspace: Workspace, catalogue: Catalogue) -> dict[str, Delivery]:
    register = catalogue.register.dataset
    loaded = {name: found for name, found in workspace.deliveries.all_current().items() if name in catalogue.datasets}
    if register not in loaded:
        raise MianshenError(
            f"the register of firms was never loaded; load it with `mianshen data load {register} FILE`"
        )
    for name, delivery in loaded.items():
        again = f"load it again with `mianshen data load {name} FILE`"
        if delivery.catalogue_sha256 != entry_sha256(catalogue.datasets[name]):
            raise MianshenError(f"the catalogue entry of `{name}` has changed since the dataset was loaded; {again}")
        if not delivery.rows_path.is_file() or sha256_of(delivery.rows_path) != delivery.rows_sha256:
            raise MianshenError(f"the loaded rows of `{name}` are not what was loaded; {again}")
    return loaded


@contextmanager
def _drafting(snapshots: Path) -> Iterator[Path]:
    """Give an empty folder to fill; alone, so that what an earlier process left behind can be removed."""
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        with (snapshots / _LOCK).open("w") as lock:
            _take(lock.fileno())
            for leftover in snapshots.glob(f"{_DRAFT}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=snapshots))
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise MianshenError(f"cannot write the snapshot to {snapshots}: {error}") from error


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise MianshenError("another `mianshen data freeze` is running on this workspace; wait for it") from error


def _put_in_force(snapshots: Path, draft: Path, manifest: Manifest) -> Snapshot:
    folder = snapshots / manifest.id
    settle(draft)
    broken = draft.with_name(f"{_DRAFT}broken-{manifest.id}")
    if folder.exists() and not _whole(folder):
        folder.rename(broken)
    if not folder.exists():
        draft.rename(folder)
        settle(snapshots)
    shutil.rmtree(broken, ignore_errors=True)
    replace_text(snapshots / CURRENT, manifest.id + "\n")
    return Snapshot.open(folder)


def _whole(folder: Path) -> bool:
    try:
        Snapshot.open(folder).verify()
    except MianshenError:
        return False
    return True
