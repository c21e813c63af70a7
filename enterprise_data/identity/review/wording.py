"""How reasons and differences between names are said to a clerk, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from enterprise_data.identity.candidates.differences import Comparison, compare_all
from enterprise_data.identity.candidates.patterns import PATTERNS
from enterprise_data.identity.names.spelling import normalised
from enterprise_data.identity.review.entries import NO_PATTERN, Candidate, Entry


class Said(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


REASONS: Mapping[str, Said] = MappingProxyType(
    {
        "code_not_in_register": Said("代码不在名册中", "no firm of the register bears the code"),
        "codes_disagree": Said("代码之间不一致", "the codes belong to different firms"),
        "invalid_code": Said("代码有误", "the code is mistyped"),
        "code_and_name_disagree": Said("代码与名称不是同一企业", "the code is one firm's, the name another's"),
        "code_of_parent": Said("分支机构用了总公司代码", "a branch bears the code of its parent"),
        "code_of_branch": Said("总公司用了分支机构代码", "a firm bears the code of its branch"),
        "ambiguous_code": Said("代码对应多家企业", "several firms bear the code"),
        "ambiguous_name": Said("多家企业同名", "several firms bear the name"),
        "uncertain_name": Said("名称启用日期不明", "it is not known whether the firm bore the name then"),
        "former_name_out_of_date": Said("曾用名当时已停用", "no firm bore the name at the time"),
        "unknown_name": Said("名册中没有此名称", "no firm of the register bears the name"),
        "no_key": Said("没有代码也没有名称", "neither code nor name"),
        "decided_none": Said("已认定不在名册中", "decided: not in the register"),
        "decision_outdated": Said("原认定与现在的证据不符", "decided before, and the evidence now speaks against it"),
    }
)


_NO_CANDIDATE = Said("没有候选企业", "no candidate")
# Nobody reads on; comparing such texts part by part takes long.
_LONGEST = 200


def pattern(name: str) -> Said:
    """Return how a pattern of difference is said; one that is not known is said as it is written."""
    if name == NO_PATTERN:
        return _NO_CANDIDATE
    found = PATTERNS.get(name)
    return Said(found.zh, found.en) if found else Said(name, name)


def reason(name: str) -> Said:
    """Return how a reason is said; one that is not known is said as it is written."""
    return REASONS.get(name, Said(name, name))


def difference(candidate: Candidate, comparison: Comparison | None) -> Said:
    """Return in what the name of a candidate differs; part by part where the names could be compared."""
    if comparison is None:
        return pattern(candidate.pattern)
    return Said(comparison.sentence_zh, comparison.sentence)


def compared(entries: Sequence[Entry]) -> list[tuple[Comparison | None, ...]]:
    """Compare the name of each entry with those of its candidates, in their order; None where there is no name.

    For a page of entries, not for a whole queue at once.
    """
    asked = pl.Series([entry.subject.name for entry in entries], dtype=pl.String)
    names = asked.to_frame("name").select(normalised(pl.col("name"))).to_series().to_list()
    pairs = [
        (name, one.near_name) if name and one.near_name and max(len(name), len(one.near_name)) <= _LONGEST else None
        for name, entry in zip(names, entries, strict=True)
        for one in entry.candidates
    ]
    found = iter(compare_all([pair for pair in pairs if pair is not None]))
    comparisons = iter([None if pair is None else next(found) for pair in pairs])
    return [tuple(islice(comparisons, len(entry.candidates))) for entry in entries]
