"""What lists may call a branch (分公司): its parent's name of the day, with the branch's own part behind it.

A branch is called by its parent's name with a part of its own: 青岛海丽有限公司|烟台分公司. When the parent was
renamed, lists and register call the branch by different names for a while. A relation that tells whose branch a firm is
makes them one. Such a name is sure only if nothing is open about the relation, the parent's names and the branch's
part, and nothing tells of another branch that may be meant; else the branch is a candidate, no more.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.known_names import key_new_names
from enterprise_data.identity.names.branches import BRANCH
from enterprise_data.identity.texts import key_names

# Names of those firms in relations that the register lacks, or has under other names.
_STRANGERS = """
SELECT DISTINCT name
FROM (
    SELECT name FROM told WHERE NOT is_known UNION ALL SELECT parent_name FROM told WHERE parent_no IS NULL
)
WHERE name IS NOT NULL
"""

# Names that a branch's part can stand behind. Without a place a name recurs from city to city, and one that two firms
# bear, whenever and however they write its place, does not tell whose branch is meant. The name of a firm that was
# taken over is that of a firm which had branches of its own.
_PARENT_NAMES = """
CREATE TEMP TABLE parent_names AS
WITH named AS (
    SELECT b.*, n.form, n.outer_place, n.placed
    FROM bearers b JOIN known_names n USING (name) SEMI JOIN branches r ON r.parent_no = b.firm_no
    WHERE strpos(b.name, '公司') = length(b.name) - 1
), shared AS (
    SELECT form
    FROM known_names n JOIN bearers b USING (name) SEMI JOIN named USING (form)
    GROUP BY form HAVING min(b.firm_no) <> max(b.firm_no)
    UNION ALL
    SELECT s.form FROM told t JOIN strangers s ON s.name = t.parent_name
    WHERE t.parent_no IS NULL AND t.parent_code IS NOT NULL
), placed_alike AS (
    SELECT outer_place
    FROM known_names n JOIN bearers b USING (name) SEMI JOIN named USING (outer_place)
    GROUP BY outer_place HAVING min(b.firm_no) <> max(b.firm_no)
), taken_over AS (
    SELECT r.firm_no, n.name FROM predecessor_rows r JOIN predecessor_spellings n ON n.raw = r.name
)
SELECT DISTINCT firm_no AS parent_no, name, form AS head, since,
       CASE WHEN is_current THEN DATE '9999-12-31' ELSE until END AS until,
       sure AND placed AND (is_current OR until IS NOT NULL)
       AND form NOT IN (SELECT form FROM shared WHERE form IS NOT NULL)
       AND coalesce(outer_place NOT IN (SELECT outer_place FROM placed_alike), TRUE)
       AND (firm_no, name) NOT IN (SELECT (firm_no, name) FROM taken_over WHERE name IS NOT NULL) AS sure
FROM named
"""

# What stands behind the first firm's name in a branch's. A part without a place, number or name of its own (分公司) may
# be meant loosely. A part that a branch had before tells that it may be meant.
_PARTS = """
CREATE TEMP TABLE branch_parts AS
SELECT firm_no, head, part, said, regexp_replace(said, '[省市县区镇乡第]', '', 'g') AS near_part, since, until,
       sure AND regexp_replace(part, $branch, '') <> '' AS sure
FROM (
    SELECT b.firm_no, b.since, CASE WHEN b.is_current THEN DATE '9999-12-31' ELSE b.until END AS until,
           b.sure AND b.is_current AS sure, regexp_extract(b.name, '^.*?公司(.+)$', 1) AS part,
           regexp_extract(n.form, '^.*?公司(.+)$', 1) AS said, regexp_extract(n.form, '^.*?公司') AS head
    FROM bearers b JOIN known_names n USING (name)
    WHERE n.is_branch
)
WHERE part <> '' AND NOT contains(regexp_replace(part, '[分支]公司(\\(.*\\))?$', ''), '公司')
  AND (firm_no IN (SELECT firm_no FROM branches) OR head IN (SELECT head FROM parent_names))
