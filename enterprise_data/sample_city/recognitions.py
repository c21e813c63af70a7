"""Recognitions: high-tech and technology-based firms (科学技术局), titles and first sets (工业和信息化局)."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from enterprise_data.sample_city.rows import last_year, repeated
from enterprise_data.sample_city.world import DELIVERED_ON, World

_RECENT = (
    (0, date(2017, 1, 10)), (500_000, date(2021, 10, 1)), (700_000, date(2023, 6, 1)), (800_000, date(2024, 1, 2)),
    (950_000, date(2024, 12, 20)), (1_000_000, date(2025, 6, 1)),
)  # fmt: skip
_EPOCH = date(1970, 1, 1)

# title, level, per million of firms, firms shown at least, only industry, years of validity
_TITLES = (
    ("创新型中小企业", "省级", 9_000, 0, False, 3),
    ("专精特新中小企业", "省级", 6_000, 0, False, 3),
    ("专精特新中小企业", "市级", 5_000, 0, False, 3),
    ("专精特新小巨人企业", "国家级", 700, 150, True, 3),
    ("单项冠军企业", "国家级", 60, 150, True, 3),
    ("单项冠军企业", "省级", 250, 150, True, 3),
    ("单项冠军示范企业", "国家级", 40, 80, True, 3),
    ("单项冠军培育企业", "国家级", 20, 60, True, 3),
    ("瞪羚企业", "省级", 1_200, 200, False, 3),
    ("瞪羚企业", "市级", 1_000, 200, False, 3),
    ("准独角兽企业", "省级", 30, 120, False, 2),
    ("独角兽企业", "省级", 5, 80, False, 2),
    ("哪吒企业", "市级", 20, 120, False, 3),
    ("绿色工厂", "国家级", 150, 80, True, 0),
    ("绿色工厂", "省级", 200, 100, True, 0),
    ("企业技术中心", "省级", 800, 100, True, 0),
    ("制造业创新中心", "省级", 2, 40, True, 0),
    ("工业设计中心", "国家级", 3, 40, True, 0),
    ("技术创新示范企业", "省级", 100, 40, True, 3),
    ("智能工厂", "省级", 200, 60, True, 0),
)


def _recent(world: World, what: str) -> pl.Expr:
    table = [(share, (day - _EPOCH).days) for share, day in _RECENT]
    return world.draws("row").quantile(table, what).cast(pl.Int32).cast(pl.Date)


def hightech(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return recognitions of high-tech firms since 2008: the first, and renewals every three years."""
    firm, draws = world.draws(), world.draws("row")
    able = firm.chance(pl.col("technical") * 6_000 + 1_000, "hightech") & ~pl.col("sole_trader")
    first = firm.day(date(2009, 6, 1), date(2024, 12, 20), "hightech-first")
    recent = firm.chance(300_000, "hightech-recent")
    lately = firm.day(date(2024, 10, 8), date(2024, 12, 20), "hightech-lately")
    candidates = firms.filter(able).with_columns(first_on=pl.when(recent).then(lately).otherwise(first))
    rows = repeated(candidates, firm.between(1, 6, "hightech-renewals")).with_columns(
        recognised_on=pl.col("first_on").dt.offset_by(pl.format("{}y", pl.col("k") * 3)), first_time=pl.col("k") == 0
    )
    rows = rows.filter(
        (pl.col("recognised_on") <= DELIVERED_ON)
        & (pl.col("recognised_on") > pl.col("established_on") + timedelta(days=365))
    )
    # A firm that was too young for its first certificate got a later one first.
    rows = rows.with_columns(first_time=pl.col("k") == pl.col("k").min().over("number"))
    revoked = pl.col("recognised_on") + pl.duration(days=draws.between(60, 900, "hightech-revoked-after"))
    gone = draws.chance(10_000, "hightech-revoked") & (revoked <= DELIVERED_ON)
    certificate = pl.format(
        "GR{}37{}", pl.col("recognised_on").dt.year(), (pl.col("row") % 10**6).cast(pl.String).str.pad_start(6, "0")
    )
    return rows.with_columns(
        certificate_no=certificate,
        valid_until=pl.col("recognised_on").dt.offset_by("3y"),
        revoked_on=pl.when(gone).then(revoked),
    )


