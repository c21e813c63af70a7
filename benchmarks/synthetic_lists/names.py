"""How the parts of a synthetic name are put together, and the keys of what the name says."""

from __future__ import annotations

import polars as pl

from enterprise_data.sample_city.draws import Draws
from synthetic_lists.words import NUMERALS, places, words

# How a name begins; the styles that place the city in brackets come last.
NO_PLACE, CITY, CITY_FULL, COUNTY, COUNTY_FULL, PROVINCE, PROVINCE_FULL, CITY_AND_COUNTY, PROVINCE_AND_CITY = range(9)
BRACKET_INSIDE, BRACKET_AT_END = 9, 10
# Kinds of firms.
COMPANY, FACTORY, COOPERATIVE, SHOP, STATE = range(5)
LIMITED = ["有限公司", "有限责任公司"]
# What a branch lacks that is none.
NO_BRANCH = {"branch": pl.lit(""), "branch_place": pl.lit(""), "branch_no": pl.lit(0, dtype=pl.Int64)}


def branched(draws: Draws, frame: pl.DataFrame) -> pl.DataFrame:
    """Give the firms with `is_branch` a place, perhaps a number, and a word for their branch; empty for all others."""
    numbered = draws.chance(350_000, "branch-numbered")
    word = (
        pl.when(numbered)
        .then(draws.pick(words("numbered_branches"), "branch-n"))
        .otherwise(draws.pick(words("branches"), "branch"))
    )
    placed = ~numbered | draws.chance(300_000, "branch-placed")
    is_branch = pl.col("is_branch")
    return frame.with_columns(
        branch_place=pl.when(is_branch & placed).then(places().of("county", "seat")).otherwise(pl.lit("")),
        branch_no=pl.when(is_branch & numbered).then(draws.between(1, 40, "branch-no")).otherwise(0),
        branch=pl.when(is_branch).then(word).otherwise(pl.lit("")),
    )


def with_names(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `name` as its parts make it, with half-width brackets, and two keys of what names one firm.

    `key` is the same under every harmless spelling of the name: the last word of the place without its kind, numerals,
    limited company or company of limited liability, brackets of a group. `bare_key` is that without the place.
    """
    style, table = pl.col("style"), places()
    bracket = pl.concat_str(pl.lit("("), table.of("city", "county"), pl.lit(")"))
    inside = pl.when(style == BRACKET_INSIDE).then(bracket).otherwise(pl.lit(""))
    at_end = pl.when(style == BRACKET_AT_END).then(bracket).otherwise(pl.lit(""))
    tail = pl.concat_str("form", "branch_place", _ordinal("branch_no", "digits"), "branch")
    name = pl.concat_str(
        front(), "street", "brand", inside, _ordinal("counted", "digits"), "trade", "group", at_end, tail
    )
    # Two letters apart in two columns must not make one key.
    same = (pl.col("group").str.strip_chars("()"), pl.col("form").replace("有限责任公司", "有限公司"))
    bare = pl.struct("street", "brand", "counted", "trade", *same, "branch_place", "branch_no", "branch").hash(1)
    base = (
        pl.when(style == NO_PLACE).then(pl.lit(""))
        .when(style.is_in([COUNTY, COUNTY_FULL, CITY_AND_COUNTY])).then(table.of("county", "county"))
        .when(style.is_in([PROVINCE, PROVINCE_FULL])).then(table.of("province", "county"))
        .otherwise(table.of("city", "county"))
    )  # fmt: skip
    return frame.with_columns(name=name, bare_key=bare).with_columns(
        key=pl.struct("bare_key", base.alias("base")).hash(2)
    )


def front() -> pl.Expr:
    """Return the place with which a name begins, by its style; empty if it has none there."""
    table, style = places(), pl.col("style")
    texts = {
        CITY: ("city",), CITY_FULL: ("city_full",), COUNTY: ("county",), COUNTY_FULL: ("county_full",),
        PROVINCE: ("province",), PROVINCE_FULL: ("province_full",), CITY_AND_COUNTY: ("city_full", "county_full"),
        PROVINCE_AND_CITY: ("province", "city"),
    }  # fmt: skip
    written = [
        pl.when(style == number).then(pl.concat_str(table.of(what, "county") for what in parts_of))
        for number, parts_of in texts.items()
    ]
    return pl.coalesce(*written, pl.lit(""))


def _ordinal(number: str, digits: str) -> pl.Expr:
    counted = pl.when(digits).then(pl.col(number).cast(pl.String)).otherwise(pl.lit(pl.Series(NUMERALS)).gather(number))
    return pl.when(pl.col(number) > 0).then(pl.concat_str(pl.lit("第"), counted)).otherwise(pl.lit(""))
