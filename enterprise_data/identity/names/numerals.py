"""Numbers in names: 第十二分店 and 第12分店 are one."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

_DIGITS = "零一二三四五六七八九"
_LARGEST = 999


def with_numerals(name: pl.Expr) -> pl.Expr:
    """Return normalised names with each number from 0 to 999, in Chinese or other digits, as `<12>`.

    The marks keep 三一 (two numbers) apart from 三十一. Digits that follow each other without 十 or 百, such as
    一二〇 (120), are read one by one as they are written: only beside 〇 or 零 do they make one number.
    """
    words, numbers = _words()
    arabic = name.str.replace_all(r"[0-9]+", "<$0>")
    return arabic.str.replace_many(words, numbers, leftmost=True)


@lru_cache(maxsize=1)
def _words() -> tuple[list[str], list[str]]:
    spelled = {word: f"<{number}>" for number in range(_LARGEST + 1) for word in _spellings(number)}
    longest_first = sorted(spelled, key=lambda word: (-len(word), word))
    return longest_first, [spelled[word] for word in longest_first]


def _spellings(number: int) -> set[str]:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    if number < 10:
        return {_DIGITS[number]} if number else {"零", "〇"}
    end = _DIGITS[ones] if ones else ""
    if number < 100:
        return {_DIGITS[tens] + "十" + end} | ({"十" + end} if tens == 1 else set())
    # 一百零三, 一百〇三; 一二〇, 一〇三
    written = {_DIGITS[hundreds] + _DIGITS[tens] + _DIGITS[ones]} if 0 in (tens, ones) else set()
    if tens:
        written.add(_DIGITS[hundreds] + "百" + _DIGITS[tens] + "十" + end)
    elif ones:
        written.add(_DIGITS[hundreds] + "百零" + end)
    else:
        written.add(_DIGITS[hundreds] + "百")
    return written | {word.replace("零", "〇") for word in written}
