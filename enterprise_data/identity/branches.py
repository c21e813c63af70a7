"""Branches (分公司) and their parents, as the dataset of relations tells them: what else lists may call a branch.

A branch is called by its parent's name with a part of its own behind it: 青岛海丽有限公司|烟台分公司. When the parent
was renamed, lists and register call the branch by different names for a while. A relation that tells whose branch a
firm is makes them one: the parent's name of the day with the branch's own part. Such a name is sure only if nothing is
open about the relation, the parent's name and the branch's part; else the branch is a candidate, no more.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.known_names import key_new_names
from enterprise_data.identity.names.branches import BRANCH
from enterprise_data.identity.texts import spell_codes, spell_names

KIND = "分公司"

# Both firms as the register has them; `sure` is false where the row is doubtful, contradicts the register or itself.
_TOLD = """
CREATE TEMP TABLE told AS
SELECT f.firm_no, p.firm_no AS parent_no, r.kind, pn.name AS parent_name,
       CASE WHEN r.ended_on < r.began_on THEN NULL ELSE r.began_on END AS since,
       CASE WHEN r.ended_on < r.began_on THEN NULL ELSE r.ended_on END AS until,
       NOT r.doubtful AND p.firm_no IS NOT NULL AND r.began_on IS NOT NULL AND coalesce(r.ended_on >= r.began_on, TRUE)
       AND (r.name IS NULL OR EXISTS (SELECT 1 FROM bearers b WHERE b.firm_no = f.firm_no AND b.name = fn.name))
       AND (r.parent_name IS NULL OR EXISTS (SELECT 1 FROM bearers b WHERE b.firm_no = p.firm_no AND b.name = pn.name))
           AS sure
