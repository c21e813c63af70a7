"""What an export of a plan would meet at the bank's form, while it can still be mended."""

from __future__ import annotations

from payouts.bank.channels import Channel
from payouts.bank.instruction import Instruction, Order
from payouts.bank.refusals import OrderRefused, Refusal
from payouts.batches.plan import Item, Plan
from payouts.ledger.act import Act


def refused_by(plan: Plan, channel: Channel, act: Act) -> tuple[Refusal, ...]:
    """Return the payments of a plan that a channel could not carry; nothing is written anywhere."""
    if not plan.items:
        return ()
    payer = plan.settings.payer
    instructions = tuple([_instruction(item) for item in plan.items])
    order = Order(plan.batch_id, act.at, payer.name, payer.account, payer.bank_code, instructions)
    try:
        channel.export(order)
    except OrderRefused as refused:
        return refused.refusals
    return ()


def _instruction(item: Item) -> Instruction:
    where = (item.account_name, item.account_no, item.bank_name, item.bank_code)
    return Instruction(item.payment_id, item.amount_fen, *where, item.purpose, item.line, item.uscc)
