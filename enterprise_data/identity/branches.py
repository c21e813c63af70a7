"""Branches (分公司) and their parents, as the dataset of relations tells them: whose branch a firm is, and since when.

What lists may call a branch for its parent's name is the subject of `callings.py`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.callings import add_callings
from enterprise_data.identity.texts import spell_codes, spell_names

KIND = "分公司"

# Both firms as the register has them, null if it lacks them; `is_known`: it has the lower one, and under that name.
# `is_consistent`: the row is not doubtful and does not contradict itself, nor the register about the parent.
_TOLD = """
CREATE TEMP TABLE told AS
SELECT f.firm_no, fn.name, r.kind, p.firm_no AS parent_no, g.code AS parent_code, pn.name AS parent_name,
       CASE WHEN r.ended_on < r.began_on THEN NULL ELSE r.began_on END AS since,
       CASE WHEN r.ended_on < r.began_on THEN NULL ELSE r.ended_on END AS until,
       NOT r.doubtful AND p.firm_no IS NOT NULL AND r.began_on IS NOT NULL AND coalesce(r.ended_on >= r.began_on, TRUE)
       AND (r.parent_name IS NULL OR EXISTS (SELECT 1 FROM bearers b WHERE b.firm_no = p.firm_no AND b.name = pn.name))
           AS is_consistent,
       f.firm_no IS NOT NULL
       AND (r.name IS NULL OR EXISTS (SELECT 1 FROM bearers b WHERE b.firm_no = f.firm_no AND b.name = fn.name))
           AS is_known
FROM relation_rows r
LEFT JOIN relation_codes c ON c.raw = r.uscc AND c.kind = 'uscc'
LEFT JOIN firms f ON f.uscc = c.code
LEFT JOIN relation_codes g ON g.raw = r.parent_code AND g.kind = 'uscc'
LEFT JOIN firms p ON p.uscc = g.code
LEFT JOIN relation_names fn ON fn.raw = r.name
LEFT JOIN relation_names pn ON pn.raw = r.parent_name
WHERE f.firm_no IS NULL OR p.firm_no IS DISTINCT FROM f.firm_no
"""

# A firm has one parent at a time, and is a branch or a subsidiary, not both. Where its rows say otherwise on any day,
# none of them is sure.
_BRANCHES = """
INSERT INTO branches
SELECT t.firm_no, t.parent_no, t.parent_name, t.since, t.until, t.is_consistent AND t.is_known AND NOT m.is_muddled
FROM told t
JOIN (
    SELECT firm_no, count(DISTINCT (parent_no, kind)) > 1 AND NOT bool_and(coalesce(follows, FALSE)) AS is_muddled
    FROM (
        SELECT *, since >= coalesce(max(coalesce(until, DATE '9999-12-31')) OVER earlier, DATE '0001-01-01') AS follows
        FROM (SELECT DISTINCT firm_no, parent_no, kind, since, until FROM told WHERE firm_no IS NOT NULL)
        WINDOW earlier AS (
            PARTITION BY firm_no ORDER BY since, until, parent_no, kind ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    )
    GROUP BY firm_no
) m USING (firm_no)
WHERE t.kind = $kind
"""


def add_branches(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Fill `branches` from `relation_rows`, and add to `bearers` the names under which lists may know them.

    `relation_rows(uscc, name, kind, parent_code, parent_name, began_on, ended_on, doubtful)`: rows of the dataset of
    relations as delivered; the first two columns are the lower firm's. All names that firms bear or bore must be in
    `bearers` already. `branches(firm_no, parent_no, parent_name, since, until, sure)`: the parent's number if the
    register has it, its name as told; null dates: not known, `until` null: to this day. `folder` is for passing files.
    """
    if not con.execute("SELECT 1 FROM relation_rows WHERE kind = $kind LIMIT 1", {"kind": KIND}).fetchall():
        return
    codes = "SELECT uscc AS raw FROM relation_rows UNION SELECT parent_code FROM relation_rows"
    names = "SELECT name AS raw FROM relation_rows UNION SELECT parent_name FROM relation_rows"
    spell_codes(con, codes, "relation_codes", folder)
    spell_names(con, names, "relation_names", folder)
    con.execute(_TOLD)
    con.execute(_BRANCHES, {"kind": KIND})
    add_callings(con, folder, KIND)
    for table in ("relation_codes", "relation_names", "told"):
        con.execute(f"DROP TABLE {table}")
