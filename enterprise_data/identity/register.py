"""The register as linking sees it: its firms, the codes that each bears, and the names, with their dates."""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.known_names import key_new_names, start_known_names
from enterprise_data.identity.texts import spell_codes, spell_names

# Rows of the register, in tables made by the caller:
#   register_rows(row_no, uscc, organisation_code, registration_no, name, region, doubtful)
_ROWS = """
CREATE TEMP TABLE register_keyed AS
SELECT r.row_no, u.code AS uscc, r.name AS raw_name, n.name, r.region, r.doubtful, g.code AS registration_no
FROM register_rows r
LEFT JOIN register_codes u ON u.raw = r.uscc AND u.kind = 'uscc'
LEFT JOIN register_codes g ON g.raw = r.registration_no AND g.kind = 'registration_no'
LEFT JOIN register_names n ON n.raw = r.name
"""

# One firm per code. What its rows disagree on is not known, but its sure rows go before doubtful ones: so far back
# that no number of a row comes near.
_FIRMS = """
CREATE TEMP TABLE firms AS
SELECT (row_number() OVER (ORDER BY region NULLS LAST, uscc) - 1)::INTEGER AS firm_no, *
FROM (
    SELECT uscc,
           arg_min(raw_name, turn) AS raw_name,
           arg_min(name, turn) AS name,
           arg_min(registration_no, turn) AS registration_no,
           CASE WHEN min(region) = max(region) THEN min(region) END AS region
    FROM (SELECT *, row_no + CASE WHEN doubtful THEN 1::BIGINT << 61 ELSE 0 END AS turn FROM register_keyed)
    WHERE uscc IS NOT NULL
    GROUP BY uscc
)
ORDER BY firm_no
"""

# Codes that firms bore before: a USCC, or a registration number.
_NO_PREDECESSORS = "CREATE TEMP TABLE predecessor_codes (code VARCHAR, firm_no INTEGER)"

# What people decided about rows like one another; `firm_no` is null when the firm is none, or not in the register.
_NO_DECISIONS = """
CREATE TEMP TABLE decisions (
    dataset VARCHAR, uscc VARCHAR, organisation_code VARCHAR, registration_no VARCHAR, name VARCHAR,
    first_day DATE, last_day DATE, firm_no INTEGER, no_firm BOOLEAN, fact_id BIGINT
)
"""

_CODES = """
CREATE TEMP TABLE firm_codes AS
SELECT 'uscc' AS kind, uscc AS code, firm_no FROM firms
UNION ALL
SELECT 'organisation_code', substr(uscc, 9, 9), firm_no FROM firms
UNION ALL
SELECT DISTINCT 'registration_no', k.registration_no, f.firm_no
FROM register_keyed k JOIN firms f ON f.uscc = k.uscc
WHERE k.registration_no IS NOT NULL
"""

# A firm whose rows bear different names may bear either: `sure` is false for both. `as_branch`: lists may call the firm
# so, as its parent bears the name that its own part stands behind (`callings.py`).
_NO_NAMES = """
CREATE TEMP TABLE bearers (
    name VARCHAR, firm_no INTEGER, is_current BOOLEAN, sure BOOLEAN, since DATE, until DATE, as_branch BOOLEAN
)
"""

# Whose branch a firm is: see `add_branches`.
_NO_BRANCHES = """
CREATE TEMP TABLE branches (
    firm_no INTEGER, parent_no INTEGER, parent_name VARCHAR, since DATE, until DATE, sure BOOLEAN
)
"""

_NAMES = """
INSERT INTO bearers
WITH borne AS MATERIALIZED (
    SELECT DISTINCT k.name, f.firm_no FROM register_keyed k JOIN firms f USING (uscc) WHERE k.name IS NOT NULL
)
SELECT name, firm_no, TRUE AS is_current,
       firm_no NOT IN (SELECT firm_no FROM borne GROUP BY firm_no HAVING count(*) > 1) AS sure,
       NULL::DATE AS since, NULL::DATE AS until, FALSE AS as_branch
FROM borne
"""

