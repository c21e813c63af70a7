"""What lists put around a name: numbers, quotes, bullets, stamps and remarks on the firm's state."""

from __future__ import annotations

import polars as pl

from enterprise_data.identity.names.places import begins_with_place
from enterprise_data.identity.names.spelling import simplified

_UNSEEN = r"[\p{Cf}\p{Cc}]"
_AROUND = " \u3000'\"“”‘’`*★☆●○·•-—_、,，。;；:：#|/\\"
# ① and its like become digits by NFKC, and would then be the name's own.
_CIRCLED = r"^\s*[\u{2460}-\u{249B}\u{24EA}-\u{24FF}\u{2776}-\u{2793}\u{3220}-\u{3229}\u{3280}-\u{3289}]"
# 1、 (1) No.1, or an ordinal in Chinese; digits and a space only before a place: 58 同城 is a name.
_NUMBER = (
    r"^(?:\([0-9]{1,4}\)|\([一二三四五六七八九十]{1,3}\)|[0-9]{1,4}[、,:;)]|[0-9](?:\s[0-9]){1,3}\s?[.、]|[0-9]\s[.、]"
    r"|[一二三四五六七八九十]{1,3}、|(?i:no)\.?\s*[0-9]+\s+)"
)
# 3.15 is a name's own.
_NUMBER_AND_DOT = r"^[0-9]{1,4}\.([^0-9])"
_DIGITS = r"^[0-9]{1,4}\s+"
_QUOTED = r"^[《〈<«「『](.*)[》〉>»」』]$"
# Stamps, and what a list remarks on the firm's state or on its own work.
_REMARKS = (
    "[盖蓋]章|公章|[签簽]章|印章|章|已?注[销銷]|已?吊[销銷]|已?[停歇]业|[筹籌]|[筹籌]建|[筹籌][备備]|在业|在营|开业|存续|正常|异常|迁[出入]|公示|公告"
    "|已?[变變]更|已?更名|新增|[续續]期|重新认定|[待已]?(?:复核|複核|復核|复审|审核|核实)|原名?[:：]?.{2,}|曾用名[:：]?.{2,}"
)
_REMARK = rf"[\[{{【〔(](?:{_REMARKS})[\]}}】〕)]$"


def bare(raw: pl.Series) -> pl.Series:
    """Return raw names without what lists put around them, and without spaces.

    A name that is nothing but such things becomes empty.
    """
    text = raw.str.replace(_CIRCLED, "").str.normalize("NFKC").str.replace_all(_UNSEEN, "").str.strip_chars(_AROUND)
    unquoted = text.str.replace(_QUOTED, "$1").str.strip_chars(_AROUND)
    behind_digits = unquoted.str.replace(_DIGITS, "")
    numbered = behind_digits.set(behind_digits == unquoted, None)
    simple = numbered.to_frame().select(simplified(pl.first())).to_series()
    named = behind_digits.zip_with(begins_with_place(simple), unquoted)
    undotted = named.str.replace(_NUMBER_AND_DOT, "$1")
    without = named.str.replace(_NUMBER, "").zip_with(undotted == named, undotted)
    unnumbered = without.str.replace_all(r"\s", "").str.strip_chars(_AROUND)
    return unnumbered.str.replace(_QUOTED, "$1").str.replace(_REMARK, "").str.strip_chars(_AROUND)