def technology_smes(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return technology-based small firms, entered anew each year."""
    firm = world.draws()
    small = last_year(firms).filter((pl.col("staff") <= 500) & ~pl.col("sole_trader"))
    candidates = small.filter(firm.chance(pl.col("technical") * 6_000, "technology-sme"))
    rows = repeated(candidates, firm.between(1, 6, "technology-sme-years"))
    year = 2025 - pl.col("k")
    entered = pl.date(year, world.draws("row").between(3, 6, "entered-month"), 15)
    rows = rows.with_columns(entered_on=entered, valid_until=pl.date(year, 12, 31))
    rows = rows.filter(pl.col("entered_on").is_between(pl.col("established_on"), DELIVERED_ON))
    number = (pl.col("number") % 10**8).cast(pl.String).str.pad_start(8, "0")
    return rows.with_columns(entry_no=pl.col("entered_on").dt.year().cast(pl.String) + pl.lit("合成") + number)


def honours(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return titles of honour; some lapsed, a few were revoked."""
    firm = world.draws()
    able = firms.filter(~pl.col("sole_trader") & pl.col("sector").is_not_null())
    won = []
    for index, (title, level, per_million, shown, industrial, years) in enumerate(_TITLES):
        # Chances are given per firm; a fifth of the firms is industrial and has a fifth of the trades' chances each.
        chance = world.rare(per_million, shown) * (4 if industrial else 1) * world.shown_more()
        winners = able.filter(firm.chance(chance, f"title-{index}"))
        if industrial:
            winners = winners.filter(pl.col("sector") == "工业")
        won.append(
            winners.with_columns(k=pl.lit(index, dtype=pl.Int64), title=pl.lit(title), level=pl.lit(level), years=years)
        )
    rows = pl.concat(won).sort("number", "k").with_columns(row=pl.col("number") * 1024 + pl.col("k"))
    return _dated(world, rows)


def _dated(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    draws = world.draws("row")
    rows = rows.with_columns(recognised_on=_recent(world, "title-on"))
    rows = rows.filter(pl.col("recognised_on") > pl.col("established_on"))
    end = pl.col("recognised_on").dt.offset_by(pl.format("{}y", "years"))
    revoked = pl.col("recognised_on") + pl.duration(days=draws.between(100, 900, "title-revoked-after"))
    gone = draws.chance(15_000, "title-revoked") & (revoked <= DELIVERED_ON)
    return rows.with_columns(
        first_time=~draws.chance(80_000, "title-again"),
        batch=pl.col("recognised_on").dt.year().cast(pl.Int64) - 2015,
        valid_until=pl.when(pl.col("years") > 0).then(end),
        revoked_on=pl.when(gone).then(revoked),
    )


def first_sets(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return recognised first sets: a firm may have several."""
    firm, draws = world.draws(), world.draws("row")
    able = firms.filter(
        (pl.col("sector") == "工业") & firm.chance(world.rare(1_500, 100) * 4 * world.shown_more(), "first-set")
    )
    rows = repeated(able, firm.between(1, 3, "first-sets")).with_columns(recognised_on=_recent(world, "first-set-on"))
    kinds = ["成套装备"] * 2 + ["单机设备"] * 4 + ["关键零部件"] * 3 + ["首版次软件", "首批次新材料"]
    price = draws.between(8, 900, "first-set-price")
    return rows.filter(pl.col("recognised_on") > pl.col("established_on")).with_columns(
        product=pl.lit("合成产品") + pl.col("row").cast(pl.String),
        kind=draws.pick(kinds, "first-set-kind"),
        level=draws.pick(["国内", "省内", "省内"], "first-set-level"),
        selling_price=price,
        sales_in_year=price * draws.between(1, 12, "first-set-sold"),
    )
