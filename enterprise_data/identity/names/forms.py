"""Organisation forms (组织形式) at the end of names: which are the same, and which are one of them misspelt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import polars as pl

# What no other word of a name is one character away from, so that a slip inside can be mended.
_LIMITED, _FULL, _COOPERATIVE = "有限公司", "有限责任公司", "专业合作社"
# What looks or sounds like the first letter of 有限. Any other may be the name's own, before a form that lacks 有:
# 农机厂限公司 is no 农机有限公司.
_LIKE_FIRST = "友右又由油邮游优尤犹幼诱佑囿冇存布"
# 有限分公司 is a branch, not a slip.
_WORDS_BEFORE = {"公": "分支子总"}
# 金丰林业合作社 is no 金丰林专业合作社.
_WITHOUT_FIRST = {"业合作社": "[^农林牧渔工商]业合作社"}


def with_equal_forms(name: pl.Expr) -> pl.Expr:
    """Return names with 有限责任公司 as 有限公司, which firms write for each other, and without 个体工商户 as a mark.

    Of 2.9 million registered firms 90 have a name that differs from another's by 责任 alone.
    """
    return name.str.replace_all(_FULL, _LIMITED).str.replace(r"\(?个体工商户\)?$", "")


def mended(name: pl.Expr) -> pl.Expr:
    """Return, for each name that ends in a misspelt form, the names that it may have been meant as (list of texts).

    One slip inside the form: a letter wrong, missing, doubled or added, or two of them swapped. 有险公司 and 有限司 are
    no words that a registered name can end with. A name that lacks its last letter may lack more: it is not mended, and
    its list is empty. Not for names that end in a right form (`ends_right`).
    """
    readings = [
        pl.when(name.str.contains(f"(?:{slips})$")).then(name.str.head(-length) + form)
        for (form, length), slips in _slips().items()
    ]
    return pl.concat_list(readings).list.drop_nulls().list.unique(maintain_order=True)


def ends_right(name: pl.Expr) -> pl.Expr:
    """Say whether names end in a form as it is spelled, with no letter doubled in front of it; null is null."""
    is_form = name.str.contains(f"({_LIMITED}|{_FULL}|{_COOPERATIVE})$")
    return is_form & ~name.str.contains(f"有({_LIMITED}|{_FULL})$")


@lru_cache(maxsize=1)
def _slips() -> dict[tuple[str, int], str]:
    """Return the misspellings of each form, by their length: no name ends in two of one length."""
    slips = [
        (form, _WITHOUT_FIRST.get(slip, slip), len(slip))
        for form in (_LIMITED, _FULL, _COOPERATIVE)
        for slip in _misspelt(form)
    ]
    slips += [(form, slip, length) for form in (_LIMITED, _FULL) for slip, length in _strange_letters(form)]
    # 合作联社 is a word of its own.
    slips.append((_COOPERATIVE, "专业合[^作]社", len(_COOPERATIVE)))
    grouped: dict[tuple[str, int], list[str]] = {}
    for form, slip, length in slips:
        grouped.setdefault((form, length), []).append(slip)
    return {key: "|".join(dict.fromkeys(found)) for key, found in grouped.items()}


def _misspelt(form: str) -> Iterator[str]:
    for at in range(len(form)):
        if at < len(form) - 1:
            yield form[:at] + form[at + 1 :]
        yield form[:at] + form[at] + form[at:]
    for at, (first, second) in enumerate(pairwise(form)):
        yield form[:at] + second + first + form[at + 2 :]


def _strange_letters(form: str) -> Iterator[tuple[str, int]]:
    yield f"[{_LIKE_FIRST}]{form[1:]}", len(form)
    for at, letter in enumerate(form[1:], start=1):
        yield f"{form[:at]}[^{letter}]{form[at + 1 :]}", len(form)
        yield f"{form[:at]}[^{_WORDS_BEFORE.get(letter, '')}\n]{form[at:]}", len(form) + 1
