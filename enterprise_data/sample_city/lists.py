"""Lists by name only: whom each row means, and how its name is written there."""

from __future__ import annotations

import polars as pl

from enterprise_data.catalogue.model import FirmKey
from enterprise_data.sample_city.feeds import Feed
from enterprise_data.sample_city.list_noise import Noise, liberties, writings
from enterprise_data.sample_city.world import World, places

TRUTH_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "dataset": pl.String,
    "row_no": pl.Int64,
    "uscc": pl.String,
    "name": pl.String,
    "faults": pl.List(pl.String),
}


def is_list(feed: Feed) -> bool:
    """Return whether the department delivers names only, as published lists have them."""
    return feed.keys == (FirmKey.NAME,)


def name_of_the_day(day: str, *, predecessors: bool) -> pl.Expr:
    """Return the name that a file bears which is dated by the column `day`: the former one, or the predecessor's.

    With `predecessors` false the name is one that the firm itself bore.
    """
    current = pl.when(pl.col(day) <= pl.col("renamed_on")).then("former_name").otherwise("name")
    if not predecessors:
        return current
    before = pl.col("predecessor_name").is_not_null() & (pl.col(day) < pl.col("succeeded_on"))
    return pl.when(before).then("predecessor_name").otherwise(current)


def as_listed(world: World, feed: Feed, rows: pl.DataFrame, strangers: pl.DataFrame) -> pl.DataFrame:
    """Write the names as the list has them; `uscc` becomes null where the name is not that of a registered firm.

    Adds `name_faults`: the names of what was done to the name, an empty list for most rows.
    """
    known = rows.join(strangers.select("number", name_stranger="name"), on="number", how="left", maintain_order="left")
    placed = known.with_columns(
        city=pl.lit(places().city).gather("place"),
        district=pl.lit(places().district).gather("place"),
        province=pl.lit(places().province).gather("place"),
        _liberty=pl.lit(None, dtype=pl.String),
        _writing=pl.lit(None, dtype=pl.String),
    )
    draws = world.draws("row")
    free = _with_one_of(world, feed, placed, liberties(draws), "_liberty")
    written = _with_one_of(world, feed, free, writings(draws), "_writing")
    foreign = [noise.what for noise in liberties(draws) if not noise.names_firm]
    return written.with_columns(
        uscc=pl.when(~pl.col("_liberty").is_in(foreign).fill_null(value=False)).then("uscc"),
        name_faults=pl.concat_list("_liberty", "_writing").list.drop_nulls(),
    ).drop("_liberty", "_writing", "city", "district", "province", "name_stranger")


def truth(feed: Feed, rows: pl.DataFrame, before: int) -> pl.DataFrame:
    """Return whom the rows of a list mean (columns of `TRUTH_SCHEMA`); `before` rows stand in the file above them."""
    return rows.select(
        dataset=pl.lit(feed.dataset),
        row_no=pl.int_range(before + 1, before + 1 + pl.len(), dtype=pl.Int64),
        uscc="uscc",
        name="name",
        faults="name_faults",
    )


def _with_one_of(world: World, feed: Feed, rows: pl.DataFrame, noises: tuple[Noise, ...], column: str) -> pl.DataFrame:
    """Give each row at most one of the noises that apply to its name, the first whose draw falls."""
    name, text, what = pl.col("name"), pl.col("name"), pl.lit(None, dtype=pl.String)
    for noise in reversed(noises):
        applies = (noise.text != name).fill_null(value=False)
        falls = applies & world.draws("row").chance(noise.per_million, f"{feed.dataset}/{noise.what}")
        text = pl.when(falls).then(noise.text).otherwise(text)
        what = pl.when(falls).then(pl.lit(noise.what)).otherwise(what)
    return rows.with_columns(text.alias("name"), what.alias(column))
