"""Rows that tell whose branch or subsidiary firms are, and what people said instead (分支机构隶属关系)."""

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

# Who says that a firm was never a branch of another, does not say that it was not its subsidiary.
_REPLACED = """
DELETE FROM relation_rows r
USING read_parquet($file) s, pair_codes f, pair_codes p
WHERE f.raw = r.uscc AND f.code = s.firm_uscc AND p.raw = r.parent_code AND p.code = s.parent_uscc
  AND (r.kind = $kind OR NOT s.never)
"""

# A name tells something only of a firm that the register no longer has: the others are known by their codes.
_CORRECTED = """
INSERT INTO relation_rows
SELECT s.firm_uscc, CASE WHEN f.uscc IS NULL THEN s.firm_name END, $kind,
       s.parent_uscc, CASE WHEN p.uscc IS NULL THEN s.parent_name END, s.since, s.until, FALSE
FROM read_parquet($file) s
LEFT JOIN firms f ON f.uscc = s.firm_uscc
LEFT JOIN firms p ON p.uscc = s.parent_uscc
WHERE NOT s.never
"""


def start_relations(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table `relation_rows`; `uscc` and `name` are the lower firm's, all texts as delivered."""
    con.execute(_ROWS)


def correct_relations(con: duckdb.DuckDBPyConnection, said: Path, folder: Path) -> None:
    """Let what people said of a firm and its parent take the place of all rows of `relation_rows` about the two.

    Rows are about the two if they give the codes of both, in whatever spelling. `said` is the file of `branches` in
    `journal/tables.py`; `firms(uscc, ...)` is the register; `folder` is for passing files.
    """
    file = {"file": str(said)}
    if con.execute(_SAID, file).fetchall() == [(0,)]:
        return
    codes = "SELECT uscc AS raw FROM relation_rows UNION SELECT parent_code FROM relation_rows"
    spell_codes(con, codes, "pair_codes", folder)
    con.execute(_REPLACED, {**file, "kind": KIND})
    con.execute(_CORRECTED, {**file, "kind": KIND})
    con.execute("DROP TABLE pair_codes")
