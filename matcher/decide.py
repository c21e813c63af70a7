"""Deciding one policy for one firm by the interpreter: what `explain` shows and what tests hold the SQL to."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.awards import Payment, payments
from matcher.interpreter.evaluate import Interpreter
from matcher.interpreter.intervals import Truth
from matcher.interpreter.rows import FirmFacts
from matcher.outcomes import Outcome, Verdict, verdict
from matcher.plan import BoundPolicy


@dataclass(frozen=True)
class Decision:
    """One policy decided for one firm: the truth of each leaf, the verdict, and what is due if eligible."""

    policy: BoundPolicy
    truths: tuple[Truth, ...]
    verdict: Verdict
    payments: tuple[Payment, ...]


def decide(policy: BoundPolicy, facts: FirmFacts) -> Decision | None:
    """Return the decision, or None where the policy does not apply to the firm."""
    interpreter = Interpreter(facts)
    truths = tuple(interpreter.truth(leaf.term) for leaf in policy.leaves)
    found = verdict(policy, truths)
    if found is None:
        return None
    due: list[Payment] = []
    if found.outcome is Outcome.ELIGIBLE and policy.award is not None:
        items = policy.award.items
        rows = facts.rows_that_count(items.dataset, items.where) if items else []
        due = payments(policy.award, facts, rows)
    return Decision(policy, truths, found, tuple(due))
