"""What agrees and what differs between a row's name and a firm's, part by part, for the person who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from enterprise_data.identity.candidates.contrast import with_patterns
from enterprise_data.identity.candidates.patterns import PATTERNS
from enterprise_data.identity.names.spelling import simplified

_PARTS = {
    "place": ("行政区划", "place"),
    "brand": ("字号", "own word"),
    "trade": ("行业", "line of trade"),
    "number": ("序号", "number"),
    "form": ("组织形式", "organisation form"),
    "branch": ("分支机构", "branch"),
}
_Values = Mapping[str, Any]
_LISTS = {"place": "places", "number": "numbers"}


@dataclass(frozen=True)
class Difference:
    """A part in which two names differ: `left` is the row's, `right` the firm's; empty where a name has none."""

    part: str
    left: str
    right: str


@dataclass(frozen=True)
class Comparison:
    """Two names compared: `agreeing` parts with their text, `differing` parts, and the `pattern` of the difference."""

    left: str
    right: str
    agreeing: dict[str, str]
    differing: tuple[Difference, ...]
    pattern: str

    @property
    def sentence(self) -> str:
        """The difference in one English sentence."""
        return "; ".join([PATTERNS[self.pattern].en, *(_in_english(each) for each in self.differing)])

    @property
    def sentence_zh(self) -> str:
        """The difference in one Chinese sentence."""
        return "；".join([PATTERNS[self.pattern].zh, *(_in_chinese(each) for each in self.differing)])


def compare(left: str, right: str) -> Comparison:
    """Compare two normalised names, a row's and a firm's. For showing: a set of pairs is for `with_patterns`."""
    return compare_all([(left, right)])[0]


def compare_all(pairs: list[tuple[str, str]]) -> list[Comparison]:
    """Compare pairs of normalised names, each a row's and a firm's, such as a page of them shows."""
    frame = pl.DataFrame(pairs, schema={"left": pl.String, "right": pl.String}, orient="row").with_columns(
        left_plain=simplified(pl.col("left")), right_plain=simplified(pl.col("right"))
    )
    return [
        _comparison(row["left"], row["right"], row["left_parts"], row["right_parts"], row["pattern"])
        for row in with_patterns(frame).iter_rows(named=True)
    ]


def _comparison(left: str, right: str, left_parts: _Values, right_parts: _Values, pattern: str) -> Comparison:
    texts = {part: (_text(left_parts, part), _text(right_parts, part)) for part in _PARTS}
    agreeing = {part: one for part, (one, other) in texts.items() if one == other and one}
    differing = tuple(Difference(part, one, other) for part, (one, other) in texts.items() if one != other)
    return Comparison(left, right, agreeing, differing, pattern)


def _text(parts: _Values, part: str) -> str:
    if part not in _LISTS:
        return str(parts[part])
    return " ".join(text.strip("<>") for text in parts[_LISTS[part]])


def _in_english(difference: Difference) -> str:
    return f"{_PARTS[difference.part][1]}: {difference.left or 'none'} / {difference.right or 'none'}"


def _in_chinese(difference: Difference) -> str:
    return f"{_PARTS[difference.part][0]}：{difference.left or '无'} / {difference.right or '无'}"