FROM relation_rows r
JOIN relation_codes c ON c.raw = r.uscc AND c.kind = 'uscc'
JOIN firms f ON f.uscc = c.code
LEFT JOIN relation_codes g ON g.raw = r.parent_code AND g.kind = 'uscc'
LEFT JOIN firms p ON p.uscc = g.code
LEFT JOIN relation_names fn ON fn.raw = r.name
LEFT JOIN relation_names pn ON pn.raw = r.parent_name
WHERE p.firm_no IS DISTINCT FROM f.firm_no
"""

# A firm has one parent at a time, and is a branch or a subsidiary, not both. Where its rows say otherwise on any day,
# none of them is sure.
_BRANCHES = """
INSERT INTO branches
SELECT t.firm_no, t.parent_no, t.parent_name, t.since, t.until, t.sure AND NOT m.is_muddled
FROM told t
JOIN (
    SELECT firm_no, count(DISTINCT (parent_no, kind)) > 1 AND NOT bool_and(coalesce(follows, FALSE)) AS is_muddled
    FROM (
        SELECT *, since >= coalesce(max(coalesce(until, DATE '9999-12-31')) OVER earlier, DATE '0001-01-01') AS follows
        FROM (SELECT DISTINCT firm_no, parent_no, kind, since, until FROM told)
        WINDOW earlier AS (
            PARTITION BY firm_no ORDER BY since, until, parent_no, kind ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    )
    GROUP BY firm_no
) m USING (firm_no)
WHERE t.kind = $kind
"""

# Names that a branch's part can stand behind. Without a place a name recurs from city to city, and one that two firms
# bear, whenever, does not tell whose branch is meant.
_PARENT_NAMES = """
CREATE TEMP TABLE parent_names AS
WITH named AS (
    SELECT b.*, n.form, n.placed
    FROM bearers b JOIN known_names n USING (name) SEMI JOIN branches r ON r.parent_no = b.firm_no
    WHERE strpos(b.name, '公司') = length(b.name) - 1
), shared AS (
    SELECT form
    FROM known_names n JOIN bearers b USING (name) SEMI JOIN named USING (form)
    GROUP BY form HAVING min(b.firm_no) <> max(b.firm_no)
)
SELECT DISTINCT firm_no AS parent_no, name, replace(name, '有限责任公司', '有限公司') AS head, since,
       CASE WHEN is_current THEN DATE '9999-12-31' ELSE until END AS until,
       sure AND placed AND (is_current OR until IS NOT NULL) AND form NOT IN (SELECT form FROM shared) AS sure
FROM named
"""

# What stands behind the first firm's name in a branch's. A part without a place, number or name of its own (分公司) may
# be meant loosely.
_PARTS = """
CREATE TEMP TABLE branch_parts AS
SELECT firm_no, head, part, regexp_replace(part, '[省市县区镇乡第]', '', 'g') AS near_part, since,
       sure AND regexp_replace(part, $branch, '') <> '' AS sure
FROM (
    SELECT b.firm_no, b.since, b.sure, regexp_extract(b.name, '^.*?公司(.+)$', 1) AS part,
           replace(regexp_extract(b.name, '^.*?公司'), '有限责任公司', '有限公司') AS head
    FROM bearers b JOIN known_names n USING (name)
    WHERE b.is_current AND n.is_branch
)
WHERE part <> '' AND NOT contains(regexp_replace(part, '[分支]公司(\\(.*\\))?$', ''), '公司')
  AND (firm_no IN (SELECT firm_no FROM branches) OR head IN (SELECT head FROM parent_names))
"""

# Whose branch a firm is or may be: of whom it is told to be, and of whom it has the name.
_KIN = """
CREATE TEMP TABLE kin AS
SELECT firm_no, parent_no, since, coalesce(until, DATE '9999-12-31') AS until, sure
FROM branches WHERE parent_no IS NOT NULL
UNION ALL
SELECT DISTINCT p.firm_no, n.parent_no, NULL, DATE '9999-12-31', FALSE
FROM branch_parts p JOIN parent_names n ON n.head = p.head AND n.parent_no <> p.firm_no
ANTI JOIN branches r ON r.firm_no = p.firm_no AND r.parent_no = n.parent_no
"""

# Sure is a name only where the register has the branch under another of its parent's names, and no other branch's part
# is but a 市 or 第 away. A parent that the register lacks is known by the name in the relation.
_CALLINGS = """
INSERT INTO bearers
SELECT DISTINCT c.name, c.firm_no, FALSE, c.sure, c.since, c.until, TRUE
FROM (
    SELECT k.firm_no, n.name || p.part AS name, greatest(k.since, n.since, p.since) AS since,
           least(k.until, n.until) AS until,
           k.sure AND n.sure AND p.sure AND (k.parent_no, p.head) IN (SELECT (parent_no, head) FROM parent_names)
           AND min(p.part) OVER near = max(p.part) OVER near AS sure
    FROM kin k JOIN branch_parts p USING (firm_no) JOIN parent_names n USING (parent_no)
    WINDOW near AS (PARTITION BY k.parent_no, p.near_part)
    UNION ALL
    SELECT r.firm_no, r.parent_name || p.part, greatest(r.since, p.since), coalesce(r.until, DATE '9999-12-31'), FALSE
    FROM branches r JOIN branch_parts p USING (firm_no)
    ANTI JOIN bearers b ON b.firm_no = r.parent_no AND b.name = r.parent_name
    WHERE strpos(r.parent_name, '公司') = length(r.parent_name) - 1 AND length(r.parent_name) <= $longest
) c
ANTI JOIN bearers own ON own.firm_no = c.firm_no AND own.name = c.name
"""

# A longer text is no firm's name.
_LONGEST = 100
_MADE = ("relation_codes", "relation_names", "told", "parent_names", "branch_parts", "kin")


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
    con.execute(_PARENT_NAMES)
    con.execute(_PARTS, {"branch": BRANCH})
    con.execute(_KIN)
    con.execute(_CALLINGS, {"longest": _LONGEST})
    for table in _MADE:
        con.execute(f"DROP TABLE {table}")
    key_new_names(con, folder)
