"""CSV: UTF-8 or GB18030; comma, semicolon or tab; quoted values that may hold line ends.

A block of whole records goes to polars, with a mark set at each line's end so that a row with too few or too many
cells shows. What polars may read otherwise than RFC 4180 has it (line ends within quotes, stray quotes) is read
record by record instead: a stray quotation mark must cost its own row, never swallow the rows after it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from enterprise_data.conform.readers.csv_records import records
from enterprise_data.conform.readers.encoding import TextFile, recognise
from enterprise_data.conform.readers.source import (
    BLOCK_BYTES,
    BROKEN,
    RAW,
    Chunk,
    Source,
    cell_names,
    chunk_schema,
    refuse_empty,
)
from enterprise_data.declarations.problems import MianshenError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}

_END = "\x01"
_LONGEST_LINE = 64 << 20
_LONGEST_HEADINGS = 1 << 20
_TOO_FEW = "the row has fewer cells than there are headings"
_TOO_MANY = "the row has more cells than there are headings"


@dataclass(frozen=True)
class _Layout:
    delimiter: str
    width: int
    headings_bytes: int
    """How many bytes of UTF-8 the headings take, line end included."""
    line_end: bytes  # what to write as "\n"


def open_csv(path: Path) -> Source:
    """Open a CSV file, having read it once for its encoding and hash.

    Raises:
        MianshenError: unreadable, neither UTF-8 nor GB18030, empty, or no CSV at all.
    """
    text = recognise(path)
    record = _headings_record(text)
    unquoted = "".join(record.split('"')[::2])
    delimiter = max(DELIMITERS, key=unquoted.count)
    headings = tuple(next(csv.reader(io.StringIO(record), delimiter=delimiter), []))
    refuse_empty(headings, path)
    old_macintosh = record.endswith("\r")
    layout = _Layout(delimiter, len(headings), len(record.encode()), b"\r" if old_macintosh else b"\r\n")
    shown = "UTF-8" if text.encoding.startswith("utf-8") else "GB18030"
    form = f"CSV, {shown}, {DELIMITERS[delimiter]}"
    return Source(headings, form, text.sha256, lambda: _chunks(text, layout), text.size)


def _headings_record(text: TextFile) -> str:
    with text.path.open("r", encoding=text.encoding, newline="") as file:
        record = file.readline(_LONGEST_HEADINGS)
        while record.count('"') % 2 and len(record) < _LONGEST_HEADINGS and (line := file.readline(1 << 16)):
            record += line
    return record


def _chunks(text: TextFile, layout: _Layout) -> Iterator[Callable[[], Chunk]]:
    for block in _whole_records(_utf8_blocks(text, layout), text.path):
        yield partial(_chunk, block, layout)


def _chunk(block: bytes, layout: _Layout) -> Chunk:
    frame = _parse(block if block.endswith(b"\n") else block + b"\n", layout)
    return Chunk(frame.select(*chunk_schema(layout.width)))


def _utf8_blocks(text: TextFile, layout: _Layout) -> Iterator[bytes]:
    """Yield the file after its headings, as UTF-8 with a line feed at the end of lines."""
    decoder = codecs.getincrementaldecoder(text.encoding)() if text.encoding == "gb18030" else None
    skip = layout.headings_bytes
    held = b""
    with text.path.open("rb") as file:
        file.seek(text.mark_bytes)
        while raw := file.read(BLOCK_BYTES):
            block = decoder.decode(raw).encode() if decoder else raw
            skipped = min(skip, len(block))
            skip -= skipped
            block = held + block[skipped:]
            # The second half of a line end may stand in the next block.
            held = block[-1:] if block.endswith(b"\r") and layout.line_end == b"\r\n" else b""
            yield block[: len(block) - len(held)].replace(layout.line_end, b"\n")
    yield held


def _whole_records(blocks: Iterator[bytes], path: Path) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        rest += block
        cut = _last_record_end(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_LINE:
            raise MianshenError(f"{path} has a line of more than {_LONGEST_LINE:,} bytes: it is not a CSV file")
    if rest:
        yield rest


def _last_record_end(block: bytes) -> int:
    """Return where the last whole record ends: after the last line end that is not within quotes."""
    end = block.rfind(b"\n") + 1
    quotes = block.count(b'"', 0, end)
    earlier = end
    while quotes % 2 and earlier > 0:
        previous = block.rfind(b"\n", 0, earlier - 1) + 1
        quotes -= block.count(b'"', previous, earlier)
        earlier = previous
    # With a stray quotation mark no line end may seem right; then any will do, and `records` finds the culprit.
    return earlier or end


def _parse(block: bytes, layout: _Layout) -> pl.DataFrame:
    frame = _parse_fast(block, layout)
    if frame is not None and (b'"' not in block or not _has_misfits(frame, layout)):
        return _judged(frame, layout)
    return _parse_records(block, layout)


def _parse_fast(block: bytes, layout: _Layout) -> pl.DataFrame | None:
    """Parse with polars, one column more than there are headings: there the mark of the line's end must stand."""
    delimiter = layout.delimiter.encode()
    if _END.encode() in block:
        return None
    names = delimiter.join(name.encode() for name in cell_names(layout.width + 1))
    marked = names + b"\n" + block.replace(b"\n", delimiter + _END.encode() + b"\n")
    try:
        frame = pl.read_csv(
            marked,
            separator=layout.delimiter,
            quote_char='"' if b'"' in block else None,
            infer_schema=False,
            empty_string_is_null=False,
            truncate_ragged_lines=True,
        )
    except pl.exceptions.ComputeError:  # quotation marks that do not match
        return None
    return frame if frame.height == block.count(b"\n") else None


