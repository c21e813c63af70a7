"""Codes that a delivery carries suspiciously: with two clearly different names, or with letters in place of digits."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from enterprise_data.identity.texts import key_names, spell_codes, spell_names
from enterprise_data.session import session
from enterprise_data.snapshot.snapshot import Snapshot

# Rows that carry a code: linked by it beside a name that no firm bears, linked by a code read anew, or not linked.
_CODED = """
CREATE TEMP TABLE coded AS
SELECT l.dataset, l.row_no, f.uscc AS raw, l.other_name AS name, l.rule = 'misread_uscc' AS misread
FROM read_parquet($links) l JOIN read_parquet($firms) f USING (firm_no)
WHERE l.other_name IS NOT NULL OR l.rule = 'misread_uscc'
UNION ALL
SELECT dataset, row_no, coalesce(uscc, organisation_code, registration_no), name, FALSE
FROM read_parquet($unlinked)
WHERE coalesce(uscc, organisation_code, registration_no) IS NOT NULL
"""
_CARRIED = """
CREATE TEMP TABLE carried AS
SELECT c.dataset, c.row_no, s.code, c.name, c.misread OR s.kind = 'misread' AS misread
FROM coded c JOIN codes s USING (raw)
WHERE $datasets IS NULL OR list_contains($datasets, c.dataset)
"""
# A firm's own name counts beside those in the rows, before them.
_NAMED = """
CREATE TEMP TABLE named AS
SELECT dataset, code, name, row_no FROM carried WHERE name IS NOT NULL
UNION ALL
SELECT DISTINCT c.dataset, c.code, f.name, 0
FROM carried c JOIN read_parquet($firms) f ON f.uscc = c.code WHERE f.name IS NOT NULL
"""
# Names that are equal but for places and spelling are not two names.
_FOUND = """
SELECT 'two_names' AS kind, dataset, code, sum(rows)::BIGINT AS rows,
       list_sort(flatten(list(row_nos)))[:5] AS row_nos, list(name ORDER BY first, name) AS names
FROM (
    SELECT n.dataset, n.code, min(n.row_no) AS first, arg_min(n.name, n.row_no) AS name,
           count(*) FILTER (n.row_no > 0) AS rows,
           coalesce(list(n.row_no ORDER BY n.row_no) FILTER (n.row_no > 0), [])[:5] AS row_nos
    FROM named n JOIN spelled s ON s.raw = n.name JOIN keyed k ON k.name = s.name
    GROUP BY n.dataset, n.code, coalesce(k.core, k.form, k.name)
)
GROUP BY dataset, code
HAVING count(*) > 1
UNION ALL
SELECT 'letters_for_digits', c.dataset, c.code, count(*), list(c.row_no ORDER BY c.row_no)[:5],
       coalesce(list(DISTINCT f.name) FILTER (f.name IS NOT NULL), [])
FROM carried c LEFT JOIN read_parquet($firms) f ON f.uscc = c.code
WHERE c.misread
GROUP BY c.dataset, c.code
ORDER BY kind DESC, rows DESC, dataset, code
"""


def suspicious_codes(snapshot: Snapshot, names: Sequence[str] | None = None) -> pl.DataFrame:
    """Return suspicious codes, those in most rows first; `names`: only those in these datasets.

    Columns: `kind`, `dataset`, `code` as it should be read, `rows` that carry it so, `row_nos` of the first five,
    `names`. Kinds: `two_names`, which agree under no key (the registered one first, if there is one), and
    `letters_for_digits` (names: the registered one, or none).
    """
    with tempfile.TemporaryDirectory(prefix="mianshen-codes-") as folder:
        spill = Path(folder) / "spill"
        spill.mkdir()
        with session(spill) as con:
            return _found(con, spill, snapshot, names)


def _found(
    con: duckdb.DuckDBPyConnection, spill: Path, snapshot: Snapshot, names: Sequence[str] | None
) -> pl.DataFrame:
    firms = {"firms": str(snapshot.firms_path)}
    con.execute(_CODED, {**firms, "links": str(snapshot.links_path), "unlinked": str(snapshot.unlinked_path)})
    spell_codes(con, "SELECT DISTINCT raw FROM coded", "codes", spill)
    con.execute(_CARRIED, {"datasets": None if names is None else list(names)})
    con.execute(_NAMED, firms)
    spell_names(con, "SELECT DISTINCT name AS raw FROM named", "spelled", spill)
    key_names(con, "SELECT DISTINCT name FROM spelled WHERE name IS NOT NULL", "keyed", spill)
    return pl.DataFrame(con.sql(_FOUND, params=firms))
