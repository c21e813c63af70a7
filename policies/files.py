"""Which files make a library, in which order, and what each of them is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import Place, Problem, ProblemsFound
from enterprise_data.declarations.strict_yaml import Document

CASES_SUFFIX = ".cases.yaml"
FileRole = Literal["policy", "definition", "parameter", "cap"]
_FOLDERS: dict[str, FileRole] = {"definitions": "definition", "parameters": "parameter", "caps": "cap"}


@dataclass(frozen=True)
class LibraryFile:
    """One file; `shown` is its path within the library, the same on every machine. `document` is None if unreadable."""

    role: FileRole
    name: str
    path: Path
    shown: str
    sha256: str
    document: Document | None


def library_files(directories: Sequence[Path], problems: list[Problem]) -> list[LibraryFile]:
    """Return the files of all folders by role and name; files that cannot be read are kept, their faults reported.

    A single file may stand for a folder: it then comes on top, as a later folder's files do.
    """
    chosen: dict[tuple[FileRole, str], Path] = {}
    roots: dict[Path, Path] = {}
    for directory in directories:
        of_folder: dict[tuple[FileRole, str], Path] = {}
        for path in _yaml_files(directory, problems):
            key = (_role(path, directory), path.stem)
            if key in of_folder:
                message = f"two files for the {key[0]} `{path.stem}`; the other is {of_folder[key]}"
                problems.append(Problem("POL003", message, Place(str(path)), "rename or remove one"))
            of_folder.setdefault(key, path)
            roots[path] = directory
        chosen |= of_folder
    ordered = sorted(chosen.items(), key=lambda entry: entry[0])
    return [_read(role, path, roots[path], problems) for (role, _), path in ordered]


def policy_files(directory: Path) -> list[Path]:
    """Return the policy files below a folder, in alphabetical order."""
    return [path for path in _yaml_files(directory, []) if _role(path, directory) == "policy"]


def cases_path(policy_path: Path) -> Path:
    """Return where the worked cases of a policy file lie."""
    return policy_path.with_name(policy_path.stem + CASES_SUFFIX)


def _yaml_files(directory: Path, problems: list[Problem]) -> Iterable[Path]:
    for path in [directory] if directory.is_file() else sorted(directory.rglob("*")):
        if path.suffix == ".yml":
            message = f"`{path.name}` is not read: policy files end in .yaml"
            problems.append(Problem("POL040", message, Place(str(path)), f"rename it to {path.stem}.yaml"))
        elif path.suffix == ".yaml" and not path.name.endswith(CASES_SUFFIX) and path.is_file():
            yield path


def _role(path: Path, directory: Path) -> FileRole:
    folders = (path.parent.name,) if path == directory else path.relative_to(directory.parent).parts[:-1]
    return next((role for folder, role in _FOLDERS.items() if folder in folders), "policy")


def _read(role: FileRole, path: Path, root: Path, problems: list[Problem]) -> LibraryFile:
    shown = path.relative_to(root.parent).as_posix()
    raw, document = b"", None
    try:
        raw = path.read_bytes()
        document = strict_yaml.parse(raw, str(path))
    except OSError as error:
        problems.append(Problem("YAML001", f"cannot read the file: {error.strerror}", Place(str(path))))
    except ProblemsFound as found:
        problems += found.problems
    return LibraryFile(role, path.stem, path, shown, hashlib.sha256(raw).hexdigest(), document)
