"""Between which bounds every value at rest lies, so that the compiler can prove that nothing overflows.

Conforming rejects what lies outside; whoever compiles an expression may rely on it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from enterprise_data.catalogue.model import DataField, FieldType

FEN_PER_UNIT = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
EARLIEST_DAY = date(1900, 1, 1)
LATEST_DAY = date(2199, 12, 31)

_MONEY = 10**16  # fen: 100 万亿元, far above any budget, far below a BIGINT's 9.2 × 10^18
_COUNT = 10**10
_DECIMAL_DIGITS = 18  # of DECIMAL(18, digits) at rest


def per_unit(field: DataField) -> Decimal:
    """Return what one of the file's units is at rest: fen for money, the ratio for shares, else 1."""
    if field.type is FieldType.MONEY:
        return Decimal(FEN_PER_UNIT[field.unit or "元"])
    return Decimal("0.01") if field.type is FieldType.SHARE and field.unit == "%" else Decimal(1)


def bounds(field: DataField) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and highest value at rest, both included; None for types that are not numbers.

    Money is in fen, a share is a ratio. A declared `range` counts; else the widest the type allows.
    """
    widest = _widest(field)
    if widest is None or field.range is None:
        return widest
    return field.range[0] * per_unit(field), field.range[1] * per_unit(field)


def exceeds_rest(field: DataField) -> str | None:
    """Return why a declared range cannot be kept at rest, or None when it can."""
    widest = _widest(field)
    if field.range is None:
        return None
    if widest is None:
        return f"`range` has no meaning for type {field.type.value}"
    low, high = field.range[0] * per_unit(field), field.range[1] * per_unit(field)
    if low < widest[0] or high > widest[1]:
        allowed = " to ".join(f"{limit / per_unit(field):f}" for limit in widest)
        return f"`range` goes beyond what a {field.type.value} may be: {allowed} {field.unit or ''}".rstrip()
    return None


def _widest(field: DataField) -> tuple[Decimal, Decimal] | None:
    if field.type is FieldType.MONEY:
        return Decimal(-_MONEY), Decimal(_MONEY)
    if field.type is FieldType.COUNT:
        return Decimal(0), Decimal(_COUNT)
    if field.type in (FieldType.NUMBER, FieldType.SHARE):
        # DECIMAL(18, 8) has ten digits before the point, DECIMAL(18, 4) has fourteen: never more than twelve.
        whole = min(12, _DECIMAL_DIGITS - field.digits)
        limit = Decimal(10**whole) - Decimal(1).scaleb(-field.digits)
        return -limit, limit
    return None
