"""Which five firms come first for a question: a row's name with its region and the firms of exact evidence."""

from __future__ import annotations

import duckdb

_PROPOSED = 5

# The region weighs a tenth of the score: as much as the row says of a place that its name leaves out. Regions are
# compared by prefix, down to the county: 320000 holds 320583. Where five names are nearer by more than a region (and
# rounding) can make good, the others are left before regions are compared.
_ANSWERS = """
CREATE OR REPLACE TEMP TABLE answers AS
WITH asked AS (
    SELECT question_no, asked_no, firms, regexp_replace(left(region, 6), '(00){1,2}$', '') AS region
    FROM questions_slice
), named AS (
    SELECT q.question_no, b.firm_no, s.name_no, s.is_same, s.likeness, FALSE AS is_evidence
    FROM asked q JOIN scored s USING (asked_no) JOIN block_bearers b USING (name_no)
    UNION ALL
    SELECT question_no, unnest(firms), NULL, FALSE, 0, TRUE FROM asked
), nearest_name AS (
    SELECT question_no, firm_no, arg_max(name_no, (is_same, likeness, -name_no)) AS name_no,
           max(likeness) AS likeness, bool_or(is_same) AS is_same, bool_or(is_evidence) AS is_evidence
    FROM named
    GROUP BY question_no, firm_no
), likely AS (
    SELECT n.*
    FROM nearest_name n
    JOIN (SELECT question_no, max(likeness, $proposed)[-1] AS last FROM nearest_name GROUP BY question_no) l
        USING (question_no)
    WHERE 90 * (l.last - n.likeness) <= 10.2 OR n.is_same OR n.is_evidence
), placed AS (
    SELECT n.*, f.uscc, q.asked_no, q.region,
           regexp_replace(left(f.region, 6), '(00){1,2}$', '') AS firm_region
    FROM likely n JOIN asked q USING (question_no) JOIN firms f USING (firm_no)
), compared AS (
    SELECT *, starts_with(region, firm_region) OR starts_with(firm_region, region) AS agrees,
           starts_with(left(region, 4), left(firm_region, 4)) OR starts_with(left(firm_region, 4), left(region, 4))
               AS same_city,
           left(region, 2) = left(firm_region, 2) AS same_province
    FROM placed
), rated AS (
    SELECT *, CASE WHEN name_no IS NULL THEN 0 ELSE round(90 * likeness + CASE
                  WHEN likeness = 1 OR agrees THEN 10
                  WHEN same_province IS NOT FALSE THEN 5
                  ELSE 0
              END, 1) END AS score
    FROM compared
)
SELECT question_no, asked_no, firm_no, name_no, score, same_city IS FALSE AS is_elsewhere,
       row_number() OVER (
           PARTITION BY question_no
           ORDER BY is_evidence DESC, is_same DESC, score DESC, agrees IS TRUE DESC, uscc, firm_no
       ) AS rank
FROM rated
QUALIFY rank <= $proposed
"""


def rank_firms(con: duckdb.DuckDBPyConnection) -> None:
    """Make `answers(question_no, asked_no, firm_no, name_no, score, is_elsewhere, rank)` for `questions_slice`.

    Five firms at most for each question, `rank` from 1; `name_no` is the name that comes nearest, null for a firm of
    the evidence without a usable name; `is_elsewhere`: row and firm are of different cities, as far as both are known.
    Needs `scored`, `firms` and the tables of `build_blocks`.
    """
    con.execute(_ANSWERS, {"proposed": _PROPOSED})
