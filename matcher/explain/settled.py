"""What the steps that look beyond one policy or one firm did, laid behind the steps of the award itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from matcher.explain.model import PaymentLine, PolicyExplanation, StepLine
from matcher.explain.values import money
from matcher.run.store import Run
from matcher.settlement.words import head, sentence

Cuts = Sequence[Mapping[str, Any]]
_CONTESTED = 2
_STATES = {
    "paid": "paid before",
    "due": "due",
    "later": "later",
    "refused": "its condition does not hold",
    "open": "whether it was paid before, or its condition holds, is unknown",
}


def cuts_of(run: Run, uscc: str) -> Cuts:
    """Return what a run's settlement did to one firm's awards, in the order of the steps."""
    of_firm = run.settlement.filter(pl.col("uscc") == uscc)
    return of_firm.sort("policy", "item", "step", maintain_order=True).collect().to_dicts()


def parts_of(run: Run, uscc: str) -> Cuts:
    """Return the instalments of one firm's awards."""
    return run.instalments.filter(pl.col("uscc") == uscc).collect().to_dicts()


def decided_of(run: Run, uscc: str) -> Cuts:
    """Return the decisions about one firm, one for each policy and item."""
    return run.decisions.filter(pl.col("uscc") == uscc).collect().to_dicts()


def settled(explanation: PolicyExplanation, cuts: Cuts, parts: Cuts = (), decided: Cuts = ()) -> PolicyExplanation:
    """Return the explanation of one policy with its payments as they are after every step."""
    own = [cut for cut in cuts if cut["policy"] == explanation.policy]
    if any(cut["step"] == _CONTESTED for cut in own):
        explanation = _contested(explanation, [each for each in decided if each["policy"] == explanation.policy])
    in_parts = [part for part in parts if part["policy"] == explanation.policy]
    payments = tuple(_in_parts(_payment(payment, own), in_parts) for payment in explanation.payments)
    return explanation.model_copy(update={"payments": payments})


def _contested(explanation: PolicyExplanation, decided: Cuts) -> PolicyExplanation:
    """Take the amounts from the run: what an item comes to depends on whose the others are."""
    found = {each["item"]: each for each in decided}
    payments = tuple(
        payment.model_copy(
            update={"amount_fen": found[payment.item]["amount_fen"],
                    "counts": payment.counts if found[payment.item]["outcome"] == "eligible" else None}
        )
        if payment.item in found else payment
        for payment in explanation.payments
    )  # fmt: skip
    return explanation.model_copy(update={"payments": payments})


def _payment(payment: PaymentLine, cuts: Cuts) -> PaymentLine:
    own = [cut for cut in cuts if cut["item"] == payment.item]
    if not own or not payment.counts:
        return payment
    steps = tuple(StepLine(step=head(cut["step"], cut["rule"]), text=sentence(cut), fen=_text(cut)) for cut in own)
    return payment.model_copy(update={"amount_fen": own[-1]["after_fen"], "steps": (*payment.steps, *steps)})


def _in_parts(payment: PaymentLine, parts: Cuts) -> PaymentLine:
    own = [part for part in parts if part["item"] == payment.item]
    steps = tuple(StepLine(step="instalment", text=_part(part), fen=str(part["amount_fen"])) for part in own)
    return payment.model_copy(update={"steps": (*payment.steps, *steps)})


def _part(part: Mapping[str, Any]) -> str:
    return f"instalment {part['part']}: {money(part['amount_fen'])} on {part['due_on']}: {_STATES[part['state']]}"


def _text(cut: Mapping[str, Any]) -> str | None:
    return None if cut["after_fen"] is None else str(cut["after_fen"])
