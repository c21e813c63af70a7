"""A return file of any form → `AnswerFile`."""

from __future__ import annotations

import hashlib

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import AnswerFile
from payouts.bank.returns.mapping import ReturnMapping
from payouts.bank.returns.pain002 import read_pain002
from payouts.bank.returns.rows import csv_rows, xlsx_rows
from payouts.bank.returns.tables import answers

MAX_BYTES = 256 << 20


def read_return(data: bytes, name: str, mapping: ReturnMapping | None = None) -> AnswerFile:
    """Read a bank's return file: by `mapping`, or as ISO 20022 pain.002 without one. `name` is for messages.

    Raises:
        MianshenError: it cannot be read as a whole, is cut, damaged or too large; nothing of it may be booked.
    """
    if not data.strip():
        raise MianshenError(f"{name} is empty; ask the bank for the file anew")
    if len(data) > MAX_BYTES:
        raise MianshenError(f"{name} has {len(data):,} bytes; at most {MAX_BYTES:,} are read: ask for it in parts")
    if mapping is None:
        return read_pain002(data, name)
    try:
        rows = csv_rows(data, mapping) if mapping.form == "csv" else xlsx_rows(data, mapping)
        lines, bad_lines = answers(rows, mapping)
    except MianshenError as error:
        remedy = "nothing of it was read; ask the bank for the file anew, or correct the mapping"
        raise MianshenError(f"{name} cannot be read by the mapping {mapping.mapping}: {error}; {remedy}") from error
    return AnswerFile(hashlib.sha256(data).hexdigest(), name, lines, bad_lines)
