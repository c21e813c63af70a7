"""What will become of a plan at the bank's form: payments that it cannot carry, and codes worth a second look."""

from __future__ import annotations

from dataclasses import dataclass

from payouts.bank.channels import Channel
from payouts.bank.checks import warnings_of
from payouts.bank.instruction import Instruction, Order
from payouts.bank.refusals import OrderRefused, Refusal
from payouts.batches.plan import Item, Plan
from payouts.ledger.act import Act


@dataclass(frozen=True)
class Foreseen:
    """What an export of the plan would refuse by name, and what it would write in spite of a doubt."""

    refused: tuple[Refusal, ...]
    doubted: tuple[Refusal, ...]


def foreseen(plan: Plan, channel: Channel, act: Act) -> Foreseen:
    """Try whether a channel can carry a plan; nothing is written anywhere."""
    if not plan.items:
        return Foreseen((), ())
    payer = plan.settings.payer
    instructions = tuple([_instruction(item) for item in plan.items])
    order = Order(plan.batch_id, act.at, payer.name, payer.account, payer.bank_code, instructions)
    try:
        channel.export(order)
    except OrderRefused as refused:
        return Foreseen(refused.refusals, warnings_of(order))
    return Foreseen((), warnings_of(order))


def _instruction(item: Item) -> Instruction:
    where = (item.account_name, item.account_no, item.bank_name, item.bank_code)
    return Instruction(item.payment_id, item.amount_fen, *where, item.purpose, item.line, item.uscc)
