"""What the statistics office and the finance office deliver: who is above the threshold, past payments, accounts."""

from __future__ import annotations

from datetime import date

import polars as pl

from enterprise_data.sample_city.draws import Draws
from enterprise_data.sample_city.recognitions import hightech, honours
from enterprise_data.sample_city.rows import last_year, repeated
from enterprise_data.sample_city.world import DELIVERED_ON, YEARS, World, cities

_THRESHOLDS = {
    "工业": 20_000_000, "批发业": 20_000_000, "零售业": 5_000_000, "住宿业": 2_000_000, "餐饮业": 2_000_000,
    "服务业": 10_000_000, "建筑业": 10_000_000, "房地产开发经营业": 1,
}  # fmt: skip
_ENTERED = (
    (0, date(2011, 2, 1)), (400_000, date(2019, 1, 1)), (600_000, date(2022, 1, 1)), (800_000, date(2024, 1, 1)),
    (1_000_000, date(2025, 5, 31)),
)  # fmt: skip
_EPOCH = date(1970, 1, 1)
# What a list needs to know of a firm to write its name.
_IDENTITY = (
    "number", "row", "place", "name", "uscc", "organisation_code", "registration_no", "former_name", "renamed_on",
    "former_reused", "predecessor_name", "succeeded_on",
)  # fmt: skip


def statistics_entry(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return when firms above the threshold of their sector entered the library, and when some left it."""
    firm, draws = world.draws(), world.draws("row")
    threshold = pl.col("sector").replace_strict(_THRESHOLDS, default=None, return_dtype=pl.Int64)
    able = last_year(firms).filter((pl.col("revenue") >= threshold) & ~firm.chance(150_000, "not-in-library"))
    entered = draws.quantile([(share, (day - _EPOCH).days) for share, day in _ENTERED], "entered-on")
    # Whoever was founded later entered a year or two after that.
    young = pl.col("established_on") + pl.duration(days=draws.between(200, 700, "entered-after"))
    rows = repeated(able, 1).with_columns(
        entered_on=pl.max_horizontal(entered.cast(pl.Int32).cast(pl.Date), young),
        entry_kind=draws.pick(["年度", "年度", "月度"], "entry-kind"),
    )
    left = pl.col("entered_on") + pl.duration(days=draws.between(400, 2_000, "exit-after"))
    gone = draws.chance(150_000, "exit") & (left <= DELIVERED_ON)
    rows = rows.with_columns(exited_on=pl.when(gone).then(left))
    return rows.filter(pl.col("entered_on") <= DELIVERED_ON)


def city(world: World) -> pl.DataFrame:
    """Return the indicators of each city by year; growth in per cent with two decimals, as text."""
    rows = pl.DataFrame({"number": range(len(cities())), "region": cities()}).with_columns(year=pl.lit(list(YEARS)))
    rows = rows.explode("year").with_columns(row=pl.col("number") * 100 + pl.col("year") - YEARS[0])
    draws = world.draws("row")
    return rows.with_columns(
        period=pl.col("year").cast(pl.String),
        revenue_growth=_per_cent(draws, "city-revenue"),
        tax_growth=_per_cent(draws, "city-tax"),
        minimum_wage=1_500 + (pl.col("year") - YEARS[0]) * 90,
    )


def _per_cent(draws: Draws, what: str) -> pl.Expr:
    decimals = draws.below(100, f"{what}-decimals").cast(pl.String).str.pad_start(2, "0")
    return pl.format("{}.{}", draws.between(1, 7, what), decimals)


def payments(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return what was paid before: half of the first high-tech recognitions, and some titles of honour."""
    first = (
        hightech(world, firms)
        .filter("first_time")
        .with_columns(
            policy=pl.lit("sd-sme-to-hightech-2021"), family=pl.lit("hightech-upgrade"), won_on="recognised_on"
        )
    )
    titles = honours(world, firms).with_columns(
        policy=pl.lit("合成-荣誉奖励"), family=pl.lit("honours"), item="title", won_on="recognised_on"
    )
    shared = [*_IDENTITY, "policy", "family", "item", "won_on"]
    rows = pl.concat([first.with_columns(item=pl.lit(None, dtype=pl.String)).select(shared), titles.select(shared)])
    rows = rows.sort("number", "row", "policy").with_columns(
        k=pl.int_range(pl.len()).over("number"), paid_on=pl.col("won_on") + pl.duration(days=270)
    )
    rows = rows.with_columns(row=pl.col("number") * 1024 + pl.col("k"))
    draws = world.draws("row")
    paid = draws.chance(500_000, "paid") & (pl.col("paid_on") <= date(2025, 3, 31))
    amounts = pl.lit(pl.Series([50_000, 100_000, 100_000, 200_000, 500_000]))
    award = amounts.gather(draws.below(5, "amount"))
    amount = pl.when(pl.col("family") == "honours").then(award).otherwise(100_000)
    return rows.filter(paid).with_columns(amount=amount, fiscal_year=pl.col("won_on").dt.year())


def bank_accounts(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return accounts of two in five firms; the numbers lead nowhere."""
    firm = world.draws()
    rows = repeated(firms.filter(firm.chance(400_000, "account") & ~pl.col("sole_trader")), 1)
    digits = firm.below(10**9, "account-number").cast(pl.String).str.pad_start(9, "0")
    return rows.with_columns(
        account_name="name",
        account_no=pl.lit("0000") + (pl.col("number") % 10**6).cast(pl.String).str.pad_start(6, "0") + digits,
        bank=firm.pick(["合成银行烟台分行", "合成农商银行", "合成商业银行"], "bank"),
        bank_code=pl.lit("000000000000"),
        confirmed_on=firm.day(date(2023, 1, 1), DELIVERED_ON, "account-confirmed"),
        state=firm.pick(["正常"] * 40 + ["冻结", "销户"], "account-state"),
    )
