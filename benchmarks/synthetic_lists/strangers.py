"""Rows about firms that the register lacks, near in name to firms that it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl

from enterprise_data.sample_city.draws import Draws
from synthetic_lists.names import (
    CITY,
    CITY_AND_COUNTY,
    CITY_FULL,
    COUNTY,
    COUNTY_FULL,
    NO_BRANCH,
    PROVINCE,
    PROVINCE_FULL,
    branched,
    with_names,
)
from synthetic_lists.parts import parts
from synthetic_lists.register import with_unified_codes
from synthetic_lists.rewrites import nobody
from synthetic_lists.sample import Sample
from synthetic_lists.words import SYLLABLES, TRADES, places

_UNREGISTERED, _UNKNOWN_CODES = 50_000_000, 70_000_000  # numbers that no firm of a register has

_TO_LEVEL = {
    CITY: PROVINCE,
    CITY_FULL: PROVINCE_FULL,
    PROVINCE: CITY,
    PROVINCE_FULL: CITY_FULL,
    COUNTY: CITY,
    COUNTY_FULL: CITY_FULL,
    CITY_AND_COUNTY: CITY_FULL,
}
WITH_LEVEL = pl.col("style").is_in(list(_TO_LEVEL))


def stranger(**changes: Callable[[Draws], pl.Expr]) -> Callable[[Sample], pl.DataFrame]:
    """Rewrite into the name of another firm, which the register may not have."""

    def make(sample: Sample) -> pl.DataFrame:
        made = sample.rewritten(**{part: change(sample.draws) for part, change in changes.items()})
        nearest = pl.lit("nearest registered: ") + pl.col("truth")
        return nobody(made).with_columns(detail=nearest, other="number", truth="text")

    return make


def other_character(draws: Draws) -> pl.Expr:
    """Exchange one of the first two characters of the brand."""
    brand, place = pl.col("brand"), draws.below(2, "other-at")
    return brand.str.head(place) + draws.pick(SYLLABLES, "other-character") + brand.str.slice(place + 1)


def other_county(draws: Draws) -> pl.Expr:
    """Return some county."""
    slots = places().slots
    return pl.lit(slots).gather(draws.below(len(slots), "other-county")).cast(pl.Int32)


def other_place(sample: Sample) -> pl.DataFrame:
    """Set the name in another place; its list is from there."""
    made = stranger(county=other_county)(sample)
    return made.with_columns(seat=pl.when("is_branch").then("seat").otherwise("county"))


def other_level(sample: Sample) -> pl.DataFrame:
    """Write the province for the city, or the city for the province or the county; a town would tell which it is."""
    return stranger(style=lambda _draws: pl.col("style").replace(_TO_LEVEL))(sample).filter(pl.col("street") == "")


def other_trade(draws: Draws) -> pl.Expr:
    """Return some line of trade."""
    return draws.pick(TRADES, "other-trade")


def other_numbers(sample: Sample) -> pl.DataFrame:
    """Count on from the numbers in the name."""
    return stranger(counted=partial(_counted_on, "counted"), branch_no=partial(_counted_on, "branch_no"))(sample)


def _counted_on(number: str, draws: Draws) -> pl.Expr:
    return pl.when(pl.col(number) > 0).then(pl.col(number) + draws.between(1, 4, "other-number")).otherwise(0)


def parent_of(sample: Sample) -> pl.DataFrame:
    """Name the firm whose branch it is."""
    return stranger(**{part: partial(_always, value) for part, value in NO_BRANCH.items()})(sample)


def _always(value: pl.Expr, _draws: Draws) -> pl.Expr:
    return value


def branch_of(sample: Sample) -> pl.DataFrame:
    """Name a branch of the firm."""
    made = sample.parts().with_columns(is_branch=pl.lit(value=True), seat=other_county(sample.draws))
    made = with_names(branched(sample.draws, made)).with_columns(text="name")
    return nobody(made).with_columns(other="number", detail=pl.lit("parent: ") + pl.col("truth"), truth="text")


def random(sample: Sample) -> pl.DataFrame:
    """Name a firm that has nothing to do with the register."""
    numbers = sample.frame.with_columns(number=pl.col("row") + _UNREGISTERED)
    made = with_names(parts(sample.register.seed, numbers))
    return nobody(made).with_columns(text="name", truth="name")


def unknown_code(sample: Sample) -> pl.DataFrame:
    """Give a valid code that no firm has, beside a name one character off."""
    made = stranger(brand=other_character)(sample)
    numbers = made.with_columns(number=pl.col("row") + _UNKNOWN_CODES)
    codes = with_unified_codes(sample.register.seed, numbers.select("number", "kind", "seat", "reg_date"))
    return made.with_columns(code=codes["uscc"])


def other_form(draws: Draws) -> pl.Expr:
    """Return a form of another kind of firm."""
    return draws.pick(["厂", "总厂", "股份合作公司", "中心", "合伙企业(有限合伙)"], "other-form")
