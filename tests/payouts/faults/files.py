"""The same failing disk under the files that are written for the bank: each call that changes a folder is counted."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.payouts.faults.disk import Disk, Fault

_CODES = {Fault.ERROR: errno.EIO, Fault.FULL: errno.ENOSPC}


@contextmanager
def on(disk: Disk) -> Iterator[None]:
    """Let `enterprise_data.atomic` and `payouts.bank.saving` work on this disk."""

    def step(path: object) -> None:
        try:
            disk.step()
        except apsw.Error as error:
            code = _CODES[disk.fault]
            raise OSError(code, os.strerror(code), str(path)) from error

    with pytest.MonkeyPatch.context() as patch:
        _make(patch, disk, step)
        _write(patch, disk, step)
        _replace(patch, disk, step)
        _sync(patch, disk, step)
        yield


_Step = Callable[[object], None]


def _make(patch: pytest.MonkeyPatch, disk: Disk, step: _Step) -> None:
    real = tempfile.mkstemp

    def mkstemp(*args: Any, **options: Any) -> tuple[int, str]:
        step("draft")
        handle, name = real(*args, **options)
        disk.remember(str(Path(name).parent), lambda: Path(name).unlink(missing_ok=True))
        return handle, name

    patch.setattr(tempfile, "mkstemp", mkstemp)


def _write(patch: pytest.MonkeyPatch, disk: Disk, step: _Step) -> None:
    real = Path.write_bytes

    def write_bytes(path: Path, content: bytes) -> int:
        step(path)
        disk.remember(_identity(path), lambda: _emptied(path))
        return real(path, content)

    patch.setattr(Path, "write_bytes", write_bytes)


def _replace(patch: pytest.MonkeyPatch, disk: Disk, step: _Step) -> None:
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        step(target)
        content = path.read_bytes()
        done = real(path, target)
        disk.remember(str(target.parent), lambda: _renamed_back(path, target, content))
        return done

    patch.setattr(Path, "replace", replace)


def _sync(patch: pytest.MonkeyPatch, disk: Disk, step: _Step) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        step(descriptor)
        real(descriptor)
        disk.synced(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    patch.setattr(os, "fsync", fsync)


def _identity(path: Path) -> str:
    return str(path.resolve())


def _emptied(path: Path) -> None:
    if path.exists():
        os.truncate(path, 0)


def _renamed_back(path: Path, target: Path, content: bytes) -> None:
    target.unlink(missing_ok=True)
    with path.open("wb") as stream:
        stream.write(content)
