"""Parquet, read lazily in slices; its typed values are written out as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import polars as pl

from enterprise_data.conform.readers.source import CHUNK_ROWS, Chunk, Source, hash_file, refuse_empty, whole_chunk
from enterprise_data.conform.readers.typed_cells import as_text
from enterprise_data.declarations.problems import MianshenError


def open_parquet(path: Path) -> Source:
    """Open a Parquet file.

    Raises:
        MianshenError: unreadable, damaged, or with columns that hold no plain values.
    """
    sha256 = hash_file(path)
    try:
        frame = pl.scan_parquet(path, glob=False)
        headings = tuple(frame.collect_schema().names())
        rows = int(frame.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(path, error) from error
    refuse_empty(headings, path)
    return Source(headings, "Parquet", sha256, lambda: _chunks(path, rows), rows)


def _chunks(path: Path, rows: int) -> Iterator[Callable[[], Chunk]]:
    for start in range(0, rows, CHUNK_ROWS):
        yield partial(_chunk, path, start)


def _chunk(path: Path, start: int) -> Chunk:
    try:
        part = pl.scan_parquet(path, glob=False).slice(start, CHUNK_ROWS).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(path, error) from error
    return whole_chunk(as_text(part, path))


def _damaged(path: Path, error: Exception) -> MianshenError:
    return MianshenError(f"{path} is not a Parquet file that can be read: {error}; export it again")
