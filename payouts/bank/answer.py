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

    `line` is where it stands in the file, from 1 (in XML: which transaction); `fen` is None where the file does not
    say the amount; `code` and `reason` are the bank's own words; `said_on` is the bank's day (`2024-03-05`), empty
    if it gives none.
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
class WholeBatch:
    """What a bank says of a batch as a whole, naming none of its payments.

    It is a message to a person and books nothing by itself: whoever acts on it first holds `payments` (how many) and
    `fen` (their sum) against the ledger's batch; None where the bank does not say them.
    """

    answer: Answer
    payments: int | None
    fen: int | None
    code: str
    reason: str
    said_on: str


@dataclass(frozen=True)
class AnswerFile:
    """A return file as it was read: `sha256` of its bytes tells whether it was booked before.

    Every line of the file is in `lines` or in `bad_lines`, in the file's order; doubled ones are there twice.
    `batch_id` is the batch that the file says it answers, empty if it names none. `whole_batch` is there only if
    the file has no lines at all.
    """

    sha256: str
    name: str
    lines: tuple[AnswerLine, ...]
    bad_lines: tuple[BadLine, ...]
    batch_id: str = ""
    whole_batch: WholeBatch | None = None

    @property
    def line_count(self) -> int:
        """Return how many lines the file has: those read and those that cannot be read."""
        return len(self.lines) + len(self.bad_lines)
