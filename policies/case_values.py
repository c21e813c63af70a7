"""Values of worked cases: as a person writes them (`8000万元`, `500人`, `5.5%`, 青岛市), as they are at rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from enterprise_data.catalogue.model import DataField, FieldType
from enterprise_data.codes import industries, regions

_NUMBER = re.compile(r"(?P<number>-?\d+(?:\.\d+)?)\s*(?P<unit>\D*)")
_FEN = MappingProxyType(
    {"分": 1, "元": 100, "千元": 100_000, "万元": 1_000_000, "百万元": 100_000_000, "亿元": 10_000_000_000}
)


def at_rest(text: object, field: DataField) -> object:
    """Return the value as it rests in a snapshot: fen, ratios, canonical codes.

    Raises:
        ValueError: the text is no value of the field's type.
        LookupError: the region or industry is unknown; the message suggests near ones.
    """
    if not isinstance(text, str):
        raise ValueError("write one plain value")
    return _READERS[field.type](text.strip(), field)


def money(text: str, unit: str | None) -> int:
    """Return an amount in fen; a number without a unit is in `unit`, and an error when that is None.

    >>> money("8000万元", None)
    8000000000
    """
    number, written = _number(text)
    factor = _FEN.get(written or unit or "")
    if factor is None:
        raise ValueError(f"`{text}` is no amount; write it with its unit, such as 10万元")
    fen = number * factor
    if fen != fen.to_integral_value():
        raise ValueError(f"`{text}` is not a whole number of fen")
    return int(fen)


def _number(text: str) -> tuple[Decimal, str]:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is not a number")
    return Decimal(match["number"]), match["unit"].strip()


def _count(text: str, field: DataField) -> int:
    number, unit = _number(text)
    if unit not in ("", field.unit) or number != number.to_integral_value():
        raise ValueError(f"`{text}` is not a whole number of {field.unit or 'things'}")
    return int(number)


def _share(text: str, field: DataField) -> Decimal:
    number, unit = _number(text)
    if unit not in ("", "%"):
        raise ValueError(f"`{text}` is not a share; write it as 5.5%")
    return number / 100 if (unit or field.unit) == "%" else number


def _plain(text: str, _field: DataField) -> Decimal:
    number, unit = _number(text)
    if unit:
        raise ValueError(f"`{text}` is a plain number; leave `{unit}` out")
    return number


def _code(text: str, field: DataField) -> str:
    if text not in field.values:
        raise ValueError(f"`{text}` is none of {', '.join(field.values)}")
    return text


def _boolean(text: str, _field: DataField) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"`{text}` is neither true nor false")
    return text == "true"


_READERS: Mapping[FieldType, Callable[[str, DataField], object]] = MappingProxyType(
    {
        FieldType.TEXT: lambda text, _field: text,
        FieldType.CODE: _code,
        FieldType.BOOLEAN: _boolean,
        FieldType.DATE: lambda text, _field: date.fromisoformat(text),
        FieldType.MONEY: lambda text, field: money(text, field.unit),
        FieldType.COUNT: _count,
        FieldType.SHARE: _share,
        FieldType.NUMBER: _plain,
        FieldType.REGION: lambda text, _field: regions.canonical_code(regions.prefix_of(text)),
        FieldType.INDUSTRY: lambda text, _field: industries.prefix_of(text),
    }
)
