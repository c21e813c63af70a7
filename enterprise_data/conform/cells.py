"""One column: its texts become typed values, faults and counted repairs.

Most values need no repair. A pattern finds those that do, and only they go through the rules: a column of a million
clean amounts costs one scan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from enterprise_data.conform.faults import CODE, REASON, Fault
from enterprise_data.conform.repairs import Rule, apply

INDEX = "index"
FAULTS = {INDEX: pl.UInt32, CODE: pl.String, REASON: pl.String}
Verdict = Callable[[pl.Expr], tuple[pl.Expr, pl.Expr]]


@dataclass(frozen=True)
class Cells:
    """A column at rest: `values` is null where a cell is empty or faulty; `faults` says where (index), code, why."""

    values: pl.Series
    faults: pl.DataFrame
    repairs: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """How one type is written: the pattern of a text that needs no repair, the repairs, and what else is wrong."""

    canonical: str
    rules: tuple[Rule, ...]
    diagnose: Verdict


def canonical_texts(texts: pl.Series, form: Form) -> Cells:
    """Repair the texts that need it; what still is not canonical is a fault and becomes null."""
    dirty = ~texts.str.contains(form.canonical)  # null stays null, and is nothing to repair
    if not dirty.any():
        return Cells(texts, no_faults())
    indices = dirty.arg_true()
    repaired, counts = apply(form.rules, texts.gather(indices))
    wrong = repaired.is_not_null() & ~repaired.str.contains(form.canonical)
    faults = verdicts(indices.filter(wrong), repaired.filter(wrong), form.diagnose)
    good = pl.select(pl.when(~pl.lit(wrong)).then(pl.lit(repaired))).to_series()
    return Cells(texts.scatter(indices, good), faults, counts)


def verdicts(indices: pl.Series, texts: pl.Series, diagnose: Verdict) -> pl.DataFrame:
    """Return one fault per index, with the code and the reason that `diagnose` gives its text."""
    code, reason = diagnose(pl.col("text"))
    table = pl.DataFrame({INDEX: indices.cast(pl.UInt32), "text": texts})
    return table.select(INDEX, code.cast(pl.String).alias(CODE), reason.cast(pl.String).alias(REASON))


def at(wrong: pl.Series, code: Fault, reason: str) -> pl.DataFrame:
    """Return the same fault for every true place of `wrong`; null counts as right."""
    table = pl.DataFrame({INDEX: wrong.fill_null(value=False).arg_true().cast(pl.UInt32)})
    return table.select(INDEX, pl.lit(code.value).alias(CODE), pl.lit(reason).alias(REASON))


def no_faults() -> pl.DataFrame:
    """Return no faults."""
    return pl.DataFrame(schema=FAULTS)


def always(code: Fault, reason: str) -> Verdict:
    """Return the verdict that does not look at the text."""
    return lambda _text: (pl.lit(code.value), pl.lit(reason))
