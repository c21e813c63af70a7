"""What likeness adds to exact evidence: candidates for a person to choose from, and doubt, but never a link."""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.candidates.patterns import PATTERNS
from enterprise_data.identity.candidates.propose import propose

# Rows that no rule linked, and those that a code alone links although nobody is known to bear the name beside it.
_OPEN_ROWS = """
CREATE TEMP TABLE open_rows AS
SELECT r.row_no, k.name, coalesce(k.simple, k.name) AS spelling, r.name AS raw_name, r.day, r.region,
       CASE WHEN r.by_code_alone THEN [r.firm_no] ELSE r.candidates END AS firms
FROM resolved r LEFT JOIN listed_names k ON k.raw = r.name AND NOT k.is_mended
WHERE r.by_code_alone OR (r.reason IS NOT NULL AND r.reason <> 'decided_none')
"""

# A code that is right beside a name that cannot be its firm's, because branch, number or place are another's, or that
# is another firm's, misspelt: the one or the other is a mistake. A wholly other name may be a former one. What a branch
# may be called for its parent's name says nothing here: were it sure, no code would stand alone. Nor does it make other
# firms less likely.
_NAME_OF_ANOTHER = """
UPDATE resolved SET rule = NULL, key = NULL, firm_no = NULL, reason = 'code_and_name_disagree', candidates = firms
FROM (
    SELECT p.row_no, list_sort(list(DISTINCT p.firm_no)) AS firms
    FROM (
        SELECT row_no, firm_no, pattern, NOT is_given AND (
                   plausible OR list_contains($likely, pattern) AND bool_or(is_given) OVER (PARTITION BY row_no)
               ) AS plausible
        FROM (
            SELECT *, name IS NOT NULL
                      AND (name, firm_no) IN (SELECT (name, firm_no) FROM bearers WHERE as_branch) AS is_given
            FROM proposed
        )
    ) p
    JOIN resolved r USING (row_no)
    WHERE r.by_code_alone AND (p.plausible OR p.firm_no = r.firm_no)
    GROUP BY p.row_no
    HAVING NOT bool_or(p.plausible AND p.firm_no = r.firm_no)
       AND bool_or(
           CASE WHEN p.firm_no = r.firm_no THEN p.pattern IN ('number', 'branch_missing', 'other_place')
                ELSE p.plausible END
       )
) other
WHERE other.row_no = resolved.row_no
"""

# Where exact evidence names firms, likeness adds none to whose facts are open. Nor does it where a right code says
# that the register lacks the firm.
_MAY_BE = """
UPDATE resolved SET candidates = firms
FROM (SELECT row_no, list_sort(list(DISTINCT firm_no)) AS firms FROM proposed WHERE plausible GROUP BY row_no) likely
WHERE likely.row_no = resolved.row_no
  AND len(resolved.candidates) = 0
  AND resolved.reason IN ('unknown_name', 'invalid_code', 'rejected_when_loaded')
"""

# A name that a branch has from its parent, where it links no row, is no firm's own: firms that were likely without the
# relation are so still.
_OR_THE_BRANCH = """
UPDATE resolved SET candidates = list_sort(list_distinct(list_concat(candidates, firms)))
FROM (
    SELECT row_no, list(DISTINCT firm_no) AS firms FROM proposed WHERE list_contains($likely, pattern) GROUP BY row_no
) likely
WHERE likely.row_no = resolved.row_no AND resolved.as_branch
  AND resolved.reason IN (
      'ambiguous_name', 'uncertain_name', 'former_name_out_of_date', 'invalid_code', 'code_and_name_disagree',
      'code_of_parent', 'code_of_branch', 'rejected_when_loaded'
  )
"""

_NOTHING_PROPOSED = """
CREATE TEMP TABLE proposed (
    row_no BIGINT, rank INTEGER, firm_no INTEGER, name VARCHAR, score DOUBLE, plausible BOOLEAN, pattern VARCHAR
)
"""
_ONLY_OPEN = "DELETE FROM proposed USING resolved r WHERE r.row_no = proposed.row_no AND r.reason IS NULL"


def propose_firms(con: duckdb.DuckDBPyConnection, folder: Path, *, wanted: bool) -> None:
    """Make `proposed` for the rows of `resolved` that need it, and let what is plausible count as doubt in `resolved`.

    `proposed(row_no, rank, firm_no, name, score, plausible, pattern)` is empty unless `wanted`.
    """
    if not wanted:
        con.execute(_NOTHING_PROPOSED)
        return
    con.execute(_OPEN_ROWS)
    propose(con, folder)
    likely = {"likely": [pattern.id for pattern in PATTERNS.values() if pattern.likely]}
    con.execute(_NAME_OF_ANOTHER, likely)
    con.execute(_MAY_BE)
    con.execute(_OR_THE_BRANCH, likely)
    con.execute(_ONLY_OPEN)
    con.execute("DROP TABLE open_rows")
