"""The child process that parses a workbook: it limits its own memory, and leaves text cells as Parquet parts.

openpyxl, because it says which cells are numbers: only then can an 18-digit code that became a number be told from
one that is text. Numbers are written with the 15 digits that XLSX numbers are good for.
"""

from __future__ import annotations

import datetime
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import openpyxl
import polars as pl
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import BaseModel

_CHUNK_ROWS = 50_000
_FIRST_ROWS = 20


class Outcome(BaseModel):
    """What the child found: the sheet, how many parts of text it left, the first rows; or why it could not."""

    FILE: ClassVar[str] = "outcome.json"

    sheet: str = ""
    parts: int = 0
    rows: int = 0
    first_rows: tuple[tuple[str, ...], ...] = ()
    fault: str = ""


def parse_into(path: Path, folder: Path, sheet: str | None, memory: int) -> None:
    """Parse one sheet of `path` into parts in `folder`; runs in a process of its own, whose memory it limits."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    warnings.simplefilter("ignore")  # of openpyxl, about styles and extensions that do not matter here
    try:
        outcome = _parse(path, folder, sheet)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError) as error:
        outcome = Outcome(fault=f"not an XLSX workbook that can be read ({error}); save it anew")
    (folder / Outcome.FILE).write_text(outcome.model_dump_json(), encoding="utf-8")


def _parse(path: Path, folder: Path, name: str | None) -> Outcome:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    filled = [sheet.title for sheet in book.worksheets if _is_filled(sheet)]
    if name is None and len(filled) > 1:
        return Outcome(fault=f"several sheets hold data ({', '.join(filled)}); name the one that is meant")
    if name is not None and name not in book.sheetnames:
        return Outcome(fault=f"there is no sheet {name}; there are {', '.join(book.sheetnames)}")
    title = name or (filled or book.sheetnames)[0]
    sheet = book[title]
    parts, rows = 0, 0
    first_rows: tuple[tuple[str, ...], ...] = ()
    for parts, batch in enumerate(_batches(sheet), 1):
        texts, noise = _texts(batch)
        texts.write_parquet(folder / f"{parts - 1}.parquet", compression="lz4")
        noise.write_parquet(folder / f"{parts - 1}.noise.parquet")
        if parts == 1:
            first_rows = tuple(texts.head(_FIRST_ROWS).rows())
        rows += texts.height
    return Outcome(sheet=title, parts=parts, rows=rows, first_rows=first_rows)


def _is_filled(sheet: Any) -> bool:
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _batches(sheet: Any) -> Iterator[list[Sequence[Any]]]:
    # The size that a workbook claims for its sheet may be wrong, and is not needed.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    while batch := list(islice(rows, _CHUNK_ROWS)):
        yield batch


def _texts(rows: list[Sequence[Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the cells as text columns "0", "1", …, and how many numbers of each lost binary noise."""
    width = max(map(len, rows), default=0)
    columns: dict[str, list[str]] = {}
    noise = []
    for index in range(width):
        values = [row[index] if index < len(row) else None for row in rows]
        columns[str(index)] = [_text(value) for value in values]
        noise.append(sum(isinstance(value, float) and _is_noisy(value) for value in values))
    schema = dict.fromkeys(columns, pl.String)
    return pl.DataFrame(columns, schema=schema), pl.DataFrame({"count": noise}, schema={"count": pl.Int64})


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _number(value: float) -> str:
    """Write a number; from 16 digits on it has lost some, which its scientific form keeps visible.

    >>> _number(0.1 + 0.2), _number(913701000000000000)
    ('0.3', '9.137010E+17')
    """
    if abs(value) >= 1e15:
        return f"{value:E}"
    return format(Decimal(f"{value:.15g}"), "f")


def _is_noisy(value: float) -> bool:
    return abs(value) < 1e15 and float(f"{value:.15g}") != value


if __name__ == "__main__":
    own, target, limit, *named = sys.argv[1:]
    parse_into(Path(own), Path(target), named[0] if named else None, int(limit))
