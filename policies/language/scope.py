"""What names an expression may use: the catalogue, the policy's kind of period, definitions and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import DataField, Dataset, FieldType
from enterprise_data.periods import PeriodKind
from policies.language.literals import DURATIONS, WORDS
from policies.language.terms import Kind, Type

_KINDS = {
    FieldType.TEXT: Kind.TEXT,
    FieldType.CODE: Kind.TEXT,
    FieldType.BOOLEAN: Kind.BOOL,
    FieldType.DATE: Kind.DATE,
    FieldType.MONEY: Kind.MONEY,
    FieldType.COUNT: Kind.COUNT,
    FieldType.SHARE: Kind.SHARE,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.REGION: Kind.REGION,
    FieldType.INDUSTRY: Kind.INDUSTRY,
}


@dataclass(frozen=True)
class ParameterSignature:
    """The type of a parameter's value, and of its key where it is a table."""

    type: Type
    key: Type | Kind | None = None

    @property
    def key_type(self) -> Type | None:
        """Return the key's type, or None for a parameter that is a single value."""
        return Type(self.key) if isinstance(self.key, Kind) else self.key


@dataclass(frozen=True)
class Scope:
    """The names known where an expression stands.

    `row_dataset` is set where the expression speaks of one row (an item's filter and amount): its fields are then
    bare names.
    """

    catalogue: Catalogue
    period_kind: PeriodKind
    row_dataset: str | None = None
    definitions: Mapping[str, Type] = field(default_factory=dict)
    parameters: Mapping[str, ParameterSignature] = field(default_factory=dict)


def type_of(declared: DataField) -> Type:
    """Return the type of a field's values."""
    return Type(_KINDS[declared.type], _unit(declared), declared.values)


def _unit(declared: DataField) -> str | None:
    """Return what a count counts; 年, 个月 and 天 are written like durations (`12 months`)."""
    if declared.type is not FieldType.COUNT or declared.unit is None:
        return None
    word = WORDS.get(declared.unit)
    return word if word in DURATIONS else declared.unit


def field_of(dataset: Dataset, name: str) -> str | None:
    """Return the identifier of the field that bears this identifier or label."""
    if name in dataset.fields:
        return name
    return next((identifier for identifier, declared in dataset.fields.items() if declared.label == name), None)
