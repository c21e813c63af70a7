"""Which names of a register are one to linking: how many firms a name alone cannot tell apart, rung by rung.

A key that several firms have links no row. How often that happens is a property of the register: where towns name shops
alike it is often, and more lists should carry codes.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.identity.known_names import key_new_names, start_known_names
from enterprise_data.identity.rungs import CITY, RUNGS, Rung
from enterprise_data.identity.texts import spell_names
from enterprise_data.queries import column, parsed
from enterprise_data.session import session

_BEARERS = """
CREATE TEMP TABLE bearers AS
SELECT n.name, f.firm_no, f.uscc, f.name AS raw_name, f.region
FROM read_parquet($firms) f JOIN spelled n ON n.raw = f.name
WHERE n.name IS NOT NULL
"""
_EXAMPLES = """
SELECT key, list(raw_name || ' ' || uscc ORDER BY uscc)[:3]
FROM groups GROUP BY key, city ORDER BY count(*) DESC, key, city LIMIT $n
"""
_COUNTED = "SELECT count(DISTINCT (key, city)), count(DISTINCT firm_no) FROM groups"


@dataclass(frozen=True)
class Collisions:
    """On one rung: `firms` that share a key with another firm, and `keys` they share.

    On the first rung these are firms of the very same name, on every other firms of different names. They are counted
    by the key alone: what else the rung wants may still tell some of them apart. `examples` are (key, the first three
    firms as name and USCC), those that most firms share first.
    """

    rung: str
    keys: int
    firms: int
    examples: tuple[tuple[str, tuple[str, ...]], ...]


def collisions(firms: Path, kept: Path, examples: int = 3) -> list[Collisions]:
    """Return the collisions of a snapshot's firms on each rung of names, in the ladder's order.

    `firms` is the snapshot's file of firms, `kept` the folder in which freezing keeps the keys of names.
    """
    with tempfile.TemporaryDirectory(prefix="mianshen-names-") as folder:
        spill = Path(folder) / "spill"
        spill.mkdir()
        with session(spill) as con:
            con.read_parquet(str(firms)).create_view("firm_names")
            spell_names(con, "SELECT DISTINCT name AS raw FROM firm_names WHERE name IS NOT NULL", "spelled", spill)
            con.execute(_BEARERS, {"firms": str(firms)})
            start_known_names(con, spill, kept)
            key_new_names(con, spill)
            return [_of_rung(con, rung, examples) for rung in RUNGS if not _repeats(rung)]


def _repeats(rung: Rung) -> bool:
    """The register's names have no misspelt forms: what they are mended to is the rung before."""
    return rung.name == "mended_form"


def _of_rung(con: duckdb.DuckDBPyConnection, rung: Rung, examples: int) -> Collisions:
    con.execute("CREATE OR REPLACE TEMP TABLE groups AS " + _groups(rung).sql("duckdb"))
    ((keys, firms),) = con.execute(_COUNTED).fetchall()
    found = con.execute(_EXAMPLES, {"n": examples}).fetchall()
    return Collisions(rung.name, keys, firms, tuple((key, tuple(names)) for key, names in found))


def _groups(rung: Rung) -> exp.Select:
    """The firms that share a key, with the key; names without a place are compared within one city."""
    city = parsed(CITY.format("f.region")) if rung.name == "listed_region" else exp.cast(exp.null(), "VARCHAR")
    named = exp.select(
        exp.alias_(column(rung.known, "n"), "key"), exp.alias_(city, "city"), "f.*", "placed", "no_brand"
    )
    named = named.from_("bearers AS f").join("known_names AS n", on="n.name = f.name")
    groups = exp.select("key", "city", "firm_no", "uscc", "raw_name").from_(named.subquery("named"))
    if rung.name == "listed_region":
        groups = groups.where("placed AND NOT no_brand AND city IS NOT NULL")
    differing = "firm_no" if rung.known == "name" else "name"
    least, most = (f"{end}({differing}) OVER (PARTITION BY key, city)" for end in ("min", "max"))
    return groups.where("key IS NOT NULL").qualify(parsed(f"{least} <> {most}"))