# former_rows(firm_no, former_name, since, until, belongs): rows of the dataset of former names, linked.
_FORMER_NAMES = """
INSERT INTO bearers
SELECT DISTINCT n.name, r.firm_no, FALSE, r.belongs IS TRUE, r.since, r.until, FALSE
FROM former_rows r JOIN former_spellings n ON n.raw = r.former_name
WHERE n.name IS NOT NULL
"""

# A firm bears a name since it gave up the one before.
_FORMER_SINCE = """
UPDATE bearers SET since = earlier.until
FROM (
    SELECT DISTINCT r.firm_no, r.until AS ends, e.until
    FROM former_rows r ASOF JOIN (SELECT DISTINCT firm_no, until FROM former_rows WHERE belongs AND until IS NOT NULL) e
        ON e.firm_no = r.firm_no AND r.until > e.until
) earlier
WHERE bearers.firm_no = earlier.firm_no AND bearers.until = earlier.ends AND since IS NULL AND NOT is_current
"""
_CURRENT_SINCE = """
UPDATE bearers SET since = renamed.since
FROM (SELECT firm_no, max(until) AS since FROM former_rows WHERE belongs GROUP BY firm_no) renamed
WHERE bearers.firm_no = renamed.firm_no AND is_current
"""


# predecessor_rows(firm_no, code, name, effective_on, belongs). A code that still is in the register is that firm's.
_PREDECESSORS = """
INSERT INTO predecessor_codes
SELECT DISTINCT g.code, r.firm_no
FROM predecessor_rows r JOIN given_up g ON g.raw = r.code
WHERE r.belongs AND g.kind NOT IN ('faulty', 'misread') AND g.code NOT IN (SELECT code FROM firm_codes)
"""

_PREDECESSOR_NAMES = """
INSERT INTO bearers
SELECT DISTINCT n.name, r.firm_no, FALSE, r.belongs IS TRUE, NULL::DATE, r.effective_on, FALSE
FROM predecessor_rows r JOIN predecessor_spellings n ON n.raw = r.name
WHERE n.name IS NOT NULL AND r.effective_on IS NOT NULL
"""


def build_register(con: duckdb.DuckDBPyConnection, folder: Path, kept: Path | None = None) -> None:
    """Make of `register_rows` the tables of the register, of which only `firms` and `firm_codes` are filled yet.

    The others are `predecessor_codes`, `decisions`, `bearers` and `branches`. Rows without a valid USCC make no firm.
    `firm_no` counts from 0 in the order of region (unknown ones last), USCC.
    `kept`: a folder with the keys of names from an earlier build.
    """
    codes = "SELECT uscc AS raw FROM register_rows UNION SELECT registration_no FROM register_rows"
    spell_codes(con, codes, "register_codes", folder)
    spell_names(con, "SELECT DISTINCT name AS raw FROM register_rows", "register_names", folder)
    for statement in (_ROWS, _FIRMS, _CODES, _NO_PREDECESSORS, _NO_DECISIONS, _NO_NAMES, _NO_BRANCHES):
        con.execute(statement)
    start_known_names(con, folder, kept)


def add_names(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Fill `bearers` with the register's names.

    The register's own rows are linked before, so that a name makes no firm's registration doubtful: they have codes.
    """
    con.execute(_NAMES)
    key_new_names(con, folder)


def add_former_names(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Add to `bearers` the names in `former_rows`, and since when the current ones are borne."""
    spell_names(con, "SELECT DISTINCT former_name AS raw FROM former_rows", "former_spellings", folder)
    for statement in (_FORMER_NAMES, _FORMER_SINCE, _CURRENT_SINCE):
        con.execute(statement)
    key_new_names(con, folder)


def add_predecessors(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Add the codes and names of `predecessor_rows`, which firms took over on some day.

    The name counts as a former one of the firm that took over, until that day.
    """
    spell_codes(con, "SELECT DISTINCT code AS raw FROM predecessor_rows", "given_up", folder)
    con.execute(_PREDECESSORS)
    con.execute("DROP TABLE given_up")
    spell_names(con, "SELECT DISTINCT name AS raw FROM predecessor_rows", "predecessor_spellings", folder)
    con.execute(_PREDECESSOR_NAMES)
    key_new_names(con, folder)
