"""Awards that are a share of what another policy awards the firm in the same run, after every step of that one.

What the other awards is unknown where it is held or undetermined, and nothing where the firm does not get it.
"""

from __future__ import annotations

import duckdb

from matcher.settlement.tables import apply_changes

STEP = 1

_CHANGED = """
    CREATE OR REPLACE TEMP TABLE changed AS
    WITH bases AS (
        SELECT m.policy_no, m.base, m.base_no, m.numerator, m.denominator, m.mode, d.row_id, d.firm_no, s.unit,
               (SELECT min(b.fen) FROM paid_before b WHERE b.policy_no = d.policy_no AND b.firm_no = d.firm_no
                AND starts_with(b.what, 'limit:')) AS limit_fen,
               EXISTS (SELECT 1 FROM paid_before b WHERE b.policy_no = d.policy_no AND b.firm_no = d.firm_no
                       AND starts_with(b.what, 'limit:') AND b.fen IS NULL) AS limit_unknown
        FROM due d JOIN derived_members m USING (policy_no) JOIN settling s USING (policy_no)
        WHERE NOT d.is_open AND d.level = $level
    ), amounts AS (
        SELECT b.*, o.is_unsure, coalesce(o.fen, 0)::HUGEINT AS base_fen
        FROM bases b LEFT JOIN (
            SELECT policy_no, firm_no, sum(fen) AS fen, bool_or(is_open OR fen IS NULL) AS is_unsure
            FROM due GROUP BY policy_no, firm_no
        ) o ON o.policy_no = b.base_no AND o.firm_no = b.firm_no
    ), shares AS (
        SELECT *, CASE WHEN base_no IS NULL OR is_unsure THEN NULL ELSE base_fen * numerator END AS top,
               denominator * unit AS bottom
        FROM amounts
    ), rounded AS (
        SELECT *, CASE mode WHEN 'down' THEN top // bottom WHEN 'up' THEN (top + bottom - 1) // bottom
                  ELSE (2 * top + bottom) // (2 * bottom) END * unit AS whole
        FROM shares
    )
    SELECT row_id, base AS rule,
           CASE WHEN top IS NULL THEN NULL  -- ask before: a comparison with NULL falls through to the cap
                WHEN top = 0 THEN 0
                WHEN limit_unknown THEN NULL
                WHEN limit_fen IS NULL OR whole <= limit_fen THEN whole
                ELSE greatest(limit_fen, 0) // unit * unit END::BIGINT AS after_fen,
           CASE WHEN top IS NULL THEN 'base_unknown' WHEN top > 0 AND limit_unknown THEN 'history_unknown'
                WHEN top > 0 AND whole > limit_fen THEN 'share_capped' ELSE 'share' END AS why,
           base_fen::VARCHAR AS other
    FROM rounded
"""


def derived_awards(connection: duckdb.DuckDBPyConnection, level: int) -> None:
    """Work out the awards of a level that are shares of others."""
    connection.execute(_CHANGED, {"level": level})
    apply_changes(connection, STEP)
