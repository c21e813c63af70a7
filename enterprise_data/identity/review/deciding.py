"""From a person's choice to a statement: what was shown is kept with it, and whether a second person must agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from enterprise_data.identity.journal.facts import Decision, Fact, Link, NoFirm, Statement, Undo
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.identity.review.entries import Entry
from enterprise_data.settings import ReviewSettings

_FEN_A_YUAN = 100


@dataclass(frozen=True)
class Choice:
    """What someone decides about an entry: the firm's USCC, or None when the register does not have the firm.

    `shown` are the candidates that the person saw, by USCC, and `register_sha256` the register they came from.
    """

    entry: Entry
    firm: str | None
    reason: str
    shown: tuple[str, ...]
    register_sha256: str

    @staticmethod
    def about(entry: Entry, firm: str | None, reason: str, register_sha256: str) -> Choice:
        """Return the choice of someone who saw the entry as it is."""
        return Choice(entry, firm, reason, tuple(candidate.uscc for candidate in entry.candidates), register_sha256)


def needs_second_person(entry: Entry, settings: ReviewSettings) -> bool:
    """Return whether a decision about an entry holds only once another person has confirmed it."""
    if entry.negative and settings.two_person_negative:
        return True
    return settings.two_person_from is not None and entry.stake >= settings.two_person_from * _FEN_A_YUAN


def record(journal: Journal, choices: Iterable[Choice], author: str, settings: ReviewSettings) -> tuple[Fact, ...]:
    """Write decisions about open entries to the journal, all or none, and return them as facts.

    A decision that an open entry still has, because the evidence now speaks against it, is undone before.

    Raises:
        Refused: someone else has decided one of the entries in the meantime.
    """
    statements = []
    for choice in choices:
        decision = _decision(choice, settings)
        outdated = [] if choice.entry.fact_id is None else [Undo(of=choice.entry.fact_id)]
        statements += [Statement(author=author, reason=choice.reason, what=what) for what in (*outdated, decision)]
    return tuple(fact for fact in journal.append(statements) if isinstance(fact.what, Decision))


def _decision(choice: Choice, settings: ReviewSettings) -> Link | NoFirm:
    shown = NoFirm(
        subject=choice.entry.subject,
        first_day=choice.entry.first_day,
        last_day=choice.entry.last_day,
        candidates=choice.shown,
        register_sha256=choice.register_sha256,
        second_person=needs_second_person(choice.entry, settings),
    )
    return shown if choice.firm is None else Link(**shown.model_dump(exclude={"kind"}), firm=choice.firm)
