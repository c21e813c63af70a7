"""What the steps that look beyond one policy or one firm did, laid behind the steps of the award itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from matcher.explain.model import PaymentLine, PolicyExplanation, StepLine
from matcher.run.store import Run
from matcher.settlement.words import head, sentence

Cuts = Sequence[Mapping[str, Any]]


def cuts_of(run: Run, uscc: str) -> Cuts:
    """Return what a run's settlement did to one firm's awards, in the order of the steps."""
    return run.settlement.filter(pl.col("uscc") == uscc).sort("policy", "item", "step").collect().to_dicts()


def settled(explanation: PolicyExplanation, cuts: Cuts) -> PolicyExplanation:
    """Return the explanation of one policy with its payments as they are after every step."""
    own = [cut for cut in cuts if cut["policy"] == explanation.policy]
    payments = tuple(_payment(payment, own) for payment in explanation.payments)
    return explanation.model_copy(update={"payments": payments})


def _payment(payment: PaymentLine, cuts: Cuts) -> PaymentLine:
    own = [cut for cut in cuts if cut["item"] == payment.item]
    if not own or not payment.counts:
        return payment
    steps = tuple(StepLine(step=head(cut["step"], cut["rule"]), text=sentence(cut), fen=_text(cut)) for cut in own)
    return payment.model_copy(update={"amount_fen": own[-1]["after_fen"], "steps": (*payment.steps, *steps)})


def _text(cut: Mapping[str, Any]) -> str | None:
    return None if cut["after_fen"] is None else str(cut["after_fen"])
