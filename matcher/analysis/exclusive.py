"""LOG008 two exclusive policies of which one always wins: whoever may have the other has the better one too.

Only awards whose amount nothing else changes are compared: per firm, without caps, top-ups or a budget of the winner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from enterprise_data.catalogue.load import Catalogue
from matcher.analysis.finding import Finding
from matcher.analysis.formulas import Formula, conjunction, negation
from matcher.analysis.logic import Logic, Side, Wanted, meets, met
from matcher.analysis.parts import Parts, parts_of
from matcher.bind import Binder
from matcher.outcomes import Outcome
from matcher.plan import BoundPolicy, award_terms, bind_policy
from policies.awards_together import AwardsTogether
from policies.language import terms as t
from policies.policy import Award, Policy

EXCLUSIVE = "LOG008"


@dataclass
class Pair(Logic):
    """A policy together with another of its exclusive group."""

    other: BoundPolicy

    @cached_property
    def terms(self) -> tuple[t.Term, ...]:
        """Return the terms of both."""
        mine = [leaf.term for leaf in (*self.policy.leaves, *self.other.leaves)]
        awards = (award for award in (self.policy.award, self.other.award) if award is not None)
        return (*mine, *(term for award in awards for term in award_terms(award)))

    @cached_property
    def others(self) -> Parts:
        """Return what the other policy asks."""
        return parts_of(self.other)

    def mention(self, side: Side) -> None:
        """Encode both policies and what they pay."""
        super().mention(side)
        for part in self.others.all:
            side.of(part)
        self.pays_less(side)

    def pays_less(self, side: Side) -> Formula:
        """Return when the other pays clearly more; rounding may take as much as its step."""
        mine, other = self.policy.award, self.other.award
        assert mine is not None
        assert other is not None
        less, more = side.encoder.value(mine.amount), side.encoder.value(other.amount)
        if less.denominator is not None or more.denominator is not None:
            return False
        step = max(mine.rounding_quantum_fen, other.rounding_quantum_fen)
        return conjunction([less.known, more.known, more.value >= less.value + step, more.value > less.value])


def find(logic: Logic, binder: Binder, catalogue: Catalogue, together: AwardsTogether) -> Iterator[Finding]:
    """Yield the policy of the group that always wins, if there is one."""
    mine = logic.policy.policy
    if mine.award is None or mine.award.exclusive is None or not _plain(mine.award):
        return
    for rival in together.members("exclusive", mine.award.exclusive.group):
        if rival.id == mine.id or not _comparable(rival, logic):
            continue
        pair = Pair(logic.policy, catalogue, logic.context, bind_policy(rival, catalogue, binder, together))
        if pair.possible(_may_win(pair)):
            continue
        witness = pair.witness(meets(*pair.parts.all))
        decided = [] if witness is None else [witness.decision(policy) for policy in (pair.policy, pair.other)]
        if not decided or any(one is None or one.verdict.outcome is not Outcome.ELIGIBLE for one in decided):
            continue
        less, more = (sum(payment.fen or 0 for payment in one.payments) for one in decided if one is not None)
        if more > less:
            message = f"it never pays: whoever it is for gets more by `{rival.id}`, of the same exclusive group"
            help_text = "narrow the better one, or leave this one out"
            yield Finding(EXCLUSIVE, message, ("award", "exclusive"), help_text, witness, (rival.id,))
            return


def _may_win(pair: Pair) -> Wanted:
    """Ask for a firm that may have the policy but not the other, or no more by the other."""

    def wanted(side: Side) -> Formula:
        beaten = conjunction([met(side, pair.others.all), pair.pays_less(side)])
        return conjunction([met(side, pair.parts.all), negation(beaten)])

    return wanted


def _comparable(rival: Policy, logic: Logic) -> bool:
    award = rival.award
    period = logic.context.period
    return (
        award is not None
        and _plain(award)
        and rival.budget_line is None
        and rival.matchable
        and rival.period_kind is period.kind
        and any(rule.covers(period) for rule in rival.applies)
    )


def _plain(award: Award) -> bool:
    bare = award.items is None and award.top_up is None and not award.shared_caps
    by_firm = award.exclusive is not None and not award.exclusive.by_item
    return bare and by_firm and award.cap is None and award.lifetime is None
