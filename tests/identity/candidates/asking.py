"""Ask for names in a register given as plain values."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from enterprise_data.identity.candidates.blocks import build_blocks
from enterprise_data.identity.candidates.propose import propose
from enterprise_data.identity.names.spelling import simplified
from enterprise_data.identity.texts import key_names

_BEARERS = pl.Schema({"name": pl.String(), "firm_no": pl.Int32(), "as_branch": pl.Boolean()})
_FIRMS = pl.Schema({"firm_no": pl.Int32(), "uscc": pl.String(), "region": pl.String()})
_ROWS = pl.Schema({"row_no": pl.Int64(), "name": pl.String(), "region": pl.String(), "firms": pl.List(pl.Int32)})


@dataclass(frozen=True)
class Firm:
    """A firm with its names, the current one first; firms are numbered as they are listed."""

    names: tuple[str, ...]
    region: str | None = None


@dataclass(frozen=True)
class Row:
    """A row that no rule linked."""

    name: str | None
    region: str | None = None
    firms: tuple[int, ...] | None = ()


@dataclass(frozen=True)
class Proposal:
    """A firm, by its place in the list, proposed for a row."""

    firm: int
    name: str | None
    score: float
    plausible: bool
    pattern: str | None


def fill(con: duckdb.DuckDBPyConnection, folder: Path, table: str, frame: pl.DataFrame) -> None:
    """Make a table of a frame."""
    path = folder / f"{table}-given.parquet"
    frame.write_parquet(path)
    con.read_parquet(str(path)).create(table)


def fill_register(con: duckdb.DuckDBPyConnection, folder: Path, firms: Sequence[Firm], *, backwards: bool) -> None:
    """Make the tables of a register."""
    numbers = range(len(firms))[::-1] if backwards else range(len(firms))
    borne = [(name, number, False) for number in numbers for name in firms[number].names]
    listed = [(number, f"{number:018d}", firms[number].region) for number in numbers]
    fill(con, folder, "bearers", pl.DataFrame(borne, schema=_BEARERS, orient="row"))
    key_names(con, "SELECT DISTINCT name FROM bearers", "known_names", folder)
    fill(con, folder, "firms", pl.DataFrame(listed, schema=_FIRMS, orient="row"))


def fill_rows(con: duckdb.DuckDBPyConnection, folder: Path, rows: Sequence[Row], *, backwards: bool) -> None:
    """Make the table of rows."""
    numbers = range(len(rows))[::-1] if backwards else range(len(rows))
    values = [(number, rows[number].name, rows[number].region, rows[number].firms) for number in numbers]
    frame = pl.DataFrame(values, schema=_ROWS, orient="row")
    fill(con, folder, "open_rows", frame.with_columns(spelling=simplified(pl.col("name"))))


def ask(
    firms: Sequence[Firm], rows: Sequence[Row], *, threads: int = 2, backwards: bool = False
) -> list[list[Proposal]]:
    """Return for each row its proposals, best first. `backwards`: all tables are given in the other order."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": threads}) as con:
        fill_register(con, Path(folder), firms, backwards=backwards)
        fill_rows(con, Path(folder), rows, backwards=backwards)
        build_blocks(con)
        propose(con, Path(folder))
        return answers(con, len(rows))


def answers(con: duckdb.DuckDBPyConnection, rows: int) -> list[list[Proposal]]:
    """Return the table `proposed` for that many rows, and hold that ranks count from 1."""
    found: list[list[Proposal]] = [[] for _ in range(rows)]
    for row_no, rank, *proposal in con.sql("SELECT * FROM proposed ORDER BY row_no, rank").fetchall():
        found[row_no].append(Proposal(*proposal))
        assert rank == len(found[row_no])
    return found
