"""An opened snapshot: where its files lie, what they hold, and whether they are still what was sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Role
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.manifest import CATALOGUE, FORMAT, MANIFEST, DatasetEntry, Manifest, sha256_of
from enterprise_data.workspace import Workspace

CURRENT = "current"


@dataclass(frozen=True)
class Snapshot:
    """One frozen snapshot; opening reads the manifest and the catalogue, no data."""

    dir: Path
    manifest: Manifest
    catalogue: Catalogue

    @staticmethod
    def open(folder: Path) -> Snapshot:
        """Open a snapshot.

        Raises:
            MianshenError: when the folder is none, or its manifest or catalogue are not what was sealed.
        """
        try:
            text = (folder / MANIFEST).read_text(encoding="utf-8")
            _refuse_other_formats(folder, text)
            manifest = Manifest.model_validate_json(text)
            sealed = text == manifest.to_json() and manifest.id == folder.name
            if not sealed or sha256_of(folder / CATALOGUE) != manifest.catalogue:
                raise MianshenError(_altered(folder, [CATALOGUE if sealed else MANIFEST]))
            catalogue = Catalogue.from_json((folder / CATALOGUE).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            message = f"{folder} is not a readable snapshot; make a new one with `mianshen data freeze`"
            raise MianshenError(message) from error
        return Snapshot(folder, manifest, catalogue)

    @property
    def id(self) -> str:
        """Return the id, which is also the folder's name."""
        return self.manifest.id

    @property
    def firms_path(self) -> Path:
        """Return the file of firms: `firm_no`, `uscc`, `name`, `region`, by rising `firm_no`."""
        return self.dir / self.manifest.firms.file

    @property
    def unlinked_path(self) -> Path:
        """Return the file of rows that no rule linked, with `reason` and `candidates`."""
        return self.dir / self.manifest.unlinked.file

    @property
    def candidates_path(self) -> Path:
        """Return the file of the likeliest firms of rows that no rule linked."""
        return self.dir / self.manifest.candidates.file

    @property
    def links_path(self) -> Path:
        """Return the file that says by which rule and key rows were linked, plain ones left out."""
        return self.dir / self.manifest.links.file

    def dataset(self, name: str) -> DatasetEntry | None:
        """Return what the manifest says of a dataset; None when it was never loaded."""
        return self.manifest.datasets.get(name)

    def dataset_path(self, name: str) -> Path | None:
        """Return the file of a dataset; None when it was never loaded."""
        entry = self.dataset(name)
        return self.dir / entry.file if entry else None

    @property
    def relations_paths(self) -> dict[str, Path]:
        """Return the files of datasets that tell whose branch or subsidiary firms are, by dataset."""
        held, declared = self.manifest.datasets, self.catalogue.datasets
        return {name: self.dir / entry.file for name, entry in held.items() if declared[name].role is Role.RELATIONS}

    def verify_datasets(self, names: Iterable[str]) -> None:
        """Read the files of these datasets, as far as they were loaded, and that of the firms; compare their hashes.

        Raises:
            MianshenError: naming each file that is missing or altered.
        """
        datasets = self.manifest.datasets
        entries = [self.manifest.firms, *(datasets[name] for name in sorted(set(names)) if name in datasets)]
        if wrong := [entry.file for entry in entries if not _is_sealed(self.dir / entry.file, entry.sha256)]:
            raise MianshenError(_altered(self.dir, wrong))

    def verify(self) -> None:
        """Read every file and compare its hash.

        Raises:
            MianshenError: naming each file that is missing, altered, or was not sealed with the others.
        """
        sealed = self.manifest.files
        present = {path.name for path in self.dir.iterdir()} - {MANIFEST}
        broken = [name for name in sealed if name not in present or sha256_of(self.dir / name) != sealed[name]]
        if wrong := sorted([*broken, *(present - sealed.keys())]):
            raise MianshenError(_altered(self.dir, wrong))


def current_snapshot(workspace: Workspace) -> Snapshot | None:
    """Return the snapshot that was frozen last; None before the first.

    Raises:
        MianshenError: when it cannot be read.
    """
    pointer = workspace.snapshots / CURRENT
    if not pointer.exists():
        return None
    return Snapshot.open(workspace.snapshots / pointer.read_text(encoding="utf-8").strip())


def _refuse_other_formats(folder: Path, text: str) -> None:
    found = re.search(r'"format":(\d+)', text)
    if found is not None and int(found[1]) != FORMAT:
        raise MianshenError(
            f"the snapshot {folder} has format {found[1]}, this version of Mianshen reads format {FORMAT}; "
            "freeze the deliveries again"
        )


def _is_sealed(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256


def _altered(folder: Path, names: list[str]) -> str:
    return (
        f"the snapshot {folder} is not what was sealed: {', '.join(names)} missing, altered or added; "
        "freeze the deliveries again, or bring the folder back from a copy"
    )
