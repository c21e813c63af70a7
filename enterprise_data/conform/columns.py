"""Which column of a source is which key or field of a dataset, by its heading and the unit written there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from enterprise_data.catalogue.headings import (
    KEY_HEADINGS,
    PERIOD,
    field_headings,
    key_headings,
    normalised,
    split_unit,
    unit_is_another,
)
from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.declarations.problems import MianshenError, suggest


@dataclass(frozen=True)
class Columns:
    """Where the keys, the period and the fields stand in the source: positions by name."""

    headings: tuple[str, ...]
    positions: dict[str, int]

    @property
    def ignored(self) -> tuple[str, ...]:
        """Return the headings of the columns that mean nothing to the dataset."""
        used = set(self.positions.values())
        return tuple(h.strip() for i, h in enumerate(self.headings) if i not in used and h.strip())

    def heading(self, name: str) -> str:
        """Return the heading under which the source carries a key or field, else the name itself."""
        position = self.positions.get(name)
        return name if position is None else self.headings[position].strip()


def match_columns(dataset: Dataset, headings: Sequence[str], shown: object) -> Columns:
    """Find each key and field among the headings.

    Raises:
        MianshenError: every fault of the headings: none for a key, a required field or the period, two for one
            field, another unit than the declared one.
    """
    faults: list[str] = []
    found: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        name = _owner(dataset, heading, faults)
        if name:
            found.setdefault(name, []).append(index)
    for name, indices in found.items():
        if len(indices) > 1:
            columns = ", ".join(f"`{headings[index].strip()}`" for index in indices)
            faults.append(f"several columns are `{name}`: {columns}; keep one, or rename the others")
    faults += _missing(dataset, found, headings)
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise MianshenError(f"{shown} does not fit the dataset `{dataset.dataset}`; nothing was changed:\n{lines}")
    return Columns(tuple(headings), {name: indices[0] for name, indices in found.items()})


def required_fields(dataset: Dataset) -> tuple[str, ...]:
    """Return the fields that no row may lack: those declared so, and where the rows belong to regions, the region."""
    place = dataset.home_region if dataset.grain is Grain.REGION else None
    return tuple(name for name, field in dataset.fields.items() if field.required or name == place)


def is_heading_row(dataset: Dataset, cells: Sequence[str]) -> bool:
    """Tell the row of headings from a sheet's title rows: at least two columns, or all there are, are known."""
    filled = [cell for cell in cells if cell.strip()]
    known = sum(_owner(dataset, cell, []) is not None for cell in filled)
    return 0 < min(2, len(filled)) <= known


def _owner(dataset: Dataset, heading: str, faults: list[str]) -> str | None:
    whole = normalised(heading)
    base, unit = split_unit(heading)
    for name, field in dataset.fields.items():
        accepted = field_headings(name, field)
        if whole in accepted:
            return name
        if unit is None or base not in accepted:
            continue
        another = unit_is_another(field, unit)
        if another:
            declared = field.unit or "no unit"
            faults.append(f"column `{heading.strip()}` is in {unit}, but the catalogue declares {declared}")
        if another is not None:
            return name
    return next((name for name, accepted in key_headings(dataset).items() if whole in accepted), None)


def _missing(dataset: Dataset, found: dict[str, list[int]], headings: Sequence[str]) -> list[str]:
    faults = []
    keys = [key.value for key in dataset.key]
    if keys and not any(key in found for key in keys):
        wanted = " or ".join(f"`{KEY_HEADINGS[key.value][1]}`" for key in dataset.key)
        faults.append(f"no column says which firm a row is about: {wanted}{_hint(wanted, headings)}")
    if PERIOD in key_headings(dataset) and PERIOD not in found:
        faults.append(f"no column says which period a row is about, such as `期间` or `年度`{_hint('年度', headings)}")
    for name in required_fields(dataset):
        field = dataset.fields[name]
        if name not in found:
            faults.append(f"no column for the required field `{name}` (`{field.label}`){_hint(field.label, headings)}")
    return faults


def _hint(wanted: str, headings: Sequence[str]) -> str:
    near = suggest(wanted, [heading.strip() for heading in headings])
    return f"; {near}" if near else f"; there are: {', '.join(h.strip() for h in headings)}"
