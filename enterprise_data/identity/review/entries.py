"""One entry of the review queue: a subject, its rows, what is at stake, and the firms that it may mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from enterprise_data.identity.journal.facts import Subject
from enterprise_data.identity.review.kinship import Kinship

NO_PATTERN = "no_candidate"


class State(StrEnum):
    """Where an entry stands."""

    OPEN = "open"
    WAITING = "waiting"  # decided, and a second person has not confirmed it yet
    DECIDED = "decided"  # decided; the next freeze uses it


@dataclass(frozen=True)
class Candidate:
    """A firm that a subject may mean.

    `name` is what the register calls it, `near_name` the one of its names that came nearest, normalised; `score` from
    0 to 100; `pattern` how the two names differ; `region` a GB/T 2260 code or None; `kinships`, whose branch or
    subsidiary it is or was.
    """

    uscc: str
    name: str | None
    near_name: str | None
    region: str | None
    score: float
    pattern: str
    plausible: bool
    kinships: tuple[Kinship, ...] = ()

    @staticmethod
    def of(values: Mapping[str, Any]) -> Candidate:
        """Return the candidate that the queue's frame holds."""
        kinships = tuple(Kinship(**told) for told in values["kinships"] or ())
        return Candidate(**{**values, "kinships": kinships})


@dataclass(frozen=True)
class Entry:
    """A subject of the queue.

    `rows` counts its rows that are not linked, `row_nos` holds the first five of them; the days are the first and the
    last that they speak of. `stake` is in fen. `margin` is the best score less the second, None without candidates.
    `fact_id` is the live decision about the subject: one that waits or is in force, or, where the entry is open
    again, one that the evidence now speaks against.
    """

    id: str
    subject: Subject
    negative: bool
    rows: int
    row_nos: tuple[int, ...]
    reason: str
    first_day: date | None
    last_day: date | None
    region: str | None
    stake: int
    margin: float | None
    pattern: str
    candidates: tuple[Candidate, ...]
    state: State
    fact_id: int | None

    @staticmethod
    def of(row: Mapping[str, Any]) -> Entry:
        """Return the entry that a row of the queue's frame holds."""
        plain = {name: row[name] for name in _PLAIN}
        return Entry(
            **plain,
            subject=Subject(**{name: row[name] for name in Subject.model_fields}),
            row_nos=tuple(row["row_nos"]),
            candidates=tuple(Candidate.of(candidate) for candidate in row["candidates"]),
            state=State(row["state"]),
        )


_PLAIN = (
    "id",
    "negative",
    "rows",
    "reason",
    "first_day",
    "last_day",
    "region",
    "stake",
    "margin",
    "pattern",
    "fact_id",
)


def subject_id(subject: Subject) -> str:
    """Return the name by which sheets and lists know a subject: 24 hexadecimal digits, the same wherever it is met."""
    keys = (getattr(subject, name) for name in Subject.model_fields)
    text = "".join("-" if key is None else f"{len(key.encode())}:{key}" for key in keys)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
