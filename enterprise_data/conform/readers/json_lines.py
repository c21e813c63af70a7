"""JSON lines: one object per line. Numbers keep the digits they are written with; a bad line is a broken row."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from enterprise_data.conform.readers.encoding import TextFile, recognise
from enterprise_data.conform.readers.source import (
    BROKEN,
    RAW,
    Chunk,
    Source,
    cell_names,
    chunk_schema,
    refuse_empty,
)

_CHUNK_LINES = 50_000
_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:')
_NOT_AN_OBJECT = "the line is not a JSON object"
_NOT_FLAT = "the line holds an object or a list where a value should be"
_NOT_TEXT = "the line holds half a character (an unpaired surrogate)"
_HALF = re.compile("[\\ud800-\\udfff]")

# Numbers as they are written: no binary float ever sees an amount.
_loads = partial(json.loads, parse_float=str, parse_int=str, parse_constant=str)


def open_json_lines(path: Path) -> Source:
    """Open a JSON lines file; its headings are all names that occur in it, in order of first use.

    Raises:
        MianshenError: unreadable, neither UTF-8 nor GB18030, or without any object.
    """
    text = recognise(path)
    headings = _names(text)
    refuse_empty(headings, path)
    return Source(headings, "JSON lines", text.sha256, lambda: _chunks(text, headings), text.size)


def _names(text: TextFile) -> tuple[str, ...]:
    names: dict[str, None] = {}
    with text.path.open("r", encoding=text.encoding) as file:
        for line in file:
            names |= dict.fromkeys(_NAME.findall(line))
    read = (json.loads(f'"{name}"', strict=False) for name in names)
    return tuple(dict.fromkeys(name for name in read if not _HALF.search(name)))


def _chunks(text: TextFile, headings: tuple[str, ...]) -> Iterator[Callable[[], Chunk]]:
    with text.path.open("r", encoding=text.encoding) as file:
        while lines := list(islice(file, _CHUNK_LINES)):
            yield partial(_chunk, lines, headings)


def _chunk(lines: list[str], headings: tuple[str, ...]) -> Chunk:
    return Chunk(_frame(lines, headings).select(*chunk_schema(len(headings))))


def _frame(lines: list[str], headings: tuple[str, ...]) -> pl.DataFrame:
    objects, broken = _objects(lines)
    raws = [line.rstrip("\n") if reason else None for line, reason in zip(lines, broken, strict=True)]
    columns = [[_text(found.get(heading)) for found in objects] for heading in headings]
    data: dict[str, pl.Series] = {
        name: pl.Series(column, dtype=pl.String)
        for name, column in zip(cell_names(len(headings)), columns, strict=True)
    }
    extra = {BROKEN: pl.Series(broken, dtype=pl.String), RAW: pl.Series(raws, dtype=pl.String)}
    return pl.DataFrame(data | extra)


def _objects(lines: list[str]) -> tuple[list[dict[str, Any]], list[str | None]]:
    """Parse the lines at once; one by one when that shows a fault."""
    objects: list[Any]
    try:
        objects = _loads(f"[{','.join(lines)}]")
    except (ValueError, RecursionError):
        objects = []
    if len(objects) != len(lines) or not all(isinstance(found, dict) for found in objects):
        objects = [_one(line) for line in lines]
    faults = [_fault(found) for found in objects]
    return [{} if fault == _NOT_TEXT else found or {} for found, fault in zip(objects, faults, strict=True)], faults


def _one(line: str) -> dict[str, Any] | None:
    if not line.strip():
        return {}
    try:
        found = _loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _fault(found: dict[str, Any] | None) -> str | None:
    if found is None:
        return _NOT_AN_OBJECT
    if any(isinstance(value, dict | list) for value in found.values()):
        return _NOT_FLAT
    halves = (text for text in (*found, *found.values()) if isinstance(text, str) and not text.isascii())
    return _NOT_TEXT if any(map(_HALF.search, halves)) else None


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None
