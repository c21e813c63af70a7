"""Payments of ours that the bureau's records hold too, so that none counts twice."""

from __future__ import annotations

from typing import Final

import polars as pl

NEAR: Final = 31
"""Days between our day of a payment and the bureau's within which equal payments are one."""

_SAME: Final = ("uscc", "policy", "fiscal_year", "item", "amount")
_OWN, _THEIRS = "own_row", "their_row"


def same_payments(own: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of rows (`own_row`, `their_row`: positions from 0) that are one payment; a row is in one pair.

    Both have the columns of the dataset `payments` at rest. One payment is: the same firm, policy, year, item and
    amount, booked within `NEAR` days. Of several, those nearest in time belong together.
    """
    ours, others = (
        rows.with_row_index(name).select(name, *_SAME, pl.col("paid_on")).filter(pl.col("uscc").is_not_null())
        for name, rows in ((_OWN, own), (_THEIRS, theirs))
    )
    near = ours.join(others, on=_SAME, nulls_equal=True, suffix="_theirs").with_columns(
        days=(pl.col("paid_on") - pl.col("paid_on_theirs")).dt.total_days().abs()
    )
    near = near.filter(pl.col("days") <= NEAR).sort("days", _OWN, _THEIRS)
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for one, other in near.select(_OWN, _THEIRS).iter_rows():
        if one not in used[0] and other not in used[1]:
            used[0].add(one)
            used[1].add(other)
            pairs.append((one, other))
    return pl.DataFrame(pairs, schema={_OWN: pl.UInt32(), _THEIRS: pl.UInt32()}, orient="row")