"""

# Whose branch a firm is or may be: of whom it is told to be, by code or by name, and of whom it has the name.
_KIN = """
CREATE TEMP TABLE kin AS
SELECT firm_no, parent_no, since, coalesce(until, DATE '9999-12-31') AS until, sure
FROM branches WHERE parent_no IS NOT NULL
UNION ALL
SELECT DISTINCT o.firm_no, n.parent_no, o.since, o.until, FALSE
FROM (
    SELECT firm_no, head, NULL::DATE AS since, DATE '9999-12-31' AS until FROM branch_parts
    UNION ALL
    SELECT r.firm_no, s.form, r.since, coalesce(r.until, DATE '9999-12-31')
    FROM branches r JOIN strangers s ON s.name = r.parent_name WHERE r.parent_no IS NULL
) o
JOIN parent_names n ON n.head = o.head AND n.parent_no <> o.firm_no
ANTI JOIN branches r ON r.firm_no = o.firm_no AND r.parent_no = n.parent_no
"""

# Branches that the register lacks, or has under other names only, although relations tell of them. `near_part` is null
# where it may be any.
_ABSENT = """
CREATE TEMP TABLE absent AS
WITH unknown AS (
    SELECT t.parent_no, regexp_extract(s.form, '^.*?公司') AS head, g.form AS parent_form,
           regexp_replace(
               coalesce(nullif(regexp_extract(s.form, '^.*?公司(.+)$', 1), ''), s.form), '[省市县区镇乡第]', '', 'g'
           ) AS near_part
    FROM told t
    LEFT JOIN strangers s ON s.name = t.name
    LEFT JOIN strangers g ON g.name = t.parent_name AND t.parent_no IS NULL
    WHERE NOT t.is_known AND (s.is_branch OR coalesce(t.kind = $kind, TRUE))
)
SELECT parent_no, near_part FROM unknown WHERE parent_no IS NOT NULL
UNION SELECT n.parent_no, near_part FROM unknown JOIN parent_names n USING (head)
UNION SELECT n.parent_no, near_part FROM unknown u JOIN parent_names n ON n.head = u.parent_form
"""

# Sure is a name only where the register has the branch under another of its parent's names, and no other branch's part
# is but a 市 or 第 away. A parent that the register lacks is known by the name in the relation.
_CALLINGS = """
INSERT INTO bearers
SELECT DISTINCT c.name, c.firm_no, FALSE, c.sure, c.since, c.until, TRUE
FROM (
    SELECT k.firm_no, n.name || p.part AS name, greatest(k.since, n.since, p.since) AS since,
           least(k.until, n.until, p.until) AS until,
           k.sure AND n.sure AND p.sure AND (k.parent_no, p.head) IN (SELECT (parent_no, head) FROM sure_heads)
           AND min(p.said) OVER near = max(p.said) OVER near
           AND NOT EXISTS (
               SELECT 1 FROM absent a WHERE a.parent_no = k.parent_no AND coalesce(a.near_part = p.near_part, TRUE)
           ) AS sure
    FROM kin k JOIN branch_parts p USING (firm_no) JOIN parent_names n USING (parent_no)
    WINDOW near AS (PARTITION BY k.parent_no, p.near_part)
    UNION ALL
    SELECT r.firm_no, r.parent_name || p.part, greatest(r.since, p.since),
           least(coalesce(r.until, DATE '9999-12-31'), p.until), FALSE
    FROM branches r JOIN branch_parts p USING (firm_no)
    ANTI JOIN bearers b ON b.firm_no = r.parent_no AND b.name = r.parent_name
    WHERE strpos(r.parent_name, '公司') = length(r.parent_name) - 1 AND length(r.parent_name) <= $longest
) c
ANTI JOIN bearers own ON own.firm_no = c.firm_no AND own.name = c.name
"""

# A longer text is no firm's name.
_LONGEST = 100


def add_callings(con: duckdb.DuckDBPyConnection, folder: Path, kind: str) -> None:
    """Add to `bearers` what lists may call each branch of `branches` for its parent's names.

    Reads `told` (see `branches.py`) and what `add_predecessors` left; `kind` is that of branches.
    """
    key_names(con, _STRANGERS, "strangers", folder)
    con.execute(_PARENT_NAMES)
    con.execute(_PARTS, {"branch": BRANCH})
    con.execute(_KIN)
    con.execute(_ABSENT, {"kind": kind})
    con.execute("CREATE TEMP VIEW sure_heads AS SELECT DISTINCT parent_no, head FROM parent_names WHERE sure")
    con.execute(_CALLINGS, {"longest": _LONGEST})
    con.execute("DROP VIEW sure_heads")
    for table in ("strangers", "parent_names", "branch_parts", "kin", "absent"):
        con.execute(f"DROP TABLE {table}")
    key_new_names(con, folder)
