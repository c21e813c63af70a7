"""All that is known about which firm a row means, one line per row: what the rules of `rules.py` see."""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.texts import spell_codes, spell_names

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
       count(*) FILTER (kind = 'faulty') AS faulty_codes,
       list(DISTINCT firm_no) FILTER (kind = 'uscc' AND firm_no IS NOT NULL) AS uscc_firms,
       list(DISTINCT firm_no) FILTER (kind = 'organisation_code' AND firm_no IS NOT NULL) AS organisation_firms,
       list(DISTINCT firm_no) FILTER (kind = 'registration_no' AND firm_no IS NOT NULL) AS registration_firms
FROM (
    SELECT row_no, code, firm_no, CASE WHEN checked OR firm_no IS NOT NULL THEN kind ELSE 'faulty' END AS kind
    FROM raw_codes
    JOIN row_codes USING (raw)
    LEFT JOIN firm_codes USING (kind, code)
    WHERE kind <> 'registration_no' OR $registration_nos
)
GROUP BY row_no
"""

# Whether a name was in force at the row's date is itself true, false or unknown. Before the day on which a firm took
# its current name it is unknown, not false: a list made later may name firms as they are called now.
_NAME_EVIDENCE = """
CREATE TEMP TABLE name_evidence AS
SELECT row_no,
       list(DISTINCT firm_no) AS bearers,
       list(DISTINCT firm_no) FILTER (is_current) AS current_bearers,
       list(DISTINCT firm_no) FILTER (in_force IS NOT FALSE) AS possible_bearers,
       list(DISTINCT firm_no) FILTER (in_force) AS sure_bearers
FROM (
    SELECT u.row_no, b.firm_no, b.is_current,
           (b.sure OR NULL) AND CASE
               WHEN b.is_current THEN b.since IS NULL OR u.day >= b.since OR NULL
               ELSE (b.since IS NULL OR u.day >= b.since) AND u.day <= b.until
           END AS in_force
    FROM unclear u
    JOIN row_names n ON n.raw = u.name
    JOIN bearers b ON b.name = n.name
)
GROUP BY row_no
"""

_EVIDENCE = """
CREATE TEMP VIEW evidence AS
SELECT u.row_no, n.name, coalesce(n.is_branch, FALSE) AS is_branch,
       coalesce(c.usccs, 0) AS usccs,
       coalesce(c.organisation_codes, 0) AS organisation_codes,
       coalesce(c.registration_nos, 0) AS registration_nos,
       coalesce(c.faulty_codes, 0) AS faulty_codes,
       coalesce(c.uscc_firms, []) AS uscc_firms,
       coalesce(c.organisation_firms, []) AS organisation_firms,
       coalesce(c.registration_firms, []) AS registration_firms,
       coalesce(b.bearers, []) AS bearers,
       coalesce(b.current_bearers, []) AS current_bearers,
       coalesce(b.possible_bearers, []) AS possible_bearers,
       coalesce(b.sure_bearers, []) AS sure_bearers,
       f.name AS code_firm_name, f.is_branch AS code_firm_is_branch
FROM unclear u
LEFT JOIN row_names n ON n.raw = u.name
LEFT JOIN code_evidence c USING (row_no)
LEFT JOIN name_evidence b USING (row_no)
LEFT JOIN firms f ON f.firm_no = coalesce(c.uscc_firms[1], c.organisation_firms[1], c.registration_firms[1])
"""

_MADE = (
    "DROP VIEW evidence",
    "DROP TABLE name_evidence",
    "DROP TABLE code_evidence",
    "DROP VIEW raw_codes",
    "DROP TABLE row_codes",
    "DROP TABLE row_names",
)


def gather_evidence(con: duckdb.DuckDBPyConnection, folder: Path, *, registration_nos: bool) -> None:
    """Make the view `evidence`, a line for each row of `unclear(row_no, <keys>, day)`.

    `registration_nos`: whether the register has a column of registration numbers.
    """
    con.execute(_RAW_CODES)
    spell_codes(con, "SELECT DISTINCT raw FROM raw_codes WHERE raw IS NOT NULL", "row_codes", folder)
    spell_names(con, "SELECT DISTINCT name AS raw FROM unclear WHERE name IS NOT NULL", "row_names", folder)
    con.execute(_CODE_EVIDENCE, {"registration_nos": registration_nos})
    con.execute(_NAME_EVIDENCE)
    con.execute(_EVIDENCE)


def drop_evidence(con: duckdb.DuckDBPyConnection) -> None:
    """Remove what `gather_evidence` made."""
    for statement in _MADE:
        con.execute(statement)
