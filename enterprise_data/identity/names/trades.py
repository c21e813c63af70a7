"""Whether a name has a word of its own (字号), or consists of its line of trade and its form alone."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from enterprise_data.codes.tables import read_words


def has_no_brand(core: pl.Expr) -> pl.Expr:
    """Say whether what remains of names without places is nothing but trade and form (粮食购销公司); null is none.

    Such a name is one of many across the country, and its places must then be given as the register gives them. The
    words are those for lines of trade, and those for forms and kinds of establishment (供销社, 储蓄所).
    """
    return core.str.contains(_generic()).fill_null(value=False)


@lru_cache(maxsize=1)
def _generic() -> str:
    words = {*read_words("trade_words.txt.gz"), *read_words("establishment_words.txt")}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return rf"^(?:{'|'.join(map(re.escape, longest_first))}|<\d+>)*$"
