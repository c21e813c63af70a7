"""Places in names (行政区划): the chain that a name begins with, and the one that stands in brackets inside it.

湖北省武汉市某某商贸有限公司, 武汉某某商贸有限公司 and 某某（武汉）商贸有限公司 say the same place in three ways. A
chain goes inwards only, province to city to county: 大连金安投资 is 大连 and 金安投资, although 金安 is a district of
another city.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from enterprise_data.identity.names.place_tables import (
    ambiguous_words,
    cities_with_districts,
    finer_words,
    kinds,
    nested_pairs,
    seats,
    short_words,
    whole_words,
    words_for_places,
    words_of_several_cities,
)

# A bracketed place belongs to the firm when its form comes after it; behind the form it belongs to a branch.
_FORM_FOLLOWS = r"([^()]*(?:公司|厂|社|中心|事务所|工作室|院|行|店))"
_FORM_BEFORE = r"公司\("
_DESCRIBED = pl.Struct(
    {
        "places": pl.List(pl.String),
        "place_kind": pl.String,
        "ambiguous": pl.Boolean,
        "several": pl.Boolean,
        "finer": pl.Boolean,
        "seats": pl.String,
    }
)


def with_places(names: pl.DataFrame, name: str) -> pl.DataFrame:
    """Add to names, in which brackets are still there, what their places are.

    `places`: list of short place words (武汉 for 武汉市), the outermost first; `place_kind`: of what kind the innermost
    place is where the name gives it whole (市, 州, 地区), else null; `ambiguous`: whether the only place is a word
    that several provinces have (朝阳, 通州); `several`: whether several cities have the innermost place's word (鼓楼);
    `finer`: whether the innermost place is given whole and another has its short form, too (长沙县, 吉林市); `seats`:
    where the innermost place may lie, as `/3702/` (see `place_tables.seats`); `core`: the rest of the name.
    """
    frame = names.with_columns(_in_brackets(names[name]).alias("_inside"), _first=_in_front(name))
    # A short word before a bracketed place elsewhere is the firm's own: 东方华旗（江苏） is not of 东方市, nor
    # 广州海丽（青岛） of 广州. But 山东海丽（青岛） is of 山东, and neither 山东海丽 nor 青岛海丽.
    leads = (
        _nested("_inside", "_first") | _nested("_first", "_inside") | pl.col("_first").is_in(whole_words().implode())
    )
    frame = frame.with_columns(_inside=pl.when(~leads.fill_null(value=False)).then("_inside"))
    frame = frame.with_columns(
        _without(frame[name], frame["_inside"]).alias("_rest"),
        _first=pl.when(pl.col("_inside").is_null()).then("_first"),
    )
    chain = pl.concat_str("_first", "_second", "_third", "_inside", separator="/", ignore_nulls=True)
    return (
        _inwards(frame)
        .with_columns(chain.map_batches(_described, return_dtype=_DESCRIBED).alias("_described"))
        .unnest("_described")
        .drop("_inside", "_first", "_second", "_third")
        .rename({"_rest": "core"})
    )


def begins_with_place(names: pl.Series) -> pl.Series:
    """Say whether names begin with the word for a place; null is none."""
    return names.str.contains(_leading()).fill_null(value=False)


def _in_brackets(names: pl.Series) -> pl.Series:
    """Return the place that names have in brackets before their form, else null. Few names have brackets at all."""
    at = names.str.contains("(", literal=True).fill_null(value=False).arg_true()
    some = names.gather(at)
    inside = some.str.extract(_bracketed(), 1).set(some.str.contains(_FORM_BEFORE), None)
    return pl.repeat(None, names.len(), dtype=pl.String, eager=True).scatter(at, inside)


def _without(names: pl.Series, inside: pl.Series) -> pl.Series:
    """Return names without the place in brackets, where there is one."""
    at = inside.is_not_null().arg_true()
    return names.clone().scatter(at, names.gather(at).str.replace(_bracketed(), "$2"))


def _inwards(frame: pl.DataFrame) -> pl.DataFrame:
    before = "_first"
    frame = frame.with_columns(_rest=_after("_first"))
    for place in ("_second", "_third"):
        frame = frame.with_columns(_in_front("_rest").alias(place))
        frame = frame.with_columns(pl.when(_nested(before, place)).then(place).alias(place))
        frame = frame.with_columns(_rest=_after(place))
        before = place
    return frame


def _in_front(text: str) -> pl.Expr:
    """Return the place word that texts begin with, else null. Much faster than capturing it."""
    return pl.col(text).str.strip_suffix(pl.col(text).str.replace(_leading(), "")).replace("", None)


def _after(place: str) -> pl.Expr:
    return pl.col("_rest").str.slice(pl.col(place).str.len_chars().fill_null(0))


def _described(chains: pl.Series) -> pl.Series:
    """Return what there is to say of chains such as `山东/青岛市`: a few thousand of them for millions of names."""
    given = chains.to_frame("chain")
    words = pl.when(pl.col("chain") != "").then(pl.col("chain").str.split("/")).otherwise([])
    distinct = given.unique().with_columns(words=words).select("chain", *_shortened())
    return given.join(distinct, on="chain", how="left", maintain_order="left").drop("chain").to_struct(chains.name)


def _shortened() -> list[pl.Expr]:
    words, short = short_words()
    element = pl.element().replace_strict(words, short, return_dtype=pl.String)
    innermost = pl.col("words").list.last()
    return [
        pl.col("words").list.eval(element).list.unique(maintain_order=True).alias("places"),
        innermost.replace_strict(*kinds(), default=None, return_dtype=pl.String).alias("place_kind"),
        ((pl.col("words").list.len() == 1) & innermost.is_in(ambiguous_words().implode())).alias("ambiguous"),
        (
            innermost.is_in(words_of_several_cities().implode())
            & ~pl.col("chain").is_in(cities_with_districts().implode())
        )
        .fill_null(value=False)
        .alias("several"),
        innermost.is_in(finer_words().implode()).fill_null(value=False).alias("finer"),
        innermost.replace_strict(*seats(), default=None, return_dtype=pl.String).alias("seats"),
    ]


def _nested(outer: str, inner: str) -> pl.Expr:
    pair = pl.concat_str(outer, inner, separator="/")
    return pair.is_in(nested_pairs().implode()).fill_null(value=False)


@lru_cache(maxsize=1)
def _alternatives() -> str:
    longest_first = sorted(set(words_for_places()["word"]), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, longest_first))


def _leading() -> str:
    return f"^(?:{_alternatives()})"


def _bracketed() -> str:
    return rf"\(({_alternatives()})\){_FORM_FOLLOWS}"
