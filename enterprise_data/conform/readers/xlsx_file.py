"""XLSX behind two guards: what it unpacks to is counted first, and a child process with limits parses it.

A 200 KB workbook can unpack to gigabytes; neither the counting nor the parsing may take this process down.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from enterprise_data.conform.readers.source import Chunk, Source, hash_file, whole_chunk
from enterprise_data.conform.readers.xlsx_child import Outcome
from enterprise_data.declarations.problems import MianshenError

CHILD = "enterprise_data.conform.readers.xlsx_child"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class XlsxLimits:
    """What a workbook may cost: bytes unpacked, how many times its packed size, parts, memory (bytes), seconds."""

    unpacked: int = 1 << 30
    ratio: int = 200
    parts: int = 10_000
    memory: int = 3 << 30
    seconds: int = 600


def open_xlsx(
    path: Path,
    is_heading: Callable[[Sequence[str]], bool],
    sheet: str | None = None,
    limits: XlsxLimits | None = None,
) -> Source:
    """Open one sheet of a workbook; rows above the first that `is_heading` accepts are titles and are left out.

    Raises:
        MianshenError: not a workbook, encrypted, a bomb, too large, or several sheets hold data and none was named.
    """
    limits = limits or XlsxLimits()
    sha256 = hash_file(path)
    refuse_bombs(path, limits)
    folder = tempfile.TemporaryDirectory(prefix="mianshen-xlsx-")
    try:
        outcome = _parse_in_child(path, Path(folder.name), sheet, limits)
        heading_at = _heading_row(outcome, is_heading)
        if heading_at is None:
            raise MianshenError(f"{path}, sheet {outcome.sheet}, is empty: its first row must name the columns")
    except BaseException:
        folder.cleanup()
        raise
    headings = _trimmed(outcome.first_rows[heading_at])
    chunks = partial(_chunks, Path(folder.name), outcome.parts, len(headings), heading_at)
    return Source(headings, f"XLSX, sheet {outcome.sheet}", sha256, chunks, outcome.rows, folder.cleanup)


# What unpacking a damaged archive may end in; `zipfile` does not make one error of them.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
)


def refuse_bombs(path: Path, limits: XlsxLimits) -> None:
    """Unpack a workbook to nowhere, counting.

    Raises:
        MianshenError: it is no workbook, it is encrypted, or it unpacks to more than `limits` allow.
    """
    with path.open("rb") as file:
        if file.read(8) == _OLE:
            raise MianshenError(f"{path} is encrypted or in the old XLS form; save it as XLSX without a password")
    allowed = min(limits.unpacked, max(limits.ratio * path.stat().st_size, 1 << 20))
    try:
        with zipfile.ZipFile(path) as archive:
            _count(archive, path, allowed, limits.parts)
    except _DAMAGED as error:
        raise MianshenError(f"{path} is not an XLSX workbook that can be read ({error}); save it anew") from error


def _count(archive: zipfile.ZipFile, path: Path, allowed: int, parts: int) -> None:
    infos = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise MianshenError(f"{path} is a ZIP file but not an XLSX workbook")
    if len(infos) > parts:
        raise MianshenError(f"{path} has {len(infos):,} parts; a workbook has at most {parts:,}: refused")
    unpacked = 0
    for info in infos:
        with archive.open(info) as part:
            while block := part.read(1 << 20):
                unpacked += len(block)
                if unpacked > allowed:
                    message = f"{path} unpacks to more than {allowed:,} bytes: refused; send the data as CSV"
                    raise MianshenError(message)


def _parse_in_child(path: Path, folder: Path, sheet: str | None, limits: XlsxLimits) -> Outcome:
    # A fresh interpreter, neither forked (the threads of polars would not survive) nor spawned by `multiprocessing`
    # (which would run the caller's script again).
    command = [sys.executable, "-m", CHILD, str(path), str(folder), str(limits.memory), *([sheet] if sheet else [])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        child = subprocess.run(  # noqa: S603  # our own module, no shell
            command, env=environment, timeout=limits.seconds, check=False, capture_output=True
        )
    except subprocess.TimeoutExpired as error:
        message = f"{path} took more than {limits.seconds} seconds to parse; send the data as CSV"
        raise MianshenError(message) from error
    record = folder / Outcome.FILE
    if child.returncode != 0 or not record.exists():
        raise MianshenError(f"{path} cannot be parsed within {limits.memory >> 20:,} MiB; send the data as CSV")
    outcome = Outcome.model_validate_json(record.read_text(encoding="utf-8"))
    if outcome.fault:
        raise MianshenError(f"{path}: {outcome.fault}")
    return outcome


def _heading_row(outcome: Outcome, is_heading: Callable[[Sequence[str]], bool]) -> int | None:
    """Find the headings below a sheet's title rows; a sheet whose headings nobody knows has them at its top."""
    rows = list(enumerate(outcome.first_rows))
    filled = (index for index, row in rows if any(row))
    return next((index for index, row in rows if is_heading(row)), next(filled, None))


def _trimmed(row: Sequence[str]) -> tuple[str, ...]:
    filled = [index for index, cell in enumerate(row) if cell.strip()]
    return tuple(row[: filled[-1] + 1])


def _chunks(folder: Path, parts: int, width: int, heading_at: int) -> Iterator[Callable[[], Chunk]]:
    for number in range(parts):
        # The headings stand among the first rows, so in the first part.
        yield partial(_chunk, folder, number, width, heading_at + 1 if number == 0 else 0)


def _chunk(folder: Path, number: int, width: int, skip: int) -> Chunk:
    body = pl.read_parquet(folder / f"{number}.parquet", glob=False).slice(skip)
    noise = pl.read_parquet(folder / f"{number}.noise.parquet", glob=False)
    # A column without a heading is left out, as one with an unknown heading is.
    names = [name for name in body.columns if int(name) < width]
    empty = [pl.lit("").alias(str(index)) for index in range(body.width, width)]
    counts = {index: int(count) for index, count in enumerate(noise["count"]) if count and index < width}
    return Chunk(whole_chunk(body.select(*names, *empty)).frame, counts)
