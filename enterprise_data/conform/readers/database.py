"""A database query: any SQLAlchemy URL, streamed in chunks. A password is never shown and never stored."""

from __future__ import annotations

import hashlib
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from enterprise_data.conform.readers.source import Chunk, Source, refuse_empty, whole_chunk
from enterprise_data.declarations.problems import MianshenError

_CHUNK_ROWS = 50_000
_SECRET = re.compile(r"(://[^/@\s:]*:)[^@\s]*(?=@)|((?:password|pwd|passwd|token|secret|key)=)[^\s&;]*", re.IGNORECASE)


def is_database_url(text: str) -> bool:
    """Tell a database URL (`postgresql+psycopg://…`, `sqlite:///…`) from a path."""
    return re.match(r"[a-zA-Z][\w+.-]*://", text) is not None


def shown_url(text: str) -> str:
    """Return a URL fit for messages and records: without its password, wherever it stands.

    >>> shown_url("postgresql://clerk:hunter2@db/tax?password=x")
    'postgresql://clerk:***@db/tax?password=***'
    """
    return _SECRET.sub(lambda match: f"{match[1] or match[2]}***", text)


def open_query(url: str, query: str) -> Source:
    """Run a query and keep its rows aside as text, so that the database is asked once and let go.

    The hash is that of the headings and cells in the order they came.

    Raises:
        MianshenError: a bad URL, no driver, a database that is down, or a query it refuses; never with the password.
    """
    folder = tempfile.TemporaryDirectory(prefix="mianshen-query-")
    try:
        headings, sha256, sizes = _spool(_engine(url), query, Path(folder.name), shown_url(url))
        refuse_empty(headings, "the query's result")
    except BaseException:
        folder.cleanup()
        raise
    chunks = partial(_chunks, Path(folder.name), len(sizes))
    return Source(headings, "database query", sha256, chunks, sum(sizes), folder.cleanup)


def _chunks(folder: Path, parts: int) -> Iterator[Callable[[], Chunk]]:
    for number in range(parts):
        yield partial(_chunk, folder / f"{number}.parquet")


def _chunk(part: Path) -> Chunk:
    return whole_chunk(pl.read_parquet(part, glob=False))


def _engine(url: str) -> sqlalchemy.Engine:
    try:
        with warnings.catch_warnings(action="ignore"):  # of arguments a driver does not know
            return sqlalchemy.create_engine(make_url(url))
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise MianshenError(f"{shown_url(url)} is not a database URL: {shown_url(str(error))}") from None
    except ImportError as error:
        message = f"the driver for {shown_url(url)} is not installed: {error.name}; for PostgreSQL: "
        raise MianshenError(message + "pip install 'mianshen[postgresql]'") from error


def _spool(engine: sqlalchemy.Engine, query: str, folder: Path, shown: str) -> tuple[tuple[str, ...], str, list[int]]:
    digest, sizes = hashlib.sha256(), []
    try:
        with engine.connect() as connection:
            streaming = connection.execution_options(stream_results=True, max_row_buffer=_CHUNK_ROWS)
            result = streaming.execute(sqlalchemy.text(query))
            if not result.returns_rows:
                raise MianshenError("the query returns no rows; write a SELECT")
            headings = tuple(result.keys())
            digest.update(repr(headings).encode())
            for number, rows in enumerate(result.partitions(_CHUNK_ROWS)):
                frame = _texts(rows, len(headings))
                digest.update(frame.write_csv().encode())
                frame.write_parquet(folder / f"{number}.parquet", compression="lz4")
                sizes.append(frame.height)
    except SQLAlchemyError as error:
        # `from None`: the driver's own error may hold the URL with its password.
        raise MianshenError(_explained(error, shown)) from None
    finally:
        engine.dispose()
    return headings, digest.hexdigest(), sizes


def _explained(error: SQLAlchemyError, shown: str) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    reason = shown_url(cause[0]) if cause else type(error).__name__
    return f"{shown} did not answer the query: {reason}; check that the database runs, the URL and the query"


def _texts(rows: Any, width: int) -> pl.DataFrame:
    columns = {str(index): [_text(row[index]) for row in rows] for index in range(width)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)
