"""Firms that went on from another legal person: shops that became companies (个转企) for the most part."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from enterprise_data.sample_city.draws import Draws
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
    heirs = firms.filter(draws.chance(12_000, "successor") & ~pl.col("sole_trader") & ~pl.col("giant"))
    heirs = heirs.with_columns(succession=draws.pick(_KINDS, "succession"), succeeded_on=_succeeded_on(draws))
    shop = pl.col("succession") == "个转企"
    name = pl.col("name").str.replace(_ENDING, "") + pl.when(shop).then(draws.pick(_SHOPS, "shop")).otherwise(
        pl.lit("厂")
    )
    codes = _older_codes(world, heirs)
    before = heirs.select(
        "number",
        "succession",
        "succeeded_on",
        predecessor_code=pl.when(draws.chance(900_000, "predecessor-known")).then(codes),
        predecessor_name=pl.when(name != pl.col("name")).then(name),
    )
    return firms.join(before, on="number", how="left", maintain_order="left")


def _succeeded_on(draws: Draws) -> pl.Expr:
    founded = pl.col("established_on")
    earliest = founded + timedelta(days=200)
    days = (pl.coalesce("closed_on", pl.lit(DELIVERED_ON)) - earliest).dt.total_days().clip(0, 5_000)
    later = earliest + pl.duration(days=days * draws.below(1_000, "succeeded-on") // 1_000)
    return pl.when(draws.chance(500_000, "keeps-founding") & (days > 0)).then(later).otherwise(founded)


def _older_codes(world: World, heirs: pl.DataFrame) -> pl.Series:
    numbered = heirs.select(
        number=_LAST_NUMBER - pl.col("number"),
        code_district="region",
        code_kind=pl.when(pl.col("succession") == "个转企").then(pl.lit("2")).otherwise(pl.lit("1")),
        old_code=pl.lit(value=False),
    )
    return with_codes(numbered, world.seed % 1_000_003)["uscc"]
