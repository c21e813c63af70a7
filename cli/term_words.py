"""Expressions of a policy in the words of a guide (办事指南): Chinese, as the firm that reads it would say them.

Unlike `matcher.explain.describe`, which speaks of one run's fixed days, this speaks of 本年度, 上年度 and 近3年.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.codes import industries, regions
from enterprise_data.periods import PeriodKind
from matcher.explain.describe import is_presence
from matcher.explain.values import money, one
from policies.language import terms as t

if TYPE_CHECKING:
    from policies.load import Library

_YI = 100_000_000 * 100  # fen in 1亿元
_PERIODS = {PeriodKind.YEAR: "年度", PeriodKind.HALF: "半年", PeriodKind.QUARTER: "季度", PeriodKind.MONTH: "月"}
_COMPARED = {"=": "为", "!=": "不为", "<": "低于", "<=": "不超过", ">": "超过", ">=": "不低于"}
_DATED = {"=": "为", "!=": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_COUNTED = {"sum": "合计", "min": "最小值", "max": "最大值", "avg": "平均值", "latest": "最近一次的值"}
_ROUNDED = {"down": "取整（舍去零头）", "up": "取整（零头进一）", "half_up": "取整（四舍五入）"}
_SIGNS = {"+": "加", "-": "减", "*": "×", "/": "÷"}


@dataclass(frozen=True)
class Words:
    """Puts terms of one policy into words; `kind` is its period."""

    catalogue: Catalogue
    titles: Mapping[str, str]
    kind: PeriodKind

    @staticmethod
    def of(library: Library, catalogue: Catalogue, kind: PeriodKind) -> Words:
        """Return the words for policies of a library: definitions and parameters bear their titles."""
        titles = {name: defined.title.zh for name, defined in library.definitions.items()}
        titles |= {f"param.{name}": entry.title.zh for name, entry in library.parameters.entries.items()}
        return Words(catalogue, titles, kind)

    def say(self, term: t.Term) -> str:
        """Return a term in words."""
        return _RULES[type(term)](self, term)

    def field(self, dataset: str, name: str) -> str:
        """Return the label of a field."""
        found = self.catalogue.datasets[dataset].fields.get(name)
        return found.label if found else "所属期"

    def period(self, ref: t.PeriodRef) -> str:
        """Return a period as one says it: 本年度, 上年度, 上年同期, 2023."""
        if ref.fixed is not None:
            return str(ref.fixed)
        name = "该期" if ref.name != "period" else f"本{_PERIODS[self.kind]}"
        if ref.name == "period" and ref.shift == -1 and not ref.shift_years:
            name = f"上{_PERIODS[self.kind]}"
        elif ref.shift == -1:
            name += "的上一期"
        elif ref.shift:
            unit = "年" if self.kind is PeriodKind.YEAR else "期"
            name += f"{'前' if ref.shift < 0 else '后'}{abs(ref.shift)}{unit}"
        if ref.shift_years == -1:
            name = "上年同期" if ref.name == "period" and not ref.shift else f"{name}的上年同期"
        elif ref.shift_years:
            name += f"{'前' if ref.shift_years < 0 else '后'}{abs(ref.shift_years)}年"
        if ref.part is not None:
            kind, index = ref.part
            name += f"最后一个{_PERIODS[kind]}" if index == -1 else f"第{index + 1}个{_PERIODS[kind]}"
        return name


def money_words(fen: Fraction) -> str:
    """Return an amount of fen in 亿元, 万元 or 元, exactly.

    >>> money_words(Fraction(20_000_000_000)), money_words(Fraction(150_000))
    ('2亿元', '1,500元')
    """
    large = Fraction(fen, _YI)
    return f"{one(large, t.NUMBER)}亿元" if abs(large) >= 1 and (100 * large).denominator == 1 else money(fen)


def _constant(_: Words, term: t.Constant) -> str:
    if term.value is None:
        return "未知"
    if isinstance(term.value, bool):
        return "是" if term.value else "否"
    if isinstance(term.value, str):
        return f"“{term.value}”"
    if isinstance(term.value, Fraction) and term.type.kind in (t.Kind.MONEY, t.Kind.POINTS):
        is_money = term.type.kind is t.Kind.MONEY
        return money_words(term.value) if is_money else f"{one(term.value * 100, t.NUMBER)}个百分点"
    return one(term.value, term.type)


def _fact(at: Words, term: t.Fact) -> str:
    return f"{at.period(term.period) if term.period else ''}{at.field(term.dataset, term.field)}"


def _rows(at: Words, dataset: str, where: t.Term | None) -> str:
    said = f"（{at.say(where)}）" if where is not None else ""
    return f"“{at.catalogue.datasets[dataset].title.zh}”中的记录{said}"


def _aggregate(at: Words, term: t.Aggregate) -> str:
    rows = _rows(at, term.dataset, term.where)
    if term.function in ("count", "streak"):
        return f"{rows}的{'条数' if term.function == 'count' else '连续期数'}"
    return f"{rows}的{at.field(term.dataset, term.field or '')}{_COUNTED[term.function]}"


def _compare(at: Words, term: t.Compare) -> str:
    left, right = term.left, term.right
    if is_presence(term) and isinstance(left, t.Aggregate) and term.operator in (">", "="):
        return f"{'有' if term.operator == '>' else '没有'}{_rows(at, left.dataset, left.where)}"
    words = _DATED if left.type.kind is t.Kind.DATE else _COMPARED
    return f"{at.say(left)}{words[term.operator]}{at.say(right)}"


def _all(at: Words, term: t.All) -> str:
    if span := _span(at, term):
        return span
    return "，且".join(f"（{at.say(m)}）" if isinstance(m, t.Some) else at.say(m) for m in term.members)


def _span(at: Words, term: t.All) -> str:
    """Return `认定日期在本年度内` or `…在截止日前36个月内` for the two tests that `during` and `last` become."""
    if len(term.members) != 2:
        return ""
    low, high = term.members
    if not isinstance(low, t.Compare) or not isinstance(high, t.Compare) or low.left != high.left:
        return ""
    first, last = low.right, high.right
    if isinstance(first, t.PeriodDay) and isinstance(last, t.PeriodDay):
        whole = (low.operator, first.day, high.operator, last.day) == (">=", "first", "<=", "last")
        until = "" if first.period == last.period else f"至{at.period(last.period)}"
        return f"{at.say(low.left)}在{at.period(first.period)}{until}内" if whole else ""
    if isinstance(first, t.Shift) and first.member == last and first.months < 0 and not first.days:
        months = -first.months
        return f"{at.say(low.left)}在{at.say(last)}前{f'{months // 12}年' if months % 12 == 0 else f'{months}个月'}内"
    return ""


def _within(at: Words, term: t.Within) -> str:
    tree = regions if term.member.type.kind is t.Kind.REGION else industries
    return f"{at.say(term.member)}属于{'、'.join(_code(tree.name_of, prefix) for prefix in term.prefixes)}"


def _code(name_of: Callable[[str], str], prefix: str) -> str:
    try:
        return name_of(prefix)
    except LookupError:
        return prefix


def _one_of(at: Words, term: t.OneOf) -> str:
    values = "、".join(_constant(at, t.Constant(term.member.type, value)) for value in term.values)
    return f"{at.say(term.member)}为{values}之一"


def _arithmetic(at: Words, term: t.Arithmetic) -> str:
    sides = (
        f"（{at.say(side)}）" if isinstance(side, t.Arithmetic | t.Choose) else at.say(side)
        for side in (term.left, term.right)
    )
    return _SIGNS[term.operator].join(sides)


def _choose(at: Words, term: t.Choose) -> str:
    then = term.then
    if isinstance(then, t.Arithmetic) and then.operator == "/" and isinstance(then.left, t.Arithmetic):
        now, base = then.left.left, then.left.right
        if then.left.operator == "-" and base == then.right:
            return f"{at.say(now)}比{at.say(base)}的增长率"
    otherwise = "" if term.otherwise == t.Constant(term.type, None) else f"，否则{at.say(term.otherwise)}"
    return f"如果{at.say(term.condition)}，则{at.say(then)}{otherwise}"


def _shift(at: Words, term: t.Shift) -> str:
    if isinstance(term.member, t.RowField) and term.member.field == "period" and term.days == -1:
        return "所属期"  # its last day, which is what `during` asks of a row that stands for a period
    moves = [f"{'后' if n > 0 else '前'}{abs(n)}{unit}" for n, unit in ((term.months, "个月"), (term.days, "天")) if n]
    return at.say(term.member) + "".join(moves)


def _parameter(at: Words, term: t.Parameter) -> str:
    key = f"（按{at.say(term.key)}）" if term.key is not None else ""
    return f"{at.titles.get(f'param.{term.name}', term.name)}{key}"


def _quantified(at: Words, term: t.Quantified) -> str:
    which = "每一期" if term.every else "某一期"
    return f"{at.period(term.first)}至{at.period(term.last)}的{which}，{at.say(term.body)}"


def _not(at: Words, term: t.Not) -> str:
    inner = term.member
    if isinstance(inner, t.Compare) and is_presence(inner) and inner.operator == ">":
        return "没" + at.say(inner)
    return f"不满足“{at.say(inner)}”"


def _extreme(at: Words, term: t.Extreme) -> str:
    return f"{'、'.join(map(at.say, term.members))}中{'较小' if term.function == 'min' else '较大'}者"


def _between(at: Words, term: t.Between) -> str:
    return f"{at.say(term.start)}至{at.say(term.end)}的{'月' if term.unit == 'months' else '天'}数"


def _listed(at: Words, members: tuple[t.Term, ...], word: str) -> str:
    return word.join(f"（{at.say(m)}）" if isinstance(m, t.All) and not _span(at, m) else at.say(m) for m in members)


_RULES: dict[type[t.Term], Callable[[Words, Any], str]] = {
    t.Constant: _constant,
    t.Fact: _fact,
    t.RowField: lambda at, term: at.field(term.dataset, term.field),
    t.Aggregate: _aggregate,
    t.Compare: _compare,
    t.All: _all,
    t.Some: lambda at, term: _listed(at, term.members, "，或"),
    t.Not: _not,
    t.OneOf: _one_of,
    t.Within: _within,
    t.Known: lambda at, term: f"{at.say(term.member)}有数据",
    t.Arithmetic: _arithmetic,
    t.Extreme: _extreme,
    t.Absolute: lambda at, term: f"{at.say(term.member)}的绝对值",
    t.Rounded: lambda at, term: f"{at.say(term.member)}{_ROUNDED[term.mode]}",
    t.Choose: _choose,
    t.Shift: _shift,
    t.Between: _between,
    t.Defined: lambda at, term: at.titles.get(term.name, term.name),
    t.Definition: lambda at, term: at.titles.get(term.name, term.name),
    t.AsOf: lambda *_: "比对截止日",
    t.PeriodDay: lambda at, term: f"{at.period(term.period)}{'首' if term.day == 'first' else '末'}日",
    t.Parameter: _parameter,
    t.Quantified: _quantified,
}
