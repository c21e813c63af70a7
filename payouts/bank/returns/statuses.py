"""Statuses of ISO 20022 (ExternalPaymentTransactionStatus1Code) as answers: what is not surely over is unknown."""

from __future__ import annotations

from collections.abc import Collection

from payouts.bank.answer import Answer

# ACSC: settled on the payer's account; ACCC: settled on the payee's. A return that follows is a line of its own.
_PAID = frozenset({"ACSC", "ACCC"})
_REJECTED = "RJCT"

# A file or line rejected because it came before says nothing of the one that came before: that may have been paid.
_DUPLICATES = frozenset({"AM05", "DU01", "DU02", "DU03", "DU04", "DU05", "DUPL"})


def answer_of(status: str, codes: Collection[str], doubtful: Collection[str] = ()) -> Answer:
    """Return what a status means with its reason codes; `doubtful` are a bank's own codes for duplicates.

    Accepted for processing (ACTC, ACCP, ACSP, ACWC), pending (PDNG), partly accepted (PART, PATC), cancelled (CANC),
    anything newer, and no status at all are unknown.

    >>> answer_of("RJCT", ["AC04"]), answer_of("RJCT", ["DU01"]), answer_of("ACSP", [])
    (<Answer.RETURNED: 'returned'>, <Answer.UNKNOWN: 'unknown'>, <Answer.UNKNOWN: 'unknown'>)
    """
    if status in _PAID:
        return Answer.PAID
    if status == _REJECTED and not is_duplicate(codes, doubtful):
        return Answer.RETURNED
    return Answer.UNKNOWN


def is_duplicate(codes: Collection[str], doubtful: Collection[str] = ()) -> bool:
    """Say whether a rejection's codes only mean that the bank has had the same thing before."""
    return any(code in _DUPLICATES or code in doubtful for code in codes)
