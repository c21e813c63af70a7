"""What the tax office delivers (税务局): yearly returns, ratings, arrears, super-deductions for research."""

from __future__ import annotations

from datetime import date

import polars as pl

from enterprise_data.sample_city.rows import by_year, repeated
from enterprise_data.sample_city.world import DELIVERED_ON, World

# In thousandths of revenue or assets:
_MARGIN = ((0, -250), (200_000, -20), (300_000, 5), (600_000, 40), (900_000, 120), (1_000_000, 300))
_RATINGS = ["A"] * 12 + ["B"] * 55 + ["M"] * 20 + ["C"] * 7 + ["D"] * 6


def tax(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return yearly returns of all firms but sole traders; tax follows revenue and profit."""
    draws, firm = world.draws("row"), world.draws()
    rows = by_year(firms.filter(~pl.col("sole_trader")))
    # One return in a hundred was never filed.
    rows = rows.filter(~draws.chance(10_000, "not-filed"))
    revenue = pl.col("revenue")
    margin = firm.quantile(_MARGIN, "margin") + draws.between(-30, 30, "margin-year")
    rows = rows.with_columns(
        main_revenue=revenue * draws.between(930, 1_000, "main-revenue") // 1_000,
        profit=revenue * margin // 1_000,
        assets=revenue * firm.between(400, 2_500, "assets") // 1_000 + 50_000,
    )
    income_tax = pl.col("profit").clip(0) * 15 // 100
    paid = revenue * firm.between(15, 45, "turnover-tax") // 1_000 + income_tax
    rows = rows.with_columns(
        liabilities=pl.col("assets") * (firm.between(100, 900, "debt") + draws.between(-40, 40, "debt-year")) // 1_000,
        tax_paid=paid,
    )
    return rows.with_columns(local_contribution=pl.col("tax_paid") * 45 // 100)


def tax_rating(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return yearly ratings; a firm's rating changes in one year of five."""
    firm, draws = world.draws(), world.draws("row")
    rows = by_year(firms.filter(~pl.col("sole_trader")), first=2021)
    changed = draws.chance(200_000, "rating-changed")
    rating = pl.when(changed).then(draws.pick(_RATINGS, "rating-year")).otherwise(firm.pick(_RATINGS, "rating"))
    return rows.with_columns(rating=rating)


def tax_arrears(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return announced arrears; two in three were cleared."""
    draws = world.draws("row")
    rows = repeated(firms.filter(world.draws().chance(8_000, "tax-arrears")), 1)
    announced = draws.day(date(2020, 1, 1), DELIVERED_ON, "announced-on")
    cleared = announced + pl.duration(days=draws.between(20, 700, "cleared-after"))
    settled = draws.chance(660_000, "cleared") & (cleared <= DELIVERED_ON)
    return rows.with_columns(
        tax=draws.pick(["增值税", "企业所得税", "城镇土地使用税"], "arrears-tax"),
        owed=draws.between(1_000, 900_000, "owed"),
        announced_on=announced,
        cleared_on=pl.when(settled).then(cleared),
    ).filter(pl.col("announced_on") > pl.col("established_on"))


def rd_deductions(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return what technical firms spent on research and were allowed to deduct: all of it once more since 2021."""
    firm, draws = world.draws(), world.draws("row")
    inclined = firm.chance(pl.col("technical") * 12_000, "researches")
    rows = by_year(firms.filter(inclined & ~pl.col("sole_trader")))
    expense = pl.col("revenue") * (firm.between(10, 90, "research") + draws.between(0, 15, "research-year")) // 1_000
    share = pl.when(pl.col("year") >= 2021).then(100).otherwise(75)
    return rows.with_columns(rd_expense=expense).with_columns(super_deduction=pl.col("rd_expense") * share // 100)
