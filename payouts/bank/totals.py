"""What a written file pays, read from its bytes: the last look before a batch is released."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.csv_form import from_csv
from payouts.bank.mapping import Cell, Form, Mapping
from payouts.bank.pain_001 import from_pain_001
from payouts.bank.values import Value
from payouts.bank.xlsx_form import from_xlsx

_YUAN = re.compile(r"([0-9]+)\.([0-9]{2})")
_YUAN_CELL = re.compile(r"([0-9]+)(?:\.([0-9]{1,2}))?")
_FEN = re.compile("[0-9]+")
_REMEDY = "do not send it; write it again from the batch, and compare the two"


def totals(content: bytes, mapping: Mapping) -> tuple[int, int]:
    """Return the number of payments of a written file and their sum in fen, as its bytes say.

    Raises:
        MianshenError: the bytes are not a whole file of this mapping, or its head or foot state other totals than its
            lines have.
    """
    try:
        if mapping.form is Form.PAIN_001:
            return _of_message(content, mapping)
        read = from_csv if mapping.form is Form.CSV else from_xlsx
        return _of_rows(list(read(content, mapping)), mapping)
    except ValueError as error:
        raise MianshenError(f"the file is not what {mapping.mapping} writes: {error}; {_REMEDY}") from error


def _of_rows(rows: Sequence[tuple[str, ...]], mapping: Mapping) -> tuple[int, int]:
    first = len(mapping.before) + mapping.titles
    last = len(rows) - len(mapping.after)
    if last <= first:
        raise ValueError("it has no payment")
    place = next(i for i, column in enumerate(mapping.columns) if column.value is Value.AMOUNT)
    payments = [_as_wide(row, mapping.columns, mapping) for row in rows[first:last]]
    found = len(payments), sum(_fen(row[place], mapping) for row in payments)
    titles = tuple(Cell(fixed=column.title) for column in mapping.columns)
    before = (*mapping.before, titles) if mapping.titles else mapping.before
    for cells, row in zip((*before, *mapping.after), (*rows[:first], *rows[last:]), strict=True):
        _compare(cells, _as_wide(row, cells, mapping), found, mapping)
    return found


def _as_wide(row: tuple[str, ...], cells: Sequence[Cell], mapping: Mapping) -> tuple[str, ...]:
    """Return a row that has as many texts as cells; a workbook leaves out empty ones at the end."""
    missing = len(cells) - len(row)
    if missing < 0 or (missing and mapping.form is not Form.XLSX):
        raise ValueError(f"a row has {len(row)} texts, not {len(cells)}")
    return row + ("",) * missing


def _compare(cells: Sequence[Cell], row: tuple[str, ...], found: tuple[int, int], mapping: Mapping) -> None:
    for cell, text in zip(cells, row, strict=True):
        if cell.value is Value.ROWS and text != str(found[0]):
            raise ValueError(f"it states {text} payments, and has {found[0]}")
        if cell.value is Value.TOTAL and _fen(text, mapping) != found[1]:
            raise ValueError(f"it states a sum of {text}, and its lines sum to {found[1]} fen")
        if cell.fixed is not None and text != cell.fixed:
            raise ValueError(f"`{text}` stands where `{cell.fixed}` should")


def _of_message(content: bytes, mapping: Mapping) -> tuple[int, int]:
    amounts, said = from_pain_001(content)
    found = len(amounts), sum(_fen(text, mapping) for text in amounts)
    stated = [(rows, _fen(total, mapping)) for rows, total in said]
    if stated != [(str(found[0]), found[1])] * 2:
        raise ValueError(f"it states {stated}, and has {found}")
    return found


def _fen(text: str, mapping: Mapping) -> int:
    """Read an amount without a float in between."""
    if mapping.amounts == "fen":
        if not _FEN.fullmatch(text):
            raise ValueError(f"`{text}` is no amount in fen")
        return int(text)
    form = _YUAN_CELL if mapping.amount_cells == "number" else _YUAN
    found = form.fullmatch(text)
    if not found:
        raise ValueError(f"`{text}` is no amount in yuan")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
