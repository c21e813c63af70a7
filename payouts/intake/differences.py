"""What a run says that the ledger does not say yet: each entitlement with its outcome, before anything is written.

| outcome | what it means | what happens |
|---|---|---|
| `new` | listed for the first time, with an amount | proposed |
| `changed` | another amount, or payable again | a new proposal; back to proposed |
| `undetermined` | a condition or the amount is unknown | a new proposal without an amount; undetermined |
| `revised` | the same amount, but the policy, name, place, line or day is another | a new proposal; its state stays |
| `withdrawn` | the run, which decides it, no longer lists it | withdrawn |
| `unchanged` | as before | nothing |
| `elsewhere` | claimed once in a life, and a run of another period has proposed it, or under another key | nothing |
| `already_paid` | a live payment of the same amount | nothing |
| `paid_differs` | a live payment of another amount, or under another key | for people; held, should it come back |
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars as pl

from payouts.intake.rows import COLUMNS, KEY, TOLD

# States in which a proposal stands; from the others a listed entitlement comes back.
STANDING: Final = ("proposed", "reconfirmed", "published", "confirmed", "declined", "lapsed")
_GONE: Final = ("withdrawn", "refused")

_NO_CODES: Final = pl.DataFrame(schema={"old": pl.String(), "uscc": pl.String()})

LINES: Final = {
    **COLUMNS,
    "state": pl.String(),
    "before_fen": pl.Int64(),
    "paid_fen": pl.Int64(),
    "outcome": pl.String(),
    "cause": pl.String(),
}


def differences(
    rows: pl.DataFrame, known: pl.DataFrame, period: str, once: Collection[str], codes: pl.DataFrame = _NO_CODES
) -> pl.DataFrame:
    """Return `LINES`: every row of the run, and what is known and not listed, with `outcome` and `cause`.

    `state` is the one in the ledger, empty for what is new; `before_fen` what was proposed before, `amount_fen` what
    the run says now. `codes` are those that firms bore before (`old`) and the one of today (`uscc`).
    """
    listed = _listed(rows, known, period, codes)
    return pl.concat([listed, _not_listed(rows, known, period, once)]).sort("policy", *KEY[1:])


def _listed(rows: pl.DataFrame, known: pl.DataFrame, period: str, codes: pl.DataFrame) -> pl.DataFrame:
    met = rows.join(known.drop(KEY), on="id", how="left", suffix="_was", maintain_order="left")
    twins = _twins(rows, known, period, codes)
    met = met.join(twins, on="id", how="left", maintain_order="left")
    now, before, state = pl.col("amount_fen"), pl.col("amount_fen_was"), pl.col("state")
    other_period = ~pl.col("run_period").is_in([period, ""])
    altered = pl.any_horizontal(*(pl.col(name).ne_missing(pl.col(f"{name}_was")) for name in TOLD)) | other_period
    cases = [
        (pl.col("twin_fen").is_not_null(), "paid_differs", "other_key"),
        (pl.col("paid_fen") == now, "already_paid", ""),
        (pl.col("paid_fen").is_not_null() & now.is_null(), "paid_differs", "undetermined"),
        (pl.col("paid_fen").is_not_null(), "paid_differs", "amount"),
        ((state.is_null() | state.is_in(_GONE)) & pl.col("is_twin").fill_null(value=False), "elsewhere", ""),
        (state.is_null() & now.is_not_null(), "new", "new"),
        (state.is_null(), "undetermined", "new"),
        (state.is_in(STANDING) & other_period, "elsewhere", ""),
        (now.is_null() & (state == "undetermined") & ~altered, "unchanged", ""),
        (now.is_null() & (state == "undetermined"), "undetermined", "revised"),
        (now.is_null(), "undetermined", "undetermined"),
        (state == "undetermined", "changed", "determined"),
        (state.is_in(_GONE), "changed", "listed_again"),
        (now.ne_missing(before), "changed", "amount"),
        (altered, "revised", "revised"),
    ]
    return _lines(met, _first(cases, 1), _first(cases, 2))


def _first(cases: list[tuple[pl.Expr, str, str]], place: int) -> pl.Expr:
    """Return the word of the first case that holds; none does where nothing has changed."""
    word = pl.lit("unchanged" if place == 1 else "")
    for case in reversed(cases):
        word = pl.when(case[0]).then(pl.lit(case[place])).otherwise(word)
    return word


def _not_listed(rows: pl.DataFrame, known: pl.DataFrame, period: str, once: Collection[str]) -> pl.DataFrame:
    """Return what a run of the same period said before and this one does not; what ended before is left out.

    What may be claimed once is not listed after it was paid, because it was paid.
    """
    missing = known.join(rows, on="id", how="anti", maintain_order="left").filter(pl.col("run_period") == period)
    paid = pl.col("paid_fen").is_not_null()
    ended = missing.filter(paid | ~pl.col("state").is_in(_GONE))
    told = ended.with_columns(amount_fen_was="amount_fen", amount_fen=pl.lit(None, pl.Int64), twin_fen=pl.lit(None))
    spent = pl.col("policy").is_in(list(once)) & (pl.col("paid_state") == "paid")
    claimed = pl.when(spent).then(pl.lit("already_paid")).otherwise(pl.lit("paid_differs"))
    return _lines(told, pl.when(paid).then(claimed).otherwise(pl.lit("withdrawn")), pl.lit("not_listed"))


def _twins(rows: pl.DataFrame, known: pl.DataFrame, period: str, codes: pl.DataFrame) -> pl.DataFrame:
    """Return rows that stand under another key as well, because firm or policy has changed since (`is_twin`).

    Whole and in parts, by firm and by item, for life and for the period are the same thing twice; so is what was paid
    to a firm under the code that it bore before. `twin_fen` is what was paid, null if it only waits for its payment.
    What a run of the same period proposed is no twin: this one withdraws it.
    """
    today = pl.col("uscc").replace(dict(codes.select("old", "uscc").iter_rows()))
    waits = pl.col("state").is_in(STANDING) & ~pl.col("run_period").is_in([period, ""])
    paid = known.filter(pl.col("paid_fen").is_not_null() | waits).select("id", *KEY, "paid_fen").with_columns(today)
    pairs = rows.select("id", *KEY).join(paid, on=("policy", "uscc"), suffix="_paid")
    keys = (("period", ""), ("item", ""), ("part", 0))
    same = pl.all_horizontal(pl.col("id") != pl.col("id_paid"), *(_overlap(name, empty) for name, empty in keys))
    found = pairs.filter(same)
    paid_fen = pl.when(pl.col("paid_fen").is_not_null().any()).then(pl.col("paid_fen").sum())
    return found.group_by("id").agg(twin_fen=paid_fen, is_twin=pl.lit(value=True))


def _overlap(name: str, empty: str | int) -> pl.Expr:
    one, other = pl.col(name), pl.col(f"{name}_paid")
    return (one == other) | (one == empty) | (other == empty)


def _lines(met: pl.DataFrame, outcome: pl.Expr, cause: pl.Expr) -> pl.DataFrame:
    told = met.with_columns(
        pl.col("state").fill_null(""),
        before_fen="amount_fen_was",
        paid_fen=pl.coalesce("twin_fen", "paid_fen"),
        outcome=outcome,
        cause=cause,
    )
    return told.select(pl.col(name).cast(kind) for name, kind in LINES.items())
