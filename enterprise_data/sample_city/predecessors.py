"""Firms that went on from another legal person: shops that became companies (个转企) for the most part."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from enterprise_data.sample_city.uscc import with_codes
from enterprise_data.sample_city.world import DELIVERED_ON, World

_KINDS = ["个转企"] * 7 + ["改制", "合并", "分立", "分公司转子公司"]
_SHOPS = ["店", "经营部", "商行", "门市部"]
_ENDING = (
    r"(股份有限公司|有限责任公司|有限公司|合伙企业（有限合伙）|中心（普通合伙）|农民专业合作社|总公司|中心|服务部|厂)$"
)
# Beyond the numbers of the register's firms, of strangers and of former names.
_LAST_NUMBER = 99_999_999


def with_predecessors(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Add what firms were before: `succession` (its kind), `succeeded_on`, `predecessor_code`, `predecessor_name`.

    All are null for firms that were nothing else before. A shop's brand lives on in the company's name; half of the
    heirs keep their predecessor's day of foundation, and so are older than the succession.
    """
    draws = world.draws()
    heir = draws.chance(12_000, "successor") & ~pl.col("sole_trader") & ~pl.col("giant")
    kind = draws.pick(_KINDS, "succession")
    earliest = pl.col("established_on") + timedelta(days=200)
    days = (pl.coalesce("closed_on", pl.lit(DELIVERED_ON)) - earliest).dt.total_days().clip(0, 5_000)
    later = earliest + pl.duration(days=days * draws.below(1_000, "succeeded-on") // 1_000)
    keeps_founding = draws.chance(500_000, "keeps-founding") & (days > 0)
    older = _older_codes(world, firms.select("number", "region", kind=kind))
    before = firms.with_columns(
        succession=pl.when(heir).then(kind),
        succeeded_on=pl.when(heir).then(pl.when(keeps_founding).then(later).otherwise("established_on")),
        predecessor_code=older,
        _ending=pl.when(kind == "个转企").then(draws.pick(_SHOPS, "shop")).otherwise(pl.lit("厂")),
    )
    name = pl.col("name").str.replace(_ENDING, "") + pl.col("_ending")
    return before.with_columns(
        predecessor_code=pl.when(heir & draws.chance(900_000, "predecessor-known")).then("predecessor_code"),
        predecessor_name=pl.when(heir & (name != pl.col("name"))).then(name),
    ).drop("_ending")


def _older_codes(world: World, firms: pl.DataFrame) -> pl.Series:
    numbered = firms.select(
        number=_LAST_NUMBER - pl.col("number"),
        code_district="region",
        code_kind=pl.when(pl.col("kind") == "个转企").then(pl.lit("2")).otherwise(pl.lit("1")),
        old_code=pl.lit(value=False),
    )
    return with_codes(numbered, world.seed % 1_000_003)["uscc"]
