"""Checks of catalogue entries that the schema of one entry cannot make: names that meet, roles, ranges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from enterprise_data.catalogue.bounds import exceeds_rest
from enterprise_data.catalogue.headings import field_headings, normalised, principal_headings
from enterprise_data.catalogue.model import Dataset, Role
from enterprise_data.codes import regions
from enterprise_data.declarations.problems import Place, Problem
from enterprise_data.declarations.strict_yaml import Document


@dataclass(frozen=True)
class Entry:
    """A dataset and the file that declares it."""

    dataset: Dataset
    document: Document


def problems_of(entry: Entry) -> list[Problem]:
    """Check one entry: no column of a file, and no column at rest, may have two meanings."""
    return [
        *_fields_that_are_keys(entry),
        *_headings_that_meet(entry),
        *_ranges_too_wide(entry),
        *_unknown_region(entry),
    ]


def problems_across(entries: Sequence[Entry]) -> list[Problem]:
    """Check the entries together: identifiers and titles are unique, exactly one is the register of firms."""
    return [*_names_that_meet(entries), *_registers(entries)]


def _fields_that_are_keys(entry: Entry) -> Iterable[Problem]:
    for key in entry.dataset.key:
        if key.value in entry.dataset.fields:
            place = entry.document.key_place("fields", key.value)
            message = f"`{key.value}` is already a key of the dataset"
            yield Problem("CAT010", message, place, "remove the field, or take it out of `key`")


def _unknown_region(entry: Entry) -> Iterable[Problem]:
    named = {("covers", "region"): entry.dataset.covers.region, ("listed_region",): entry.dataset.listed_region}
    for path, region in named.items():
        try:
            regions.prefix_of(region) if region else None
        except LookupError as error:
            yield Problem("CAT013", str(error), entry.document.place(*path), "write a GB/T 2260 name or code")


def _headings_that_meet(entry: Entry) -> Iterable[Problem]:
    """Find a heading under which a file's column would belong to two fields, or to a field and a key."""
    owners: dict[str, str] = {}
    for name, headings in principal_headings(entry.dataset).items():
        owners |= dict.fromkeys(headings, f"the key `{name}`")
    for name, field in entry.dataset.fields.items():
        for heading in field_headings(name, field):
            other = owners.setdefault(heading, f"the field `{name}`")
            if other != f"the field `{name}`":
                place = _heading_place(entry.document, name, heading)
                message = f"a column headed `{heading}` would be both the field `{name}` and {other}"
                yield Problem("CAT011", message, place, "give each its own name, label and `columns`")


def _heading_place(document: Document, name: str, heading: str) -> Place:
    declared = document.data["fields"][name]
    if normalised(declared["label"]) == heading:
        return document.place("fields", name, "label")
    for index, column in enumerate(declared.get("columns") or []):
        if normalised(column) == heading:
            return document.place("fields", name, "columns", index)
    return document.key_place("fields", name)


def _ranges_too_wide(entry: Entry) -> Iterable[Problem]:
    for name, field in entry.dataset.fields.items():
        if message := exceeds_rest(field):
            place = entry.document.place("fields", name, "range")
            yield Problem("CAT012", message, place, "declare the range that real values keep")


def _names_that_meet(entries: Sequence[Entry]) -> Iterable[Problem]:
    owners: dict[str, Entry] = {}
    for entry in entries:
        for path, name in ((("dataset",), entry.dataset.dataset), (("title", "zh"), entry.dataset.title.zh)):
            first = owners.setdefault(name, entry)
            if first is not entry:
                message = f"`{name}` already names the dataset in {first.document.file}"
                help_text = "every dataset needs a name and a title of its own"
                yield Problem("CAT020", message, entry.document.place(*path), help_text)


def _registers(entries: Sequence[Entry]) -> Iterable[Problem]:
    registers = [entry for entry in entries if entry.dataset.role is Role.REGISTER]
    if entries and not registers:
        message = "no dataset is the register of firms"
        yield Problem("CAT021", message, Place(entries[-1].document.file), "mark one with `role: register`")
    for entry in registers[1:]:
        message = f"`{entry.dataset.dataset}` is a second register; the first is in {registers[0].document.file}"
        help_text = f"name it `{registers[0].dataset.dataset}` to replace that one, or remove `role`"
        yield Problem("CAT022", message, entry.document.place("role"), help_text)
