"""The only place where the linking benchmark meets the product: the register's keys, and the linking of rows."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import polars as pl
from linking_regions import region

import enterprise_data
from enterprise_data.identity.candidates.blocks import build_blocks, open_blocks, save_blocks
from enterprise_data.identity.link import link
from enterprise_data.identity.register import add_former_names, add_names, build_register

# What linking needs of a register, beside the blocks of candidates; `entities(firm_no, entity_id)` is the benchmark's.
_TABLES = ("firms", "firm_codes", "predecessor_codes", "decisions", "bearers", "branches", "known_names", "entities")
_FORMER = pl.Struct({"name": pl.String, "until": pl.String})

_ENTITIES = """
CREATE TABLE entities AS
SELECT f.firm_no, arg_min(r.entity_id, r.row_no) AS entity_id
FROM firms f JOIN register_entities r ON r.code = f.uscc
GROUP BY f.firm_no
"""

_FORMER_ROWS = """
CREATE TABLE former_rows AS
SELECT f.firm_no, g.former_name, NULL::DATE AS since, g.until, TRUE AS belongs
FROM given_former g JOIN entities f USING (entity_id)
"""

# Candidates are those that a clerk is shown: firms by exact evidence come first, then the nearest names.
_OUTCOMES = """
CREATE TABLE outcomes AS
SELECT row_no, firm_no, linked_by AS rule, NULL AS reason, []::INTEGER[] AS candidates FROM plain
UNION ALL
SELECT r.row_no, r.firm_no, r.rule, r.reason, coalesce(p.firms, [])
FROM resolved r
LEFT JOIN (SELECT row_no, list(firm_no ORDER BY rank) AS firms FROM proposed GROUP BY row_no) p USING (row_no)
"""


def linked(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make `outcomes(row_no, firm_no, rule, reason, candidates)` of `delivered`; candidates best first."""
    link(con, folder, registration_nos=False)
    con.execute(_OUTCOMES)


def opened_keys(con: duckdb.DuckDBPyConnection, registry: Path, kept: Path | None, folder: Path) -> bool:
    """Make the tables of the register; say whether they came from the folder `kept`, into which they go else."""
    if kept is None:
        _build(con, registry, folder)
        return False
    files = kept / _fingerprint(registry)
    if files.exists():
        for table in _TABLES:
            con.read_parquet(str(files / f"{table}.parquet")).create(table)
        open_blocks(con, files)
        return True
    _build(con, registry, folder)
    draft = kept / f"draft-{files.name}"
    draft.mkdir(parents=True, exist_ok=True)
    for table in _TABLES:
        con.table(table).write_parquet(str(draft / f"{table}.parquet"), compression="lz4")
    save_blocks(con, draft)
    draft.rename(files)
    return False


def _build(con: duckdb.DuckDBPyConnection, registry: Path, folder: Path) -> None:
    columns = ["entity_id", "uscc", "name", "former_names", "province", "city"]
    rows = pl.read_parquet(registry, columns=columns).with_row_index("row_no")
    given = rows.select(
        pl.col("row_no").cast(pl.Int64),
        "uscc",
        organisation_code=pl.lit(None, dtype=pl.String),
        registration_no=pl.lit(None, dtype=pl.String),
        name="name",
        region=region("province", "city"),
        doubtful=pl.lit(value=False),
    )
    _table(con, folder, "register_rows", given)
    _table(con, folder, "given_former", _former_names(rows))
    _table(con, folder, "given_entities", rows.select("row_no", "entity_id"))
    del rows, given
    build_register(con, folder)
    con.execute(
        "CREATE VIEW register_entities AS SELECT g.row_no, g.entity_id, k.uscc AS code"
        " FROM given_entities g JOIN register_keyed k USING (row_no)"
    )
    con.execute(_ENTITIES)
    add_names(con, folder)
    con.execute(_FORMER_ROWS)
    add_former_names(con, folder)
    build_blocks(con)


def _former_names(rows: pl.DataFrame) -> pl.DataFrame:
    listed = rows.select("entity_id", "former_names").filter(pl.col("former_names").list.len() > 0)
    former = listed.explode("former_names").with_columns(pl.col("former_names").str.json_decode(_FORMER))
    return former.select(
        "entity_id",
        former_name=pl.col("former_names").struct.field("name"),
        until=pl.col("former_names").struct.field("until").str.to_date("%Y-%m-%d", strict=False),
    )


def _table(con: duckdb.DuckDBPyConnection, folder: Path, name: str, frame: pl.DataFrame) -> None:
    path = folder / f"given-{name}.parquet"
    frame.write_parquet(path, compression="lz4")
    con.read_parquet(str(path)).create(name)
    path.unlink()


def _fingerprint(registry: Path) -> str:
    """Return what kept keys depend on: the register's bytes, and the code that makes the keys."""
    digest = hashlib.sha256()
    package = Path(str(enterprise_data.__file__)).parent
    sources = sorted(path for part in ("identity", "codes") for path in (package / part).rglob("*.*") if path.is_file())
    sources = [path for path in sources if path.suffix != ".pyc"]
    for path in (registry, *sources):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
