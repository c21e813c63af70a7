"""Rows that tell whose branch or subsidiary firms are, and what people said besides (分支机构隶属关系)."""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.branches import KIND
from enterprise_data.identity.texts import spell_codes

_ROWS = """
CREATE TEMP TABLE relation_rows (
    uscc VARCHAR, name VARCHAR, kind VARCHAR, parent_code VARCHAR, parent_name VARCHAR, began_on DATE, ended_on DATE,
    doubtful BOOLEAN
)
"""

_SAID = "SELECT count(*) FROM read_parquet($file)"

# Rows about the same branch and parent, by the codes of both, that a person contradicts: a doubt of both. Nothing told
# is ever taken away, for it may be what keeps a list's row from a firm that it does not mean. What was rejected when
# loaded, contradicts itself or gives no day at all says nothing against a person.
_DOUBTED = """
CREATE TEMP TABLE doubted AS
SELECT r.rowid AS row, s.fact_id
FROM relation_rows r
JOIN pair_codes f ON f.raw = r.uscc AND f.kind = 'uscc'
JOIN pair_codes p ON p.raw = r.parent_code AND p.kind = 'uscc'
JOIN read_parquet($file) s ON s.firm_uscc = f.code AND s.parent_uscc = p.code
WHERE r.kind = $kind AND NOT r.doubtful AND coalesce(r.ended_on >= r.began_on, TRUE)
  AND coalesce(r.began_on, r.ended_on) IS NOT NULL
  AND (
      s.never
      OR (
          coalesce(r.began_on < s.until, TRUE) AND coalesce(s.since < r.ended_on, TRUE)
          AND (coalesce(r.began_on <> s.since, FALSE) OR r.ended_on IS DISTINCT FROM s.until)
      )
  )
"""

_UNSURE = "UPDATE relation_rows SET doubtful = TRUE WHERE rowid IN (SELECT row FROM doubted)"

# A name tells something only of a firm that the register no longer has: the others are known by their codes.
_ADDED = """
INSERT INTO relation_rows
SELECT s.firm_uscc, CASE WHEN f.uscc IS NULL THEN s.firm_name END, $kind,
       s.parent_uscc, CASE WHEN p.uscc IS NULL THEN s.parent_name END, s.since, s.until,
       s.fact_id IN (SELECT fact_id FROM doubted)
FROM read_parquet($file) s
LEFT JOIN firms f ON f.uscc = s.firm_uscc
LEFT JOIN firms p ON p.uscc = s.parent_uscc
WHERE NOT s.never
"""


def start_relations(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table `relation_rows`; `uscc` and `name` are the lower firm's, all texts as delivered."""
    con.execute(_ROWS)


def add_said(con: duckdb.DuckDBPyConnection, said: Path, folder: Path) -> None:
    """Add to `relation_rows` what people said of firms and parents, and make doubtful what contradicts it.

    `said` is the file of `branches` in `journal/tables.py`; `firms(uscc, ...)` is the register; `folder` is for passing
    files. Rows are about the same two firms if they give the codes of both, in whatever spelling.
    """
    file = {"file": str(said)}
    if con.execute(_SAID, file).fetchall() == [(0,)]:
        return
    codes = "SELECT uscc AS raw FROM relation_rows UNION SELECT parent_code FROM relation_rows"
    spell_codes(con, codes, "pair_codes", folder)
    con.execute(_DOUBTED, {**file, "kind": KIND})
    con.execute(_UNSURE)
    con.execute(_ADDED, {**file, "kind": KIND})
    con.execute("DROP TABLE pair_codes")
    con.execute("DROP TABLE doubted")
