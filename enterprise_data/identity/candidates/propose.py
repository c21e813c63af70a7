"""The best five firms for each row that no rule linked, and which of them leave facts unknown."""

from __future__ import annotations

from pathlib import Path

import duckdb

from enterprise_data.identity.candidates.blocks import LONGEST, SHORTEST
from enterprise_data.identity.candidates.nearest import find_nearest
from enterprise_data.identity.candidates.patterns import find_patterns
from enterprise_data.identity.candidates.ranks import rank_firms
from enterprise_data.identity.candidates.scores import score_nearest

_SLICE = 20_000
# A cell with a name and an address behind it is cut; a text longer than this is none.
_LONGEST_TEXT = 500

# Rows that ask the same are answered once.
_QUESTIONS = """
CREATE OR REPLACE TEMP TABLE questions AS
WITH asked AS (
    SELECT CASE WHEN length(name) BETWEEN $shortest AND $longest_text THEN left(name, $longest) END AS name,
           region, list_sort(coalesce(firms, [])) AS firms, list(row_no) AS rows,
           min(left(spelling, $longest)) AS spelling
    FROM open_rows
    GROUP BY ALL
)
SELECT row_number() OVER (ORDER BY name NULLS LAST, region, firms) - 1 AS question_no,
       CASE WHEN name IS NOT NULL THEN dense_rank() OVER (ORDER BY name NULLS LAST) END::INTEGER AS asked_no,
       *
FROM asked
"""

_QUESTIONS_SLICE = """
CREATE OR REPLACE TEMP TABLE questions_slice AS
SELECT * FROM questions WHERE question_no >= $start AND question_no < $start + $size
"""

_ASKED_SLICE = """
CREATE OR REPLACE TEMP TABLE asked_slice AS
SELECT DISTINCT asked_no AS name_no, name, spelling FROM questions_slice WHERE asked_no IS NOT NULL
"""

_NO_PROPOSALS = """
CREATE OR REPLACE TEMP TABLE proposed (
    row_no BIGINT, rank INTEGER, firm_no INTEGER, name VARCHAR, score DOUBLE, plausible BOOLEAN, pattern VARCHAR
)
"""

# A name that is some firm's own, spelling aside, is no slip in another's.
_PROPOSE = """
INSERT INTO proposed
SELECT unnest(q.rows), a.rank, a.firm_no, n.name, a.score,
       coalesce(p.surely_alike OR (p.alike AND NOT a.is_elsewhere AND NOT bool_or(p.surely_alike) OVER same), FALSE),
       p.pattern
FROM answers a
JOIN questions_slice q USING (question_no)
LEFT JOIN block_names n ON n.name_no = a.name_no
LEFT JOIN patterns p ON p.asked_no = a.asked_no AND p.name_no = a.name_no
WINDOW same AS (PARTITION BY a.question_no)
"""


def propose(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make `proposed(row_no, rank, firm_no, name, score, plausible, pattern)` for the rows of `open_rows`.

    `open_rows(row_no, name, spelling, region, firms, ...)`: the normalised name, the same in simplified script, the
    region (GB/T 2260) of the row or its list, and the firms that exact evidence names; each may be null. Firms of the
    evidence come first, then the best by `score` (0 to 100, the same name), five in all. Every firm comes with the one
    of its names that is nearest, and the `pattern` by which that differs from the row's (`patterns.py`). `plausible`:
    the difference is one that a clerk's hand makes, nothing says that the firm is elsewhere, and the name is not
    another firm's own; the row leaves this firm's facts unknown.

    Names of one character and texts of more than 500 get firms of the evidence alone. Needs the tables of
    `build_blocks` and `firms(firm_no, uscc, region)`; `folder` is for passing files.
    """
    lengths = {"shortest": SHORTEST, "longest": LONGEST, "longest_text": _LONGEST_TEXT}
    con.execute(_QUESTIONS, lengths)
    con.execute(_NO_PROPOSALS)
    questions = con.table("questions").count("*").fetchall()[0][0]
    for start in range(0, questions, _SLICE):
        con.execute(_QUESTIONS_SLICE, {"start": start, "size": _SLICE})
        con.execute(_ASKED_SLICE)
        find_nearest(con)
        score_nearest(con, folder)
        rank_firms(con)
        find_patterns(con, folder)
        con.execute(_PROPOSE)
