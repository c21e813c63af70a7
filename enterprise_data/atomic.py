"""Writing so that a crash at any moment leaves either the old state or the new one, whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Replace a file by another in one step, durable when this returns."""
    with replaced(path) as draft:
        draft.write_text(text, encoding="utf-8")


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a draft to write, which then replaces a file in one step; durable when the block has ended."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        _sync(draft)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def settle(folder: Path) -> None:
    """Make a folder's files, and their names, durable, so that a rename of the folder may follow."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            _sync(path)
    _sync(folder)


def settle_file(path: Path) -> None:
    """Make a file that is there, and its name, durable."""
    _sync(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
