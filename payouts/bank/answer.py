"""What a bank says of a payment (回执)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What became of a payment by the bank's word; anything else is unknown, and unknown is never retried."""

    PAID = "paid"
    RETURNED = "returned"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AnswerLine:
    """One line of a return file.

    `line` is where it stands in the file, from 1; `fen` is None where the file does not say the amount; `code` and
    `reason` are the bank's own words; `said_on` is the bank's day (`2024-03-05`), empty if it gives none.
    """

    line: int
    payment_id: str
    answer: Answer
    fen: int | None
    code: str
    reason: str
    said_on: str


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read, why, and what to do."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class AnswerFile:
    """A return file as it was read: `sha256` of its bytes tells whether it was booked before."""

    sha256: str
    name: str
    lines: tuple[AnswerLine, ...]
    bad_lines: tuple[BadLine, ...]