def _has_misfits(frame: pl.DataFrame, layout: _Layout) -> bool:
    return not (frame[str(layout.width)] == _END).all()


def _judged(frame: pl.DataFrame, layout: _Layout) -> pl.DataFrame:
    """Say which rows are broken, by where the mark of the line's end stands, and take the mark away."""
    cells = cell_names(layout.width)
    last = pl.col(str(layout.width))
    if not _has_misfits(frame, layout):
        nothing = pl.lit(None, dtype=pl.String)
        return frame.select(*cells, nothing.alias(BROKEN), nothing.alias(RAW))
    is_short = pl.any_horizontal(pl.col(name) == _END for name in cells)
    is_blank = pl.all_horizontal(pl.col(name).is_in(["", _END]) for name in [*cells, str(layout.width)])
    misfit = pl.when(is_short).then(pl.lit(_TOO_FEW)).otherwise(pl.lit(_TOO_MANY))
    broken = pl.when((last != _END) & ~is_blank).then(misfit)
    raw = pl.concat_str(pl.all(), separator=layout.delimiter).str.split(layout.delimiter + _END).list.first()
    return frame.select(
        *(pl.col(name).str.replace(_END, "", literal=True) for name in cells),
        broken.alias(BROKEN),
        pl.when(broken.is_not_null()).then(raw).alias(RAW),
    )


def _parse_records(block: bytes, layout: _Layout) -> pl.DataFrame:
    rows, broken, raws = [], [], []
    for cells, fault, raw in records(block.decode(), layout.delimiter, layout.width):
        reason = fault
        if not reason and cells and len(cells) != layout.width:
            reason = _TOO_FEW if len(cells) < layout.width else _TOO_MANY
        rows.append((cells + [""] * layout.width)[: layout.width])
        broken.append(reason or None)
        raws.append(raw if reason else None)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(cell_names(layout.width), pl.String), orient="row")
    extra = {BROKEN: pl.Series(broken, dtype=pl.String), RAW: pl.Series(raws, dtype=pl.String)}
    return frame.with_columns(**extra)
