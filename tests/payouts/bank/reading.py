"""Reading files as a bank would, by other means than those that wrote them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import openpyxl

from payouts.bank.instruction import Instruction, Order
from payouts.bank.mapping import Column, Form, Mapping, Quote
from payouts.bank.values import Value

Rows = list[list[str]]


def rows_of(content: bytes, mapping: Mapping) -> Rows:
    """Return all rows of a CSV or XLSX file; numbers of a workbook as text."""
    if mapping.form is Form.XLSX:
        sheet = openpyxl.load_workbook(io.BytesIO(content))[str(mapping.sheet)]
        return [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    assert mapping.encoding
    text = content.decode(mapping.encoding.codec)
    delimiter = "\t" if mapping.delimiter == "tab" else str(mapping.delimiter)
    if mapping.quote is Quote.NEVER:
        return [line.split(delimiter) for line in text.splitlines()]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def payments_of(content: bytes, mapping: Mapping) -> Rows:
    """Return the rows of payments, each as wide as the mapping."""
    rows = rows_of(content, mapping)
    first = len(mapping.before) + mapping.titles
    return [row[: len(mapping.columns)] for row in rows[first : len(rows) - len(mapping.after)]]


def expected(payment: Instruction, number: int, order: Order, mapping: Mapping) -> list[str]:
    """Return what a payment's row must say, column by column."""
    return [_expected(column, payment, number, order, mapping) for column in mapping.columns]


def _expected(column: Column, payment: Instruction, number: int, order: Order, mapping: Mapping) -> str:
    made = {
        Value.ROW_NO: str(number),
        Value.AMOUNT: str(payment.fen) if mapping.amounts == "fen" else f"{Decimal(payment.fen) / 100:.2f}",
        Value.BATCH_ID: order.batch_id,
        Value.CREATED_ON: "2024-03-02",
        Value.PAYER_NAME: order.payer_name,
        Value.PAYER_ACCOUNT: order.payer_account,
        Value.PAYER_BANK_CODE: order.payer_bank_code,
    }
    if column.value is None:
        return str(column.fixed)
    if column.value is Value.SAME_BANK:
        return {"102": "0", "103": "1"}[payment.bank_code[:3]]
    return made[column.value] if column.value in made else str(getattr(payment, column.value))


def _cell(value: Any) -> str:
    if isinstance(value, int | float):
        assert repr(value) == repr(round(value, 2)), "an amount that is not whole fen"
        return f"{value:.2f}"
    return "" if value is None else str(value)
