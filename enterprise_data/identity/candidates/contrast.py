"""Find the pattern by which two names differ, from their parts and from how many slips of the hand lie between them."""

from __future__ import annotations

from functools import partial

import polars as pl

from enterprise_data.codes.place_words import place_words
from enterprise_data.identity.candidates.parts import with_digits, with_parts
from enterprise_data.identity.candidates.slips import FARTHEST, apart, slips_where

# Two slips leave a name recognisable where not both are in the word that tells it from others; one, where it is not
# too short.
_LONG_ENOUGH = 3
# 集团 comes and goes within names as the organisation form does at their end.
_GROUP = "集团"
_SHORTEST_BEGINNING = 3


def with_patterns(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add to pairs of normalised names, `left` the row's and `right` the firm's, the column `pattern`.

    `left_plain` and `right_plain` are the names in simplified script. The parts of both (`parts.py`) are added too, as
    the structs `left_parts` and `right_parts`.
    """
    names = pl.concat([pairs["left_plain"], pairs["right_plain"]]).unique().sort().rename("plain").to_frame()
    parts = with_parts(names).select("plain", parts=pl.struct(pl.exclude("plain")))
    paired = pairs
    for side in ("left", "right"):
        of_side = parts.rename({"plain": f"{side}_plain", "parts": f"{side}_parts"})
        paired = paired.join(of_side, on=f"{side}_plain", maintain_order="left")
    paired = paired.with_columns(_body("left"), _body("right"))
    paired = paired.with_columns(
        apart(paired.select(left=_part("left", "spelling"), right=_part("right", "spelling"))).alias("whole"),
        apart(paired.select(left="left_body", right="right_body")).alias("body"),
        elsewhere=_elsewhere(paired) | _other_branch(),
    )
    paired = paired.with_columns(
        _told(paired, "own_word", pl.col("left_body").str.head(_length("brand")), "brand"),
        _told(paired, "own_branch", pl.col("left_body").str.tail(_length("branch")), "branch"),
    )
    return paired.select(*pairs.columns, "left_parts", "right_parts", pattern=_pattern())


def _part(side: str, part: str) -> pl.Expr:
    return pl.col(f"{side}_parts").struct.field(part)


def _body(side: str) -> pl.Expr:
    body = _part(side, "brand") + _part(side, "trade") + _part(side, "branch")
    return with_digits(body).str.replace(_GROUP, "", literal=True).alias(f"{side}_body")


def _length(part: str) -> pl.Expr:
    return _part("right", part).str.len_chars()


def _told(pairs: pl.DataFrame, name: str, beside: pl.Expr, part: str) -> pl.Series:
    """Return how many slips there are in a telling part of the firm's name, going by where it stands in the row's.

    A slip elsewhere in the row's name moves the borders of its own parts. Asked only of names with two slips.
    """
    two = pl.any_horizontal(pl.col(text).struct.field("slips") == FARTHEST for text in ("whole", "body"))
    texts = pairs.select(left=beside, right=with_digits(_part("right", part)), two=two)
    return slips_where(texts["two"], texts).alias(name)


def _other_branch() -> pl.Expr:
    """Say where branches are of two places; the branch of a county is not that of its city."""
    left, right = (_part(side, "branch_places").list.last() for side in ("left", "right"))
    return (left != right).fill_null(value=False)


def _elsewhere(pairs: pl.DataFrame) -> pl.Series:
    """Say where the innermost places of both names are known and neither lies in the other."""
    innermost = pairs.select(left=_part("left", "places").list.last(), right=_part("right", "places").list.last())
    words = place_words().select("word", "prefix").unique()
    different = innermost.unique().filter(pl.col("left") != pl.col("right"))
    nested = (
        different.join(words.rename({"word": "left", "prefix": "outer"}), on="left")
        .join(words.rename({"word": "right", "prefix": "inner"}), on="right")
        .filter(pl.col("outer").str.starts_with(pl.col("inner")) | pl.col("inner").str.starts_with(pl.col("outer")))
        .select("left", "right", nested=True)
        .unique()
    )
    known = innermost.join(nested, on=["left", "right"], how="left", maintain_order="left")
    differ = (pl.col("left") != pl.col("right")).fill_null(value=False)
    return known.select(differ & pl.col("nested").is_null()).to_series()


def _pattern() -> pl.Expr:
    left, right = partial(_part, "left"), partial(_part, "right")
    equal = {part: left(part) == right(part) for part in ("spelling", "marked", "digits", "places", "form", "branch")}
    stems_equal = left("brand") + left("trade") == right("brand") + right("trade")
    bodies_equal = (pl.col("left_body") == pl.col("right_body")) & (pl.col("left_body") != "")
    numbers = (left("numbers"), right("numbers"))
    lacking = [one.list.set_difference(other).list.len() > 0 for one, other in (numbers, numbers[::-1])]
    as_many = numbers[0].list.len() == numbers[1].list.len()
    other_number = (lacking[0] & lacking[1]) | (as_many & (numbers[0] != numbers[1]))
    unnumbered = [side("marked").str.replace_all("<[0-9]+>", "") for side in (left, right)]
    place_left_out = (left("spelling") == right("core")) | (left("core") == right("spelling"))
    one_branch = (left("branch") == "") != (right("branch") == "")
    slips = pl.min_horizontal(pl.col("whole").struct.field("slips"), pl.col("body").struct.field("slips"))
    told = pl.max_horizontal("own_word", "own_branch") < FARTHEST
    other_group = left("spelling").str.contains(_GROUP) != right("spelling").str.contains(_GROUP)
    one_formless = (left("form") == "") | (right("form") == "")
    patterns = (
        (pl.col("left") == pl.col("right"), "same"),
        (equal["spelling"], "spelling"),
        (equal["marked"] | equal["digits"], "numeral"),
        (other_number & (unnumbered[0] == unnumbered[1]), "number"),
        (other_number, "other"),
        (place_left_out & ((left("brand") != "") | (right("brand") != "")), "place"),
        (one_branch & stems_equal & ~pl.col("elsewhere"), "branch_missing"),
        (_begins(left("spelling")), "shortened"),
        (pl.col("elsewhere") & (bodies_equal | (slips <= 1)), "other_place"),
        (pl.col("elsewhere"), "other"),
        (bodies_equal & ~equal["form"] & one_formless, "shortened"),
        (bodies_equal & equal["places"] & other_group, "form"),
        (bodies_equal & equal["form"] & (left("brand") != ""), "place"),
        (bodies_equal & equal["places"], "form"),
        (bodies_equal & (left("brand") != ""), "place_and_form"),
        (_slipped("whole", 1), _slip("whole")),
        (_slipped("body", 1), _slip("body")),
        ((_slipped("whole", 2) | _slipped("body", 2)) & told, "two_characters"),
        (_begins(left("core")), "shortened"),
    )
    found = [pl.when(holds).then(pl.lit(one) if isinstance(one, str) else one) for holds, one in patterns]
    return pl.coalesce(*found, pl.lit("other"))


def _slipped(text: str, slips: int) -> pl.Expr:
    telling = pl.min_horizontal(pl.col("left_body").str.len_chars(), pl.col("right_body").str.len_chars())
    places = [_part(side, "places") for side in ("left", "right")]
    # A slip besides a place left out is likely; one besides another place is not.
    placed = (places[0].list.last() == places[1].list.last()).fill_null(value=True)
    near = (pl.col(text).struct.field("slips") == slips) & (telling >= _LONG_ENOUGH)
    return near & placed if text == "body" else near


def _slip(text: str) -> pl.Expr:
    apart = pl.col(text).struct
    return (
        pl.when(apart.field("missing") > 0)
        .then(pl.lit("character_missing"))
        .when(apart.field("missing") < 0)
        .then(pl.lit("character_added"))
        .when(apart.field("letters") > 1)
        .then(pl.lit("transposed"))
        .otherwise(pl.lit("one_character"))
    )


def _begins(text: pl.Expr) -> pl.Expr:
    """Say whether a text of the row begins the firm's name, with or without its place, and is no parent of a branch."""
    left, right = partial(_part, "left"), partial(_part, "right")
    placeless = right("core").str.starts_with(text) & (right("brand") != "")
    begins = right("spelling").str.starts_with(text) | placeless
    is_parent = (left("branch") == "") & (right("branch") != "") & (left("form") != "")
    return begins & ~is_parent & (text.str.len_chars() >= _SHORTEST_BEGINNING)
