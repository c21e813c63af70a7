"""Texts, codes, yes and no, regions and industries."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from enterprise_data.catalogue.model import DataField
from enterprise_data.codes import industries, regions
from enterprise_data.conform.cells import Cells, Form, always, at, canonical_texts, no_faults
from enterprise_data.conform.faults import Fault
from enterprise_data.conform.repairs import (
    CODE_RULES,
    INVISIBLE,
    PLACEHOLDERS,
    TEXT_RULES,
    TRAILING_POINT_ZERO,
    WORD_RULES,
    Rule,
    apply,
)
from enterprise_data.declarations.problems import suggest

LONGEST_TEXT = 10_000

CanonicalCodes = Callable[[pl.Expr], pl.Expr]

_YES = ("是", "Y", "y", "YES", "Yes", "yes", "TRUE", "True", "T", "1", "1.0", "有", "√")
_NO = ("否", "N", "n", "NO", "No", "no", "FALSE", "False", "F", "0", "0.0", "×")
_TO_REPAIR = rf"^\s|\s$|{INVISIBLE}"


def conform_text(texts: pl.Series) -> Cells:
    """Return texts [VARCHAR] as they are written, without spaces at their ends and invisible characters."""
    dirty = texts.str.contains(_TO_REPAIR) | texts.is_in(PLACEHOLDERS)
    values, counts = texts, dict[str, int]()
    if dirty.any():
        indices = dirty.arg_true()
        repaired, counts = apply(TEXT_RULES, texts.gather(indices))
        values = texts.scatter(indices, repaired)
    too_long = values.str.len_chars() > LONGEST_TEXT
    if not too_long.any():
        return Cells(values, no_faults(), counts)
    kept = pl.select(pl.when(~pl.lit(too_long)).then(pl.lit(values))).to_series()
    return Cells(kept, at(too_long, Fault.TEXT_TOO_LONG, f"longer than {LONGEST_TEXT:,} characters"), counts)


def conform_code(texts: pl.Series, field: DataField) -> Cells:
    """Return values [VARCHAR] that the catalogue lists."""
    allowed = list(field.values)
    wrong = texts.is_not_null() & ~texts.is_in(allowed)
    if not wrong.any():
        return Cells(texts, no_faults())
    indices = wrong.arg_true()
    repaired, counts = apply(WORD_RULES, texts.gather(indices))
    unknown = repaired.is_not_null() & ~repaired.is_in(allowed)
    reason = f"not one of {', '.join(field.values[:20])}{' …' if len(field.values) > 20 else ''}"
    faults = at(unknown, Fault.NOT_IN_VALUES, reason)
    # A handful of misspellings recur: each is looked up once.
    found = repaired.filter(unknown).unique().sort().to_list()[:200]
    hints = {text: f"{reason}; {hint}" for text in found if (hint := suggest(text, field.values))}
    why = repaired.filter(unknown).replace_strict(hints, default=reason, return_dtype=pl.String)
    faults = faults.with_columns(indices.filter(unknown).cast(pl.UInt32).alias("index"), why.alias("reason"))
    good = pl.select(pl.when(~pl.lit(unknown)).then(pl.lit(repaired))).to_series()
    return Cells(texts.scatter(indices, good), faults, counts)


def conform_boolean(texts: pl.Series) -> Cells:
    """Return yes or no [BOOLEAN]; 无 and its like are no answer."""
    words = dict.fromkeys(_YES, "true") | dict.fromkeys(_NO, "false")
    read_words = Rule("boolean_word", lambda text: text.replace(words))
    reason = "neither yes nor no; write 是 or 否"
    form = Form("^(?:true|false)$", (*WORD_RULES, read_words), always(Fault.NOT_A_BOOLEAN, reason))
    cells = canonical_texts(texts, form)
    return Cells(cells.values == "true", cells.faults, cells.repairs)


def conform_region(texts: pl.Series) -> Cells:
    """Return GB/T 2260 codes [VARCHAR] of 6, 9 or 12 digits, from codes of any length or unambiguous names."""
    reason = "no region of GB/T 2260 by this code or name"
    return _looked_up(texts, regions.canonical_codes, "region_to_code", Fault.NOT_A_REGION, reason)


def conform_industry(texts: pl.Series) -> Cells:
    """Return GB/T 4754 codes [VARCHAR] with their letter, which the division tells where it is missing."""
    reason = "no industry of GB/T 4754 by this code or title, or one of several"
    return _looked_up(texts, _industry_codes, "industry_to_code", Fault.NOT_AN_INDUSTRY, reason)


def _looked_up(texts: pl.Series, canonical_codes: CanonicalCodes, rule: str, code: Fault, reason: str) -> Cells:
    """Look each distinct text up once: a column of a million holds a few hundred."""
    distinct = texts.drop_nulls().unique()
    cleaned, _ = apply((*CODE_RULES, TRAILING_POINT_ZERO), distinct)
    found = pl.DataFrame({"text": cleaned}).select(canonical_codes(pl.col("text"))).to_series()
    values = texts.replace_strict(distinct, found, default=None, return_dtype=pl.String)
    lost = distinct.filter(cleaned.is_not_null() & found.is_null())
    changes = {
        "placeholder": distinct.filter(cleaned.is_null()),
        "code_tidied": distinct.filter(distinct != cleaned),
        rule: distinct.filter(found != cleaned),
    }
    counts = {name: int(texts.is_in(changed.implode()).sum()) for name, changed in changes.items() if len(changed)}
    return Cells(values, at(texts.is_in(lost.implode()), code, reason), counts)


def _industry_codes(text: pl.Expr) -> pl.Expr:
    """Give digits without a letter theirs, unless they also are a code that lost its leading zero (111: 0111?)."""
    padded = [code[2:] for code in industries.industries().names if code[1:2] == "0"]
    return pl.when(~text.is_in(padded)).then(industries.canonical_codes(text))
