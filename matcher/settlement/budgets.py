"""Step 8, budgets: what the awards on one line come to stays within the line's amount.

`pro_rata` gives everyone the same share, by largest remainder, so that the parts add up to the budget exactly; where
policies that round differently share a line, what the rounding takes off stays in it. The other ways serve awards one
after another, by the stated rank, then by the firm's code, the policy and the item, and stop before the first that no
longer fits: nobody is served before one who comes earlier. Awards of which something was paid come before all others:
that money is gone, whoever turns out to come first. What `carry_over` does not serve is carried over to the next
period; the others leave it unpaid. Awards that are open or held are not in the sum.
"""

from __future__ import annotations

import duckdb

from matcher.settlement.tables import apply_changes

STEP = 8

_CLAIMS = """
    CREATE OR REPLACE TEMP TABLE claims AS
    SELECT d.row_id, d.fen, d.uscc, s.policy, d.item, b.line, s.unit AS own_unit,
           l.when_short, l.amount_fen AS budget, l.unit, l.ranked,
           CASE WHEN NOT l.ranked THEN 0 WHEN l.highest THEN -r.rank ELSE r.rank END AS rank,
           sum(d.fen) OVER (PARTITION BY b.line) AS total,
           EXISTS (SELECT 1 FROM paid_own p WHERE p.policy_no = d.policy_no AND p.firm_no = d.firm_no AND p.fen > 0
                   AND (d.item IS NULL OR p.item IN ('', d.item))) AS was_paid
    FROM due d
    JOIN budget_members b USING (policy_no) JOIN budget_lines l USING (line) JOIN settling s USING (policy_no)
    LEFT JOIN ranks r ON r.policy_no = d.policy_no AND r.firm_no = d.firm_no
    WHERE NOT d.is_open AND d.level = $level AND d.fen > 0 AND l.amount_fen IS NOT NULL
"""

_SERVED = """
    CREATE OR REPLACE TEMP TABLE changed AS
    WITH placed AS (
        SELECT *, sum(fen) OVER (PARTITION BY line
                                 ORDER BY was_paid DESC, rank NULLS LAST, uscc, policy, item NULLS FIRST
                                 ROWS UNBOUNDED PRECEDING) AS so_far
        FROM claims WHERE when_short <> 'pro_rata' AND total > budget AND (NOT ranked OR was_paid OR rank IS NOT NULL)
    )
    SELECT row_id, line AS rule, 0::BIGINT AS after_fen,
           CASE when_short WHEN 'carry_over' THEN 'carried_over' ELSE 'budget_spent' END AS why, NULL::VARCHAR AS other
    FROM placed WHERE so_far > budget
    UNION ALL
    SELECT row_id, line, NULL, 'rank_unknown', NULL
    FROM claims WHERE when_short <> 'pro_rata' AND total > budget AND ranked AND rank IS NULL AND NOT was_paid
"""

_SHARED = """
    CREATE OR REPLACE TEMP TABLE changed AS
    WITH parts AS (
        SELECT *, fen::HUGEINT * budget // (total * unit) AS units, fen::HUGEINT * budget % (total * unit) AS remainder
        FROM claims WHERE when_short = 'pro_rata' AND total > budget
    ), placed AS (
        SELECT *, row_number() OVER (PARTITION BY line
                                     ORDER BY remainder DESC, uscc, policy, item NULLS FIRST) AS place,
               budget // unit - sum(units) OVER (PARTITION BY line) AS left_over
        FROM parts
    )
    SELECT row_id, line AS rule,
           ((units + (place <= left_over)::INTEGER) * unit // own_unit * own_unit)::BIGINT AS after_fen,
           'pro_rata' AS why, NULL::VARCHAR AS other
    FROM placed
"""


def budgets(connection: duckdb.DuckDBPyConnection, level: int) -> None:
    """Keep every line of a level within its amount."""
    connection.execute(_CLAIMS, {"level": level})
    for changed in (_SERVED, _SHARED):
        connection.execute(changed)
        apply_changes(connection, STEP)
