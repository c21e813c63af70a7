"""Numbers: money, counts, shares and plain decimals, converted exactly; no binary float is involved anywhere."""

from __future__ import annotations

import math
from decimal import Decimal

import polars as pl

from enterprise_data.catalogue.bounds import bounds, per_unit
from enterprise_data.catalogue.model import DataField, FieldType
from enterprise_data.conform.cells import Cells, Form, at, canonical_texts
from enterprise_data.conform.faults import Fault
from enterprise_data.conform.repairs import NUMBER_RULES, Rule, unit_suffix

# Fifteen digits before the point and ten after it, times 10^10 fen for a 亿元, stay within 38 digits.
_EXACT = pl.Decimal(38, 12)
_CANONICAL = r"^-?[0-9]{1,15}(?:\.[0-9]{1,10})?$"
_CANONICAL_WHOLE = r"^-?[0-9]{1,15}$"


def conform_money(texts: pl.Series, field: DataField) -> Cells:
    """Return fen [BIGINT]; more digits than a fen has are a fault."""
    return _conform_whole(texts, field, _CANONICAL, f"more digits than a fen has, in {field.unit}")


def conform_count(texts: pl.Series, field: DataField) -> Cells:
    """Return whole numbers [BIGINT]."""
    return _conform_whole(texts, field, _CANONICAL_WHOLE, "not a whole number")


def conform_decimal(texts: pl.Series, field: DataField) -> Cells:
    """Return shares (as ratios) or plain numbers [DECIMAL(18, digits)]; more digits than declared are a fault."""
    cells = canonical_texts(texts, _form(field, _CANONICAL))
    exact = pl.DataFrame({"n": cells.values}).select(pl.col("n").cast(_EXACT) * pl.lit(per_unit(field))).to_series()
    kept = exact.cast(pl.Decimal(38, field.digits))
    lossy = kept.cast(_EXACT) != exact
    outside = _outside(exact, field)
    reason = f"more digits than the {field.digits} that the catalogue declares for the stored value"
    values = _without(kept, lossy | outside).cast(pl.Decimal(18, field.digits))
    faults = [cells.faults, at(outside, Fault.OUT_OF_RANGE, _allowed(field))]
    faults.append(at(lossy & ~outside, Fault.LOSSY_NUMBER, reason))
    return Cells(values, pl.concat(faults), cells.repairs)


def _conform_whole(texts: pl.Series, field: DataField, canonical: str, lossy_reason: str) -> Cells:
    cells = canonical_texts(texts, _form(field, canonical))
    if canonical == _CANONICAL_WHOLE:
        values, lossy = cells.values.cast(pl.Int64), pl.repeat(value=False, n=len(texts), eager=True)
    else:
        factor = pl.lit(per_unit(field))
        exact = pl.DataFrame({"n": cells.values}).select(pl.col("n").cast(_EXACT) * factor).to_series()
        values = exact.cast(pl.Int64, strict=False)  # null beyond BIGINT: out of range anyway
        lossy = values.cast(_EXACT) != exact
    outside = _outside(values, field) | (values.is_null() & cells.values.is_not_null())
    faults = [cells.faults, at(outside, Fault.OUT_OF_RANGE, _allowed(field))]
    faults.append(at(lossy & ~outside, Fault.LOSSY_NUMBER, lossy_reason))
    return Cells(_without(values, lossy | outside), pl.concat(faults), cells.repairs)


def _form(field: DataField, canonical: str) -> Form:
    rules: tuple[Rule, ...] = NUMBER_RULES
    if field.unit and field.unit != "1":
        rules = (*rules[:4], unit_suffix(field.unit), *rules[4:])
    return Form(canonical, rules, lambda text: _diagnose(text, field))


def _diagnose(text: pl.Expr, field: DataField) -> tuple[pl.Expr, pl.Expr]:
    """Say what is wrong with a text that no repair made a number; the first case that fits."""
    fraction = "not a whole number" if field.type is FieldType.COUNT else "more digits after the point than can be kept"
    cases = (
        (
            r"^[+-]?[0-9.]+[eE][+-]?[0-9]+$",
            Fault.LOSSY_NUMBER,
            "in scientific notation, which drops digits; export as text",
        ),
        (r"^-?[0-9]{16,}(?:\.[0-9]*)?$", Fault.OUT_OF_RANGE, _allowed(field)),
        (r"^-?[0-9]+\.[0-9]+$", Fault.LOSSY_NUMBER, fraction),
        (
            r"^-?[0-9][0-9.,]*\s*[^0-9.,\s-]+$",
            Fault.WRONG_UNIT,
            f"in another unit than the declared {field.unit or 'none'}",
        ),
    )
    code, reason = pl.lit(Fault.NOT_A_NUMBER.value), pl.lit("not a number")
    for pattern, fault, why in reversed(cases):
        fits = text.str.contains(pattern)
        code = pl.when(fits).then(pl.lit(fault.value)).otherwise(code)
        reason = pl.when(fits).then(pl.lit(why)).otherwise(reason)
    return code, reason


def _outside(values: pl.Series, field: DataField) -> pl.Series:
    low, high = _limits(field)
    if values.dtype == pl.Int64:
        return (values < math.ceil(low)) | (values > math.floor(high))
    column = pl.col("v")
    return pl.DataFrame({"v": values}).select((column < pl.lit(low)) | (column > pl.lit(high))).to_series()


def _limits(field: DataField) -> tuple[Decimal, Decimal]:
    limits = bounds(field)
    if limits is None:
        raise ValueError(f"{field.type} is no number")
    return limits


def _allowed(field: DataField) -> str:
    low, high = (limit / per_unit(field) for limit in _limits(field))
    unit = field.unit if field.type is not FieldType.SHARE or field.unit == "%" else ""
    return f"outside {low:f} to {high:f} {unit or ''}".rstrip()


def _without(values: pl.Series, wrong: pl.Series) -> pl.Series:
    if not wrong.any():
        return values
    keep = ~wrong.fill_null(value=False)
    return pl.DataFrame({"v": values, "keep": keep}).select(pl.when("keep").then("v")).to_series()
