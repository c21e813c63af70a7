"""Items that count once across firms (a graduate, a patent): for the firm that comes first by a stated field.

Firms that are undetermined under the policy, and rows that may count, could still come first: where that would matter,
nobody's item is sure. So is a tie.
"""

from __future__ import annotations

from sqlglot import exp

from enterprise_data.catalogue.load import Catalogue
from matcher.sql.awards import item_counts, item_key
from matcher.sql.build import column, named
from matcher.sql.relations import table_of
from policies.policy import Items

CLAIMANTS = "claimants"  # the table of firms (`firm_no`, `eligible`) that may have a claim under the policy


def claims(items: Items, catalogue: Catalogue) -> exp.Select:
    """Return `firm_no, item, counts, eligible, first` for every row that claims an item."""
    table = table_of(items.dataset)
    counts = item_counts(items, catalogue)
    return (
        exp.select(column("firm_no", table), named(item_key(items), "item"), named(counts, "counts"))
        .select(column("eligible", CLAIMANTS), named(column(str(items.first_by), table), "first"), copy=False)
        .from_(table)
        .join(CLAIMANTS, using="firm_no", copy=False)
        .join("facts", using="firm_no", copy=False)
    )


STAND = """
    CREATE OR REPLACE TEMP TABLE standing AS
    WITH rows_that_may AS (
        SELECT *, counts IS TRUE AND eligible AS sure
        FROM item_claims WHERE counts IS DISTINCT FROM FALSE AND item <> ''
    ), claims AS (
        SELECT firm_no, item, bool_or(sure) AS sure, bool_or(first IS NULL) AS undated, min(first) AS earliest,
               min(first) FILTER (sure) AS latest
        FROM rows_that_may GROUP BY firm_no, item
    ), beside AS (
        SELECT *, count(*) OVER others AS rivals, coalesce(bool_or(undated) OVER others, FALSE) AS rival_undated,
               min(earliest) OVER others AS rival_earliest, min(latest) FILTER (sure) OVER others AS rival_latest
        FROM claims
        WINDOW others AS (PARTITION BY item ORDER BY firm_no ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                          EXCLUDE CURRENT ROW)
    )
    SELECT firm_no, item,
           CASE WHEN rivals = 0 THEN TRUE
                WHEN NOT undated AND rival_latest < earliest THEN FALSE
                WHEN NOT rival_undated AND latest < rival_earliest THEN TRUE END AS is_first
    FROM beside
"""

NOTE = """
    INSERT INTO cuts
    SELECT 2, ?, s.firm_no, s.item, ?, NULL, CASE WHEN s.is_first IS FALSE THEN 0 END,
           CASE WHEN s.is_first IS FALSE THEN 'counted_elsewhere' ELSE 'first_unknown' END, NULL
    FROM standing s JOIN eligible USING (firm_no) WHERE s.is_first IS DISTINCT FROM TRUE
"""
