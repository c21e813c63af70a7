"""The versions of a policy that are compared: a file as it stands, and what it would replace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import MianshenError, raise_if_any
from enterprise_data.declarations.strict_yaml import Document
from enterprise_data.workspace import Workspace
from policies.files import policy_files
from policies.load import Library, directories, read_library
from policies.policy import Policy
from policies.uses import files_used

_OF_OTHERS = ("POL110", "POL111")  # told by what other policies there are
_SHARED = ("definitions", "parameters", "caps")


@dataclass(frozen=True)
class Version:
    """A policy as one file has it, with the definitions and parameters it is read with."""

    policy: Policy
    path: Path
    library: Library

    @cached_property
    def document(self) -> Document:
        """Return the file's content, each value with its place."""
        return strict_yaml.read(self.path)


def read_version(space: Workspace, catalogue: Catalogue, path: Path) -> Version:
    """Read one policy file with the definitions and parameters of a workspace; no other policy is looked at.

    Raises:
        ProblemsFound: every fault of the file, and of the definitions and parameters it uses.
        MianshenError: the file holds no policy.
    """
    reading = read_library([*_mentioned(space, path), path], catalogue)
    if reading.problems:  # so that what is suggested comes from everything there is
        reading = read_library([*_shared_folders(space), path], catalogue)
    concerned = {file.resolve() for file in (path, *files_used([path], reading.files))}
    raise_if_any([problem for problem in reading.problems if Path(problem.place.file).resolve() in concerned])
    if not reading.library.policies:
        raise MianshenError(f"{path} holds no policy: worked cases, definitions, parameters and caps are not simulated")
    own = {name: fault for name, fault in reading.library.not_ready.items() if fault.code not in _OF_OTHERS}
    return Version(reading.library.policies[0], path, replace(reading.library, not_ready=own))


def replaced_file(space: Workspace, new: Version) -> Path | None:
    """Return the library's file that a version would replace: that of the same id, else of the one it supersedes.

    None for a policy that is new.

    Raises:
        MianshenError: it supersedes several.
    """
    known = {path.stem: path for folder in directories(space) for path in policy_files(folder)}
    same = known.get(new.policy.id)
    if same is not None and same.resolve() != new.path.resolve():
        return same
    superseded = [known[name] for name in new.policy.supersedes if name in known]
    if len(superseded) > 1:
        names = ", ".join(path.stem for path in superseded)
        raise MianshenError(f"{new.policy.id} supersedes {names}: say with --against which one it is compared with")
    return superseded[0] if superseded else None


def _mentioned(space: Workspace, path: Path) -> list[Path]:
    """Return the files of shared things whose name the policy's text holds, itself or by way of others.

    A few more than are used do no harm; reading all of them would cost more time than deciding the policy. A folder
    with folders of its own comes as a whole.
    """
    folders = list(_shared_folders(space))
    nested = [folder for folder in folders if any(part.is_dir() for part in folder.iterdir())]
    known = [file for folder in folders if folder not in nested for file in sorted(folder.glob("*.yaml"))]
    waiting, found = [path], set[Path]()
    while waiting:
        text = waiting.pop().read_text(encoding="utf-8", errors="replace")
        new = [file for file in known if file not in found and file.stem in text]
        found.update(new)
        waiting += new
    return [*nested, *(file for file in known if file in found)]


def _shared_folders(space: Workspace) -> Iterator[Path]:
    """Yield the folders of what policies share, in the library's order."""
    for folder in directories(space):
        if folder.name in _SHARED:
            yield folder
        yield from (path for path in sorted(folder.rglob("*")) if path.is_dir() and path.name in _SHARED)
