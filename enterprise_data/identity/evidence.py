"""All that is known about which firm a row means, one line per row: what the rules of `rules.py` see."""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.matches import match_names
from enterprise_data.identity.rungs import AS_BRANCH
from enterprise_data.identity.texts import key_listed_names, spell_codes

_RAW_CODES = """
CREATE TEMP VIEW raw_codes AS
SELECT row_no, uscc AS raw FROM unclear
UNION ALL SELECT row_no, organisation_code FROM unclear
UNION ALL SELECT row_no, registration_no FROM unclear
"""

# An older code with a wrong check character counts when the register has it so, else as a mistyped one. A register
# without registration numbers says nothing about a row's.
_CODE_EVIDENCE = """
CREATE TEMP TABLE code_evidence AS
SELECT row_no,
       count(DISTINCT code) FILTER (kind = 'uscc') AS usccs,
       count(DISTINCT code) FILTER (kind = 'organisation_code') AS organisation_codes,
       count(DISTINCT code) FILTER (kind = 'registration_no') AS registration_nos,
       min(code) FILTER (firm_no IS NOT NULL OR successor_no IS NOT NULL) AS code,
       count(*) FILTER (kind = 'faulty') AS faulty_codes,
       count(*) FILTER (kind = 'misread') AS misread_codes,
       list(DISTINCT firm_no) FILTER (kind = 'uscc' AND firm_no IS NOT NULL) AS uscc_firms,
       list(DISTINCT firm_no) FILTER (kind = 'organisation_code' AND firm_no IS NOT NULL) AS organisation_firms,
       list(DISTINCT firm_no) FILTER (kind = 'registration_no' AND firm_no IS NOT NULL) AS registration_firms,
       list(DISTINCT firm_no) FILTER (kind = 'misread' AND firm_no IS NOT NULL) AS misread_firms,
       list(DISTINCT successor_no) FILTER (successor_no IS NOT NULL) AS predecessor_firms
FROM (
    SELECT row_no, c.code, f.firm_no, p.firm_no AS successor_no,
           CASE WHEN checked OR coalesce(f.firm_no, p.firm_no) IS NOT NULL THEN c.kind ELSE 'faulty' END AS kind
    FROM raw_codes
    JOIN row_codes c USING (raw)
    LEFT JOIN firm_codes f ON f.code = c.code AND f.kind = CASE c.kind WHEN 'misread' THEN 'uscc' ELSE c.kind END
    LEFT JOIN predecessor_codes p ON p.code = c.code AND c.kind <> 'misread'
    WHERE c.kind <> 'registration_no' OR $registration_nos OR p.code IS NOT NULL
)
GROUP BY row_no
"""

_NAME_EVIDENCE = """
CREATE TEMP TABLE name_evidence AS
SELECT row_no, min(rung) FILTER (is_first) AS rung, min(key) FILTER (is_first) AS key,
       list(DISTINCT firm_no) FILTER (is_first) AS bearers,
       list(DISTINCT firm_no) FILTER (is_first AND is_current) AS current_bearers,
       list(DISTINCT firm_no) FILTER (is_first AND in_force IS NOT FALSE) AS possible_bearers,
       list(DISTINCT firm_no) FILTER (is_first AND in_force) AS sure_bearers,
       list(DISTINCT firm_no) FILTER (is_first AND (in_force OR rung <> $as_branch)) AS agreeing,
       list(DISTINCT firm_no) FILTER (
           NOT is_first AND (in_force OR (in_force IS NULL AND rung <> $as_branch))
       ) AS rivals
FROM name_matches
GROUP BY row_no
"""

# The names of the firms that codes name, found from the few rows with such a code. While the register itself is linked
# no firm bears a name yet, whatever keys an earlier freeze has left.
_CODE_FIRMS = """
CREATE TEMP TABLE code_firms AS
SELECT c.row_no, f.firm_no, n.form, n.outer_place, n.is_branch
FROM code_evidence c
JOIN firms f ON f.firm_no = coalesce(c.uscc_firms[1], c.organisation_firms[1], c.registration_firms[1])
JOIN known_names n ON n.name = f.name
SEMI JOIN bearers b ON b.name = n.name
"""

