"""CSV record by record, for the blocks whose quotation marks need care.

A record runs over several lines only while its quotes are open. One that never closes, or closes in the middle of a
cell, costs its first line alone: the next line is a record again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

_MOST_LINES = 200
_MOST_CHARACTERS = 200_000
_BAD_QUOTES = "the row's quotation marks do not match"


def records(text: str, delimiter: str) -> Iterator[tuple[list[str], str, str]]:
    r"""Yield the cells of each record, why it cannot be read (or an empty string), and its text.

    >>> list(records('a,"b\\nc"\\nd,"e\\n', ","))[1]
    (['d', '"e'], "the row's quotation marks do not match", 'd,"e')
    """
    lines = text.removesuffix("\n").split("\n")
    index = 0
    while index < len(lines):
        line = lines[index]
        found = (line.split(delimiter), 1) if '"' not in line else _quoted(lines, index, delimiter)
        if found is None:
            yield line.split(delimiter), _BAD_QUOTES, line
            index += 1
        else:
            cells, taken = found
            yield ([] if cells == [""] else cells), "", "\n".join(lines[index : index + taken])
            index += taken


def _quoted(lines: list[str], start: int, delimiter: str) -> tuple[list[str], int] | None:
    """Return a record that begins on line `start` and how many lines it takes, or None if its quotes do not match."""
    record = ""
    for taken, line in enumerate(lines[start : start + _MOST_LINES], 1):
        record += line + "\n"
        if len(record) > _MOST_CHARACTERS:
            return None
        try:
            (cells,) = csv.reader([record], delimiter=delimiter, strict=True)
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                continue
            return None
        return cells, taken
    return None
