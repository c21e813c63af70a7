"""Building an explanation from a decision: the same, whether its facts come from rows or from a stored run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from matcher.awards import Payment, Step
from matcher.coverage import Feeds
from matcher.decide import decide
from matcher.explain.describe import Describer
from matcher.explain.model import ConditionLine, FactLine, GroupLine, PaymentLine, PolicyExplanation, StepLine
from matcher.explain.open_rows import OpenRows
from matcher.explain.reasons import Reasons, with_open_rows
from matcher.explain.remedies import remedy
from matcher.explain.values import money, shown
from matcher.interpreter.evaluate import Interpreter, has_bounds
from matcher.interpreter.intervals import Interval, Truth
from matcher.interpreter.rows import HOME_REGION, FirmFacts
from matcher.plan import APPLIES, CLAIM, ITEMS, STARTED, BoundLeaf, BoundPolicy, Plan, facts_in
from policies.language import terms as t
from policies.policy import Group, Leaf

_SHOWN_ROWS = 5


@dataclass(frozen=True)
class Explainer:
    """Explains decisions of one plan over the facts of one firm; `open_rows` are the snapshot's, whence the facts."""

    plan: Plan
    feeds: Feeds
    facts: FirmFacts
    open_rows: OpenRows

    def policy(self, policy: BoundPolicy) -> PolicyExplanation:
        """Return why one policy decides about the firm as it does."""
        decision = decide(policy, self.facts)
        source = policy.policy.source.document
        title = policy.policy.title.zh
        if decision is None:
            lines = (self._condition(policy, policy.leaves[0], None, truth=False, depth=0),)
            return PolicyExplanation(
                policy=policy.id, title=title, document=source, outcome="not applicable",
                failed=(APPLIES,), unknown=(), lines=lines, payments=(),
            )  # fmt: skip
        found = decision.verdict
        return PolicyExplanation(
            policy=policy.id,
            title=title,
            document=source,
            outcome=found.outcome.value,
            failed=found.failed,
            unknown=found.unknown,
            lines=tuple(self._lines(policy, decision.truths)),
            payments=tuple(_payment(payment) for payment in decision.payments),
        )

    def _lines(self, policy: BoundPolicy, truths: tuple[Truth, ...]) -> Iterator[ConditionLine | GroupLine]:
        numbered = list(zip(policy.leaves, truths, strict=True))
        if not isinstance(policy.scope, t.Constant):
            yield self._condition(policy, policy.leaves[0], None, truth=truths[0], depth=0)
        rest = iter(numbered[1:])
        yield from self._group(policy, policy.policy.conditions, rest, depth=0, must_hold=True)
        for leaf, truth in rest:
            yield self._condition(policy, leaf, None, truth=truth, depth=0)

    def _group(
        self,
        policy: BoundPolicy,
        group: Group,
        numbered: Iterator[tuple[BoundLeaf, Truth]],
        depth: int,
        *,
        must_hold: bool,
    ) -> Iterator[ConditionLine | GroupLine]:
        for member in group.members:
            if isinstance(member, Leaf):
                leaf, truth = next(numbered)
                yield self._condition(policy, leaf, member, truth=truth, depth=depth, must_hold=must_hold)
            else:
                yield GroupLine(mode=member.mode, text=member.text, depth=depth)
                inside = must_hold != (member.mode == "none")
                yield from self._group(policy, member, numbered, depth + 1, must_hold=inside)

    def _condition(
        self,
        policy: BoundPolicy,
        bound: BoundLeaf,
        leaf: Leaf | None,
        *,
        truth: Truth,
        depth: int,
        must_hold: bool = True,
    ) -> ConditionLine:
        words = Describer(self.plan.catalogue, self.plan.titles)
        interpreter = Interpreter(self.facts)
        wanted = bound.term if must_hold else _opposite(bound.term)
        return ConditionLine(
            id=bound.id,
            text=leaf.text if leaf else _OWN_TEXT[bound.id],
            clause=leaf.clause if leaf else "",
            holds=truth,
            must_hold=must_hold,
            required=words.describe(wanted),
            depth=depth,
            facts=tuple(
                self._fact(policy, fact)
                for fact in dict.fromkeys(facts_in(bound.term))
                if not isinstance(fact, t.Defined)
            ),
            computed=tuple(_computed(bound.term, interpreter, words)),
            remedy=remedy(wanted, interpreter, words) if truth is not None and truth != must_hold else "",
        )

    def _fact(self, policy: BoundPolicy, fact: t.Fact | t.Aggregate) -> FactLine:
        value = self.facts.value(fact)
        known = (value.value if isinstance(value, Interval) else value) is not None
        dataset = self.plan.catalogue.datasets[fact.dataset]
        feed = self.feeds.get(fact.dataset)
        region = self.facts.value(HOME_REGION)
        reasons = Reasons(self.plan.catalogue, self.feeds, self.plan.context.as_of)
        rows = [] if known else self.open_rows.behind(fact)
        return FactLine(
            fact=Describer(self.plan.catalogue, self.plan.titles).describe(fact),
            value=shown(value, fact.type),
            known=known,
            dataset=fact.dataset,
            department=dataset.department,
            data_date=feed.data_date if feed else None,
            why_unknown="" if known else with_open_rows(reasons.why(fact, region), len(rows)),
            open_rows=tuple(self.open_rows.line(policy, fact.dataset, row) for row in rows[:_SHOWN_ROWS]),
            open_row_count=len(rows),
        )


def _computed(term: t.Term, interpreter: Interpreter, words: Describer) -> Iterator[str]:
    """Yield what the compared sides of a condition come to, where they are more than one fact."""
    if isinstance(term, t.All | t.Some):
        for member in term.members:
            yield from _computed(member, interpreter, words)
    if not isinstance(term, t.Compare):
        return
    for side in (term.left, term.right):
        if has_bounds(side.type) and not isinstance(side, t.Fact | t.Aggregate | t.Constant | t.RowField):
            yield f"{words.describe(side)} = {shown(interpreter.evaluate(side), side.type)}"


def _opposite(term: t.Term) -> t.Term:
    return term.member if isinstance(term, t.Not) else t.Not(t.BOOL, term)


_OWN_TEXT = {
    APPLIES: "适用于企业所在地区",
    STARTED: "政策废止前已开始分期兑付",
    CLAIM: "此前未享受过",
    ITEMS: "至少有一项符合条件",
}


def _payment(payment: Payment) -> PaymentLine:
    steps = tuple(StepLine(step=s.name, text=_sentence(s), fen=_exact(s.after)) for s in payment.steps)
    return PaymentLine(item=payment.item, counts=payment.counts, amount_fen=payment.fen, steps=steps)


def _exact(fen: Fraction | None) -> str | None:
    return None if fen is None else str(fen)


_CAPS = {
    "item_cap": "item cap",
    "cap": "policy cap",
    "lifetime": "left of the lifetime cap",
    "cap_left": "left of the policy's caps",
}


def _sentence(step: Step) -> str:
    """Return what one step did to the amount, and why."""
    after = "unknown" if step.after is None else money(step.after)
    before = "unknown" if step.before is None else money(step.before)
    limit = "unknown" if step.limit is None else money(step.limit)
    if step.name == "amount":
        return f"amount {after}"
    if step.name == "floor":
        return f"not less than nothing: {before} becomes {after}"
    if step.name == "rounding":
        return f"rounded to multiples of {limit}: {before} becomes {after}"
    return f"{_CAPS[step.name]} {limit}: {'not reached' if step.before == step.after else f'{before} cut to {after}'}"
