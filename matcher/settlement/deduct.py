"""Taking off an award what was paid before: in the order of its items, down to nothing; unknown history holds it."""

from __future__ import annotations

import duckdb

from matcher.plan import TOP_UP
from matcher.settlement.tables import apply_changes

STEP = 6

_CHANGED = """
    CREATE OR REPLACE TEMP TABLE changed AS
    WITH rows_due AS (
        SELECT d.row_id, d.fen, b.fen - coalesce(o.fen, 0) AS paid, s.unit,
               sum(d.fen) OVER upto AS so_far,
               count(*) FILTER (d.fen IS NULL) OVER upto > 0 AS is_unsure
        FROM due d JOIN paid_before b USING (policy_no, firm_no) JOIN settling s USING (policy_no)
        LEFT JOIN taken_off o ON o.policy_no = d.policy_no AND o.firm_no = d.firm_no AND o.what = b.what
        WHERE NOT d.is_open AND d.level = $level AND b.what = $what
        WINDOW upto AS (PARTITION BY d.policy_no, d.firm_no ORDER BY d.item NULLS FIRST ROWS UNBOUNDED PRECEDING)
    ), left_over AS (
        SELECT * REPLACE (is_unsure AND so_far - fen < paid AS is_unsure),  -- an item before it may take some of it off
               least(fen::HUGEINT, greatest(0::HUGEINT, so_far - paid)) AS rest
        FROM rows_due WHERE fen > 0
    )
    SELECT row_id, $what AS rule,
           CASE WHEN paid IS NULL OR is_unsure THEN NULL  -- greatest() skips NULL: ask before
                ELSE (rest // unit * unit)::BIGINT END AS after_fen,
           CASE WHEN paid IS NULL THEN 'history_unknown'
                WHEN is_unsure THEN 'item_unknown' ELSE 'paid_before' END AS why,
           paid::VARCHAR AS other
    FROM left_over
    WHERE paid IS NULL OR (paid > 0 AND (rest < fen OR is_unsure))
"""


def deduct(connection: duckdb.DuckDBPyConnection, step: int, level: int, what: str) -> None:
    """Deduct the past payments of one kind from the awards of a level."""
    connection.execute(_CHANGED, {"level": level, "what": what})
    apply_changes(connection, step)


def top_ups(connection: duckdb.DuckDBPyConnection, level: int) -> None:
    """Step 6, top-up (补差): pay only what exceeds what the same family already paid."""
    deduct(connection, STEP, level, TOP_UP)
