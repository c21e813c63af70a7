"""What is in force: facts are taken in one by one, and those that contradict earlier ones are refused by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.identity.journal.facts import (
    BranchOf,
    Confirm,
    Content,
    Decision,
    Fact,
    FormerName,
    Subject,
    Succession,
    Undo,
)

_NOT_UNDONE: Final = "only decisions and corrections can be undone"


class Fault(StrEnum):
    """Why a statement is refused."""

    UNKNOWN_FACT = "unknown_fact"
    UNDO_OF_UNDO = "undo_of_undo"
    UNDO_OF_CONFIRMATION = "undo_of_confirmation"
    ALREADY_UNDONE = "already_undone"
    NOT_A_DECISION = "not_a_decision"
    NEEDS_NO_CONFIRMATION = "needs_no_confirmation"
    SAME_PERSON = "same_person"
    ALREADY_CONFIRMED = "already_confirmed"
    ALREADY_DECIDED = "already_decided"
    ALREADY_CORRECTED = "already_corrected"


class Refused(MianshenError):
    """A statement that the journal does not take in; `fault` names why, `of` the earlier fact that stands against."""

    def __init__(self, fault: Fault, message: str, of: int | None = None) -> None:
        """Keep the name beside the message."""
        super().__init__(message)
        self.fault = fault
        self.of = of


@dataclass(frozen=True)
class Active:
    """What holds, each by rising id: decisions in force, those waiting for a second person, and corrections."""

    decisions: tuple[Fact, ...] = ()
    waiting: tuple[Fact, ...] = ()
    corrections: tuple[Fact, ...] = ()


@dataclass
class Ledger:
    """All facts taken in so far, by id, and what became of them."""

    facts: dict[int, Fact] = field(default_factory=dict)
    undone: dict[int, int] = field(default_factory=dict)  # fact → its undo
    confirmed: dict[int, int] = field(default_factory=dict)  # decision → its confirmation
    _decided: dict[Subject, int] = field(default_factory=dict)
    _corrected: dict[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def last_id(self) -> int:
        """Return the id of the last fact; 0 before the first."""
        return next(reversed(self.facts), 0)

    def decision_about(self, subject: Subject) -> Fact | None:
        """Return the live decision about a subject, in force or waiting for a second person."""
        found = self._decided.get(subject)
        return None if found is None else self.facts[found]

    def active(self) -> Active:
        """Return what holds now."""
        decided = [self.facts[id_] for id_ in sorted(self._decided.values())]
        waiting = {fact.id for fact in decided if needs_confirmation(fact.what) and fact.id not in self.confirmed}
        return Active(
            decisions=tuple(fact for fact in decided if fact.id not in waiting),
            waiting=tuple(fact for fact in decided if fact.id in waiting),
            corrections=tuple(self.facts[id_] for id_ in sorted(self._corrected.values())),
        )

    def admit(self, fact: Fact) -> None:
        """Take in a fact whose id is higher than all before.

        Raises:
            Refused: it contradicts an earlier fact; nothing has changed then.
        """
        what = fact.what
        if isinstance(what, Undo):
            self._undo(fact, self._known(what.of), what)
        elif isinstance(what, Confirm):
            self._confirm(fact, self._known(what.of))
        elif isinstance(what, Decision):
            if (other := self._decided.get(what.subject)) is not None:
                raise Refused(
                    Fault.ALREADY_DECIDED,
                    f"fact {other} already decides this, by {self.facts[other].author}; undo that one first",
                    other,
                )
            self._decided[what.subject] = fact.id
        else:
            key = _correction_key(what)
            if (other := self._corrected.get(key)) is not None:
                message = f"fact {other} already speaks of this; undo that one first"
                raise Refused(Fault.ALREADY_CORRECTED, message, other)
            self._corrected[key] = fact.id
        self.facts[fact.id] = fact

    def _known(self, id_: int) -> Fact:
        if id_ not in self.facts:
            message = f"there is no fact {id_}; `mianshen data review log` lists them"
            raise Refused(Fault.UNKNOWN_FACT, message, id_)
        return self.facts[id_]

    def _undo(self, fact: Fact, earlier: Fact, what: Undo) -> None:
        if isinstance(earlier.what, Undo):
            raise Refused(Fault.UNDO_OF_UNDO, f"fact {what.of} is itself an undo; {_NOT_UNDONE}: decide anew", what.of)
        if isinstance(earlier.what, Confirm):
            message = f"fact {what.of} is a confirmation; {_NOT_UNDONE}: undo fact {earlier.what.of}"
            raise Refused(Fault.UNDO_OF_CONFIRMATION, message, what.of)
        if what.of in self.undone:
            message = f"fact {what.of} was undone already, by fact {self.undone[what.of]}"
            raise Refused(Fault.ALREADY_UNDONE, message, what.of)
        if isinstance(earlier.what, Decision):
            del self._decided[earlier.what.subject]
        else:
            del self._corrected[_correction_key(earlier.what)]
        self.undone[what.of] = fact.id

    def _confirm(self, fact: Fact, earlier: Fact) -> None:
        if not isinstance(earlier.what, Decision):
            raise Refused(
                Fault.NOT_A_DECISION, f"fact {earlier.id} is no decision; only those are confirmed", earlier.id
            )
        if earlier.id in self.undone:
            message = f"fact {earlier.id} was undone, by fact {self.undone[earlier.id]}; decide anew"
            raise Refused(Fault.ALREADY_UNDONE, message, earlier.id)
        if not earlier.what.second_person:
            message = f"fact {earlier.id} holds without a second person"
            raise Refused(Fault.NEEDS_NO_CONFIRMATION, message, earlier.id)
        if earlier.id in self.confirmed:
            message = f"fact {earlier.id} was confirmed already, by fact {self.confirmed[earlier.id]}"
            raise Refused(Fault.ALREADY_CONFIRMED, message, earlier.id)
        if same_person(earlier.author, fact.author):
            message = f"fact {earlier.id} is {earlier.author}'s own; another person must confirm it"
            raise Refused(Fault.SAME_PERSON, message, earlier.id)
        self.confirmed[earlier.id] = fact.id


def active(facts: Iterable[Fact]) -> Active:
    """Return what holds after these facts, given by rising id.

    Raises:
        Refused: a fact contradicts an earlier one.
    """
    ledger = Ledger()
    for fact in facts:
        ledger.admit(fact)
    return ledger.active()


def needs_confirmation(what: Content) -> bool:
    """Return whether a fact holds only once a second person has confirmed it."""
    return isinstance(what, Decision) and what.second_person


def same_person(one: str, other: str) -> bool:
    """Return whether two authors are one: width, case and spaces tell nobody apart."""
    return _person(one) == _person(other)


def _person(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _correction_key(what: FormerName | Succession | BranchOf) -> tuple[str, ...]:
    match what:
        case FormerName():
            text = what.name
        case Succession():
            text = what.old_code
        case BranchOf():
            text = what.parent
    return (what.kind, what.firm, text)
