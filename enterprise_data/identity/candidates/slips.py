"""How many slips of the hand lie between two texts: a letter wrong, missing or added, or two neighbours swapped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl
from rapidfuzz.distance import OSA, Levenshtein

# What is farther apart counts as one slip more, however far it is.
FARTHEST = 2


def apart(texts: pl.DataFrame) -> pl.Series:
    """Return how far `left` is from `right`, as a struct of Int32.

    `slips`; `missing`, how much longer the right is; and of a single slip the `letters`, else null: two letters that
    are swapped are one slip of two letters.
    """
    slips = _distances(OSA.distance, texts)
    length = {side: pl.col(side).str.len_chars().cast(pl.Int32) for side in ("left", "right")}
    missing = length["right"] - length["left"]
    letters = _distances_where(slips == 1, Levenshtein.distance, texts)
    return texts.select(missing=missing, slips=slips, letters=letters).to_struct()


def slips_where(asked: pl.Series, texts: pl.DataFrame) -> pl.Series:
    """Return the slips between `left` and `right` where they are asked for, else null."""
    return _distances_where(asked, OSA.distance, texts)


def _distances(distance: Callable[..., int], texts: pl.DataFrame) -> pl.Series:
    found = map(partial(distance, score_cutoff=FARTHEST), texts["left"].to_list(), texts["right"].to_list())
    return pl.Series(found, dtype=pl.Int32)


def _distances_where(asked: pl.Series, distance: Callable[..., int], texts: pl.DataFrame) -> pl.Series:
    nothing = pl.repeat(None, texts.height, dtype=pl.Int32, eager=True)
    return nothing.scatter(asked.arg_true(), _distances(distance, texts.filter(asked)))
