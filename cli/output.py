"""Data on stdout, in the form asked for: a table for people, JSON, JSON lines or CSV for machines."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import click

from cli.exit_codes import ExitCode
from cli.money import money
from cli.session import console

if TYPE_CHECKING:
    import polars as pl

_BATCH = 100_000


class Format(StrEnum):
    """How data is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


@dataclass(frozen=True)
class Column:
    """One column: `key` for machines, `heading` for people; `show` writes a value for people."""

    key: str
    heading: str
    show: Callable[[Any], str] = lambda value: "—" if value is None else str(value)
    align: Literal["left", "right"] = "left"
    wrap: bool = False


def count_column(key: str, heading: str) -> Column:
    """Return a column of whole numbers."""
    return Column(key, heading, lambda value: "—" if value is None else f"{value:,}", "right")


def money_column(key: str, heading: str) -> Column:
    """Return a column of amounts in fen."""
    return Column(key, heading, money, "right")


Row = Mapping[str, Any]  # by the columns' keys


def write_rows(form: Format, columns: Sequence[Column], rows: Sequence[Row], title: str = "") -> None:
    """Write rows; money is integer fen and dates are ISO everywhere but in the table."""
    if form is Format.TABLE:
        write_table(columns, rows, title)
        return
    plain = [{column.key: _plain(row.get(column.key)) for column in columns} for row in rows]
    if form is Format.CSV:
        write_text(_csv([column.key for column in columns], plain))
    elif form is Format.NDJSON:
        write_text("".join(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in plain))
    else:
        write_json(plain)


def write_table(columns: Sequence[Column], rows: Sequence[Row], title: str = "") -> None:
    """Write a table for people; Chinese counts two cells."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title or None, title_justify="left", show_edge=False)
    for column in columns:
        table.add_column(column.heading, justify=column.align, no_wrap=not column.wrap, overflow="fold")
    for row in rows:
        table.add_row(*(Text(column.show(row.get(column.key))) for column in columns))
    screen = console()
    with screen.capture() as written:
        screen.print(table)
    # Rich fills the last column with blanks, which nobody wants to copy.
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in written.get().splitlines()))


def write_json(content: Any) -> None:
    """Write one JSON document."""
    write_text(json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n")


def write_lines(lines: Iterable[str]) -> None:
    """Write text for people, as it is."""
    write_text("".join(f"{line}\n" for line in lines))


def write_frame(form: Format, frame: pl.LazyFrame) -> None:
    """Write a frame of any length to stdout, batch by batch: JSON lines, a JSON array, or CSV (lists joined by blanks).

    The keys are the frame's columns, in their order.
    """
    import polars as pl

    if form is Format.CSV:
        lists = [name for name, kind in frame.collect_schema().items() if isinstance(kind, pl.List)]
        frame = frame.with_columns(
            pl.when(pl.col(name).list.len() > 0).then(pl.col(name).list.join(" ")).alias(name) for name in lists
        )
    between = b"[\n" if form is Format.JSON else b""
    rows = int(frame.select(pl.len()).collect().item())
    for first in range(0, max(rows, 1), _BATCH):
        batch = io.BytesIO()
        part = frame.slice(first, _BATCH).collect()
        if form is Format.CSV:
            part.write_csv(batch, include_header=first == 0)
        else:
            part.write_ndjson(batch)
        content = batch.getvalue()
        if form is Format.JSON:
            content = between + content.rstrip(b"\n").replace(b"}\n{", b"},\n{")
            between = b",\n"
        write_bytes(content)
    if form is Format.JSON:
        write_bytes(b"\n]\n")


def write_text(text: str) -> None:
    """Write text to stdout as UTF-8, whatever the locale: what machines read is the same everywhere."""
    write_bytes(text.encode())


def write_bytes(content: bytes) -> None:
    """Write bytes to stdout, after what was written as text."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    except BrokenPipeError:  # click would leave with 1, which says that the input is bad
        raise click.exceptions.Exit(ExitCode.PIPE_CLOSED) from None


def _csv(keys: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows([_cell(row[key]) for key in keys] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
