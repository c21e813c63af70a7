"""Whether an order can be told to the bank as it is: every payment that cannot, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import attrgetter

from payouts.bank.codes import has_check_digit, is_bank_code
from payouts.bank.instruction import Instruction, Order
from payouts.bank.mapping import Column, Form, Mapping
from payouts.bank.pain_001 import message_id
from payouts.bank.parts import created_at, split, yuan
from payouts.bank.refusals import OrderRefused, Refusal
from payouts.bank.texts import Fault, Texts, texts_of
from payouts.bank.values import OF_PAYEE, Value

_BATCH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,34}")
_PAYMENT_ID = re.compile("[A-Z2-7]{26}")
_ACCOUNTS = {
    "digits": re.compile("[0-9]+"),
    "digits and hyphens": re.compile("[0-9]+(-[0-9]+)*"),
    "letters and digits": re.compile("[0-9A-Za-z]+"),
}
_AT_SOURCE = "correct the payee's data and have them confirmed"
_NO_CODE = Fault("is empty, and the bank needs it", "look up the 联行号 of the payee's branch")
_BAD_CODE = Fault("is not a 联行号 of 12 digits", "look it up with the bank; a digit was lost or added")
_EMPTY = Fault("is empty, and the bank needs it", _AT_SOURCE)
# A number in a workbook is good for 15 digits.
_XLSX_FEN = 10**15 - 1
_WRONG_ID = Fault("is not 26 characters A-Z and 2-7", "plan the batch again")
# Max140Text and Max34Text of ISO 20022, in characters.
_PAIN_COLUMNS = (
    Column(title="payment_id", value=Value.PAYMENT_ID),
    Column(title="Cdtr/Nm", value=Value.PAYEE_NAME, max_characters=140),
    Column(title="CdtrAcct", value=Value.ACCOUNT_NO, max_characters=34),
    Column(title="CdtrAgt/Nm", value=Value.BANK_NAME, max_characters=140),
    Column(title="CdtrAgt/MmbId", value=Value.BANK_CODE),
    Column(title="RmtInf/Ustrd", value=Value.PURPOSE, max_characters=140),
)
# The flag is made of the code, even where the code itself is not in the file.
_FLAG_ALONE = Column(title="bank_code", value=Value.BANK_CODE)

Judge = Callable[[str], Fault | None]


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
    if not order.payer_name or not _ACCOUNTS[mapping.accounts].fullmatch(order.payer_account):
        what = f"needs a name, and an account of {mapping.accounts}"
        yield refuse("the payer", Fault(what, "correct the bureau's own account"))
    if mapping.form is Form.PAIN_001:
        if not is_bank_code(order.payer_bank_code):
            yield refuse("payer_bank_code", _BAD_CODE)
        if any(len(message_id(part)) > 35 for part in split(order, mapping)):
            what = "has no room for the number of a part in a message id of 35 characters"
            yield refuse("batch_id", Fault(what, "name the batch anew"))


def _of_payments(order: Order, mapping: Mapping) -> Iterator[Refusal]:
    judges = _judges(mapping)
    max_fen = mapping.max_fen if mapping.amount_cells == "text" else min(mapping.max_fen or _XLSX_FEN, _XLSX_FEN)
    seen: set[str] = set()
    for payment in order.instructions:
        for column, field, judge in judges:
            if fault := judge(field(payment)):
                yield _refusal(payment, column, fault)
        if payment.payment_id in seen:
            fault = Fault("stands in the order twice", "nothing is paid twice: plan the batch again")
            yield _refusal(payment, "payment_id", fault)
        seen.add(payment.payment_id)
        if payment.fen <= 0:
            yield _refusal(payment, "amount", Fault("is not positive", "plan the batch again"))
        elif max_fen is not None and payment.fen > max_fen:
            what = f"is {yuan(payment.fen)} yuan, and the bank takes {yuan(max_fen)} in one payment"
            yield _refusal(payment, "amount", Fault(what, "pay this one by another channel; it is not cut in two"))


def _refusal(payment: Instruction, column: str, fault: Fault) -> Refusal:
    return Refusal(payment.payment_id, payment.payee_name, column, fault.what, fault.remedy)


def _judges(mapping: Mapping) -> list[tuple[str, Callable[[Instruction], str], Judge]]:
    """Return, for each column with a text of the payee's: its title, where the text is, and what judges it."""
    columns = _PAIN_COLUMNS if mapping.form is Form.PAIN_001 else mapping.columns
    if mapping.same_bank and not mapping.needs(Value.BANK_CODE):
        columns = (*columns, _FLAG_ALONE)
    texts = texts_of(mapping)
    given = [(column, column.value) for column in columns if column.value and column.value in OF_PAYEE]
    return [(column.title, attrgetter(value.value), _judge(column, value, texts, mapping)) for column, value in given]


def _judge(column: Column, value: Value, texts: Texts, mapping: Mapping) -> Judge:
    """Return what finds the fault of a text in a column."""
    if value is Value.BANK_CODE:
        needed = mapping.bank_code_required or mapping.same_bank is not None or column.required
        return lambda text: None if is_bank_code(text) else _BAD_CODE if text else _NO_CODE if needed else None
    needed = column.required or value in (Value.PAYEE_NAME, Value.ACCOUNT_NO)
    form, wrong = None, _WRONG_ID
    if value is Value.PAYMENT_ID:
        form = _PAYMENT_ID
    if value is Value.ACCOUNT_NO:
        form = _ACCOUNTS[mapping.accounts]
        wrong = Fault(f"has other characters than {mapping.accounts}", _AT_SOURCE)

    def judge(text: str) -> Fault | None:
        if not text and needed:
            return _EMPTY
        if form and not form.fullmatch(text):
            return wrong
        return texts.fault(text, column.max_bytes, column.max_characters)

    return judge
