"""By what a row says which firm it is about.

A row with a broken USCC is rejected; a lesser key may be unreadable where a USCC is there. Check characters are left
to linking, which can weigh one key against another.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from enterprise_data.catalogue.model import Dataset, FirmKey, Role
from enterprise_data.codes.uscc import ALPHABET
from enterprise_data.conform.cells import Cells, Form, canonical_texts
from enterprise_data.conform.faults import Fault
from enterprise_data.conform.repairs import KEY_CODE_RULES
from enterprise_data.conform.words import conform_text

USCC_SHAPE = f"^[0-9{ALPHABET[10:]}]{{18}}$"
_SCIENTIFIC = r"^[0-9](?:\.[0-9]+)?E[+-]?[0-9]+$"
_SHAPES = {
    FirmKey.USCC: USCC_SHAPE,
    FirmKey.ORGANISATION_CODE: r"^[0-9A-Z]{8}[0-9X]$",
    FirmKey.REGISTRATION_NO: r"^(?:[0-9]{13}|[0-9]{15})$",
}


@dataclass(frozen=True)
class Keys:
    """The keys of a chunk: texts by key, where none can be read, and what is wrong with them."""

    cells: dict[FirmKey, Cells]
    unreadable: pl.Series


def conform_keys(dataset: Dataset, texts: dict[FirmKey, pl.Series], rows: int) -> Keys:
    """Return the keys of each row as text; a key that cannot be read is null and, if it decides, a fault."""
    cells = {key: _conform(key, texts[key]) for key in dataset.key if key in texts}
    nothing = pl.repeat(value=None, n=rows, dtype=pl.String, eager=True)
    uscc = cells[FirmKey.USCC].values if FirmKey.USCC in cells else nothing
    readable = pl.repeat(value=False, n=rows, eager=True)
    for found in cells.values():
        readable |= found.values.is_not_null()
    for key, found in cells.items():
        if key is not FirmKey.USCC:
            cells[key] = _forgiven(found, uscc)
    missing = uscc.is_null() if dataset.role is Role.REGISTER else ~readable
    first = next(iter(cells))
    reported = pl.concat([found.faults for found in cells.values()])["index"]
    silent = missing.scatter(reported, values=False) if len(reported) else missing
    cells[first] = _with_no_key(cells[first], silent, dataset)
    return Keys(cells, ~readable)


def _conform(key: FirmKey, texts: pl.Series) -> Cells:
    if key is FirmKey.NAME:
        return conform_text(texts)
    fault = Fault.BAD_USCC if key is FirmKey.USCC else Fault.BAD_KEY
    return canonical_texts(texts, Form(_SHAPES[key], KEY_CODE_RULES, lambda text: _diagnose(text, key, fault)))


def _diagnose(text: pl.Expr, key: FirmKey, fault: Fault) -> tuple[pl.Expr, pl.Expr]:
    lost = text.str.contains(_SCIENTIFIC)
    shapes = {
        FirmKey.USCC: "18 digits and capitals without I, O, S, V, Z",
        FirmKey.ORGANISATION_CODE: "8 digits or capitals and a check character",
        FirmKey.REGISTRATION_NO: "15 (or formerly 13) digits",
    }
    code = pl.when(lost).then(pl.lit(Fault.LOSSY_NUMBER.value)).otherwise(pl.lit(fault.value))
    reason = pl.when(lost).then(pl.lit("a code that became a number and lost digits; export the column as text"))
    return code, reason.otherwise(pl.lit(f"not {shapes[key]}"))


def _forgiven(cells: Cells, uscc: pl.Series) -> Cells:
    """Count an unreadable lesser key as left out, instead of rejecting the row, where a USCC can be read."""
    if cells.faults.is_empty():
        return cells
    has_uscc = uscc.gather(cells.faults["index"]).is_not_null()
    left_out = int(has_uscc.sum())
    counts = cells.repairs | ({"unreadable_key_left_out": left_out} if left_out else {})
    return Cells(cells.values, cells.faults.filter(~has_uscc), counts)


def _with_no_key(cells: Cells, missing: pl.Series, dataset: Dataset) -> Cells:
    if not missing.any():
        return cells
    wanted = "no USCC" if dataset.role is Role.REGISTER else "none of the keys"
    indices = pl.DataFrame({"index": missing.arg_true().cast(pl.UInt32)})
    reason = f"the row has {wanted} that could say which firm it is about"
    faults = indices.with_columns(pl.lit(Fault.NO_KEY.value).alias("code"), pl.lit(reason).alias("reason"))
    return Cells(cells.values, pl.concat([cells.faults, faults]), cells.repairs)
