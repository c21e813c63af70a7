"""What a firm gets, in sentences: the amount with its digits, the limits, how often, and what is deducted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from cli.term_words import Words, money_words
from enterprise_data.declarations.problems import Place
from enterprise_data.periods import PeriodKind
from policies.definition_files import definitions_in
from policies.language import terms as t
from policies.language.compile import compile_expression
from policies.language.scope import Scope

if TYPE_CHECKING:
    from policies.award_form import AwardForm
    from policies.load import Library
    from policies.policy import Award, Policy

_CLAIM = {"once": "每户企业只享受一次", "per_period": "每期可享受一次", "per_item": "同一事项只享受一次"}
_SHORT = {
    "pro_rata": "资金不足时按比例兑现",
    "rank": "资金不足时按名次先后兑现",
    "carry_over": "资金不足时余下的顺延至下一期",
}
_UNITS = {"year": "年", "month": "个月", "day": "天"}
_WAN = 10_000 * 100


def award_sentences(policy: Policy, library: Library, words: Words) -> Iterator[str]:
    """Yield what the policy pays, for people."""
    award = policy.award
    if award is None or award.written is None:
        yield "见下列条件与依据；金额不由本系统计算"
        return
    form = award.written
    sayer = _Sayer(library, words, award.items.dataset if award.items else None)
    if award.items is not None:
        rows = words.catalogue.datasets[award.items.dataset].title.zh
        which = f"（{words.say(award.items.where)}）" if award.items.where is not None else ""
        yield f"按“{rows}”中的每一项{which}分别计算："
    yield from _amount(form, award, sayer)
    yield from _limits(form, sayer)
    yield _CLAIM[award.claim]
    yield from _together(award, library)
    yield from _paying(policy, sayer)


class _Sayer:
    """Says expressions of an award as they stand in the file, with the names known there."""

    def __init__(self, library: Library, words: Words, rows_of: str | None) -> None:
        bare = Scope(words.catalogue, PeriodKind.YEAR, parameters=library.parameters.signatures())
        scope = definitions_in(bare, library.definitions, words.kind)
        self.scope = replace(scope, period_kind=words.kind, row_dataset=rows_of)
        self.words = words

    def say(self, text: str) -> str:
        """Return an expression in words; a plain amount with its digits."""
        term = compile_expression(text, Place(""), self.scope, None)
        if isinstance(term, t.Constant) and term.type.kind is t.Kind.MONEY and isinstance(term.value, Fraction):
            return spelt(term.value)
        return self.words.say(term)


def spelt(fen: Fraction) -> str:
    """Return an amount of fen in words and digits.

    >>> spelt(Fraction(10_000_000)), spelt(Fraction(150_000))
    ('10万元（100,000元）', '1,500元')
    """
    yuan = fen / 100
    digits = f"（{int(yuan):,}元）" if abs(fen) >= _WAN and yuan.denominator == 1 else ""
    return f"{money_words(fen)}{digits}"


def _amount(form: AwardForm, award: Award, sayer: _Sayer) -> Iterator[str]:
    if form.amount is not None:
        yield sayer.say(form.amount)
    if (steps := form.steps) is not None:
        whole = "不足的部分不计" if steps.whole else "不足的部分按比例计"
        yield f"{sayer.say(steps.of)}，每{sayer.say(steps.each)}给{sayer.say(steps.pay)}，{whole}"
    if form.share is not None:
        base = sayer.say(form.share.of) if form.share.of else f"政策 {form.share.of_award} 的奖补金额"
        rate = sayer.say(form.share.rate)
        yield f"{base}的{rate}" if rate[0].isdigit() else f"{base}，按比例：{rate}"
    if form.tiers:
        yield "按下列第一个符合的档次："
    for tier, written in zip(award.tiers, form.tiers, strict=True):
        yield f"- {tier.text or sayer.say(written.when)}：{sayer.say(written.pay)}"


def _together(award: Award, library: Library) -> Iterator[str]:
    """Yield what other policies and firms have to do with it."""
    if award.items is not None and award.items.first_by is not None:
        yield "同一事项只计给一户企业：最先的一户"
    if award.exclusive:
        yield "同类政策就高不重复：只按最高的一项兑现"
    if award.top_up:
        span = f"近{award.top_up.months}个月内" if award.top_up.months is not None else "此前"
        yield f"扣除{span}同类政策已兑现的金额（补差）"
    for name in award.shared_caps:
        cap = library.caps.get(name)
        yield f"与其他政策合并计算最高限额：{cap.title.zh if cap else name}"


def _paying(policy: Policy, sayer: _Sayer) -> Iterator[str]:
    """Yield where the money comes from, and how it is paid."""
    if policy.budget is not None:
        amount = f"，每期{sayer.say(policy.budget.amount)}" if policy.budget.amount is not None else ""
        yield f"资金来源：{policy.budget.line}{amount}"
        yield from (_SHORT[how] for how in [policy.budget.when_short] if how in _SHORT)
        for each in policy.budget.carried:
            yield f"结转：{each.from_}期的资金中，{sayer.say(each.amount)}用于{each.to}期"
    if policy.payout is None:
        return
    if policy.payout.notice:
        yield f"公示{policy.payout.notice.split()[0]}个工作日后拨付"
    for number, part in enumerate(policy.payout.instalments, 1):
        later = f"，条件是{sayer.say(part.when)}" if part.when is not None else ""
        yield f"第{number}期拨付{sayer.say(part.share)}{_after(part.after)}{later}"


def _after(span: str | None) -> str:
    """Return how long after the period an instalment is due: `12 months` is 期末后12个月."""
    if span is None:
        return ""
    number, _, unit = span.partition(" ")
    return f"（期末后{number}{_UNITS.get(unit.rstrip('s'), unit)}）"


def _limits(form: AwardForm, sayer: _Sayer) -> Iterator[str]:
    if form.item_cap is not None:
        yield f"每项最高{sayer.say(form.item_cap)}"
    if form.cap is not None and form.cap.per_period is not None:
        yield f"每户企业每期最高{sayer.say(form.cap.per_period)}"
    if form.cap is not None and form.cap.lifetime is not None:
        yield f"每户企业累计最高{sayer.say(form.cap.lifetime)}"
