"""What the snapshot of a run knows of past payments and predecessors, and what it lacks (兑付历史、主体沿革).

A match takes past payments into account where a policy says so (claimed once, topped up, capped over years, …). Two
things are left to be found here, and are held for people: an award that the bureau's records show as paid for the
same year before there was a ledger, and a run that did not know what this ledger has paid.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from enterprise_data.catalogue.model import Role
from enterprise_data.periods import Period
from enterprise_data.snapshot.snapshot import Snapshot
from policies.history_form import PAYMENTS
from policies.policy import Policy

_SPLIT: Final = "分立"
_PAID: Final = {"uscc": pl.String(), "policy": pl.String(), "item": pl.String(), "year": pl.Int64(), "fen": pl.Int64()}
_CODES: Final = {"old": pl.String(), "uscc": pl.String()}
_SAME: Final = ("uscc", "policy", "item", "year", "fen")


@dataclass(frozen=True)
class Past:
    """What a snapshot knows of the time before a run.

    `paid` has uscc, policy, item, year and fen of what was paid and not recovered; `codes` has what firms of the
    register bore before (old) and their code of today (uscc).
    """

    paid: pl.DataFrame
    codes: pl.DataFrame


NOTHING: Final = Past(pl.DataFrame(schema=_PAID), pl.DataFrame(schema=_CODES))


def past_of(snapshot: Snapshot, policies: Collection[Policy]) -> Past:
    """Return what a snapshot knows of payments and predecessors; what it has no dataset of is empty.

    A row that may be a firm's counts as its own: it only holds, and people look. A payment may name its policy by the
    number of its document.
    """
    return Past(_payments(snapshot, policies), _codes(snapshot))


def paid_before(rows: pl.DataFrame, past: Past, policies: Collection[Policy], period: str) -> frozenset[str]:
    """Return the ids of rows whose award, by the bureau's records, was paid for the period's year before.

    Policies whose award already is what is left after past payments are not asked.
    """
    gross = [policy.id for policy in policies if not _is_net(policy)]
    year = Period.parse(period).year
    paid = past.paid.filter(pl.col("policy").is_in(gross) & (pl.col("year").is_null() | (pl.col("year") == year)))
    met = rows.filter(pl.col("amount_fen").is_not_null()).join(paid, on=("policy", "uscc"), suffix="_paid")
    same_item = (pl.col("item") == pl.col("item_paid")) | (pl.col("item_paid") == "") | (pl.col("item") == "")
    return frozenset(met.filter(same_item)["id"])


def unknown_to(past: Past, own: pl.DataFrame) -> frozenset[str]:
    """Return the firms, by the code of today, of which the snapshot lacks a payment of `own` (columns as in `paid`)."""
    today = pl.col("uscc").replace(dict(past.codes.select("old", "uscc").iter_rows()))
    ours = own.with_columns(today).group_by(_SAME).len("ours")
    theirs = past.paid.group_by(_SAME).len("theirs")
    met = ours.join(theirs, on=_SAME, how="left", nulls_equal=True)
    return frozenset(met.filter(pl.col("theirs").fill_null(0) < pl.col("ours"))["uscc"])


def asks_history(policy: Policy) -> bool:
    """Return whether what a policy pays depends on what was paid before, of it or of others."""
    award = policy.award
    if award is None:
        return False
    named = (award.exclusive, award.top_up, award.share_of, award.lifetime, award.family)
    return award.claim == "once" or bool(award.shared_caps or policy.instalments) or any(named)


def _is_net(policy: Policy) -> bool:
    award = policy.award
    return award is None or award.claim == "once" or bool(award.top_up or award.lifetime or policy.instalments)


def _payments(snapshot: Snapshot, policies: Collection[Policy]) -> pl.DataFrame:
    path = snapshot.dataset_path(PAYMENTS)
    if path is None:
        return pl.DataFrame(schema=_PAID)
    snapshot.verify_datasets([PAYMENTS])
    documents = {policy.source.document: policy.id for policy in policies}
    rows = pl.scan_parquet(path).filter(pl.col("recovered_on").is_null()).join(_firms(snapshot), on="firm_no")
    return rows.select(
        "uscc",
        pl.col("policy").replace(documents),
        pl.col("item").fill_null(""),
        pl.col("fiscal_year").alias("year"),
        pl.col("amount").alias("fen"),
    ).collect()


def _codes(snapshot: Snapshot) -> pl.DataFrame:
    """Return the codes that were given up; a firm that only was split off is another one."""
    found = [pl.DataFrame(schema=_CODES)]
    for name, dataset in snapshot.catalogue.datasets.items():
        path = snapshot.dataset_path(name) if dataset.role is Role.SUCCESSIONS else None
        if path is None:
            continue
        snapshot.verify_datasets([name])
        whole = pl.col("kind").ne_missing(_SPLIT) if "kind" in dataset.fields else pl.lit(value=True)
        rows = pl.scan_parquet(path).filter(pl.col("predecessor_code").is_not_null() & whole)
        told = rows.join(_firms(snapshot), on="firm_no").select(pl.col("predecessor_code").alias("old"), "uscc")
        found.append(told.collect())
    return pl.concat(found).unique("old", maintain_order=True)


def _firms(snapshot: Snapshot) -> pl.LazyFrame:
    return pl.scan_parquet(snapshot.firms_path).select("firm_no", "uscc")
