"""Write files piece by piece, so that no table is ever whole in memory; the same rows give the same bytes."""

from __future__ import annotations

import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

import polars as pl
from openpyxl import Workbook

from enterprise_data.sample_city.feeds import Form

_ROW_GROUP = 250_000
_MOMENT = (2025, 6, 20, 0, 0, 0)
_SHEET_ROWS = 1_048_575


class Writer(Protocol):
    """Something that rows are appended to."""

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows; all pieces have the same columns."""

    def close(self) -> None:
        """Finish the file."""

    def abandon(self) -> None:
        """Let go of what is held open; the file stays unfinished."""


def writer(path: Path, form: Form) -> Writer:
    """Return a writer for a file of this form."""
    if form is Form.XLSX:
        return _Xlsx(path)
    if form is Form.PARQUET:
        return _Parquet(path)
    return _Lines(path, form)


class _Lines:
    """CSV in UTF-8 or GB18030, or JSON lines."""

    def __init__(self, path: Path, form: Form) -> None:
        self._file: BinaryIO = path.open("wb")
        self._form = form

    def write(self, rows: pl.DataFrame) -> None:
        if self._form is Form.JSON_LINES:
            rows.write_ndjson(self._file)
            return
        first = self._file.tell() == 0
        if self._form is Form.CSV:
            rows.write_csv(self._file, include_header=first)
            return
        buffer = BytesIO()
        rows.write_csv(buffer, include_header=first)
        self._file.write(buffer.getvalue().decode().encode("gb18030"))

    def close(self) -> None:
        self._file.close()

    abandon = close


class _Parquet:
    """Parquet, with row groups of one size however the pieces came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts = path.with_suffix(".parts")
        self._parts.mkdir()
        self._count = 0

    def write(self, rows: pl.DataFrame) -> None:
        rows.write_parquet(self._parts / f"{self._count:06}.parquet", compression="lz4")
        self._count += 1

    def close(self) -> None:
        parts = pl.scan_parquet(sorted(self._parts.glob("*.parquet")))
        parts.sink_parquet(self._path, row_group_size=_ROW_GROUP, compression="zstd", statistics=False)
        self.abandon()

    def abandon(self) -> None:
        shutil.rmtree(self._parts, ignore_errors=True)


class _Xlsx:
    """One sheet, text cells only; for lists of at most a million rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[pl.DataFrame] = []

    def write(self, rows: pl.DataFrame) -> None:
        self._rows.append(rows)

    def close(self) -> None:
        rows = pl.concat(self._rows).head(_SHEET_ROWS)
        book = Workbook(write_only=True)
        sheet = book.create_sheet("合成数据")
        sheet.append(rows.columns)
        for row in rows.iter_rows():
            sheet.append(row)
        raw = BytesIO()
        book.save(raw)
        _without_clock(raw, self._path)

    def abandon(self) -> None:
        self._rows.clear()


def _without_clock(raw: BytesIO, path: Path) -> None:
    """Write the archive with fixed times, because a workbook says when it was saved."""
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2025-06-20T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(member.filename, _MOMENT), content)
