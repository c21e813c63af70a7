"""Step 10, instalments (分期): awards in their parts, by largest remainder, each with its day and its condition.

A part is due so long after the last day of the period. From that day on its condition is looked at: `due` if it holds
or there is none, `refused` if it does not, `open` if that is unknown. Before that day the part is `later`. What was
paid for the period fills the parts in their order: those it covers are `paid`; one that it may or only partly covers is
open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import duckdb

from matcher.plan import OWN, BoundPolicy
from matcher.sql.rows_in import insert_rows

CREATE = """
    CREATE OR REPLACE TABLE conditions_met (policy_no SMALLINT, firm_no INTEGER, part INTEGER, holds BOOLEAN);
    CREATE OR REPLACE TABLE instalments (policy_no SMALLINT, firm_no INTEGER, item VARCHAR, part INTEGER,
        amount_fen BIGINT, due_on DATE, state VARCHAR);
"""

_PARTS = """
    CREATE OR REPLACE TEMP TABLE parts (policy_no SMALLINT, part INTEGER, share HUGEINT, whole HUGEINT, due_on DATE,
        is_later BOOLEAN, has_condition BOOLEAN)
"""

_SPLIT = r"""
    INSERT INTO instalments
    WITH split AS (
        SELECT a.policy_no, a.firm_no, a.item, a.amount_fen, p.part, p.due_on, p.is_later, p.has_condition,
               a.amount_fen * p.share // p.whole AS fen, a.amount_fen * p.share % p.whole AS remainder
        FROM awards a JOIN parts p USING (policy_no) WHERE a.counts AND a.amount_fen > 0
    ), placed AS (
        SELECT *, row_number() OVER (PARTITION BY policy_no, firm_no, item ORDER BY remainder DESC, part) AS place,
               amount_fen - sum(fen) OVER (PARTITION BY policy_no, firm_no, item) AS left_over
        FROM split
    ), in_fen AS (
        SELECT * REPLACE ((fen + (place <= left_over)::INTEGER)::BIGINT AS fen) FROM placed
    ), summed AS (
        SELECT *, sum(fen) OVER (PARTITION BY policy_no, firm_no, item ORDER BY part) AS upto FROM in_fen
    ), paid AS (
        SELECT a.policy_no, a.firm_no, a.item,
               coalesce(sum(p.fen) FILTER (a.item IS NULL OR p.item = a.item), 0) AS fen,
               count(*) FILTER (p.fen IS NULL OR (a.item IS NOT NULL AND p.item <> a.item)) > 0 AS is_unsure
        FROM awards a JOIN paid_own p ON p.policy_no = a.policy_no AND p.firm_no = a.firm_no
             AND (a.item IS NULL OR p.item IN ('', a.item) OR upper(regexp_replace(p.item, '[^\p{L}\p{N}]', '', 'g'))
                                                              = upper(regexp_replace(a.item, '[^\p{L}\p{N}]', '', 'g')))
        GROUP BY ALL
    )
    SELECT s.policy_no, s.firm_no, s.item, s.part, s.fen, s.due_on,
           CASE WHEN s.upto <= p.fen THEN 'paid'
                WHEN p.is_unsure OR s.upto - s.fen < p.fen OR (p.fen > 0 AND b.fen IS NULL) THEN 'open'
                WHEN s.is_later THEN 'later' WHEN NOT s.has_condition OR c.holds THEN 'due'
                WHEN c.holds IS NULL THEN 'open' ELSE 'refused' END
    FROM summed s LEFT JOIN conditions_met c USING (policy_no, firm_no, part)
    LEFT JOIN paid p ON p.policy_no = s.policy_no AND p.firm_no = s.firm_no AND p.item IS NOT DISTINCT FROM s.item
    LEFT JOIN paid_before b ON b.policy_no = s.policy_no AND b.firm_no = s.firm_no AND b.what = $what
"""


def plan_instalments(connection: duckdb.DuckDBPyConnection, policies: Sequence[BoundPolicy], as_of: date) -> None:
    """Fill the table `instalments` from the awards as they are after every other step."""
    rows = [row for no, policy in enumerate(policies) for row in _parts(no, policy, as_of)]
    if rows:
        connection.execute(_PARTS)
        insert_rows(connection, "parts", rows)
        connection.execute(_SPLIT, {"what": OWN})


def _parts(policy_no: int, policy: BoundPolicy, as_of: date) -> list[tuple[object, ...]]:
    whole = math.lcm(*(part.share.denominator for part in policy.instalments))
    return [
        (policy_no, place, int(part.share * whole), whole, part.due_on, part.due_on > as_of, part.when is not None)
        for place, part in enumerate(policy.instalments, start=1)
    ]
