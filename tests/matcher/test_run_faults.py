"""Faults on purpose in the midst of a run: killed, disk full, two at once. What was there before stays whole."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import resource
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.run.match import match
from matcher.run.store import LAST, MANIFEST, find_run, runs
from tests.matcher.workspaces import CONTEXT, frozen_town, library_of


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace with one run, to be copied."""
    folder = tmp_path_factory.mktemp("town") / "w"
    space, snapshot = frozen_town(folder)
    match(space, snapshot, library_of(space, snapshot), CONTEXT)
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "w"))


def state(folder: Path) -> dict[str, bytes]:
    """Return every file under the runs, but for the lock."""
    files = (path for path in (folder / "runs").rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def run_in(folder: Path, at: str = "", then: Callable[[], None] = lambda: None, complete: bool = True) -> None:
    """Match; `then` happens when the progress says `at`."""
    space = Workspace.open(folder)
    snapshot = Snapshot.open(next(path for path in space.snapshots.iterdir() if path.is_dir()))

    def progress(what: str, done: int, of: int) -> None:
        if what == at:
            then()

    match(space, snapshot, library_of(space, snapshot), CONTEXT, complete=complete, progress=progress)


def in_child(target: Callable[[Path], None], folder: Path) -> int:
    """Run a function in a fresh process; return its exit code."""
    child = multiprocessing.get_context("spawn").Process(target=target, args=(folder,))
    child.start()
    child.join(60)
    assert child.exitcode is not None
    return child.exitcode


def killed_while_writing(folder: Path) -> None:
    run_in(folder, "writing", lambda: os.kill(os.getpid(), signal.SIGKILL))


def killed_while_deciding(folder: Path) -> None:
    run_in(folder, "months", lambda: os.kill(os.getpid(), signal.SIGKILL))


@pytest.mark.parametrize("killed", [killed_while_deciding, killed_while_writing])
def test_a_killed_run_leaves_the_runs_before_it_and_a_draft_that_the_next_clears_away(
    folder: Path, killed: Callable[[Path], None]
) -> None:
    before = state(folder)
    assert in_child(killed, folder) == -signal.SIGKILL
    assert before.items() <= state(folder).items()
    space = Workspace.open(folder)
    assert [run.id for run in runs(space)] == [find_run(space, None).id]
    assert list(space.runs.glob(".draft-*"))
    run_in(folder)
    assert not list(space.runs.glob(".draft-*"))
    assert len(runs(space)) == 2


def test_a_draft_killed_just_before_its_end_is_no_run(folder: Path) -> None:
    space = Workspace.open(folder)
    run = find_run(space, None)
    shutil.copytree(run.dir, space.runs / ".draft-abc")
    assert [found.id for found in runs(space)] == [run.id]
    assert find_run(space, run.id).dir == run.dir
    with pytest.raises(MianshenError, match="no run"):
        find_run(space, ".draft")


def test_a_run_moved_aside_when_killed_comes_back(folder: Path) -> None:
    space = Workspace.open(folder)
    run = find_run(space, None)
    run.dir.rename(space.runs / f".draft-old-{run.id}")
    run_in(folder)
    assert find_run(space, run.id).manifest == run.manifest


def full_disk(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
    with pytest.raises(MianshenError, match=r"could not be written.*nothing was changed"):
        run_in(folder)


def test_a_full_disk_is_said_and_leaves_no_trace(folder: Path) -> None:
    before = state(folder)
    assert in_child(full_disk, folder) == 0
    assert state(folder) == before


def test_an_interrupt_leaves_no_trace(folder: Path) -> None:
    before = state(folder)

    def interrupt() -> None:
        raise KeyboardInterrupt

    for moment in ("facts", "growth", "writing"):
        with pytest.raises(KeyboardInterrupt):
            run_in(folder, moment, interrupt)
    assert state(folder) == before


def test_two_matches_at_once_do_not_harm_each_other(folder: Path) -> None:
    before = state(folder)
    with (folder / "runs" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(MianshenError, match=r"another .*match.* is running"):
            run_in(folder)
    assert state(folder) == before
    run_in(folder)


def test_a_run_that_cannot_be_read_is_named(folder: Path) -> None:
    space = Workspace.open(folder)
    run = find_run(space, None)
    (run.dir / MANIFEST).write_text("{}", encoding="utf-8")
    with pytest.raises(MianshenError, match="not a readable run"):
        find_run(space, None)
    (space.runs / LAST).unlink()
    with pytest.raises(MianshenError, match="no run yet"):
        find_run(space, None)


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(path.read_bytes()[:99]), Path.unlink])
def test_a_damaged_snapshot_is_named(folder: Path, damage: Callable[[Path], None]) -> None:
    before = state(folder)
    (rows,) = folder.glob("data/snapshots/*/tax-*.parquet")
    damage(rows)
    with pytest.raises(MianshenError, match=r"not what was sealed: tax-\w+\.parquet"):
        run_in(folder)
    assert state(folder) == before


def test_an_altered_value_is_noticed_before_anything_is_decided(tmp_path: Path) -> None:
    space, snapshot = frozen_town(tmp_path / "town")
    path = snapshot.dataset_path("tax")
    assert path is not None
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(MianshenError, match=path.name):
        match(space, snapshot, library_of(space, snapshot), CONTEXT)
