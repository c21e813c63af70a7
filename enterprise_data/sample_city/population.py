"""The firms of the register with their lives: size, growth, status, former names."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from enterprise_data.sample_city.draws import Draws
from enterprise_data.sample_city.identities import identities, name
from enterprise_data.sample_city.predecessors import with_predecessors
from enterprise_data.sample_city.world import YEARS, World, industries

_STAFF = (
    (0, 1), (300_000, 2), (550_000, 5), (750_000, 12), (870_000, 30), (940_000, 80), (975_000, 200), (992_000, 500),
    (998_500, 1_500), (999_900, 6_000), (1_000_000, 20_000),
)  # fmt: skip
# In thousandths:
_PRODUCTIVITY = ((0, 200), (250_000, 600), (500_000, 1_000), (750_000, 1_600), (950_000, 3_500), (1_000_000, 9_000))
_DRIFT = ((0, -150), (200_000, -30), (500_000, 40), (800_000, 110), (930_000, 220), (1_000_000, 450))
_NOISE = ((0, -250), (100_000, -80), (500_000, 0), (900_000, 80), (1_000_000, 300))
_GIANTS = [yi * 10**8 for yi in (50, 50, 50, 100, 100, 100, 200, 300, 500, 1000)]  # 元
_CAPITALS = ["10", "50", "100", "100", "200", "300", "500", "500", "1000", "1000", "2000", "5000", "10000"]  # 万元


def population(world: World, first: int, last: int) -> pl.DataFrame:
    """Return the register's firms numbered `first` up to, not including, `last`.

    Beside the identity: `status`, `closed_on`, `former_name` with its last day `renamed_on` and `former_reused` (the
    next firm bears it today), what the firm was before (see `with_predecessors`), and by year (2016-2024, lists)
    `revenue` in 元, `growth` in thousandths, `staff`.
    """
    numbers = pl.DataFrame({"number": pl.int_range(first, last, eager=True)})
    draws = world.draws()
    firms = identities(world, numbers).with_columns(
        sole_trader=pl.col("legal_form") == "个体工商户",
        technical=pl.lit(industries().technical).gather("line"),
        sector=pl.lit(industries().sector).gather("line"),
    )
    return with_predecessors(world, _renamed(world, _sized(world, _closed(draws, firms))))


def _closed(draws: Draws, firms: pl.DataFrame) -> pl.DataFrame:
    fate = draws.below(1_000, "fate")
    ended = (
        pl.when(fate < 65)
        .then(pl.lit("注销"))
        .when(fate < 85)
        .then(pl.lit("吊销"))
        .when(fate < 92)
        .then(pl.lit("迁出"))
    )
    day = draws.day(date(2019, 6, 1), date(2025, 6, 1), "closed-on")
    old_enough = day > pl.col("established_on") + timedelta(days=200)
    return firms.with_columns(status=pl.when(old_enough).then(ended).fill_null("存续"), closed_on=day).with_columns(
        closed_on=pl.when(pl.col("status") != "存续").then("closed_on")
    )


def _renamed(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    draws = world.draws()
    day = draws.day(date(2014, 1, 1), date(2025, 5, 31), "renamed-on")
    renamed = draws.chance(45_000, "renamed") & ~pl.col("sole_trader")
    renamed &= day > pl.col("established_on") + timedelta(days=300)
    # One former name in thirty is what the next firm bears today; neighbours are always of one hundred.
    reused = draws.chance(33_000, "former-name-reused") & (pl.col("number") % 100 != 99)
    taken = pl.when(reused).then(pl.col("name").shift(-1))
    named = firms.with_columns(former_number=pl.col("number") + 2 * world.firms, renamed_on=pl.when(renamed).then(day))
    former = pl.when(renamed).then(taken.fill_null(name(world, "former_number")))
    return named.with_columns(former_name=former, former_reused=pl.when(renamed).then(taken.is_not_null())).drop(
        "former_number", "name_number"
    )


def _sized(world: World, firms: pl.DataFrame) -> pl.DataFrame:
    """Give each firm its staff and revenue of the last year, and from there backwards by its growth."""
    draws = world.draws()
    staff = pl.when("sole_trader").then(draws.between(1, 6, "trader-staff")).otherwise(draws.quantile(_STAFF, "staff"))
    per_head = pl.lit(industries().revenue_per_head).gather("line")
    usual = pl.col("staff") * per_head * draws.quantile(_PRODUCTIVITY, "productivity") // 1_000
    giant = draws.chance(world.rare(100, 60) * world.shown_more(), "giant") & (
        pl.col("legal_form").is_in(["有限责任公司", "股份有限公司"])
    )
    size = pl.lit(pl.Series(_GIANTS)).gather(draws.below(len(_GIANTS), "giant-size"))
    huge = size * draws.between(850, 1_350, "giant-revenue") // 1_000
    sized = firms.with_columns(giant=giant, staff=staff).with_columns(
        revenue=pl.when("giant").then(huge).otherwise(usual) + draws.below(10_000, "odd-yuan")
    )
    sized = sized.with_columns(
        staff=pl.when("giant").then((pl.col("revenue") // 2_000_000).clip(200, 60_000)).otherwise("staff"),
        registered_capital=pl.when(~pl.col("sole_trader")).then(draws.pick(_CAPITALS, "capital").cast(pl.Int64)),
        drift=draws.quantile(_DRIFT, "drift"),
    )
    return _backwards(draws, sized)


def _backwards(draws: Draws, sized: pl.DataFrame) -> pl.DataFrame:
    frame = sized.rename({"staff": f"staff_{YEARS[-1]}", "revenue": f"revenue_{YEARS[-1]}"})
    for year in reversed(YEARS[1:]):
        usual = pl.col("drift") + draws.quantile(_NOISE, f"noise-{year}")
        surge = draws.between(20, 400, f"surge-{year}")
        growth, staff = pl.col(f"growth_{year}"), pl.col(f"staff_{year}") * 1_000
        frame = frame.with_columns(pl.when("giant").then(surge).otherwise(usual).alias(f"growth_{year}")).with_columns(
            (pl.col(f"revenue_{year}") * 1_000 // (1_000 + growth)).alias(f"revenue_{year - 1}"),
            (staff // (1_000 + growth // 2)).clip(1).alias(f"staff_{year - 1}"),
        )
    lists = {what: pl.concat_list(f"{what}_{year}" for year in YEARS) for what in ("staff", "revenue")}
    helpers = [f"{what}_{year}" for what in lists for year in YEARS]
    return frame.with_columns(**lists).drop(*helpers, *(f"growth_{year}" for year in YEARS[1:]), "drift")
