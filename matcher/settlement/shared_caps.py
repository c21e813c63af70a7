"""Step 7, caps over several policies: what a firm receives under all of them together stays within one limit.

Policies are served in the cap's stated order, the items of one by their keys. What is open or held before an award in
that order may yet take its share, from nothing to the most it can come to; where that would change what an award after
it gets, the award waits.
"""

from __future__ import annotations

import duckdb

from matcher.plan import CAP
from matcher.settlement.tables import apply_changes
from policies.shared_caps import SharedCap

STEP = 7

_CHANGED = """
    CREATE OR REPLACE TEMP TABLE changed AS
    WITH members AS (
        SELECT d.*, s.policy, s.unit,
               CASE WHEN $lifetime THEN $limit::HUGEINT - b.fen ELSE $limit::HUGEINT END AS within,
               CASE WHEN d.is_open THEN 0 ELSE coalesce(d.fen, 0) END::HUGEINT AS least_fen,
               CASE WHEN d.is_open OR d.fen IS NULL THEN coalesce(d.most::HUGEINT, 10::HUGEINT ** 19)
                    ELSE d.fen END::HUGEINT AS most_fen,
               row_number() OVER (PARTITION BY d.firm_no ORDER BY c.place, d.item NULLS FIRST) AS place
        FROM due d JOIN cap_members c USING (policy_no) JOIN settling s USING (policy_no)
        LEFT JOIN paid_before b ON b.policy_no = d.policy_no AND b.firm_no = d.firm_no AND b.what = $what
        WHERE c.cap = $cap AND d.level = $level
    ), served AS (
        SELECT *, coalesce(sum(least_fen) OVER before, 0) AS least_before,
               coalesce(sum(most_fen) OVER before, 0) AS most_before,
               string_agg(CASE WHEN is_open OR fen IS NULL THEN policy END, ', ') OVER before AS waits_for
        FROM members
        WINDOW before AS (PARTITION BY firm_no ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), shares AS (
        SELECT *, least(fen::HUGEINT, greatest(0::HUGEINT, within - least_before)) AS best,
               least(fen::HUGEINT, greatest(0::HUGEINT, within - most_before)) AS worst
        FROM served WHERE NOT is_open AND fen > 0
    )
    SELECT row_id, $cap AS rule,
           CASE WHEN within IS NOT NULL AND best = worst THEN (best // unit * unit)::BIGINT END AS after_fen,
           CASE WHEN within IS NULL THEN 'history_unknown' WHEN best = worst THEN 'over_cap' ELSE 'waits' END AS why,
           CASE WHEN best = worst OR within IS NULL THEN NULL ELSE waits_for END AS other
    FROM shares WHERE within IS NULL OR worst < fen
"""


def shared_cap(connection: duckdb.DuckDBPyConnection, level: int, cap: SharedCap) -> None:
    """Cut what exceeds one cap."""
    parameters = {
        "cap": cap.id,
        "what": f"{CAP}{cap.id}",
        "limit": cap.limit_fen,
        "lifetime": cap.lifetime,
        "level": level,
    }
    connection.execute(_CHANGED, parameters)
    apply_changes(connection, STEP)
