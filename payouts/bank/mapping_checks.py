"""What must hold between the keys of a mapping file, each fault at its key."""

from __future__ import annotations

from collections.abc import Iterator

from enterprise_data.declarations.problems import Problem
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from payouts.bank.mapping import Cell, Charset, Form, Mapping
from payouts.bank.texts import texts_of
from payouts.bank.values import OF_FILE, OF_PAYEE, Value

_ONLY = {
    "encoding": {Form.CSV},
    "delimiter": {Form.CSV},
    "quote": {Form.CSV},
    "line_ending": {Form.CSV},
    "sheet": {Form.XLSX},
    "amount_cells": {Form.XLSX},
    "amounts": {Form.CSV, Form.XLSX},
    "days": {Form.CSV, Form.XLSX},
    "before": {Form.CSV, Form.XLSX},
    "titles": {Form.CSV, Form.XLSX},
    "columns": {Form.CSV, Form.XLSX},
    "after": {Form.CSV, Form.XLSX},
    "same_bank": {Form.CSV, Form.XLSX},
}
_NEEDED = {Form.CSV: ("encoding", "delimiter", "line_ending", "columns"), Form.XLSX: ("sheet", "columns")}
_ONCE = {
    Value.PAYMENT_ID: "the bank's answer could not be told apart without it",
    Value.AMOUNT: "the sum of the file is read back from it",
    Value.PAYEE_NAME: "the bank compares it with the account",
    Value.ACCOUNT_NO: "the money goes there",
}
_SHEET_NAME_FORBIDDEN = "[]:*?/\\'"


def problems_of(mapping: Mapping, document: Document) -> list[Problem]:
    """Return every fault that a mapping has beyond its form."""
    problems = list(_keys(mapping, document))
    if not problems and mapping.form is not Form.PAIN_001:
        problems += [*_columns(mapping, document), *_cells(mapping, document), *_settings(mapping, document)]
    return problems


def _keys(mapping: Mapping, document: Document) -> Iterator[Problem]:
    given = set(document.data)
    for key, forms in _ONLY.items():
        if key in given and mapping.form not in forms:
            message = f"`{key}` means nothing in a file of the form {mapping.form.value}"
            yield Problem("BANK002", message, document.key_place(key), "take it out")
    for key in _NEEDED.get(mapping.form, ()):
        if not getattr(mapping, key):
            message = f"a file of the form {mapping.form.value} needs `{key}`"
            yield Problem("BANK003", message, document.place("form"), "add it; docs/bank-files.md has examples")
    if mapping.charset is Charset.UTF_8_BOM:
        place = document.place("charset")
        yield Problem("BANK004", "a charset has no byte order mark; only a file has", place, "write `utf-8`")
    if mapping.encoding is Charset.GBK and mapping.charset not in (None, Charset.GBK):
        message = "the file's encoding has fewer characters than this"
        yield Problem("BANK013", message, document.place("charset"), "leave it out, or choose a wider `encoding`")


def _columns(mapping: Mapping, document: Document) -> Iterator[Problem]:
    values = [column.value for column in mapping.columns]
    for value, why in _ONCE.items():
        if values.count(value) != 1:
            place = document.key_place("columns")
            message = f"`columns` must hold `{value.value}` once, not {values.count(value)} times: {why}"
            yield Problem("BANK005", message, place, f"have one column `{{title: …, value: {value.value}}}`")
    if mapping.needs(Value.SAME_BANK) != (mapping.same_bank is not None):
        message = "`same_bank` and a column with `value: same_bank` belong together, and one is missing"
        help_text = "say `same_bank: {own: '102', same: '1', other: '0'}` with your bank's code, or leave both out"
        yield Problem("BANK006", message, document.key_place("columns"), help_text)
    if mapping.bank_code_required and not mapping.needs(Value.BANK_CODE):
        message = "联行号 are required, but no column holds `bank_code`"
        help_text = "add the column, or say `bank_code_required: false`"
        yield Problem("BANK007", message, document.key_place("columns"), help_text)


def _cells(mapping: Mapping, document: Document) -> Iterator[Problem]:
    for key, rows in (("before", mapping.before), ("after", mapping.after)):
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                yield from _cell(mapping, cell, document, (key, i, j))
                if cell.value is not None and cell.value not in OF_FILE:
                    known = ", ".join(sorted(value.value for value in OF_FILE))
                    message = f"`{cell.value.value}` belongs to one payment; this row stands for all"
                    yield Problem("BANK008", message, document.place(key, i, j, "value"), f"values here: {known}")
    for i, column in enumerate(mapping.columns):
        yield from _cell(mapping, column, document, ("columns", i))
        yield from _text(mapping, column.title, document, ("columns", i, "title"))
        for key in ("max_bytes", "max_characters", "required"):
            if key in column.model_fields_set and column.value not in OF_PAYEE:
                message = f"`{key}` means nothing here: the text is not the payee's"
                yield Problem("BANK012", message, document.key_place("columns", i, key), "take it out")


def _cell(mapping: Mapping, cell: Cell, document: Document, path: YamlPath) -> Iterator[Problem]:
    if cell.fixed:
        yield from _text(mapping, cell.fixed, document, (*path, "fixed"))


def _text(mapping: Mapping, text: str, document: Document, path: YamlPath) -> Iterator[Problem]:
    if fault := texts_of(mapping).fault(text):
        yield Problem("BANK009", f"the text {fault.what}", document.place(*path), fault.remedy)


def _settings(mapping: Mapping, document: Document) -> Iterator[Problem]:
    if mapping.same_bank is not None:
        yield from _text(mapping, mapping.same_bank.same, document, ("same_bank", "same"))
        yield from _text(mapping, mapping.same_bank.other, document, ("same_bank", "other"))
        if mapping.same_bank.same == mapping.same_bank.other:
            message = "`same` and `other` are the same text"
            yield Problem("BANK010", message, document.place("same_bank", "other"), "they tell two cases apart")
    if mapping.sheet and (set(mapping.sheet) & set(_SHEET_NAME_FORBIDDEN) or len(mapping.sheet) > 31):
        message = f"a sheet's name has at most 31 characters and none of {_SHEET_NAME_FORBIDDEN}"
        yield Problem("BANK011", message, document.place("sheet"), "write it as the bank's template does")
