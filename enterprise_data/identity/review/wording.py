"""How patterns of difference and reasons are said to a clerk, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from enterprise_data.identity.review.entries import Candidate


class Said(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


PATTERNS: Mapping[str, Said] = MappingProxyType(
    {
        "equal": Said("名称相同", "the same name"),
        "one_character": Said("差一个字", "one character differs"),
        "character_missing": Said("少一个字", "a character is missing"),
        "transposed": Said("两字颠倒", "two characters are transposed"),
        "branch_missing": Said("分支机构部分不同", "one is a branch"),
        "numeral": Said("数字写法不同", "a number is written differently"),
        "place": Said("地名不同", "the place differs"),
        "form": Said("组织形式不同", "the legal form differs"),
        "shortened": Said("简称", "shortened"),
        "other": Said("其他差别", "differs in other ways"),
        "no_candidate": Said("没有候选企业", "no candidate"),
    }
)

REASONS: Mapping[str, Said] = MappingProxyType(
    {
        "code_not_in_register": Said("代码不在名册中", "no firm of the register bears the code"),
        "codes_disagree": Said("代码之间不一致", "the codes belong to different firms"),
        "invalid_code": Said("代码有误", "the code is mistyped"),
        "code_and_name_disagree": Said("代码与名称不是同一企业", "the code is one firm's, the name another's"),
        "code_of_parent": Said("分支机构用了总公司代码", "a branch bears the code of its parent"),
        "ambiguous_code": Said("代码对应多家企业", "several firms bear the code"),
        "ambiguous_name": Said("多家企业同名", "several firms bear the name"),
        "uncertain_name": Said("名称启用日期不明", "it is not known whether the firm bore the name then"),
        "former_name_out_of_date": Said("曾用名当时已停用", "no firm bore the name at the time"),
        "unknown_name": Said("名册中没有此名称", "no firm of the register bears the name"),
        "no_key": Said("没有代码也没有名称", "neither code nor name"),
        "decided_none": Said("已认定不在名册中", "decided: not in the register"),
        "decision_outdated": Said("原认定的企业已不在名册中", "the firm decided on has left the register"),
    }
)


def pattern(name: str) -> Said:
    """Return how a pattern is said; one that is not known is said as it is written."""
    return PATTERNS.get(name, Said(name, name))


def reason(name: str) -> Said:
    """Return how a reason is said; one that is not known is said as it is written."""
    return REASONS.get(name, Said(name, name))


def difference(candidate: Candidate) -> Said:
    """Return how the name of a candidate differs from the one asked for."""
    return pattern(candidate.pattern)
