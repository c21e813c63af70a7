"""Step 10, instalments (分期): awards in their parts, by largest remainder, each with its day and its condition.

A part is due so long after the last day of the period. From that day on its condition is looked at: `due` if it holds
or there is none, `refused` if it does not, `open` if that is unknown. Before that day the part is `later`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import duckdb

from matcher.plan import BoundPolicy
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

_SPLIT = """
    INSERT INTO instalments
    WITH split AS (
        SELECT a.policy_no, a.firm_no, a.item, a.amount_fen, p.part, p.due_on, p.is_later, p.has_condition,
               a.amount_fen * p.share // p.whole AS fen, a.amount_fen * p.share % p.whole AS remainder
        FROM awards a JOIN parts p USING (policy_no) WHERE a.counts AND a.amount_fen > 0
    ), placed AS (
        SELECT *, row_number() OVER (PARTITION BY policy_no, firm_no, item ORDER BY remainder DESC, part) AS place,
               amount_fen - sum(fen) OVER (PARTITION BY policy_no, firm_no, item) AS left_over
        FROM split
    )
    SELECT s.policy_no, s.firm_no, s.item, s.part, (s.fen + (s.place <= s.left_over)::INTEGER)::BIGINT, s.due_on,
           CASE WHEN s.is_later THEN 'later' WHEN NOT s.has_condition OR c.holds THEN 'due'
                WHEN c.holds IS NULL THEN 'open' ELSE 'refused' END
    FROM placed s LEFT JOIN conditions_met c USING (policy_no, firm_no, part)
"""


def plan_instalments(connection: duckdb.DuckDBPyConnection, policies: Sequence[BoundPolicy], as_of: date) -> None:
    """Fill the table `instalments` from the awards as they are after every other step."""
    rows = [row for no, policy in enumerate(policies) for row in _parts(no, policy, as_of)]
    if rows:
        connection.execute(_PARTS)
        insert_rows(connection, "parts", rows)
        connection.execute(_SPLIT)


def _parts(policy_no: int, policy: BoundPolicy, as_of: date) -> list[tuple[object, ...]]:
    whole = math.lcm(*(part.share.denominator for part in policy.instalments))
    return [
        (policy_no, place, int(part.share * whole), whole, part.due_on, part.due_on > as_of, part.when is not None)
        for place, part in enumerate(policy.instalments, start=1)
    ]
