"""From an order to the files that a bank reads; a pure function of the order and the mapping."""

from __future__ import annotations

from payouts.bank.bank_file import BankFile
from payouts.bank.checks import check
from payouts.bank.csv_form import to_csv
from payouts.bank.instruction import Order
from payouts.bank.mapping import Form, Mapping
from payouts.bank.pain_001 import to_pain_001
from payouts.bank.parts import Part, file_name, lines, split
from payouts.bank.xlsx_form import to_xlsx


def write(order: Order, mapping: Mapping) -> tuple[BankFile, ...]:
    """Write an order as the bank's files, in as many parts as its row limit asks for.

    Equal orders and mappings give equal bytes, in any process, time zone and locale. All payments are in exactly one
    part, in the order's order.

    Raises:
        OrderRefused: with every payment that the files cannot carry letter for letter; nothing is written then.
    """
    check(order, mapping)
    return tuple(
        BankFile(part.number, file_name(part, mapping), _content(part, mapping), len(part.instructions), part.total_fen)
        for part in split(order, mapping)
    )


def _content(part: Part, mapping: Mapping) -> bytes:
    if mapping.form is Form.PAIN_001:
        return to_pain_001(part)
    return (to_csv if mapping.form is Form.CSV else to_xlsx)(lines(part, mapping), mapping)
