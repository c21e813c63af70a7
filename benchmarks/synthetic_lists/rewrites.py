"""Rows about firms of the register: their names rewritten, mistyped, given up, and their codes."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from synthetic_lists.names import NO_BRANCH, NO_PLACE, front
from synthetic_lists.sample import Sample
from synthetic_lists.spoil import form_mistyped, mistyped, truncated
from synthetic_lists.words import SYLLABLES, TRADES, characters, places

_SURE = pl.col("like_key") == 1


def as_is(sample: Sample) -> pl.DataFrame:
    """Leave the name as the register has it."""
    return sample.frame


def same_key(**changes: pl.Expr) -> Callable[[Sample], pl.DataFrame]:
    """Rewrite harmlessly: the row is the firm's, unless others have the same key; then a person must look."""

    def make(sample: Sample) -> pl.DataFrame:
        made = sample.rewritten(**changes).filter(pl.col("text") != pl.col("plain"))
        return made.with_columns(expected=link_if(_SURE))

    return make


def link_if(sure: pl.Expr) -> pl.Expr:
    """Return `link` where it is sure, else `review`."""
    return pl.when(sure).then(pl.lit("link")).otherwise(pl.lit("review"))


def changed(**changes: pl.Expr) -> Callable[[Sample], pl.DataFrame]:
    """Rewrite so that the row may be the firm's, but need not."""
    return lambda sample: sample.rewritten(**changes).filter(pl.col("text") != pl.col("plain"))


def with_province(sample: Sample) -> pl.DataFrame:
    """Put the province before a name that begins with its city or county."""
    table = places()
    full, short = table.of("province_full", "county"), table.of("province", "county")
    above = pl.when(sample.draws.chance(500_000, "full-province")).then(full).otherwise(short)
    made = sample.rewritten().filter(~pl.col("text").str.starts_with(short))
    return made.with_columns(text=above + pl.col("text"), expected=link_if(_SURE))


def place_omitted(*, hinted: bool) -> Callable[[Sample], pl.DataFrame]:
    """Leave the place out; the list's city tells which firm it is if no other there has the rest of the name."""

    def make(sample: Sample) -> pl.DataFrame:
        made = sample.rewritten(style=pl.lit(NO_PLACE))
        if not hinted:
            return made.with_columns(hint=pl.lit(0))
        city = sample.draws.chance(700_000, "hint-city")
        expected = (
            pl.when(city & (pl.col("like_bare_city") == 1)).then(pl.lit("link"))
            .when(~city & (pl.col("like_bare_province") == 1)).then(pl.lit("link_or_review"))
            .otherwise(pl.lit("review"))
        )  # fmt: skip
        return made.with_columns(hint=pl.when(city).then(2).otherwise(1), expected=expected)

    return make


def former_name(sample: Sample) -> pl.DataFrame:
    """Give the former name on a day when the firm bore it."""
    days = (pl.col("until") - pl.col("reg_date")).dt.total_days()
    then = pl.col("reg_date") + pl.duration(days=sample.draws.below(1 << 20, "as-of-then") % days)
    return sample.frame.with_columns(text="former_name", as_of=then)


def former_name_reused(sample: Sample) -> pl.DataFrame:
    """Give a name that was one firm's until a day, is another's from a later day on, and was nobody's between."""
    firms = sample.register.firms
    heirs = firms.select(heir=pl.col("number"), taken=pl.col("until"), text=pl.col("plain")).unique("text")
    frame = sample.frame.drop("text").with_columns(
        text=pl.col("former_name").str.replace_many(["（", "）"], ["(", ")"])
    )
    frame = frame.join(heirs, on="text", how="inner", maintain_order="left")
    when = sample.draws.below(10, "as-of-when")
    early = pl.col("until") - pl.duration(days=sample.draws.between(1, 300, "as-of-early"))
    late = pl.col("taken") + pl.duration(days=sample.draws.between(1, 900, "as-of-late"))
    return frame.with_columns(
        as_of=pl.when(when < 4).then(early).when(when < 8).then(late).otherwise(
            pl.col("until") + (pl.col("taken") - pl.col("until")) / 2
        ),
        gold=pl.when(when < 4).then("number").when(when < 8).then("heir"),
        other=pl.when(when >= 4).then("number"),
        also=pl.when((when < 4) | (when >= 8)).then("heir"),
        expected=link_if(when < 8),
    ).filter(pl.col("as_of") > pl.col("reg_date"))  # fmt: skip


