"""How searched texts are compared: one spelling for what is typed in several, and a few wrong or missing characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

_BETWEEN_LETTERS = re.compile(r"(?<=[a-z])[\W_]+(?=[a-z])")
_MARKS = re.compile(r"[^\w ]|_|(?<![a-z]) | (?![a-z])")
_SHORT_GAP = 2  # so many characters may be left out between two typed ones: 高新企业 for 高新技术企业


def plain(text: str) -> str:
    """Return a text without case, width, blanks and marks; a blank stays between two Latin words.

    >>> plain("鲁科字〔2021〕48号")
    '鲁科字202148号'
    """
    return _MARKS.sub("", _BETWEEN_LETTERS.sub(" ", unicodedata.normalize("NFKC", text).casefold()))


def typed(text: str) -> list[str]:
    """Return the words of what was typed, in one spelling; traditional characters become simplified ones."""
    words = (plain(word) for word in re.split(r"[\s,，、;；]+", _simplified().convert(text)))
    return [part for word in words for part in word.split(" ") if part]


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


def is_latin(word: str) -> bool:
    """Return whether a plain word is written in Latin letters and digits alone."""
    return word.isascii()


def holds(word: str, text: str) -> bool:
    """Return whether a plain text holds a plain word; a Latin one must begin there."""
    if not is_latin(word) or word.isdigit():
        return word in text
    return re.search(rf"(?<![a-z]){re.escape(word)}", text) is not None


def shortens(word: str, text: str) -> bool:
    """Return whether a word of three or more Chinese characters leaves out a few of the text's."""
    if is_latin(word) or len(word) < 3:
        return False
    return re.search(f".{{0,{_SHORT_GAP}}}".join(map(re.escape, word)), text) is not None


def allowed_edits(word: str) -> int:
    """Return how many characters of a word may be wrong, missing, too many or swapped with the next."""
    if is_latin(word):
        return 0 if len(word) < 4 or word.isdigit() else 1 if len(word) < 8 else 2
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def edits_to(word: str, text: str) -> int | None:
    """Return by how many edits a word differs from the nearest part of a text; None if by more than are allowed."""
    most, size = allowed_edits(word), len(word)
    if not most or len(text) < size - most:
        return None
    found = fuzz.partial_ratio_alignment(word, text, score_cutoff=100 * (size - most) / size - 0.1)
    if found is None or len(text) < size:
        whole = OSA.distance(word, text, score_cutoff=most)
        return whole if whole <= most else None
    starts = range(max(0, found.dest_start - most), found.dest_start + most + 1)
    parts = {text[start : start + length] for start in starts for length in range(size - most, size + most + 1)}
    nearest = min((OSA.distance(word, part, score_cutoff=most) for part in parts), default=most + 1)
    return nearest if nearest <= most else None
