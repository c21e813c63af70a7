"""What the social insurance office delivers (人力资源和社会保障局): insured staff, premiums, dismissals."""

from __future__ import annotations

from datetime import date

import polars as pl

from enterprise_data.sample_city.rows import by_month, by_year, repeated
from enterprise_data.sample_city.world import DELIVERED_ON, World

MONTHS = tuple(f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(17))
# 栖霞市 sends no yearly summary: whoever asks about its firms gets no answer, not a no.
POOR_DISTRICT = "370686"
_WAGE_BASE = 4_500  # 元 a month, on which premiums are reckoned
_UNEMPLOYED = ((0, 0), (620_000, 0), (850_000, 40), (950_000, 120), (1_000_000, 600))  # thousandths of the staff


def _insures(world: World) -> pl.Expr:
    """Return whether a firm insures anybody: seven of ten do, and all larger ones."""
    return world.draws().chance(700_000, "insures") | pl.col("giant") | (pl.col("staff").list.last() >= 30)


def _insured(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    return firms.filter(_insures(world) & ~pl.col("sole_trader"))


def social_insurance(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return insured staff and premiums by month, January 2024 to May 2025."""
    firm, draws = world.draws(), world.draws("row")
    rows = by_month(_insured(world, firms).with_columns(staff=pl.col("staff").list.last()), MONTHS)
    late = firm.chance(40_000, "pays-late") & draws.chance(150_000, "late")
    staff = (pl.col("staff") * draws.between(960, 1_030, "staff-month") // 1_000).clip(1)
    payable = staff * _WAGE_BASE * firm.between(90, 220, "wages") // 100 * 36 // 100
    leaving = (staff * draws.quantile(((0, 0), (600_000, 0), (1_000_000, 60)), "leaving") // 1_000).clip(0)
    rows = rows.with_columns(staff=staff, premium_payable=payable, separations=leaving, paid_in_full=~late)
    paid = pl.when("paid_in_full").then("premium_payable").otherwise(pl.col("premium_payable") * 3 // 5)
    rows = rows.with_columns(
        premium_paid=paid, unemployment_claimants=pl.col("separations") * draws.below(60, "claiming") // 100
    )
    return rows.with_columns(arrears=pl.col("premium_payable") - pl.col("premium_paid"))


def unemployment_insurance(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the yearly summary, on which refunds for keeping staff rest; 栖霞市 did not send it.

    Firms that insure nobody stand in it with zeros; of sole traders the office keeps no account.
    """
    firm, draws = world.draws(), world.draws("row")
    accounts = firms.filter(~pl.col("sole_trader") & (pl.col("region") != POOR_DISTRICT))
    rows = by_year(accounts.with_columns(insures=_insures(world)))
    late = firm.chance(40_000, "pays-late") & draws.chance(500_000, "late-year")
    young = pl.col("established_on").dt.year() == pl.col("year")
    dismissed = pl.col("staff") * draws.quantile(_UNEMPLOYED, "dismissed") // 1_000
    months = pl.when(young).then(13 - pl.col("established_on").dt.month().cast(pl.Int64)).otherwise(12)
    rows = rows.with_columns(
        average_staff=pl.col("staff"),
        year_end_staff=(pl.col("staff") * draws.between(930, 1_080, "year-end") // 1_000).clip(1),
        months_paid=pl.when(late).then(months - draws.between(1, 6, "months-late")).otherwise(months).clip(0),
        dismissals=dismissed,
        unemployment_claimants=dismissed * draws.between(40, 90, "claimants") // 100,
        paid_in_full=~late,
    )
    premium = pl.col("staff") * pl.col("months_paid") * _WAGE_BASE * firm.between(90, 220, "wages") // 100 // 100
    rows = rows.with_columns(premium_paid=premium, paid_in_full=pl.col("paid_in_full") & pl.col("insures"))
    counts = ["average_staff", "year_end_staff", "months_paid", "dismissals", "unemployment_claimants", "premium_paid"]
    return rows.with_columns(pl.when("insures").then(name).otherwise(0).alias(name) for name in counts)


def graduate_hires(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return how many graduates firms hired."""
    draws = world.draws("row")
    rows = by_year(_insured(world, firms).filter(pl.col("staff").list.last() >= 10), first=2022)
    hired = pl.col("staff") * draws.quantile(((0, 0), (600_000, 0), (1_000_000, 80)), "graduates") // 1_000
    rows = rows.with_columns(graduates=hired).filter(pl.col("graduates") > 0)
    return rows.with_columns(insured_three_months=pl.col("graduates") * draws.between(60, 100, "stay") // 100)


def wage_arrears(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Return the list of firms that owed wages to migrant workers."""
    draws = world.draws("row")
    rows = repeated(firms.filter(world.draws().chance(2_500, "wage-arrears")), 1)
    listed = draws.day(date(2020, 1, 1), DELIVERED_ON, "wages-listed-on")
    later = listed + pl.duration(days=draws.between(90, 800, "wages-removed-after"))
    removed = draws.chance(400_000, "wages-removed") & (later <= DELIVERED_ON)
    return rows.with_columns(
        listed_on=listed, removed_on=pl.when(removed).then(later), owed=draws.between(20_000, 3_000_000, "wages-owed")
    ).filter(pl.col("listed_on") > pl.col("established_on"))