def typo(sample: Sample) -> pl.DataFrame:
    """Mistype a character of the name, but not of its form."""
    made = sample.parts()
    body = pl.col("text").str.len_chars() - pl.when("is_branch").then(0).otherwise(pl.col("form").str.len_chars())
    return made.with_columns(text=mistyped(sample.draws, body.clip(2))).filter(pl.col("text") != pl.col("plain"))


def form_typo(sample: Sample) -> pl.DataFrame:
    """Mistype the form of a limited company."""
    return sample.parts().with_columns(text=form_mistyped(sample.draws), expected=link_if(_SURE))


def cut_off(sample: Sample) -> pl.DataFrame:
    """Cut off the end of the name, as narrow columns do."""
    return sample.frame.with_columns(text=truncated(sample.draws))


def unlisted_former_name(sample: Sample) -> pl.DataFrame:
    """Give a name with another brand and line of trade."""
    brand = sample.draws.pick(characters("former_syllables"), "former-1") + sample.draws.pick(SYLLABLES, "former-2")
    return sample.rewritten(trade=sample.draws.pick(TRADES, "former-trade"), brand=brand)


def abbreviated(sample: Sample) -> pl.DataFrame:
    """Write 公司 for the form, leave the form out, or the place too."""
    made, way = sample.parts(), sample.draws.below(3, "abbreviated")
    short = pl.col("text").str.strip_suffix(pl.col("form"))
    without_place = short.str.strip_prefix(front())
    text = pl.when(way == 0).then(short + pl.lit("公司")).when(way == 1).then(short).otherwise(without_place)
    return made.with_columns(text=text)


def coded(
    code: Callable[[Sample], pl.Expr], text: Callable[[Sample], pl.DataFrame]
) -> Callable[[Sample], pl.DataFrame]:
    """Give a code beside the name that `text` makes."""
    return lambda sample: text(sample).with_columns(code=code(sample)).drop_nulls("code")


def uscc(_sample: Sample) -> pl.Expr:
    """Return the firm's own code."""
    return pl.col("uscc")


def organisation_code(sample: Sample) -> pl.Expr:
    """Return the firm's organisation code, with its hyphen or without."""
    code = pl.col("uscc").str.slice(8, 9)
    hyphen = sample.draws.chance(500_000, "hyphen")
    return pl.when(hyphen).then(code.str.head(8) + pl.lit("-") + code.str.tail(1)).otherwise(code)


def code_of_another(sample: Sample) -> pl.DataFrame:
    """Give the code of another firm of the register beside the name."""
    firms = sample.register.firms
    index = sample.frame.select(sample.draws.below(firms.height, "another")).to_series()
    others = firms[index].select(code="uscc", other="number")
    made = pl.concat([sample.frame.drop("code", "other"), others], how="horizontal")
    return nobody(made.filter(pl.col("other") != pl.col("number"))).with_columns(also="number")


def code_of_parent(sample: Sample) -> pl.DataFrame:
    """Give the parent's code beside the name of a branch."""
    made = sample.rewritten(**NO_BRANCH).drop("code", "other")
    firms = sample.register.firms.select(text="plain", code="uscc", other="number")
    made = made.join(firms, on="text", how="inner", maintain_order="left")
    return nobody(made).with_columns(text="plain", also="number")


def nobody(made: pl.DataFrame) -> pl.DataFrame:
    """Say that nobody may be linked."""
    return made.with_columns(gold=pl.lit(None, dtype=pl.Int64))
