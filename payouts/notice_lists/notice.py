"""A public notice (公示): what is going to be paid to whom and why, until when and how one may object.

The law wants names and amounts public, and nothing else about a person: there is no field for accounts, identity
numbers or a firm's telephone, and a text that holds one all the same is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from enterprise_data.declarations.problems import MianshenError
from payouts.notice_lists.private import refuse_private

INTRODUCTION = (
    "按照“免申即享”工作安排，经有关部门数据比对和主管部门复核，"
    "下列企业符合有关政策的兑付条件，无须申报。现将拟兑付名单予以公示。"
)


@dataclass(frozen=True)
class NoticeItem:
    """One payment: by which clause of which policy, to whom, for what (`item`), which instalment (`part`), how much.

    `department` and `phone` are those of the policy's own department (主管部门), which answers questions.
    """

    policy_id: str
    policy_title: str
    document: str
    clause: str
    department: str
    phone: str
    firm: str
    uscc: str
    item: str
    part: str
    amount_fen: int

    @property
    def subject(self) -> str:
        """Return what is paid for, with the instalment."""
        return "，".join(text for text in (self.item, self.part) if text)


@dataclass(frozen=True)
class PolicyList:
    """The items of one policy, in the order of their firms."""

    items: tuple[NoticeItem, ...]

    @property
    def policy(self) -> NoticeItem:
        """Return an item, for what all of them say of the policy."""
        return self.items[0]

    @property
    def total_fen(self) -> int:
        """Return their sum in fen."""
        return sum(item.amount_fen for item in self.items)

    @property
    def firms(self) -> int:
        """Return how many firms there are."""
        return _firms(self.items)


@dataclass(frozen=True)
class Notice:
    """A whole notice. `working_days` says how long it stands: from the day after `published_on` to `ends_on`.

    `department`, `phone`, `address` and `email` are where objections go; `how_to_object` are the bureau's own words.

    Raises:
        MianshenError: there are no items, one stands twice or is not positive, or a text holds what must not be public.
    """

    title: str
    issuer: str
    department: str
    phone: str
    address: str
    published_on: date
    ends_on: date
    working_days: int
    how_to_object: str
    items: tuple[NoticeItem, ...]
    email: str = ""
    introduction: str = INTRODUCTION

    def __post_init__(self) -> None:
        if not self.items:
            raise MianshenError("there is nothing to publish: the notice has no items")
        if self.ends_on <= self.published_on:
            raise MianshenError(f"the notice would end on {self.ends_on}, and is published on {self.published_on}")
        seen: set[tuple[str, ...]] = set()
        for item in self.items:
            key = (item.policy_id, item.firm, item.uscc, item.clause, item.item, item.part)
            if key in seen:
                raise MianshenError(f"{item.firm} stands twice under {item.policy_id} for the same: {item.subject}")
            seen.add(key)
            if item.amount_fen <= 0:
                raise MianshenError(f"{item.firm}: the amount is {item.amount_fen} fen; it must be positive")
            refuse_private(f"{item.policy_id}, {item.firm}", item.uscc, (item.firm, item.item, item.part))

    @cached_property
    def lists(self) -> tuple[PolicyList, ...]:
        """Return the items by policy, in the order of policies and firms."""
        ordered = sorted(self.items, key=lambda i: (*_policy(i), i.firm, i.uscc, i.clause, i.item, i.part))
        return tuple(PolicyList(tuple(items)) for _, items in groupby(ordered, key=_policy))

    def rows(self) -> Iterator[tuple[int, NoticeItem]]:
        """Yield every item with its number in the notice (序号), from 1."""
        yield from enumerate((item for part in self.lists for item in part.items), 1)

    @property
    def total_fen(self) -> int:
        """Return what the notice comes to, in fen."""
        return sum(item.amount_fen for item in self.items)

    @property
    def firms(self) -> int:
        """Return how many firms there are; one may stand under several policies."""
        return _firms(self.items)


def yuan(fen: int) -> str:
    """Return an amount in yuan as people write it.

    >>> yuan(123456789)
    '1,234,567.89'
    """
    return f"{fen // 100:,}.{fen % 100:02d}"


def in_chinese(day: date) -> str:
    """Return a day as `2024年3月1日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def _policy(item: NoticeItem) -> tuple[str, ...]:
    return item.policy_id, item.policy_title, item.document, item.department, item.phone


def _firms(items: Sequence[NoticeItem]) -> int:
    return len({item.uscc or item.firm for item in items})
