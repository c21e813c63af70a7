"""Which definitions and parameters a file uses, also by way of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from policies.files import LibraryFile
from policies.reader import names_in


def files_used(by: Iterable[Path], files: Sequence[LibraryFile]) -> frozenset[Path]:
    """Return the files of the definitions and parameters that the files at `by` use, at any distance.

    Broken files count too: a name is looked for in the text, whatever its file is worth.
    """
    shared = {file.name: file for file in files if file.role != "policy"}
    of_path = {file.path.resolve(): file for file in files}
    waiting = [of_path[path] for path in {path.resolve() for path in by} if path in of_path]
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        used = {name for text in _texts(file.document and file.document.data) for name in names_in(text, shared)}
        new = [shared[name] for name in used if shared[name].path not in found and shared[name] is not file]
        found |= {one.path for one in new}
        waiting += new
    return frozenset(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
