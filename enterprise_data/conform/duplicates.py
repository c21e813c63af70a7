"""Rows of one firm (and period, or region and period) that stand in a file more than once.

Rows that say the same count once; the others are rejected as `duplicate_row`. Rows that contradict each other are all
rejected as `conflicting_rows`: which of them is right nobody knows, so all of them become doubtful.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from enterprise_data.catalogue.headings import PERIOD
from enterprise_data.catalogue.model import Dataset, FirmKey, Grain
from enterprise_data.conform import faults
from enterprise_data.conform.faults import Fault
from enterprise_data.conform.readers.source import ROW_NO

_ORDER = (FirmKey.USCC, FirmKey.ORGANISATION_CODE, FirmKey.REGISTRATION_NO, FirmKey.NAME)
_WHO = "_who"


@dataclass
class Repeated:
    """Finds repeated rows in two steps: eight bytes of every row's key first, whole rows only where those agree."""

    dataset: Dataset
    _row_nos: list[pl.Series] = field(default_factory=list)
    _hashes: list[pl.Series] = field(default_factory=list)

    def note(self, rows: pl.DataFrame) -> None:
        """Remember the keys of some accepted rows."""
        if self.dataset.grain is not Grain.EVENT and rows.height:
            self._row_nos.append(rows[ROW_NO])
            self._hashes.append(rows.select(pl.struct(self._identity()).hash()).to_series())

    def suspects(self) -> pl.Series:
        """Return the row numbers whose keys may stand more than once."""
        if not self._hashes:
            return pl.Series(ROW_NO, dtype=pl.Int64)
        again = pl.concat(self._hashes).is_duplicated()
        return pl.concat(self._row_nos).filter(again)

    def judge(self, parts: list[Path], suspects: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the faults of repeated rows, and those of the rows that contradict others, as they rest."""
        rows = pl.scan_parquet(parts).filter(pl.col(ROW_NO).is_in(suspects.implode())).collect()
        identity = [expr.alias(f"{_WHO}{i}") for i, expr in enumerate(self._identity())]
        names = [f"{_WHO}{i}" for i in range(len(identity))]
        content = pl.struct(pl.exclude(ROW_NO, *names))
        judged = rows.with_columns(identity).with_columns(
            pl.len().over(names).alias("_times"),
            (content.n_unique().over(names) == 1).alias("_same"),
            (pl.col(ROW_NO) == pl.col(ROW_NO).min().over(names)).alias("_first"),
        )
        judged = judged.filter((pl.col("_times") > 1) & ~(pl.col("_same") & pl.col("_first")))
        same = judged["_same"]
        code = pl.select(
            pl.when(pl.lit(same))
            .then(pl.lit(Fault.DUPLICATE_ROW.value))
            .otherwise(pl.lit(Fault.CONFLICTING_ROWS.value))
        ).to_series()
        reason = pl.select(
            pl.when(pl.lit(same)).then(pl.lit(self._reason("says what an earlier row says")))
            .otherwise(pl.lit(self._reason("contradicts another row")))
        ).to_series()  # fmt: skip
        found = faults.frame(judged[ROW_NO], "", judged[names[0]].str.replace("^[a-z_]+:", ""), code, reason)
        return found, judged.filter(~same).select(rows.columns)

    def _reason(self, what: str) -> str:
        who = "region" if self.dataset.grain is Grain.REGION else "firm"
        return f"{what} of the same {who}" + (" and period" if self.dataset.period else "")

    def _identity(self) -> list[pl.Expr]:
        if self.dataset.grain is Grain.REGION:
            who = [pl.col(self.dataset.home_region)] if self.dataset.home_region else []
        else:
            keys = [key for key in _ORDER if key in self.dataset.key]
            who = [pl.coalesce(pl.format("{}:{}", pl.lit(key.value), pl.col(key.value)) for key in keys)]
        return who + ([pl.col(PERIOD)] if self.dataset.period else [])
