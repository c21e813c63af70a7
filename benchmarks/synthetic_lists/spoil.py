"""How lists spoil the text of a name or of a code, as columns; `text` is what is spoilt, draws are numbered by row."""

from __future__ import annotations

from functools import cache

import opencc
import polars as pl

from enterprise_data.sample_city.draws import Draws
from synthetic_lists.names import LIMITED
from synthetic_lists.words import MISTAKEN, characters, words

_BRACKETS = [("（", "）"), ("[", "]"), ("〔", "〕"), ("【", "】"), (" (", ") "), ("﹙", "﹚")]
_SPACES = [" ", "　", "\n", "\u200b", "\u00a0", "\t"]
_BEFORE = ["1、", "23.", "（5）", "12 ", "③", "（二）", "7．", "《", "★"]
_AFTER = ["（盖章）", "（公章）", "(盖章)", "*", "。", "；", "》", "（签章）", "/"]
_SPOILT_FORMS = {form: words(form) for form in LIMITED}
_LOOK_ALIKE = {"0": "O", "1": "I", "2": "Z", "5": "S"}


def bracketed(draws: Draws) -> pl.Expr:
    """Write the brackets in another way."""
    which = draws.below(len(_BRACKETS), "brackets")
    styles = [pl.col("text").str.replace_many(["(", ")"], list(pair)) for pair in _BRACKETS]
    return pl.coalesce(pl.when(which == number).then(text) for number, text in enumerate(styles))


def spaced(draws: Draws) -> pl.Expr:
    """Put spaces, line breaks or invisible characters before, into or between the characters."""
    text, space = pl.col("text"), draws.pick(_SPACES, "space")
    place = draws.below(1 << 16, "space-at") % text.str.len_chars()
    within = text.str.head(place) + space + text.str.slice(place)
    way = draws.below(10, "space-way")
    between = text.str.split("").list.join(" ")
    return pl.when(way == 0).then(between).when(way < 4).then(pl.lit("　") + text + pl.lit(" ")).otherwise(within)


def marked(draws: Draws) -> pl.Expr:
    """Put a list's number before the name, or a stamp or mark behind it."""
    before = draws.chance(400_000, "mark-before")
    first = pl.when(before).then(draws.pick(_BEFORE, "before")).otherwise(pl.lit(""))
    last = (
        pl.when(~before).then(draws.pick(_AFTER, "after")).when(first == "《").then(pl.lit("》")).otherwise(pl.lit(""))
    )
    opening = pl.when(last == "》").then(pl.lit("《")).otherwise(first)
    return opening + pl.col("text") + last


def traditional() -> pl.Expr:
    """Write in traditional characters."""
    return pl.col("text").map_batches(_traditional, return_dtype=pl.String, is_elementwise=True)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _traditional(texts: pl.Series) -> pl.Series:
    converted = _converter().convert("\n".join(texts.fill_null("").to_list())).split("\n")
    return pl.Series(converted, dtype=pl.String) if len(texts) else texts


def widened() -> pl.Expr:
    """Write digits and Latin letters in full width."""
    narrow = [chr(code) for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))]
    return pl.col("text").str.replace_many(narrow, [chr(ord(character) + 0xFEE0) for character in narrow])


def mistyped(draws: Draws, body: pl.Expr) -> pl.Expr:
    """Mistype one character among the first `body` (at least 2): another for it, one left out, doubled or exchanged."""
    text = pl.col("text")
    place = draws.below(1 << 16, "typo-at") % body
    before, here, after = text.str.head(place), text.str.slice(place, 1), text.str.slice(place + 1)
    way = draws.below(100, "typo-way")
    mistaken = here.replace(MISTAKEN)
    other = pl.when(mistaken != here).then(mistaken).otherwise(draws.pick(characters("slips"), "typo-for"))
    return (
        pl.when(way < 50).then(before + other + after)
        .when(way < 68).then(before + after)
        .when(way < 76).then(before + here + here + after)
        .when(way < 84).then(before + draws.pick(characters("slips"), "typo-for") + here + after)
        .otherwise(before + after.str.head(1) + here + after.str.slice(1))
    )  # fmt: skip


def form_mistyped(draws: Draws) -> pl.Expr:
    """Mistype the form of a limited company at the end of the name; null for others."""
    text = pl.col("text")
    spoilt = [
        pl.when(pl.col("form") == form).then(text.str.strip_suffix(form) + draws.pick(ways, f"spoilt-{form}"))
        for form, ways in _SPOILT_FORMS.items()
    ]
    return pl.coalesce(spoilt)


def truncated(draws: Draws) -> pl.Expr:
    """Cut off the last two to six characters."""
    return pl.col("text").str.head(pl.col("text").str.len_chars().cast(pl.Int64) - draws.between(2, 6, "cut"))


def code_formatted(draws: Draws) -> pl.Expr:
    """Write a right code in full width, in small letters, or with spaces or hyphens."""
    code, way = pl.col("uscc"), draws.below(5, "code-way")
    wide = [chr(ord(character) + 0xFEE0) for character in "0123456789"]
    return (
        pl.when(way == 0).then(code.str.replace_many(list("0123456789"), wide))
        .when(way == 1).then(code.str.to_lowercase() + pl.lit(" "))
        .when(way == 2).then(pl.lit("'") + code)
        .when(way == 3).then(code.str.head(8) + pl.lit("-") + code.str.slice(8))
        .otherwise(pl.lit("\u200b") + code + pl.lit("\n"))
    )  # fmt: skip


def code_misread(draws: Draws) -> pl.Expr:
    """Read one digit as the letter that looks like it: O, I, Z or S; null if the code lacks the digit."""
    start, digit = draws.between(2, 9, "misread-at"), draws.pick(list(_LOOK_ALIKE), "misread")
    code = pl.col("uscc")
    rest = code.str.slice(start)
    read = pl.coalesce(
        pl.when(digit == right).then(rest.str.replace(right, wrong, literal=True, n=1))
        for right, wrong in _LOOK_ALIKE.items()
    )
    return pl.when(read != rest).then(code.str.head(start) + read)


def code_mistyped(draws: Draws) -> pl.Expr:
    """Write another digit for one of the code's; null where a letter stands."""
    place = draws.between(8, 15, "digit-at")
    code = pl.col("uscc")
    digit = code.str.slice(place, 1).cast(pl.Int64, strict=False)
    wrong = ((digit + draws.between(1, 9, "digit")) % 10).cast(pl.String)
    return code.str.head(place) + wrong + code.str.slice(place + 1)
