"""`mianshen policy show` as a guide that a firm understands (办事指南): what it gets, who gets it, by which data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from cli.policy_guide_award import award_sentences
from cli.term_words import Words
from matcher.stakes import datasets_of
from policies.model import Status
from policies.policy import Applies, Group, Leaf, Policy

if TYPE_CHECKING:
    from enterprise_data.catalogue.load import Catalogue
    from policies.load import Library

_KINDS = {"award": "奖励补助", "reduction": "税费减免", "right": "权益", "qualification": "资质认定"}
_STATUS = {
    Status.DRAFT: "征求意见稿，尚未施行，不参与匹配",
    Status.IN_FORCE: "施行中",
    Status.SUSPENDED: "暂停执行",
    Status.REPEALED: "已废止",
}
_MODES = {"all": "以下各项须同时符合", "any": "以下各项符合一项即可", "none": "不得有下列任一情形"}
_CHECKED = {
    "issuer": "已按发文机关原文核对",
    "mirror": "按转载核对，未见发文机关原文",
    "unverified": "只见报道或摘要，未核对原文",
}
_EVERY = {"year": "每年", "half": "每半年", "quarter": "每季度", "month": "每月"}


@dataclass(frozen=True)
class Guide:
    """What the guide of one policy is written from."""

    policy: Policy
    library: Library
    catalogue: Catalogue

    def lines(self) -> Iterator[str]:
        """Yield the guide, section by section."""
        policy = self.policy
        yield f"{policy.title.zh}  [{policy.id}]"
        if policy.title.en:
            yield policy.title.en
        yield f"{_KINDS[policy.kind.value]}；{_STATUS[policy.status]}；{_EVERY[policy.period_kind.value]}判断一次"
        if not policy.automatic:
            yield f"不能自动兑现，须由人判断：{policy.reason}"
        yield from _section("能得到什么 · What you get", list(award_sentences(policy, self.library, self._words)))
        yield from _section("谁能得到 · Who gets it", [_MODES["all"], *self._conditions(policy.conditions, 1)])
        yield from _section("由哪些数据判断 · What data decide", list(self._data()))
        yield from _section("何时何地适用 · When and where", [_applies(rule) for rule in policy.applies])
        yield from _section("向谁咨询 · Where to ask", list(self._service()))
        yield from _section("依据 · Source", list(self._source()))

    @property
    def _words(self) -> Words:
        return Words.of(self.library, self.catalogue, self.policy.period_kind)

    def _conditions(self, group: Group, depth: int) -> Iterator[str]:
        indent = "  " * depth
        for member in group.members:
            if isinstance(member, Group):
                yield f"{indent}- {_MODES[member.mode]}{f'（{member.text}）' if member.text else ''}"
                yield from self._conditions(member, depth + 1)
            else:
                yield f"{indent}- {member.text}（{member.clause}）  [{member.id}]"
                yield f"{indent}    即：{self._words.say(member.term)}"
                yield f"{indent}    数据：{self._sources(member) or '—'}"

    def _sources(self, leaf: Leaf) -> str:
        """Return the datasets that decide one condition, each with its department."""
        alone = replace(self.policy, conditions=Group("all", (leaf,)), award=None)
        return "、".join(self._dataset(name) for name in sorted(datasets_of(alone, self.library)))

    def _dataset(self, name: str) -> str:
        dataset = self.catalogue.datasets[name]
        return f"{dataset.title.zh}（{dataset.department}）"

    def _data(self) -> Iterator[str]:
        yield "以下部门的数据已足够，企业不必再提交：" if self.policy.automatic else "部门已有以下数据："
        for name in sorted(datasets_of(self.policy, self.library)):
            yield f"- {self._dataset(name)}  [{name}]"

    def _service(self) -> Iterator[str]:
        service = self.policy.service
        if service is None:
            yield f"来源没有写明咨询电话；发文机关：{self.policy.source.issuer}"
            return
        yield service.office
        yield from (f"电话：{service.phone}" for _ in [0] if service.phone)
        yield from (f"地址：{service.address}" for _ in [0] if service.address)

    def _source(self) -> Iterator[str]:
        source = self.policy.source
        yield f"{source.document}，{source.issuer}{f'，{chinese_day(source.date)}' if source.date else ''}"
        yield from (source.url for _ in [0] if source.url)
        yield f"{_CHECKED[source.checked.value]}；兑现前须由主管部门确认"
        if self.policy.supersedes:
            yield f"取代：{'、'.join(self.policy.supersedes)}"
        replaced_by = [other.id for other in self.library.policies if self.policy.id in other.supersedes]
        if replaced_by:
            yield f"已被取代：{'、'.join(replaced_by)}"
        yield from (f"说明：{note}" for note in (source.note, self.policy.note) if note)


def chinese_day(day: date) -> str:
    """Return a day as it is written in a document.

    >>> chinese_day(date(2024, 8, 1))
    '2024年8月1日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {line}" for line in lines)


def _applies(rule: Applies) -> str:
    from enterprise_data.codes import regions

    until = chinese_day(rule.last.last_day) if rule.last is not None else "另有规定为止"
    inside = "、".join(map(regions.name_of, rule.region_prefixes)) or "全国"
    outside = "、".join(map(regions.name_of, rule.except_prefixes))
    return f"{chinese_day(rule.first.first_day)}至{until}，{inside}的企业{f'（{outside}除外）' if outside else ''}"
