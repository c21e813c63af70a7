"""What is known of place words beforehand: which lie in which, which several places share, what they are for short."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from enterprise_data.codes.place_words import place_words

# How a people's autonomous region is called for short, besides without any ending: 恩施州, 三江县.
_AUTONOMOUS = {"自治州": "州", "自治县": "县", "自治旗": "旗"}


@lru_cache(maxsize=1)
def words_for_places() -> pl.DataFrame:
    """Place words with colloquial ones: `word`, `prefix`, `whole`, `in_force`."""
    table = place_words()
    colloquial = []
    for ending, last in _AUTONOMOUS.items():
        whole = table.filter(pl.col("whole") & pl.col("word").str.ends_with(ending)).select("prefix")
        short = table.filter(~pl.col("whole")).join(whole, on="prefix", how="semi")
        colloquial.append(short.with_columns(pl.col("word") + last, whole=pl.lit(value=True)))
    return pl.concat([table, *colloquial]).unique().sort("word", "prefix", "whole", "in_force")


@lru_cache(maxsize=1)
def whole_words() -> pl.Series:
    """Return the words that give a place with its kind: 武汉市, 恩施州."""
    return words_for_places().filter("whole").select(pl.col("word").unique().sort()).to_series()


@lru_cache(maxsize=1)
def short_words() -> tuple[pl.Series, pl.Series]:
    """Map every word to the short form that begins it: 恩施土家族苗族自治州, 恩施州 and 恩施 to 恩施."""
    table = words_for_places()
    short = table.filter(~pl.col("whole")).select("prefix", short="word")
    joined = table.join(short, on="prefix", how="left").filter(
        pl.col("short").is_null() | pl.col("word").str.starts_with(pl.col("short"))
    )
    best = joined.group_by("word").agg(pl.col("short").sort_by(pl.col("short").str.len_chars(), "short").first())
    full = table.select(pl.col("word").unique()).join(best, on="word", how="left").sort("word")
    return full["word"], full.select(pl.coalesce("short", "word")).to_series()


@lru_cache(maxsize=1)
def kinds() -> tuple[pl.Series, pl.Series]:
    """Map every whole word to the kind of place that it says: 武汉市 to 市, 广安地区 to 地区, 白云矿区 to 矿区.

    A mining district that became another, 石拐矿区, is a 区 as that is.
    """
    words, short = short_words()
    whole = words_for_places().filter("whole").join(pl.DataFrame({"word": words, "short": short}), on="word")
    said = whole.with_columns(kind=pl.col("word").str.extract("([地矿]区|.)$"))
    became = pl.col("kind").str.ends_with("区") & (pl.col("kind") == "区").any().over("prefix", "short")
    now = said.with_columns(kind=pl.when(became).then(pl.lit("区")).otherwise("kind"))
    found = now.group_by("word").agg(pl.col("kind").min()).sort("word")
    return found["word"], found["kind"]


@lru_cache(maxsize=1)
def ambiguous_words() -> pl.Series:
    """Return the words below the province that several provinces have: 朝阳, 通州."""
    provinces = pl.col("prefix").str.head(2).n_unique()
    # 河北 is the province, although 天津 has a district of that name: names below a province give their kind then.
    is_province = (pl.col("prefix").str.len_chars() == 2).any()
    found = words_for_places().group_by("word").agg(several=(provinces > 1) & ~is_province)
    return found.filter("several").select(pl.col("word").sort()).to_series()


@lru_cache(maxsize=1)
def words_of_several_cities() -> pl.Series:
    """Return words below the province that several cities have; what is abolished counts where nothing is in force."""
    cities = pl.col("prefix").str.head(4).n_unique()
    is_province = (pl.col("prefix").str.len_chars() == 2).any()
    found = _in_force().group_by("word").agg(several=(cities > 1) & ~is_province)
    return found.filter("several").select(pl.col("word").sort()).to_series()


@lru_cache(maxsize=1)
def cities_with_districts() -> pl.Series:
    """Return chains that mean a city although districts have its word: 西安, 陕西/西安, but not 牡丹江/西安."""
    cities = _in_force().filter(pl.col("prefix").str.len_chars() == 4)
    cities = cities.filter(pl.col("prefix").n_unique().over("word") == 1)
    provinces = _in_force().select(outer="word", above="prefix")
    chains = cities.with_columns(above=pl.col("prefix").str.head(2)).join(provinces, on="above")
    behind = chains.select(chain=pl.col("outer") + "/" + pl.col("word"))
    return pl.concat([cities.select(chain="word"), behind])["chain"].unique().sort()


@lru_cache(maxsize=1)
def finer_words() -> pl.Series:
    """Return whole words whose short form stands for another, coarser place as well, or for one beside it.

    长沙 is the city rather than 长沙县, 吉林 the province rather than 吉林市; 伊宁 is both 伊宁市 and 伊宁县.
    """
    words, short = short_words()
    whole = _in_force().filter("whole").join(pl.DataFrame({"word": words, "short": short}), on="word")
    other = words_for_places().filter("whole").join(pl.DataFrame({"word": words, "short": short}), on="word")
    level, other_level = pl.col("prefix").str.len_chars(), pl.col("prefix_other").str.len_chars()
    near = (other_level == 2) | (pl.col("prefix").str.head(2) == pl.col("prefix_other").str.head(2))
    beside = (level == other_level) & pl.col("in_force") & pl.col("in_force_other")
    pairs = whole.filter(level == level.min().over("word")).join(other, on="short", suffix="_other")
    pairs = pairs.filter((pl.col("short") != pl.col("word")) & (pl.col("prefix") != pl.col("prefix_other")))
    pairs = pairs.filter((pl.col("word") != pl.col("word_other")) & near & ((other_level < level) | beside))
    return pairs.select(pl.col("word").unique().sort()).to_series()


@lru_cache(maxsize=1)
def _in_force() -> pl.DataFrame:
    """Return the rows of `words_for_places` that are in force, and those of words that no place in force has."""
    return words_for_places().filter(pl.col("in_force") | ~pl.col("in_force").any().over("word"))


@lru_cache(maxsize=1)
def seats() -> tuple[pl.Series, pl.Series]:
    """Map every word to the provinces or cities where places of that name lie or lay: 即墨 to `/3702/`.

    Municipalities count as provinces; counties right below a province (third and fourth digit 90) for themselves.
    """
    prefix = pl.col("prefix")
    seat = (
        pl.when(prefix.str.head(2).is_in(["11", "12", "31", "50"]))
        .then(prefix.str.head(2))
        .when(prefix.str.slice(2, 2) == "90")
        .then(prefix)
        .otherwise(prefix.str.head(4))
    )
    found = words_for_places().group_by("word").agg(seats="/" + seat.unique().sort().str.join("/") + "/").sort("word")
    return found["word"], found["seats"]


@lru_cache(maxsize=1)
def nested_pairs() -> pl.Series:
    """Return `outer/inner` of all place words of which some region of the second lies within one of the first."""
    words = words_for_places().select("word", "prefix").unique()
    # 河北 behind 天津 may be the district as well as a firm's own word: only 河北区 is said for sure.
    provinces = words.filter(pl.col("prefix").str.len_chars() == 2)
    inner = words.filter(pl.col("prefix").str.len_chars() > 2).join(provinces, on="word", how="anti")
    pairs = [
        inner.filter(pl.col("prefix").str.len_chars() > digits)
        .with_columns(above=pl.col("prefix").str.head(digits))
        .join(words.rename({"word": "outer", "prefix": "above"}), on="above")
        for digits in (2, 4)
    ]
    nested = pl.concat(pairs).filter(pl.col("word") != pl.col("outer"))
    return nested.select((pl.col("outer") + "/" + pl.col("word")).alias("pair").unique().sort()).to_series()
