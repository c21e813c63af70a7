"""What every reader gives: headings, and chunks of text cells in the order of the source."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from enterprise_data.declarations.problems import MianshenError

ROW_NO = "row_no"
BROKEN = "broken"  # why a row's cells cannot be told apart, or null
RAW = "raw"  # such a row as it stands in the file
CHUNK_ROWS = 200_000
BLOCK_BYTES = 16 << 20


@dataclass(frozen=True)
class Chunk:
    """Some rows: one text column per heading, named "0", "1", …, then `broken` and `raw`.

    `binary_noise` counts, per column, the binary floats that were written with the 15 digits they are good for.
    """

    frame: pl.DataFrame
    binary_noise: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """An opened source; `chunks` may be asked for once, and gives work that any thread may do, in any order."""

    headings: tuple[str, ...]
    form: str
    sha256: str
    chunks: Callable[[], Iterator[Callable[[], Chunk]]]
    size: int = 0
    """How many rows (or bytes) there are to read, for the progress shown; 0 when unknown."""
    close: Callable[[], None] = lambda: None
    """Gives back what the source keeps on the disk; to be called when the chunks are read, or not wanted."""


def cell_names(count: int) -> list[str]:
    """Return the names of the cells' columns in a chunk."""
    return [str(index) for index in range(count)]


def chunk_schema(count: int) -> dict[str, type[pl.DataType]]:
    """Return the columns of a chunk whose source has so many headings."""
    return dict.fromkeys([*cell_names(count), BROKEN, RAW], pl.String)


def whole_chunk(cells: pl.DataFrame) -> Chunk:
    """Return a chunk of rows that are all well formed; `cells` has one text column per heading."""
    named = cells.rename(dict(zip(cells.columns, cell_names(cells.width), strict=True)))
    frame = named.with_columns(
        pl.lit(None, dtype=pl.String).alias(BROKEN),
        pl.lit(None, dtype=pl.String).alias(RAW),
    )
    return Chunk(frame.select(*chunk_schema(cells.width)))


def hash_file(path: Path, look: Callable[[bytes], None] | None = None) -> str:
    """Return the hash of a file's bytes, giving each block to `look` on the way.

    Raises:
        MianshenError: when the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file, ThreadPoolExecutor(1, "hash") as pool:
            while block := file.read(BLOCK_BYTES):
                hashed = pool.submit(digest.update, block)
                if look is not None:
                    look(block)
                hashed.result()
    except OSError as error:
        raise MianshenError(f"cannot read {path}: {error.strerror}") from error
    return digest.hexdigest()


def refuse_empty(headings: Sequence[str], source: object) -> None:
    """Raise when a source has not even headings."""
    if not any(heading.strip() for heading in headings):
        raise MianshenError(f"{source} is empty: its first row must name the columns")
