"""Places in names (行政区划): the chain that a name begins with, and the one that stands in brackets inside it.

湖北省武汉市某某商贸有限公司, 武汉某某商贸有限公司 and 某某（武汉）商贸有限公司 say the same place in three ways. A
chain goes inwards only, province to city to county: 大连金安投资 is 大连 and 金安投资, although 金安 is a district of
another city.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from enterprise_data.codes.place_words import place_words

_DEPTH = 3
# A bracketed place belongs to the firm when its form comes after it; behind the form it belongs to a branch.
_FORM_FOLLOWS = r"([^()]*(?:公司|厂|社|中心|事务所|院|行|店))"
_SELF_EVIDENT = r"[省市县区州盟旗]$"
# How a people's autonomous region is called for short, besides without any ending: 恩施州, 三江县.
_AUTONOMOUS = {"自治州": "州", "自治县": "县", "自治旗": "旗"}


def with_places(names: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """Add to names, in which brackets are still there, what their places are.

    `places`: list of short place words (武汉 for 武汉市), the outermost first; `place_kind`: the last character of the
    innermost place where the name gives it whole (市, 州), else null; `ambiguous`: whether the only place is a word
    that several provinces have (朝阳, 通州); `core`: the rest of the name.
    """
    inside = pl.col(name).str.extract(_bracketed(), 1)
    rest = pl.when(inside.is_not_null()).then(pl.col(name).str.replace(_bracketed(), "$2")).otherwise(name)
    frame = names.with_columns(_inside=inside, _rest=rest).with_columns(
        _first=pl.col("_rest").str.extract(_leading(), 1)
    )
    # A short word before a bracketed place elsewhere is the firm's own: 东方华旗（江苏） is not of 东方市.
    stranger = (
        pl.col("_inside").is_not_null()
        & ~_nested("_inside", "_first")
        & ~_nested("_first", "_inside")
        & ~pl.col("_first").str.contains(_SELF_EVIDENT)
    )
    frame = frame.with_columns(_first=pl.when(~stranger.fill_null(value=False)).then("_first"))
    return (
        _inwards(frame)
        .with_columns(_chained())
        .with_columns(_shortened())
        .drop("_inside", "_rest", "_first", "_second", "_third", "_chain")
    )


def begins_with_place(name: pl.Expr) -> pl.Expr:
    """Say whether names begin with the word for a place; null is none."""
    return name.str.contains(_leading()).fill_null(value=False)


def _inwards(frame: pl.LazyFrame) -> pl.LazyFrame:
    before = "_first"
    frame = frame.with_columns(_rest=_after("_first"))
    for place in ("_second", "_third"):
        frame = frame.with_columns(pl.col("_rest").str.extract(_leading(), 1).alias(place))
        frame = frame.with_columns(pl.when(_nested(before, place)).then(place).alias(place))
        frame = frame.with_columns(_rest=_after(place))
        before = place
    return frame


def _after(place: str) -> pl.Expr:
    return pl.col("_rest").str.slice(pl.col(place).str.len_chars().fill_null(0))


def _chained() -> list[pl.Expr]:
    leading = ("_first", "_second", "_third")
    inner = pl.concat_list(*leading, "_inside")
    outer = pl.concat_list("_inside", *leading)
    chain = pl.when(_nested("_inside", "_first")).then(outer).otherwise(inner).list.drop_nulls()
    return [chain.alias("_chain"), pl.col("_rest").alias("core")]


def _shortened() -> list[pl.Expr]:
    words, short = _short_words()
    element = pl.element().replace_strict(words, short, return_dtype=pl.String)
    innermost = pl.col("_chain").list.last()
    whole = innermost.is_in(_whole_words().implode())
    return [
        pl.col("_chain").list.eval(element).list.unique(maintain_order=True).alias("places"),
        pl.when(whole).then(innermost.str.slice(-1)).alias("place_kind"),
        ((pl.col("_chain").list.len() == 1) & innermost.is_in(_ambiguous_words().implode())).alias("ambiguous"),
    ]


def _nested(outer: str, inner: str) -> pl.Expr:
    pair = pl.concat_str(outer, inner, separator="/")
    return pair.is_in(_nested_pairs().implode()).fill_null(value=False)


@lru_cache(maxsize=1)
def _words() -> pl.DataFrame:
    """Place words with colloquial ones: `word`, `prefix`, `whole`."""
    table = place_words().select("word", "prefix", "whole")
    colloquial = []
    for ending, last in _AUTONOMOUS.items():
        whole = table.filter(pl.col("whole") & pl.col("word").str.ends_with(ending)).select("prefix")
        short = table.filter(~pl.col("whole")).join(whole, on="prefix", how="semi")
        colloquial.append(short.with_columns(pl.col("word") + last, whole=pl.lit(value=True)))
    return pl.concat([table, *colloquial]).unique().sort("word", "prefix", "whole")


@lru_cache(maxsize=1)
def _alternatives() -> str:
    longest_first = sorted(set(_words()["word"]), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, longest_first))


def _leading() -> str:
    return f"^({_alternatives()})"


def _bracketed() -> str:
    return rf"\(({_alternatives()})\){_FORM_FOLLOWS}"


@lru_cache(maxsize=1)
def _whole_words() -> pl.Series:
    return _words().filter("whole").select(pl.col("word").unique().sort()).to_series()


@lru_cache(maxsize=1)
def _short_words() -> tuple[pl.Series, pl.Series]:
    """Map every word to the short form that begins it: 恩施土家族苗族自治州, 恩施州 and 恩施 to 恩施."""
    table = _words()
    short = table.filter(~pl.col("whole")).select("prefix", short="word")
    joined = table.join(short, on="prefix", how="left").filter(
        pl.col("short").is_null() | pl.col("word").str.starts_with(pl.col("short"))
    )
    best = joined.group_by("word").agg(pl.col("short").sort_by(pl.col("short").str.len_chars(), "short").first())
    full = table.select(pl.col("word").unique()).join(best, on="word", how="left").sort("word")
    return full["word"], full.select(pl.coalesce("short", "word")).to_series()


@lru_cache(maxsize=1)
def _ambiguous_words() -> pl.Series:
    provinces = pl.col("prefix").str.head(2).n_unique()
    # 河北 is the province, although 天津 has a district of that name: names below a province give their kind then.
    is_province = (pl.col("prefix").str.len_chars() == 2).any()
    found = _words().group_by("word").agg(several=(provinces > 1) & ~is_province)
    return found.filter("several").select(pl.col("word").sort()).to_series()


@lru_cache(maxsize=1)
def _nested_pairs() -> pl.Series:
    """Return `outer/inner` of all place words of which some region of the second lies within one of the first."""
    words = _words().select("word", "prefix").unique()
    inner = words.filter(pl.col("prefix").str.len_chars() > 2)
    pairs = [
        inner.filter(pl.col("prefix").str.len_chars() > digits)
        .with_columns(above=pl.col("prefix").str.head(digits))
        .join(words.rename({"word": "outer", "prefix": "above"}), on="above")
        for digits in (2, 4)
    ]
    nested = pl.concat(pairs).filter(pl.col("word") != pl.col("outer"))
    return nested.select((pl.col("outer") + "/" + pl.col("word")).alias("pair").unique().sort()).to_series()
