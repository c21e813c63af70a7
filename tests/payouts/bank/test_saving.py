"""A file is there whole or not at all, and never takes another's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile
from payouts.bank.saving import save

FILE = BankFile(1, "B1.csv", b"one", 1, 100)


def test_a_file_is_saved_under_its_name_for_its_owner_only(tmp_path: Path) -> None:
    path = save(FILE, tmp_path)
    assert (path, path.read_bytes()) == (tmp_path / "B1.csv", b"one")
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


def test_equal_bytes_are_left_alone(tmp_path: Path) -> None:
    written = save(FILE, tmp_path).stat()
    again = save(FILE, tmp_path).stat()
    assert (again.st_ino, again.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


def test_other_bytes_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "B1.csv").write_bytes(b"sent already")
    with pytest.raises(MianshenError, match=r"B1\.csv is there already with other bytes, and is left as it is"):
        save(FILE, tmp_path)
    assert (tmp_path / "B1.csv").read_bytes() == b"sent already"
    assert len(list(tmp_path.iterdir())) == 1


def test_who_is_slower_finds_the_others_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bytes = Path.write_bytes

    def slow(draft: Path, content: bytes) -> int:
        write_bytes(tmp_path / "B1.csv", b"quicker")
        return write_bytes(draft, content)

    monkeypatch.setattr(Path, "write_bytes", slow)
    with pytest.raises(MianshenError, match="other bytes"):
        save(FILE, tmp_path)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("B1.csv", b"quicker")]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(draft: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device", str(draft))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        save(FILE, tmp_path)
    assert list(tmp_path.iterdir()) == []
