"""Past payments by what they were paid for: one row a payment, for groups that compare item by item."""

from __future__ import annotations

from sqlglot import exp

from enterprise_data.catalogue.model import Dataset
from matcher.sql.awards import ELIGIBLE
from matcher.sql.build import case, cast, column, is_not_false, is_true, named, number, text
from matcher.sql.pieces import PieceQuery
from matcher.sql.relations import relation, table_of
from matcher.sql.row_columns import RowColumns
from policies.language import terms as t


def item_payments(policy_no: int, paid: t.Aggregate, top_up: t.Term | None, dataset: Dataset) -> exp.Select:
    """Return `policy_no, firm_no, item, fen, in_top_up` of each payment that counts or may count in the sum `paid`.

    `fen` is NULL where it only may; `item` is empty where the payment does not say; `in_top_up` tells whether it
    surely counts in the sum `top_up` as well. Rows are those of eligible firms.
    """
    rows = PieceQuery(dataset, relation(dataset), RowColumns(dataset), has_uncertain_rows=True)
    table = table_of(dataset.dataset)
    counts = rows.truth(paid.where)
    fen = cast(case((is_true(counts), rows.value_of(str(paid.field)))), "HUGEINT")
    in_top_up = is_true(rows.truth(top_up.where)) if isinstance(top_up, t.Aggregate) else exp.false()
    item = exp.Coalesce(this=column("item", table), expressions=[text("")])
    return (
        exp.select(named(number(policy_no), "policy_no"), column("firm_no", table), named(item, "item"))
        .select(named(fen, "fen"), named(in_top_up, "in_top_up"), copy=False)
        .from_(table)
        .join(ELIGIBLE, using="firm_no", copy=False)
        .where(is_not_false(counts.copy()), copy=False)
    )
