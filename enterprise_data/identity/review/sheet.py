"""The review sheet: the queue as a workbook that a clerk fills."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.identity.review.queue import Queue
from enterprise_data.identity.review.sheet_rows import (
    DECISION,
    HEADINGS,
    ID,
    NONE,
    REASON,
    REGISTER,
    SEAL,
    SHEET,
    WIDTHS,
    cells_of,
)
from enterprise_data.identity.review.wording import compared

# openpyxl's annotations lack most of what a sheet that is only written offers.
_Sheet = Any

_HINT = (
    "请在“决定”一栏填：1至5（选该候选企业）、无（名册中没有该企业），或直接填统一社会信用代码；"
    "不确定的留空。其他单元格请勿改动。"
)
_HEADING, _KEPT, _OPEN = "mianshen heading", "mianshen kept", "mianshen open"
_STYLES = dict.fromkeys((DECISION, REASON), _OPEN)
_MOST_ROWS = 1_000_000
_PAGE = 500  # entries whose names are compared at once
_CAUGHT_BY_SHEETS = ("=", "+", "-", "@", "#")


def write_sheet(queue: Queue, catalogue: Catalogue, path: Path) -> int:
    """Write the entries of a queue as a new workbook, and return how many.

    Raises:
        MianshenError: more entries than a sheet has rows, or the file is there already or cannot be written.
    """
    if len(queue) > _MOST_ROWS:
        raise MianshenError(
            f"{len(queue):,} entries are more than a sheet holds; choose some with --limit or --dataset"
        )
    book = Workbook(write_only=True)
    for style in _styles():
        book.add_named_style(style)
    sheet = book.create_sheet(SHEET)
    _prepare(sheet)
    sheet.append([_cell(sheet, _HINT, _HEADING)])
    sheet.append([_cell(sheet, heading, _HEADING) for heading in HEADINGS])
    entries = queue.entries()
    while page := list(islice(entries, _PAGE)):
        for entry, comparisons in zip(page, compared(page), strict=True):
            cells = cells_of(entry, comparisons, catalogue, queue.sources.register_sha256)
            sheet.append([_cell(sheet, cells[heading], _STYLES.get(heading, _KEPT)) for heading in HEADINGS])
    _offer(sheet, len(queue) + 2)
    content = io.BytesIO()
    book.save(content)
    _write_new(path, content.getbuffer())
    return len(queue)


def _write_new(path: Path, content: memoryview) -> None:
    try:
        with path.open("xb") as file:
            try:
                file.write(content)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except OSError as error:
        raise MianshenError(f"cannot write {path}: {error.strerror or error}") from error


def _prepare(sheet: _Sheet) -> None:
    sheet.freeze_panes = "E3"
    for number, (heading, width) in enumerate(WIDTHS.items()):
        column = sheet.column_dimensions[chr(ord("A") + number)]
        column.width, column.hidden = width, heading in (ID, REGISTER, SEAL)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False


def _offer(sheet: _Sheet, last_row: int) -> None:
    """Offer the usual answers in a list; codes may be typed all the same, so other values only get a warning."""
    column = chr(ord("A") + HEADINGS.index(DECISION))
    answers = ",".join(("1", "2", "3", "4", "5", NONE))
    offered = DataValidation(type="list", formula1=f'"{answers}"', allow_blank=True, errorStyle="warning")
    offered.errorTitle, offered.error = "请核对", "应填 1 至 5、无，或统一社会信用代码。"
    offered.add(f"{column}3:{column}{max(last_row, 3)}")
    sheet.data_validations.append(offered)
    sheet.auto_filter.ref = f"A2:{chr(ord('A') + len(HEADINGS) - 1)}{max(last_row, 3)}"


def _cell(sheet: _Sheet, text: str, style: str = _KEPT) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # whatever it begins with
    cell.style = style
    cell.quotePrefix = text.startswith(_CAUGHT_BY_SHEETS)
    return cell


def _styles() -> Iterator[NamedStyle]:
    """Yield the three kinds of cells; all hold text, so that codes stay as they are typed."""
    top = Alignment(wrap_text=True, vertical="top")
    yield NamedStyle(_HEADING, number_format="@", font=Font(bold=True))
    yield NamedStyle(_KEPT, number_format="@", alignment=top)
    paper = PatternFill("solid", fgColor="FFF9DB")
    yield NamedStyle(_OPEN, number_format="@", alignment=top, fill=paper, protection=Protection(locked=False))
