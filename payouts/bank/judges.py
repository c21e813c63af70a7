"""What the texts of a column must be: judged one by one, or cleared all at once where nothing is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from payouts.bank.codes import is_bank_code
from payouts.bank.instruction import Instruction
from payouts.bank.mapping import Column, Form, Mapping
from payouts.bank.texts import Fault, Texts, texts_of
from payouts.bank.values import OF_PAYEE, Value

ACCOUNTS = {
    "digits": re.compile("[0-9]+"),
    "digits and hyphens": re.compile("[0-9]+(-[0-9]+)*"),
    "letters and digits": re.compile("[0-9A-Za-z]+"),
}
BAD_CODE = Fault("is not a 联行号 of 12 digits", "look it up with the bank; a digit was lost or added")
_PAYMENT_ID = re.compile("[A-Z2-7]{26}")
_AT_SOURCE = "correct the payee's data and have them confirmed"
_NO_CODE = Fault("is empty, and the bank needs it", "look up the 联行号 of the payee's branch")
_EMPTY = Fault("is empty, and the bank needs it", _AT_SOURCE)
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


@dataclass(frozen=True)
class Judge:
    """What finds the fault of a text in a column: `empty` if it may not be empty, `wrong` unless it has a form.

    `texts` is None where the form says all.
    """

    column: Column
    value: Value
    texts: Texts | None
    empty: Fault | None = None
    has_form: Callable[[str], object] | None = None
    wrong: Fault | None = None

    @property
    def text_of(self) -> Callable[[Instruction], str]:
        """What takes the column's text from a payment."""
        return attrgetter(self.value.value)

    def fault(self, text: str) -> Fault | None:
        """Return the first fault of a text; None if it may be written as it is."""
        if not text and self.empty:
            return self.empty
        if self.has_form and not self.has_form(text):
            return self.wrong
        return self.texts.fault(text, self.column.max_bytes, self.column.max_characters) if self.texts else None

    def clears(self, payments: Sequence[Instruction]) -> bool:
        """Return whether no payment's text has a fault; False is for `fault` to tell, and may be none."""
        texts = set(map(self.text_of, payments))
        if "" in texts and self.empty:
            return False
        if self.has_form and not all(map(self.has_form, texts)):
            return False
        return not self.texts or self.texts.clear(texts, self.column.max_bytes, self.column.max_characters)


def judges_of(mapping: Mapping) -> list[Judge]:
    """Return what judges each column with a text of the payee's."""
    columns = _PAIN_COLUMNS if mapping.form is Form.PAIN_001 else mapping.columns
    if mapping.same_bank and not mapping.needs(Value.BANK_CODE):
        columns = (*columns, _FLAG_ALONE)
    texts = texts_of(mapping)
    given = [(column, column.value) for column in columns if column.value and column.value in OF_PAYEE]
    return [_judge(column, value, texts, mapping) for column, value in given]


def _judge(column: Column, value: Value, texts: Texts, mapping: Mapping) -> Judge:
    if value is Value.BANK_CODE:
        needed = mapping.bank_code_required or mapping.same_bank is not None or column.required
        return Judge(column, value, None, _NO_CODE if needed else None, _is_code_or_empty, BAD_CODE)
    empty = _EMPTY if column.required or value in (Value.PAYEE_NAME, Value.ACCOUNT_NO) else None
    if value is Value.PAYMENT_ID:
        return Judge(column, value, texts, empty, _PAYMENT_ID.fullmatch, _WRONG_ID)
    if value is Value.ACCOUNT_NO:
        wrong = Fault(f"has other characters than {mapping.accounts}", _AT_SOURCE)
        return Judge(column, value, texts, empty, ACCOUNTS[mapping.accounts].fullmatch, wrong)
    return Judge(column, value, texts, empty)


def _is_code_or_empty(text: str) -> bool:
    return not text or is_bank_code(text)
