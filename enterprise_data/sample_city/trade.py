"""Patents, exports, listings, approvals and projects, each from its own department."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from enterprise_data.sample_city.rows import by_year, last_year, repeated
from enterprise_data.sample_city.world import DELIVERED_ON, World

_STAGES = ("股份制改造", "辅导备案", "申报受理", "上市")
_MARKETS = ["上交所主板", "深交所主板", "科创板", "创业板", "北交所", "北交所"]
_TIERS = ["新三板基础层", "新三板基础层", "新三板创新层"]
_PROGRAMMES = ["科技计划"] * 4 + ["绿色制造", "智能制造", "智能制造", "工业强基", "服务业引导", "技术改造"]
# Three in ten approvals fall in 2023.
_APPROVED = (
    (0, date(2018, 1, 1)), (500_000, date(2023, 1, 1)), (800_000, date(2024, 1, 1)), (1_000_000, date(2025, 6, 1)),
)  # fmt: skip
_EPOCH = date(1970, 1, 1)


def patents(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return patents of technical firms, up to eight each."""
    firm, draws = world.draws(), world.draws("row")
    able = firms.filter(firm.chance(pl.col("technical") * 7_000, "patents") & ~pl.col("sole_trader"))
    granted = draws.day(date(2015, 3, 1), DELIVERED_ON, "granted-on")
    rows = repeated(able, firm.between(1, 8, "patent-count")).with_columns(
        granted_on=granted,
        applied_on=granted - pl.duration(days=draws.between(200, 1_100, "applied-before")),
        kind=draws.pick(["发明", "发明", "实用新型", "实用新型", "实用新型", "外观设计"], "patent-kind"),
        patent_no=pl.lit("ZL合成") + pl.col("row").cast(pl.String).str.pad_start(12, "0"),
    )
    lapsed = pl.col("granted_on") + pl.duration(days=draws.between(400, 3_000, "lapsed-after"))
    gone = draws.chance(200_000, "lapsed") & (lapsed <= DELIVERED_ON)
    valuable = (pl.col("kind") == "发明") & draws.chance(300_000, "high-value")
    rows = rows.with_columns(high_value=valuable, lapsed_on=pl.when(gone).then(lapsed))
    return rows.filter(pl.col("applied_on") > pl.col("established_on"))


def _exporters(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    makers = pl.col("sector").is_in(["工业", "批发业"]) & ~pl.col("sole_trader")
    return firms.filter(makers & world.draws().chance(180_000, "exports"))


def exports(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return yearly exports and imports in 万元."""
    draws = world.draws("row")
    rows = by_year(_exporters(world, firms), first=2019)
    share = world.draws().between(50, 800, "export-share")
    return rows.with_columns(
        export_value=pl.col("revenue") * share // 1_000 // 10_000 + 1,
        import_value=pl.col("revenue") * draws.between(0, 150, "import-share") // 1_000 // 10_000,
    )


def export_insurance(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return yearly premiums of export credit insurance, bought by a third of the exporters."""
    rows = by_year(_exporters(world, firms).filter(world.draws().chance(330_000, "insures-exports")), first=2019)
    insured = pl.col("revenue") * world.draws().between(50, 500, "insured-share") // 1_000
    premium = insured * world.draws("row").between(20, 60, "premium-rate") // 10_000
    rows = rows.with_columns(insured_amount=insured // 10_000, premium=premium)
    return rows.filter(pl.col("premium") > 0).with_columns(premium_usd=pl.col("premium") * 10 // 71)


def listing_stages(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return how far firms came on their way to an exchange, one row per stage, some months apart."""
    firm, draws = world.draws(), world.draws("row")
    able = last_year(firms).filter(~pl.col("sole_trader") & (pl.col("staff") >= 10))
    chance = world.rare(500, 160) * world.shown_more() * 4
    candidates = able.filter(firm.chance(chance, "listing"))
    begun = firm.day(date(2016, 6, 1), date(2025, 3, 1), "listing-begun")
    small = firm.chance(400_000, "listing-small")
    market = pl.when(small).then(firm.pick(_TIERS, "listing-tier")).otherwise(firm.pick(_MARKETS, "listing-market"))
    # For the third board a firm is reorganised and then quoted, with no stages between.
    stages = firm.between(1, 4, "listing-stages")
    times = pl.when("small").then(stages.clip(1, 2)).otherwise(stages)
    rows = repeated(candidates.with_columns(begun=begun, small=small), times)
    stage = pl.lit(pl.Series(_STAGES)).gather("k")
    apart = pl.col("k") * 170 + draws.between(0, 90, "stage-apart")
    rows = rows.with_columns(
        market=market,
        stage=pl.when(pl.col("small") & (pl.col("k") == 1)).then(pl.lit("挂牌")).otherwise(stage),
        stage_on=pl.col("begun") + pl.duration(days=apart),
    ).filter(pl.col("stage_on").is_between(pl.col("established_on") + timedelta(days=300), DELIVERED_ON))
    reform, listed = pl.col("k") == 0, pl.col("stage") == "上市"
    return rows.with_columns(
        market=pl.when(~reform).then("market"),
        reform_cost=pl.when(reform).then(draws.between(80_000, 900_000, "reform-cost")),
        raised=pl.when(listed).then(draws.between(8_000, 300_000, "raised")),
    )


def drug_approvals(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return approvals of new drugs and devices; one product in seven is made in another province."""
    firm, draws = world.draws(), world.draws("row")
    makers = firms.filter(pl.col("industry").str.contains("^C27|^C358") & ~pl.col("sole_trader"))
    in_jiangsu = pl.when(pl.col("region").str.starts_with("32")).then(12).otherwise(1)
    able = makers.filter(firm.chance(world.rare(30_000, 1_600) * in_jiangsu, "drugs"))
    approved = draws.quantile([(share, (day - _EPOCH).days) for share, day in _APPROVED], "approved-on")
    rows = repeated(able, firm.between(1, 4, "drug-count")).with_columns(
        product=pl.lit("合成药械") + pl.col("row").cast(pl.String),
        kind=draws.pick(["创新药", "改良型新药", "三类创新医疗器械"], "drug-kind"),
        approval_no=pl.lit("国药准字合成") + pl.col("row").cast(pl.String),
        approved_on=approved.cast(pl.Int32).cast(pl.Date),
        made_in_province=~draws.chance(140_000, "made-outside"),
    )
    return rows.filter(pl.col("approved_on") > pl.col("established_on"))


def projects(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return projects with grants of nation, province or city."""
    firm, draws = world.draws(), world.draws("row")
    able = firms.filter(firm.chance(world.rare(3_000, 150) * world.shown_more(), "projects") & ~pl.col("sole_trader"))
    grant = draws.between(10, 800, "grant")
    granted = draws.day(date(2018, 3, 1), date(2025, 4, 30), "project-on")
    rows = repeated(able, firm.between(1, 3, "project-count")).with_columns(
        project_no=pl.lit("合成项") + pl.col("row").cast(pl.String),
        programme=draws.pick(_PROGRAMMES, "programme"),
        level=draws.pick(["国家级", "省级", "省级", "市级", "市级"], "project-level"),
        grant=grant,
        invested=grant * draws.between(3, 15, "invested"),
        granted_on=granted,
    )
    accepted = pl.col("granted_on") + pl.duration(days=draws.between(365, 1_100, "accepted-after"))
    rows = rows.with_columns(accepted_on=pl.when(accepted <= DELIVERED_ON).then(accepted))
    return rows.filter(pl.col("granted_on") > pl.col("established_on"))
