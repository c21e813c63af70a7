"""The files of a delivery while it is written: parts in the order of the source, joined at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from enterprise_data.conform import faults
from enterprise_data.conform.duplicates import Repeated
from enterprise_data.conform.readers.source import ROW_NO
from enterprise_data.conform.rows import Conformed, Repairs, rest_schema
from enterprise_data.deliveries import DOUBTFUL, REJECTS, ROWS

ROW_GROUP = 262_144


@dataclass
class Draft:
    """Takes conformed chunks in order, and counts; `finish` leaves rows, rejects and doubtful rows in `folder`."""

    folder: Path
    repeated: Repeated
    input_rows: int = 0
    rejected_rows: int = 0
    doubtful_rows: int = 0
    unattributable_rows: int = 0
    blank_rows: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    repairs: Repairs = field(default_factory=dict)
    _parts: dict[str, list[Path]] = field(default_factory=lambda: {ROWS: [], REJECTS: [], DOUBTFUL: []})

    def add(self, chunk: Conformed) -> None:
        """Take the next chunk; its row numbers go on from those before it."""
        offset = self.input_rows + self.blank_rows
        accepted, rejects, doubtful = (
            rows.with_columns(pl.col(ROW_NO) + offset) for rows in (chunk.accepted, chunk.rejects, chunk.doubtful)
        )
        self.input_rows += chunk.input_rows
        self.rejected_rows += chunk.rejected_rows
        self.blank_rows += chunk.blank_rows
        self.unattributable_rows += chunk.rejected_rows - doubtful.height
        self.repeated.note(accepted)
        self._write(ROWS, accepted)
        self._take_faults(rejects, doubtful)
        for heading, counts in chunk.repairs.items():
            totals = self.repairs.setdefault(heading, {})
            for rule, count in counts.items():
                totals[rule] = totals.get(rule, 0) + count

    def finish(self) -> int:
        """Join the parts, settle the repeated rows, and return how many rows were accepted.

        Raises:
            RuntimeError: when accepted + rejected is not the input, which no input can cause.
        """
        suspects = self.repeated.suspects()
        leave_out = pl.Series(ROW_NO, dtype=pl.Int64)
        if len(suspects):
            found, conflicting = self.repeated.judge(self._parts[ROWS], suspects)
            leave_out = found[ROW_NO]
            self.rejected_rows += len(leave_out)
            self._take_faults(found, conflicting)
        schema = rest_schema(self.repeated.dataset)
        self._join(ROWS, pl.DataFrame(schema=schema), leave_out)
        self._join(DOUBTFUL, pl.DataFrame(schema=schema))
        self._join(REJECTS, faults.none())
        accepted = int(pl.scan_parquet(self.folder / ROWS).select(pl.len()).collect().item())
        if accepted + self.rejected_rows != self.input_rows:
            raise RuntimeError(f"{accepted} accepted + {self.rejected_rows} rejected ≠ {self.input_rows} read")
        return accepted

    def _take_faults(self, rejects: pl.DataFrame, doubtful: pl.DataFrame) -> None:
        self.doubtful_rows += doubtful.height
        self._write(REJECTS, rejects)
        self._write(DOUBTFUL, doubtful)
        # A row counts once per code, however many of its cells have that fault.
        for code, count in rejects.group_by("code").agg(pl.col(ROW_NO).n_unique()).rows():
            self.rejects[code] = self.rejects.get(code, 0) + count

    def _write(self, kind: str, rows: pl.DataFrame) -> None:
        if rows.height:
            path = self.folder / f"{kind}.{len(self._parts[kind]):06d}"
            rows.write_parquet(path, compression="lz4", statistics=False)
            self._parts[kind].append(path)

    def _join(self, kind: str, empty: pl.DataFrame, leave_out: pl.Series | None = None) -> None:
        parts = self._parts[kind]
        rows = pl.scan_parquet(parts) if parts else empty.lazy()
        if leave_out is not None and len(leave_out):
            rows = rows.filter(~pl.col(ROW_NO).is_in(leave_out.implode()))
        if kind != ROWS:  # of the repeated rows, which come last
            rows = rows.sort(ROW_NO, maintain_order=True)
        rows.sink_parquet(
            self.folder / kind, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, maintain_order=True
        )
        for part in parts:
            part.unlink()
