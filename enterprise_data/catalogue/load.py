"""The catalogue as a whole: every dataset by name, read from YAML files, checked together, hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from enterprise_data.catalogue.checks import Entry, problems_across, problems_of
from enterprise_data.catalogue.model import DataField, Dataset, Role
from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import MianshenError, Problem, ProblemsFound, raise_if_any
from enterprise_data.declarations.schema import validate

BUNDLED = Path(__file__).parent / "bundled"


@dataclass(frozen=True)
class Catalogue:
    """All datasets a workspace knows (信息资源目录), by identifier, in alphabetical order."""

    datasets: Mapping[str, Dataset]

    @property
    def register(self) -> Dataset:
        """Return the register of firms.

        Raises:
            MianshenError: when the catalogue is empty, as `mianshen init --bare` leaves it.
        """
        for dataset in self.datasets.values():
            if dataset.role is Role.REGISTER:
                return dataset
        raise MianshenError("the catalogue has no register of firms: add a dataset with `role: register` to catalog/")

    def find(self, name: str) -> Dataset | None:
        """Return the dataset of that identifier or Chinese title."""
        if name in self.datasets:
            return self.datasets[name]
        return next((d for d in self.datasets.values() if d.title.zh == name), None)

    def find_field(self, dataset: str, name: str) -> DataField | None:
        """Return the field of `dataset` that bears this identifier or label."""
        identifier = self.field_name(dataset, name)
        found = self.find(dataset)
        return found.fields[identifier] if found and identifier else None

    def field_name(self, dataset: str, name: str) -> str | None:
        """Return the identifier of the field that bears this identifier or label."""
        found = self.find(dataset)
        if found is None or name in found.fields:
            return name if found else None
        return next((identifier for identifier, field in found.fields.items() if field.label == name), None)

    @cached_property
    def sha256(self) -> str:
        """Return the hash of `to_json()`: equal exactly when every entry means the same."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Return the canonical text: datasets by name, the fields of each in their declared order."""
        entries = {name: dataset.model_dump(mode="json", by_alias=True) for name, dataset in self.datasets.items()}
        return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Catalogue:
        """Read back what `to_json` wrote."""
        return _catalogue([Dataset.model_validate(entry) for entry in json.loads(text).values()])


def entry_sha256(dataset: Dataset) -> str:
    """Return the hash of one entry; a delivery keeps it, so that a changed entry is noticed."""
    text = json.dumps(dataset.model_dump(mode="json", by_alias=True), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def load_catalogue(own: Path | None, bundled: bool = True) -> Catalogue:
    """Read the bundled entries and those in the folder `own`, which replace bundled ones of the same name.

    Raises:
        ProblemsFound: every problem of every file, found in one run.
    """
    problems: list[Problem] = []
    of_bundle = _read_folder(BUNDLED, problems) if bundled else []
    of_workspace = _read_folder(own, problems) if own is not None else []
    replaced = {entry.dataset.dataset for entry in of_workspace}
    entries = [entry for entry in of_bundle if entry.dataset.dataset not in replaced] + of_workspace
    for entry in entries:
        problems += problems_of(entry)
    # An unreadable file may be the very register that seems missing: judge the whole only when complete.
    if not problems:
        problems += problems_across(entries)
    raise_if_any(problems)
    return _catalogue([entry.dataset for entry in entries])


def _read_folder(folder: Path, problems: list[Problem]) -> list[Entry]:
    entries = []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            document = strict_yaml.read(path)
            entries.append(Entry(validate(Dataset, document, "CAT001"), document))
        except ProblemsFound as found:
            problems += found.problems
    return entries


def _catalogue(datasets: list[Dataset]) -> Catalogue:
    return Catalogue(MappingProxyType({d.dataset: d for d in sorted(datasets, key=lambda d: d.dataset)}))