# Whether the firm of the code and one that bears the name are parent and branch.
_KINSHIP = """
CREATE TEMP TABLE kinship AS
SELECT row_no, bool_or(NOT is_branch) AS code_is_of_parent, bool_or(is_branch) AS code_is_of_branch
FROM (
    SELECT c.row_no, FALSE AS is_branch, b.since, b.until
    FROM code_firms c JOIN branches b ON b.parent_no = c.firm_no
    JOIN name_matches m ON m.row_no = c.row_no AND m.firm_no = b.firm_no AND m.is_first
    UNION ALL
    SELECT c.row_no, TRUE, b.since, b.until
    FROM code_firms c JOIN branches b ON b.firm_no = c.firm_no
    JOIN name_matches m ON m.row_no = c.row_no AND m.firm_no = b.parent_no AND m.is_first
)
JOIN unclear u USING (row_no)
WHERE coalesce(u.day >= since, TRUE) AND coalesce(u.day <= until, TRUE)
GROUP BY row_no
"""

_EVIDENCE = """
CREATE TEMP VIEW evidence AS
SELECT u.row_no, k.form, k.outer_place, coalesce(k.is_branch, FALSE) AS is_branch, b.rung, b.key, c.code,
       coalesce(c.usccs, 0) AS usccs,
       coalesce(c.organisation_codes, 0) AS organisation_codes,
       coalesce(c.registration_nos, 0) AS registration_nos,
       coalesce(c.faulty_codes, 0) AS faulty_codes,
       coalesce(c.misread_codes, 0) AS misread_codes,
       coalesce(c.uscc_firms, []) AS uscc_firms,
       coalesce(c.organisation_firms, []) AS organisation_firms,
       coalesce(c.registration_firms, []) AS registration_firms,
       coalesce(c.misread_firms, []) AS misread_firms,
       coalesce(c.predecessor_firms, []) AS predecessor_firms,
       coalesce(b.bearers, []) AS bearers,
       coalesce(b.current_bearers, []) AS current_bearers,
       coalesce(b.possible_bearers, []) AS possible_bearers,
       coalesce(b.sure_bearers, []) AS sure_bearers,
       coalesce(b.agreeing, []) AS agreeing,
       coalesce(b.rivals, []) AS rivals,
       f.form AS code_firm_form, f.outer_place AS code_firm_outer_place,
       coalesce(f.is_branch, FALSE) AS code_firm_is_branch,
       coalesce(a.code_is_of_parent, FALSE) AS code_is_of_parent,
       coalesce(a.code_is_of_branch, FALSE) AS code_is_of_branch
FROM unclear u
LEFT JOIN listed_names k ON k.raw = u.name AND NOT k.is_mended
LEFT JOIN code_evidence c USING (row_no)
LEFT JOIN name_evidence b USING (row_no)
LEFT JOIN code_firms f USING (row_no)
LEFT JOIN kinship a USING (row_no)
"""

_MADE = (
    "DROP VIEW evidence",
    "DROP TABLE name_evidence",
    "DROP TABLE kinship",
    "DROP TABLE name_matches",
    "DROP TABLE code_firms",
    "DROP TABLE code_evidence",
    "DROP VIEW raw_codes",
    "DROP TABLE row_codes",
)


def gather_evidence(con: duckdb.DuckDBPyConnection, folder: Path, *, registration_nos: bool) -> None:
    """Make `listed_names`, and the view `evidence`, a line for each row of `unclear(row_no, <keys>, <days>, region)`.

    `registration_nos`: whether the register has a column of registration numbers.
    """
    con.execute(_RAW_CODES)
    spell_codes(con, "SELECT DISTINCT raw FROM raw_codes WHERE raw IS NOT NULL", "row_codes", folder)
    key_listed_names(con, "SELECT DISTINCT name AS raw FROM unclear WHERE name IS NOT NULL", "listed_names", folder)
    match_names(con)
    con.execute(_CODE_EVIDENCE, {"registration_nos": registration_nos})
    con.execute(_CODE_FIRMS)
    con.execute(_KINSHIP)
    con.execute(_NAME_EVIDENCE, {"as_branch": AS_BRANCH})
    con.execute(_EVIDENCE)


def drop_evidence(con: duckdb.DuckDBPyConnection) -> None:
    """Remove what `gather_evidence` made."""
    for statement in _MADE:
        con.execute(statement)
