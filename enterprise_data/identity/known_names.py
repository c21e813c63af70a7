"""The keys of every name that a firm of the register bears or bore, kept from one freeze to the next."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import duckdb

from enterprise_data.atomic import replaced
from enterprise_data.identity.texts import key_more_names, key_names

_NEW = "SELECT DISTINCT name FROM bearers ANTI JOIN known_names USING (name)"
_BORNE = "SELECT k.* FROM known_names k SEMI JOIN bearers USING (name) ORDER BY name"


def start_known_names(con: duckdb.DuckDBPyConnection, folder: Path, kept: Path | None = None) -> None:
    """Make the table `known_names(name, <keys>)`, with what an earlier `keep_known_names` left in the folder `kept`.

    What is kept was computed by the same code from the same tables of places and words, or it is not used.
    """
    if kept is not None and (file := _file(kept)).is_file():
        con.read_parquet(str(file)).create("known_names")
    else:
        key_names(con, "SELECT NULL::VARCHAR AS name WHERE FALSE", "known_names", folder)


def key_new_names(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Add to `known_names` those of `bearers` that it lacks."""
    key_more_names(con, _NEW, "known_names", folder)


def keep_known_names(con: duckdb.DuckDBPyConnection, kept: Path) -> None:
    """Keep the keys of the names that firms bear in the folder `kept`, in place of what was kept before.

    Raises:
        OSError: the folder cannot be written.
    """
    kept.mkdir(parents=True, exist_ok=True)
    file = _file(kept)
    with replaced(file) as draft:
        con.sql(_BORNE).write_parquet(str(draft), compression="lz4")
    for other in kept.glob("names-*.parquet"):
        if other != file:
            other.unlink(missing_ok=True)


def _file(kept: Path) -> Path:
    return kept / f"names-{_version()}.parquet"


@lru_cache(maxsize=1)
def _version() -> str:
    """Return a hash of everything that decides what the keys of a name are."""
    digest = hashlib.sha256(version("opencc").encode())
    sources = [
        *sorted(files("enterprise_data.identity").joinpath("names").iterdir(), key=str),
        *sorted(files("enterprise_data.codes").iterdir(), key=str),
        *sorted(files("enterprise_data.codes").joinpath("data").iterdir(), key=str),
    ]
    for source in sources:
        if source.is_file() and not source.name.endswith(".pyc"):
            digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]
