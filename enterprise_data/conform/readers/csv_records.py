"""CSV record by record, for the blocks whose quotation marks need care.

A record runs over several lines only while its quotes are open. One that never closes, or closes in the middle of a
cell, or within whose quotes another whole row seems to stand, costs its first line alone: the next line is a record
again. So a forgotten quotation mark never hides the rows after it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

_MOST_LINES = 200
_MOST_CHARACTERS = 200_000
_BAD_QUOTES = "the row's quotation marks do not match"


def records(text: str, delimiter: str, width: int) -> Iterator[tuple[list[str], str, str]]:
    r"""Yield the cells of each record, why it cannot be read (or an empty string), and its text.

    >>> list(records('a,"b\\nc"\\nd,"e\\n', ",", 2))[1]
    (['d', '"e'], "the row's quotation marks do not match", 'd,"e')
    """
    lines = text.removesuffix("\n").split("\n")
    index = 0
    while index < len(lines):
        line = lines[index]
        found = (line.split(delimiter), 1) if '"' not in line else _quoted(lines, index, delimiter)
        if found and _hides_a_row(lines[index : index + found[1]], delimiter, width):
            found = None
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


def _hides_a_row(lines: list[str], delimiter: str, width: int) -> bool:
    """Tell whether a line within quotes has just the cells of a row; with two columns a remark may have them, too."""
    within = [*lines[1:-1], lines[-1].rpartition('"')[0]] if len(lines) > 1 else []
    return width > 2 and any(line.count(delimiter) == width - 1 for line in within)
