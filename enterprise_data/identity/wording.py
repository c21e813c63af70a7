"""What each rule of linking, and each reason for not linking a row, means to people, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple


class Said(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class ReasonWording:
    """Why a row is not linked, and what mends it; `about_firm`: it is open whose row it is, and a person can say."""

    means: Said
    remedy: Said
    about_firm: bool = True


# In the ladder's order; `decided` stands before all, since a person's word goes before every rule.
RULES: Mapping[str, Said] = MappingProxyType(
    {
        "decided": Said("人工认定", "a person decided it in review"),
        "uscc_and_name": Said("统一社会信用代码与名称一致", "the credit code, and the name agrees"),
        "uscc": Said("仅凭统一社会信用代码", "the credit code; no name, or one that no firm bears"),
        "organisation_code": Said("组织机构代码", "the organisation code, which is part of the credit code"),
        "registration_no": Said("工商注册号", "the registration number"),
        "misread_uscc": Said(
            "代码中的字母按数字读，且名称一致",
            "the credit code with letters read as the digits they look like, and the name agrees",
        ),
        "predecessor_code": Said("原企业的代码，由承继企业承接", "the code of a firm that this one took over"),
        "name": Said("与登记名称相同", "the registered name"),
        "former_name": Said("与当时使用的曾用名相同", "a former name, at a day when the firm bore it"),
        "spelling": Said("繁简体、括号等写法不同", "the name but for script, brackets and other signs"),
        "numerals": Said("数字写法不同", "the name but for the way numbers are written"),
        "form": Said("有限责任公司与有限公司等同", "the name but for the way its legal form is written"),
        "mended_form": Said("组织形式有错字", "the name but for a misspelt legal form"),
        "place": Said("地名的位置或后缀不同", "the name but for where and how its place is written"),
        "outer_place": Said("省市等上级地名有无不同", "the name but for the places that its own place lies in"),
        "listed_region": Said("省略了名单所在地的地名", "the name without its place, which is that of the list"),
        "branch_of_parent": Said(
            "上级企业当时的名称加分公司自己的部分",
            "its parent's name on that day with its own part: it is told to be a branch of that firm",
        ),
    }
)

REJECTED = "rejected_when_loaded"
_REVIEW = Said("人工核对：mianshen data review", "decide in `mianshen data review`")
_ASK = Said(
    "请来数部门更正；或人工核对：mianshen data review",
    "have the department correct it, or decide in `mianshen data review`",
)
RELOAD = Said("请来数部门更正后重新装载", "have the department correct it, and load the file again")

REASONS: Mapping[str, ReasonWording] = MappingProxyType(
    {
        "code_not_in_register": ReasonWording(
            Said("名册中没有此代码的企业", "no firm of the register bears the code"),
            Said(
                "名册可能不全：装载较新的名册；承继关系可人工登记",
                "the register may be old: load a newer one, or record the succession in `mianshen data review correct`",
            ),
        ),
        "codes_disagree": ReasonWording(Said("几个代码不属于同一企业", "the codes belong to different firms"), _ASK),
        "invalid_code": ReasonWording(Said("代码有误", "the code is mistyped"), _ASK),
        "code_and_name_disagree": ReasonWording(
            Said("代码是一家企业的，名称是另一家的", "the code is one firm's, the name another's"), _ASK
        ),
        "code_of_parent": ReasonWording(
            Said("分支机构用了总公司的代码", "a branch bears the code of its parent"), _ASK
        ),
        "code_of_branch": ReasonWording(Said("总公司用了分支机构的代码", "a firm bears the code of its branch"), _ASK),
        "ambiguous_code": ReasonWording(Said("代码对应多家企业", "several firms bear the code"), _REVIEW),
        "ambiguous_name": ReasonWording(
            Said("多家企业同名或近似", "several firms bear the name, or come near it"), _REVIEW
        ),
        "uncertain_name": ReasonWording(
            Said("不知企业当时是否使用此名称", "it is not known whether the firm bore the name then"),
            Said(
                "人工核对，或登记曾用名的起止日期",
                "decide in `mianshen data review`, or record since when in `mianshen data review correct`",
            ),
        ),
        "former_name_out_of_date": ReasonWording(
            Said("当时已无企业使用此名称", "no firm bore the name at the time"), _REVIEW
        ),
        "unknown_name": ReasonWording(Said("名册中没有此名称", "no firm of the register bears the name"), _REVIEW),
        "no_key": ReasonWording(Said("没有代码也没有名称", "neither code nor name"), RELOAD),
        "decided_none": ReasonWording(
            Said("人工认定：不在名册中", "a person decided that it is none of the register's firms"),
            Said("无需处理；可撤销：mianshen data review undo", "nothing; `mianshen data review undo` takes it back"),
        ),
        "decision_outdated": ReasonWording(
            Said("人工认定与现有证据不符", "a person's decision no longer agrees with the register"),
            Said("重新核对：mianshen data review", "decide again in `mianshen data review`"),
        ),
        "conflicting_rows": ReasonWording(
            Said("同一企业的几行互相矛盾", "rows of one firm contradict each other"), RELOAD, about_firm=False
        ),
        REJECTED: ReasonWording(
            Said("装载时被退回，但可能涉及企业", "the row was rejected when loaded, and may be about a firm"),
            Said(
                "见 mianshen data rejects；更正后重新装载",
                "see `mianshen data rejects`; correct the row and load the file again",
            ),
            about_firm=False,
        ),
    }
)

# Rows that are unlinked for what they say, not for whom they name: no decision about a firm mends them.
NOT_ABOUT_FIRMS = tuple(name for name, wording in REASONS.items() if not wording.about_firm)

# What the rules rest on, for pictures: the coarsest way of telling links apart.
BY_PERSON, BY_CODE, BY_NAME = "by a person", "by code", "by name"


def kind_of(rule: str) -> str:
    """Return what a rule rests on: a person's word, a code, or the name alone."""
    if rule == "decided":
        return BY_PERSON
    by_code = ("uscc_and_name", "uscc", "organisation_code", "registration_no", "misread_uscc", "predecessor_code")
    return BY_CODE if rule in by_code else BY_NAME


def remedy_of(reason: str, *, decidable: bool) -> Said:
    """Return what mends a reason; where no person may decide (not `decidable`), the delivery has to be corrected."""
    wording = REASONS[reason]
    return wording.remedy if decidable or not wording.about_firm else RELOAD


def in_order(names: Iterable[str], table: Mapping[str, object]) -> list[str]:
    """Return names in the order of a table of this module."""
    order = list(table)
    return sorted(names, key=order.index)
