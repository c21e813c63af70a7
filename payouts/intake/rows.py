"""The rows of a run that money follows from: one for each entitlement that is due, or open.

    id, policy, policy_sha256, period, uscc, item, firm_name, region, clause, line, due_on, unknown   String
    part, amount_fen                                                                                  Int64

`amount_fen` is missing where `unknown` says why: conditions of the policy, `award.amount` where the firm is eligible
and the amount is held, `instalment.condition` where only the condition of a part is open. Not listed are awards of
nothing, and parts that are due later or whose condition does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from enterprise_data.snapshot.snapshot import Snapshot
from matcher.outcomes import Outcome
from matcher.run.store import Run
from payouts.ledger.keys import entitlement_id
from policies.policy import Policy

KEY: Final = ("policy", "period", "uscc", "item", "part")
TOLD: Final = ("policy_sha256", "firm_name", "region", "clause", "line", "due_on", "unknown")
COLUMNS: Final = {
    **dict.fromkeys(("id", "policy", "period", "uscc", "item"), pl.String()),
    "part": pl.Int64(),
    **dict.fromkeys(TOLD, pl.String()),
    "amount_fen": pl.Int64(),
}
HELD_AMOUNT: Final = "award.amount"
OPEN_PART: Final = "instalment.condition"


def rows_of(run: Run, snapshot: Snapshot, policies: Sequence[Policy]) -> pl.DataFrame:
    """Return the rows of these policies, in the order of the run."""
    told = _told(policies, run.manifest.inputs.period)
    due = _due(run, told).join(_firms(snapshot), on="uscc", how="left", maintain_order="left")
    whole = due.with_columns(pl.col("firm_name", "region").fill_null("")).collect()
    ids = [entitlement_id(*key) for key in whole.select(KEY).iter_rows()]
    return whole.with_columns(pl.Series("id", ids, pl.String())).select(
        pl.col(name).cast(kind) for name, kind in COLUMNS.items()
    )


def _told(policies: Sequence[Policy], period: str) -> pl.LazyFrame:
    """Return what follows from the policy alone."""
    rows = [
        {
            "policy": policy.id,
            "policy_sha256": policy.sha256,
            "period": "" if policy.award is not None and policy.award.claim == "once" else period,
            "clause": "、".join(dict.fromkeys(leaf.clause for leaf in policy.conditions.leaves())),
            "line": line_of(policy),
            "by_part": bool(policy.instalments),
        }
        for policy in policies
    ]
    texts = dict.fromkeys(("policy", "policy_sha256", "period", "clause", "line"), pl.String)
    return pl.LazyFrame(rows, schema={**texts, "by_part": pl.Boolean})


def line_of(policy: Policy) -> str:
    """Return the budget line that a policy is paid from; one that names none has its own."""
    return policy.budget_line.line if policy.budget_line is not None else policy.id


def _firms(snapshot: Snapshot) -> pl.LazyFrame:
    return pl.scan_parquet(snapshot.firms_path).select("uscc", pl.col("name").alias("firm_name"), "region")


def _due(run: Run, told: pl.LazyFrame) -> pl.LazyFrame:
    """Return the decisions that something is due or open of, those in parts once for each part."""
    decisions = run.decisions.select("policy", "uscc", pl.col("item").fill_null(""), "outcome", "amount_fen", "unknown")
    of_policies = decisions.join(told, on="policy", how="inner", maintain_order="left")
    found = of_policies.filter(pl.col("outcome").is_in([Outcome.ELIGIBLE.value, Outcome.UNDETERMINED.value]))
    open_ = (pl.col("outcome") == Outcome.UNDETERMINED.value) | pl.col("amount_fen").is_null()
    shown = pl.when(pl.col("outcome") == Outcome.UNDETERMINED.value).then(pl.col("unknown").list.join(" "))
    # What is open of an award in parts is its first part: it becomes due under the same key.
    waiting = found.filter(open_).with_columns(
        amount_fen=pl.lit(None, pl.Int64),
        unknown=shown.otherwise(pl.lit(HELD_AMOUNT)),
        part=pl.col("by_part").cast(pl.Int64),
        due_on=pl.lit(""),
    )
    paying = found.filter(~open_ & (pl.col("amount_fen") > 0)).with_columns(unknown=pl.lit(""))
    whole = paying.filter(~pl.col("by_part")).with_columns(part=pl.lit(0, pl.Int64), due_on=pl.lit(""))
    parts = paying.filter("by_part").drop("amount_fen", "unknown")
    split = parts.join(_parts(run), on=("policy", "uscc", "item"), how="inner", maintain_order="left_right")
    columns = whole.collect_schema().names()
    return pl.concat([frame.select(columns) for frame in (waiting, whole, split)])


def _parts(run: Run) -> pl.LazyFrame:
    """Return the parts that are due, and those whose condition is open."""
    told = run.instalments.filter(pl.col("state").is_in(["due", "open"]) & (pl.col("amount_fen") > 0))
    due = pl.col("state") == "due"
    return told.select(
        "policy",
        "uscc",
        pl.col("item").fill_null(""),
        pl.col("part").cast(pl.Int64),
        pl.when(due).then("amount_fen").alias("amount_fen"),
        pl.when(due).then(pl.lit("")).otherwise(pl.lit(OPEN_PART)).alias("unknown"),
        pl.col("due_on").dt.to_string("%Y-%m-%d").alias("due_on"),
    )
