"""What a copy does not know of its ledger: refused where firms would be paid again by it, told in all other cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from enterprise_data.declarations.problems import MianshenError

# Asks a ledger a query, whatever it is kept in.
Ask = Callable[[str], Iterable[Sequence[Any]]]

_RELEASED = "SELECT id FROM batch WHERE state IN ('released', 'closed')"
_PAYMENTS = "SELECT id, state FROM payment WHERE state IN ('sent', 'unknown', 'paid', 'returned')"
_FILES = "SELECT sha256, name FROM return_file ORDER BY number"
_EVENTS = "SELECT count(*), max(at) FROM event"
_SHOWN = 5


@dataclass(frozen=True)
class Known:
    """What a ledger knows of the bank: batches that it has, payments that are with it or with the firm, and its files.

    `back` are the payments that came back; `files` have their names, by hash; `events` counts all that ever happened,
    the last of it at `until`. Of a ledger that cannot be read it is nothing.
    """

    released: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    events: int = 0
    until: str = ""


def known(ask: Ask) -> Known:
    """Return what a ledger knows."""
    payments = list(ask(_PAYMENTS))
    ((events, until),) = ask(_EVENTS)
    return Known(
        frozenset(one for (one,) in ask(_RELEASED)),
        frozenset(one for one, state in payments if state != "returned"),
        frozenset(one for one, state in payments if state == "returned"),
        {sha256: name for sha256, name in ask(_FILES)},  # noqa: C416  # a row is no pair to `dict`
        int(events),
        until or "",
    )


def refuse_to_forget(there: Known, copy: Known, name: str, by_hand: str) -> None:
    """Refuse a copy by which firms would be paid again; `by_hand` says how the ledger is put away all the same.

    Raises:
        MianshenError: it does not know of a batch that went to the bank, or says that a payment came back of which the
            ledger knows by now that it did not.
    """
    if forgotten := sorted(there.released - copy.released):
        what = f"was made before batch {', '.join(forgotten)} went to the bank"
    elif forgotten := sorted(there.gone & copy.back):
        shown = ", ".join(forgotten[:_SHOWN])
        what = f"says that {len(forgotten)} payments came back which are paid by what was found later, such as {shown}"
    else:
        return
    raise MianshenError(
        f"{name} {what}, and would let its firms be paid again; nothing was changed. Take a newer copy. If there is "
        f"none, ask the bank what it has of this, {by_hand}, restore, and hold what was sent before anything is planned"
    )


def told(there: Known, copy: Known) -> str:
    """Return in words what the ledger knew and the copy does not; empty if that is nothing."""
    missing = there.events - copy.events
    if missing <= 0:
        return ""
    words = f"It ends at {copy.until}: {missing} steps after that are not in it, and have to be done again."
    files = [name for sha256, name in there.files.items() if sha256 not in copy.files]
    if files:
        words += f" Book these return files first, before anything is reissued or planned: {', '.join(files)}."
    return words
