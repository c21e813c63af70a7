"""A snapshot is the same bytes for the same content, is whole or absent, and shows when it was touched."""

from __future__ import annotations

import multiprocessing
import resource
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot import build
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.manifest import MANIFEST
from enterprise_data.snapshot.snapshot import Snapshot, current_snapshot
from enterprise_data.workspace import Workspace
from tests.snapshot.city import deliver, frame, uscc, workspace


def fill(space: Workspace) -> None:
    deliver(space, "register", [{"uscc": uscc(n), "name": f"青岛{n}号有限公司", "region": "370202"} for n in range(9)])
    deliver(space, "tax", [{"uscc": uscc(n % 9), "period": date(2023, 1, 1), "revenue": n} for n in range(12)])
    deliver(space, "penalties", [{"name": "青岛1号有限公司"}, {"name": "无此公司"}])


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path / "w")
    fill(made)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_deliveries_give_the_same_bytes_anywhere(space: Workspace, tmp_path: Path) -> None:
    first = freeze(space)
    elsewhere = workspace(tmp_path / "elsewhere")
    fill(elsewhere)
    second = freeze(elsewhere, threads=1)
    assert first.id == second.id == first.dir.name
    assert contents(first.dir) == contents(second.dir)


def test_threads_change_no_byte_of_many_row_groups(tmp_path: Path) -> None:
    """Sorting and compressing 200,000 rows is shared between threads; what they write must not show it."""
    space = workspace(tmp_path / "w")
    firms, years = 20_000, 10
    codes = [uscc(n) for n in range(firms)]
    deliver(space, "register", [{"uscc": code, "name": f"青岛{n}号有限公司"} for n, code in enumerate(codes)])
    dataset = space.catalogue().datasets["tax"]
    period = pl.Series([date(2010 + year, 1, 1) for year in range(years)])
    row = pl.int_range(firms * years, eager=True)
    rows = pl.DataFrame(
        {
            "row_no": row + 1,
            "uscc": pl.Series(codes).gather(row % firms),
            "name": pl.Series([None], dtype=pl.String).new_from_index(0, len(row)),
            "period": period.gather(row // firms),
            "revenue": (row * 7919 % 1_000_003),
        }
    ).sample(fraction=1, shuffle=True, seed=1)
    assert rows.schema == frame(dataset, []).schema
    deliver(space, "tax", rows)
    assert len({freeze(space, threads=threads).id for threads in (1, 2, 3, 2)}) == 1


def test_equal_content_is_one_folder_and_new_content_leaves_the_old(space: Workspace) -> None:
    first = freeze(space)
    again = freeze(space)
    assert first == again
    assert current_snapshot(space) == first
    deliver(space, "penalties", [{"name": "青岛2号有限公司"}])
    second = freeze(space)
    assert second.id != first.id
    assert current_snapshot(space) == second
    assert {path.name for path in space.snapshots.iterdir() if path.is_dir()} == {first.id, second.id}
    first.verify()


def test_the_manifest_knows_every_file_and_no_clock(space: Workspace) -> None:
    snapshot = freeze(space)
    snapshot.verify()
    assert set(contents(snapshot.dir)) == {MANIFEST, *snapshot.manifest.files}
    assert snapshot.catalogue == space.catalogue()
    assert snapshot.manifest.datasets["tax"].data_date == date(2024, 12, 31)


def test_any_altered_byte_of_any_file_is_found(space: Workspace) -> None:
    snapshot = freeze(space)
    for name, content in contents(snapshot.dir).items():
        path = snapshot.dir / name
        for position in {0, len(content) // 3, len(content) // 2, len(content) - 1} if content else {0}:
            altered = bytearray(content or b" ")
            altered[position] ^= 1
            path.write_bytes(altered)
            with pytest.raises(MianshenError, match=r"not what was sealed|not a readable snapshot"):
                Snapshot.open(snapshot.dir).verify()
        path.write_bytes(content)
    Snapshot.open(snapshot.dir).verify()


def _remove(folder: Path) -> None:
    next(folder.glob("tax-*")).unlink()


def _add(folder: Path) -> None:
    (folder / "more.parquet").write_bytes(b"")


def _cut(folder: Path) -> None:
    path = next(folder.glob("tax-*"))
    path.write_bytes(path.read_bytes()[:-1])


def _rename(folder: Path) -> None:
    next(folder.glob("tax-*")).rename(folder / "tax.parquet")


@pytest.mark.parametrize("harm", [_remove, _add, _cut, _rename])
def test_missing_added_and_shortened_files_are_found(space: Workspace, harm: object) -> None:
    snapshot = freeze(space)
    assert callable(harm)
    harm(snapshot.dir)
    with pytest.raises(MianshenError, match="missing, altered or added"):
        snapshot.verify()


def test_a_folder_that_is_no_snapshot_says_so(tmp_path: Path) -> None:
    with pytest.raises(MianshenError, match="mianshen data freeze"):
        Snapshot.open(tmp_path / "nothing")


def test_a_damaged_snapshot_is_made_whole_by_freezing_again(space: Workspace) -> None:
    snapshot = freeze(space)
    before = contents(snapshot.dir)
    _cut(snapshot.dir)
    assert freeze(space).id == snapshot.id
    assert contents(snapshot.dir) == before
    assert [path.name for path in space.snapshots.iterdir() if path.is_dir()] == [snapshot.id]


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(build, "know_firms", stop)
        yield


def test_an_interrupt_leaves_the_snapshot_in_force_and_nothing_half(
    space: Workspace, request: pytest.FixtureRequest
) -> None:
    first = freeze(space)
    before = contents(space.snapshots)
    deliver(space, "penalties", [])
    request.getfixturevalue("interrupted")
    with pytest.raises(KeyboardInterrupt):
        freeze(space)
    assert contents(space.snapshots) == before
    assert current_snapshot(space) == first


def test_what_a_killed_process_left_is_removed_by_the_next(space: Workspace) -> None:
    leftover = space.snapshots / ".draft-killed"
    leftover.mkdir()
    (leftover / "tax.parquet").write_bytes(b"half")
    snapshot = freeze(space)
    assert {path.name for path in space.snapshots.iterdir()} == {snapshot.id, "current", ".lock"}


def _freeze_elsewhere(root: Path, answer: multiprocessing.Queue[str], largest_file: int = -1) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        freeze(Workspace.open(root))
    except MianshenError as error:
        answer.put(str(error))


def test_two_freezes_do_not_meet(space: Workspace) -> None:
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[str] = context.Queue()
    answers = []

    def meanwhile(dataset: str) -> None:
        if dataset == "register":
            process = context.Process(target=_freeze_elsewhere, args=(space.root, answer))
            process.start()
            process.join(60)
            answers.append(answer.get(timeout=10))

    freeze(space, meanwhile).verify()
    assert "another `mianshen data freeze` is running" in answers[0]


@pytest.mark.parametrize("space_left", [0, 1_000, 2_000])
def test_a_full_disk_is_said_and_leaves_nothing(space: Workspace, space_left: int) -> None:
    first = freeze(space)
    before = contents(space.snapshots)
    deliver(space, "penalties", [])
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_freeze_elsewhere, args=(space.root, answer, space_left))
    process.start()
    process.join(60)
    assert "cannot write the snapshot" in answer.get(timeout=10)
    assert contents(space.snapshots) == before
    assert current_snapshot(space) == first


def test_a_snapshot_folder_that_cannot_be_written_is_said(space: Workspace) -> None:
    shutil.rmtree(space.snapshots)
    space.snapshots.write_text("a file in the way")
    with pytest.raises(MianshenError, match="cannot write the snapshot"):
        freeze(space)
