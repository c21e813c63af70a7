"""Taking off an item what other policies of its group were paid for it before: an item is never paid twice over.

A payment is for the item whose key it bears. One that names no item, or an item that only looks like this one, may be
for it: then this one is held, unless what was surely paid for it leaves nothing anyway.
"""

from __future__ import annotations

import duckdb

from matcher.plan import EXCLUSIVE, EXCLUSIVE_ITEMS, TOP_UP
from matcher.settlement.tables import apply_changes

# Keys that differ in blanks, marks or case only are taken for a slip of the pen, not for two items.
_PAID = r"""
    CREATE OR REPLACE TEMP TABLE paid_for_items AS
    WITH due_items AS (
        SELECT d.row_id, d.policy_no, d.firm_no, d.item, d.fen, s.unit, b.fen AS most_paid,
               upper(regexp_replace(d.item, '[^\p{L}\p{N}]', '', 'g')) AS bare
        FROM due d JOIN settling s USING (policy_no)
        JOIN paid_before b ON b.policy_no = d.policy_no AND b.firm_no = d.firm_no AND b.what = $what
        WHERE NOT d.is_open AND d.level = $level AND d.fen > 0
    ), payments AS (
        SELECT *, upper(regexp_replace(item, '[^\p{L}\p{N}]', '', 'g')) AS bare FROM paid_items
    )
    SELECT d.row_id, d.policy_no, d.firm_no, d.fen, d.unit, d.most_paid IS NULL AS is_unknown,
           coalesce(sum(p.fen) FILTER (p.item = d.item), 0) AS paid,
           coalesce(sum(p.fen) FILTER (p.item = d.item AND NOT p.in_top_up), 0) AS paid_besides,
           count(p.item) FILTER (p.item <> d.item OR p.fen IS NULL) > 0 AS is_unsure
    FROM due_items d
    LEFT JOIN payments p ON p.policy_no = d.policy_no AND p.firm_no = d.firm_no
                         AND (p.item IN ('', d.item) OR p.bare = d.bare)
    GROUP BY ALL
"""

_CHANGED = """
    CREATE OR REPLACE TEMP TABLE changed AS
    SELECT row_id, $rule AS rule,
           CASE WHEN paid >= fen THEN 0
                WHEN NOT is_unknown AND NOT is_unsure THEN ((fen - paid) // unit * unit)::BIGINT END AS after_fen,
           CASE WHEN paid >= fen OR NOT (is_unknown OR is_unsure) THEN 'paid_before'
                WHEN is_unknown THEN 'history_unknown' ELSE 'paid_item_unknown' END AS why,
           paid::VARCHAR AS other
    FROM paid_for_items WHERE paid > 0 OR is_unknown OR is_unsure
"""

# What may not be of the top-up's sum is taken to have been taken off first, so that none of it is paid twice.
_TAKEN_OFF = """
    INSERT INTO taken_off
    SELECT policy_no, firm_no, $what, sum(greatest(0, least(fen, paid) - paid_besides))
    FROM paid_for_items WHERE NOT (is_unknown OR is_unsure) GROUP BY policy_no, firm_no
"""


def deduct_items(connection: duckdb.DuckDBPyConnection, step: int, level: int) -> None:
    """Deduct, item by item, what others of the group were paid for the period, from the awards of a level."""
    connection.execute(_PAID, {"level": level, "what": EXCLUSIVE_ITEMS})
    connection.execute(_CHANGED, {"rule": EXCLUSIVE})
    connection.execute(_TAKEN_OFF, {"what": TOP_UP})
    apply_changes(connection, step)
