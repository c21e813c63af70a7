"""What becomes of each line, judged from what the ledger knows of its payment; nothing is read or written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payouts.bank.answer import Answer, AnswerLine
from payouts.booking.outcomes import Outcome

_NOT_SENT = frozenset({"batched", "voided"})
_ENDS = frozenset({"paid", "returned"})
_BOOKED = {
    Answer.PAID: Outcome.BOOKED_PAID,
    Answer.RETURNED: Outcome.BOOKED_RETURNED,
    Answer.UNKNOWN: Outcome.BOOKED_UNKNOWN,
}


@dataclass(frozen=True)
class Known:
    """A payment before a file is booked.

    `decided`: two officers decided it by hand before; `disputed`: the bank contradicted itself since then, or ever.
    """

    fen: int
    state: str
    decided: bool = False
    disputed: bool = False


def judge(lines: Sequence[AnswerLine], known: Mapping[str, Known]) -> list[Outcome]:
    """Return the outcome of each line, by the payments that the ledger knows.

    Lines of one payment in one file must say one thing; the order of lines does not matter but for which of two equal
    lines is the booked one: the first.
    """
    words: dict[str, set[tuple[Answer, bool]]] = {}
    for line in lines:
        if (payment := known.get(line.payment_id)) is not None:
            words.setdefault(line.payment_id, set()).add((line.answer, _fits(line, payment)))
    booked: set[str] = set()
    outcomes = []
    for line in lines:
        payment = known.get(line.payment_id)
        if payment is None:
            outcomes.append(Outcome.FOREIGN)
            continue
        outcome = _outcome(line, payment, len(words[line.payment_id]) == 1)
        if outcome in _BOOKED.values() and line.payment_id in booked:
            outcome = Outcome.ALREADY_SAID
        booked.add(line.payment_id)
        outcomes.append(outcome)
    return outcomes


def _outcome(line: AnswerLine, payment: Known, one_word: bool) -> Outcome:
    if payment.state in _NOT_SENT:
        return Outcome.NOT_SENT
    if not one_word:
        return Outcome.CONTRADICTORY
    if not _fits(line, payment):
        return Outcome.WRONG_AMOUNT
    ended = payment.state in _ENDS
    if line.answer == payment.state or (ended and line.answer == Answer.UNKNOWN):
        return Outcome.LATE if payment.decided else Outcome.ALREADY_SAID
    if ended or payment.disputed:
        return Outcome.CONTRADICTORY
    return _BOOKED[line.answer]


def _fits(line: AnswerLine, payment: Known) -> bool:
    return line.fen is None or line.fen == payment.fen
