"""Step 5, exclusive groups (就高不重复): a firm, or an item of it, receives only the highest award of a group.

Equal awards: the smaller rank, then the policy's id. Awards are compared by what they come to up to here; a policy's
items are added up. Where a higher award is still open, the highest known one is paid and what is open is written down:
that can never be too much, because the winner is paid less what others of the group already paid for the period.
A winner of which a part is held cannot be compared, so all of it is held while others contend.
"""

from __future__ import annotations

import duckdb

from matcher.plan import EXCLUSIVE
from matcher.settlement.deduct import deduct
from matcher.settlement.deduct_items import deduct_items
from matcher.settlement.tables import apply_changes

STEP = 5

_CONTENDERS = """
    CREATE OR REPLACE TEMP TABLE contending AS
    WITH members AS (
        SELECT d.*, e.grp, e.rank, e.by_item, s.policy
        FROM due d JOIN exclusive_members e USING (policy_no) JOIN settling s USING (policy_no)
        WHERE d.level = $level
    ), subjects AS (
        SELECT DISTINCT grp, firm_no, item AS subject FROM members WHERE by_item AND item IS NOT NULL
    )
    SELECT grp, firm_no, CASE WHEN by_item THEN coalesce(item, '') ELSE '' END AS subject,
           row_id, policy_no, policy, rank, fen, most, is_open
    FROM members WHERE NOT (by_item AND item IS NULL)
    UNION ALL  -- a policy that is open as a whole contends for every item
    SELECT m.grp, m.firm_no, s.subject, m.row_id, m.policy_no, m.policy, m.rank, m.fen, m.most, m.is_open
    FROM members m JOIN subjects s USING (grp, firm_no) WHERE m.by_item AND m.item IS NULL
"""

_CHANGED = """
    CREATE OR REPLACE TEMP TABLE changed AS
    WITH contenders AS (
        SELECT grp, firm_no, subject, policy_no, policy, rank, any_value(most) AS most,
               CASE WHEN bool_and(fen IS NOT NULL) FILTER (NOT is_open) THEN sum(fen) FILTER (NOT is_open) END AS fen,
               bool_or(is_open OR fen IS NULL) AS may_rise
        FROM contending GROUP BY ALL
    ), placed AS (
        SELECT *, row_number() OVER (PARTITION BY grp, firm_no, subject
                                     ORDER BY fen DESC NULLS LAST, rank NULLS LAST, policy) AS place,
               row_number() OVER (PARTITION BY grp, firm_no, subject ORDER BY rank NULLS LAST, policy) AS declared,
               count(*) OVER (PARTITION BY grp, firm_no, subject) AS contenders
        FROM contenders
    ), winners AS (SELECT * FROM placed WHERE place = 1 AND fen IS NOT NULL),
    could_win AS (
        SELECT p.*, w.policy AS winner,
               p.may_rise AND p.policy_no <> w.policy_no
               AND (p.most IS NULL OR p.most > w.fen OR (p.most = w.fen AND p.declared < w.declared)) AS open_higher
        FROM placed p JOIN winners w USING (grp, firm_no, subject)
    ), open_ones AS (
        SELECT grp, firm_no, subject, string_agg(policy, ', ' ORDER BY policy) AS higher
        FROM could_win WHERE open_higher GROUP BY ALL
    )
    SELECT c.row_id, p.grp AS rule,
           CASE WHEN v.winner IS NULL THEN NULL
                WHEN v.policy = v.winner THEN c.fen
                WHEN v.fen IS NULL AND v.open_higher THEN NULL
                ELSE 0 END AS after_fen,
           CASE WHEN v.policy = v.winner THEN 'open_higher'
                WHEN v.winner IS NULL OR (v.fen IS NULL AND v.open_higher) THEN 'group_open'
                ELSE 'displaced' END AS why,
           CASE WHEN v.policy = v.winner THEN o.higher ELSE v.winner END AS other
    FROM contending c
    JOIN placed p USING (grp, firm_no, subject, policy_no)
    LEFT JOIN could_win v USING (grp, firm_no, subject, policy_no)
    LEFT JOIN open_ones o USING (grp, firm_no, subject)
    WHERE NOT c.is_open AND p.contenders > 1
      AND CASE WHEN v.policy = v.winner THEN o.higher IS NOT NULL
               WHEN v.winner IS NULL OR (v.fen IS NULL AND v.open_higher) THEN c.fen IS NOT NULL
               ELSE c.fen IS DISTINCT FROM 0 END
"""


def exclusive_groups(connection: duckdb.DuckDBPyConnection, level: int) -> None:
    """Leave of each group only the highest award, less what others of the group paid before for the period."""
    connection.execute(_CONTENDERS, {"level": level})
    connection.execute(_CHANGED)
    apply_changes(connection, STEP)
    deduct(connection, STEP, level, EXCLUSIVE)
    deduct_items(connection, STEP, level)
