"""Whether an order can be told to the bank as it is: every payment that cannot, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from payouts.bank.codes import has_check_digit, is_bank_code
from payouts.bank.instruction import Instruction, Order
from payouts.bank.judges import ACCOUNTS, BAD_CODE, Judge, judges_of
from payouts.bank.mapping import Form, Mapping
from payouts.bank.pain_001 import message_id
from payouts.bank.parts import created_at, split, yuan
from payouts.bank.refusals import OrderRefused, Refusal
from payouts.bank.texts import Fault, texts_of
from payouts.bank.values import Value

_BATCH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,34}")
# A number in a workbook is good for 15 digits.
_XLSX_FEN = 10**15 - 1


def check(order: Order, mapping: Mapping) -> None:
    """Make sure that every text of an order can be written letter for letter.

    Raises:
        OrderRefused: with every payment that cannot, and why.
    """
    refusals = [*_of_order(order, mapping), *_of_payments(order, mapping)]
    if refusals:
        raise OrderRefused(refusals, mapping.mapping)


def warnings_of(order: Order) -> tuple[Refusal, ...]:
    """Return the payments whose 联行号 has a wrong check digit: worth a second look, but no ground to refuse."""
    what = "has a check digit that does not follow from its other digits (ISO 7064 MOD 11,10)"
    remedy = "compare it with the bank's own list before you release the file"
    return tuple(
        Refusal(payment.payment_id, payment.payee_name, Value.BANK_CODE.value, what, remedy)
        for payment in order.instructions
        if is_bank_code(payment.bank_code) and not has_check_digit(payment.bank_code)
    )


def _of_order(order: Order, mapping: Mapping) -> Iterator[Refusal]:
    def refuse(column: str, fault: Fault) -> Refusal:
        return Refusal("", "", column, fault.what, fault.remedy)

    if not order.instructions:
        yield refuse("the order", Fault("has no payment", "there is nothing to tell the bank"))
    if not _BATCH_ID.fullmatch(order.batch_id):
        what = "must be 1 to 35 letters, digits, full stops, hyphens or underscores"
        yield refuse("batch_id", Fault(what, "name the batch anew"))
    try:
        created_at(order)
    except ValueError:
        yield refuse("created_at", Fault("is no instant such as 2024-03-01T08:00:00.000000Z", "take the ledger's"))
    texts = texts_of(mapping)
    for column in ("payer_name", "payer_account", "payer_bank_code"):
        if fault := texts.fault(getattr(order, column)):
            yield refuse(column, fault)
    if not order.payer_name or not ACCOUNTS[mapping.accounts].fullmatch(order.payer_account):
        what = f"needs a name, and an account of {mapping.accounts}"
        yield refuse("the payer", Fault(what, "correct the bureau's own account"))
    if mapping.form is Form.PAIN_001:
        if not is_bank_code(order.payer_bank_code):
            yield refuse("payer_bank_code", BAD_CODE)
        if any(len(message_id(part)) > 35 for part in split(order, mapping)):
            what = "has no room for the number of a part in a message id of 35 characters"
            yield refuse("batch_id", Fault(what, "name the batch anew"))


def _of_payments(order: Order, mapping: Mapping) -> Iterator[Refusal]:
    """Yield what is wrong with the payments, in their order; whole columns are cleared first."""
    payments = order.instructions
    max_fen = mapping.max_fen if mapping.amount_cells == "text" else min(mapping.max_fen or _XLSX_FEN, _XLSX_FEN)
    judges = [judge for judge in judges_of(mapping) if not judge.clears(payments)]
    once = len({payment.payment_id for payment in payments}) == len(payments)
    if judges or not once or not all(_is_payable(payment.fen, max_fen) for payment in payments):
        yield from _one_by_one(payments, judges, max_fen)


def _is_payable(fen: int, max_fen: int | None) -> bool:
    return fen > 0 and (max_fen is None or fen <= max_fen)


def _one_by_one(payments: Sequence[Instruction], judges: Sequence[Judge], max_fen: int | None) -> Iterator[Refusal]:
    columns = [(judge.column.title, judge.text_of, judge.fault) for judge in judges]
    seen: set[str] = set()
    for payment in payments:
        for column, text_of, fault_of in columns:
            if fault := fault_of(text_of(payment)):
                yield _refusal(payment, column, fault)
        if payment.payment_id in seen:
            fault = Fault("stands in the order twice", "nothing is paid twice: plan the batch again")
            yield _refusal(payment, "payment_id", fault)
        seen.add(payment.payment_id)
        if payment.fen <= 0:
            yield _refusal(payment, "amount", Fault("is not positive", "plan the batch again"))
        elif not _is_payable(payment.fen, max_fen):
            what = f"is {yuan(payment.fen)} yuan, and the bank takes {yuan(max_fen or 0)} in one payment"
            yield _refusal(payment, "amount", Fault(what, "pay this one by another channel; it is not cut in two"))


def _refusal(payment: Instruction, column: str, fault: Fault) -> Refusal:
    return Refusal(payment.payment_id, payment.payee_name, column, fault.what, fault.remedy)
