"""Roles, and which acts each may do; what nobody is named for, nobody may do."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from enterprise_data.declarations.problems import MianshenError


class Role(StrEnum):
    """What an officer is; one person may be several, but nobody checks what they made themselves.

    The three administrators are apart (GB/T 22239-2019, 三权分立): `admin` (系统管理员) keeps accounts and backups and
    touches no money, `auditor` (审计员) only reads.
    """

    MAKER = "maker"  # 经办
    CHECKER = "checker"  # 复核
    APPROVER = "approver"  # 审批
    DEPARTMENT = "department"  # 业务主管部门
    ADMIN = "admin"
    AUDITOR = "auditor"


_ALONE = (Role.ADMIN, Role.AUDITOR)
_EVERYONE = tuple(Role)

_MAY: MappingProxyType[str, tuple[Role, ...]] = MappingProxyType(
    {
        "see": _EVERYONE,
        "take_in": (Role.MAKER,),
        "grant": (Role.MAKER,),
        "reconfirm": (Role.DEPARTMENT,),
        "publish": (Role.MAKER, Role.DEPARTMENT),
        "raise_objection": (Role.MAKER, Role.DEPARTMENT),
        "decide_objection": (Role.DEPARTMENT,),
        "enter_account": (Role.MAKER,),
        "confirm": (Role.MAKER,),
        "hold": (Role.MAKER, Role.CHECKER, Role.APPROVER, Role.DEPARTMENT),
        "plan": (Role.MAKER,),
        "check": (Role.CHECKER,),
        "approve": (Role.APPROVER,),
        "cancel": (Role.MAKER, Role.CHECKER, Role.APPROVER),
        "export": (Role.MAKER,),
        "book": (Role.MAKER,),
        "reissue": (Role.MAKER,),
        "resolve": (Role.MAKER,),
        "decide_resolution": (Role.CHECKER, Role.APPROVER),
        "recover": (Role.MAKER,),
        "write_off": (Role.APPROVER,),
        "keep_officers": (Role.ADMIN,),
        "keep_ledger": (Role.ADMIN,),
    }
)
ACTS = tuple(_MAY)


def parse_roles(words: str) -> tuple[Role, ...]:
    """Return the roles named in a text, sorted.

    Raises:
        MianshenError: a word is no role, there is none, or an administrator has another one.
    """
    known = {role.value for role in Role}
    wrong = [word for word in words.split() if word not in known]
    if wrong:
        raise MianshenError(f"no such role: {', '.join(wrong)}; roles are {', '.join(sorted(known))}")
    roles = tuple(sorted({Role(word) for word in words.split()}))
    if not roles:
        raise MianshenError(f"an officer needs a role; roles are {', '.join(sorted(known))}")
    if len(roles) > 1 and set(roles) & set(_ALONE):
        raise MianshenError("an admin or auditor has no other role: who keeps accounts or audits does not pay")
    return roles


def may(roles: tuple[Role, ...], act: str) -> bool:
    """Return whether one of the roles may do an act of `ACTS`."""
    return bool(set(roles) & set(_MAY[act]))


def who_may(act: str) -> str:
    """Return the roles that may do an act, for people."""
    return " or ".join(_MAY[act])
