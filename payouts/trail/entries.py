"""One thing that happened, as the ledger keeps it somewhere, and many of them in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, literal, null, select

from payouts.ledger.tables import event

Rows = Select[*tuple[Any, ...]]
# In this order things of one instant are told.
_ORDER = (
    *("run", "entitlement", "spot_check", "notice", "reminder", "objection", "account", "hold", "batch", "signature"),
    *("payment", "file", "bank", "resolution", "recovery", "money"),
)


class Entry(NamedTuple):
    """One thing that happened; `at` is an instant of the ledger, `fen` is None where it is not about an amount."""

    at: str
    actor: str
    kind: str
    subject: str
    from_state: str
    to_state: str
    fen: int | None
    code: str
    reason: str


def told(connection: Connection, queries: Iterator[Rows]) -> list[Entry]:
    """Return what the queries find, in the order in which it happened."""
    rows = [row for query in queries for row in connection.execute(query)]
    rows.sort(key=lambda row: (row[0], _ORDER.index(row[2]), row[9]))
    # PostgreSQL sums whole numbers to decimals.
    return [Entry._make((*row[:6], None if row[6] is None else int(row[6]), *row[7:9])) for row in rows]


def moves(table: Table, where: ColumnElement[bool]) -> Rows:
    """Return the moves between states of the rows of a table that `where` finds."""
    who = [event.c[name] for name in ("at", "actor", "kind", "subject", "from_state", "to_state")]
    columns: list[Any] = [*who, null(), event.c.code, event.c.reason, event.c.seq]
    return select(*columns).where(event.c.kind == table.name, event.c.subject.in_(select(table.c.id).where(where)))


def merged(*lists: list[Entry]) -> list[Entry]:
    """Return several lists as one, in the order in which things happened."""
    return sorted((one for some in lists for one in some), key=lambda one: (one.at, _ORDER.index(one.kind)))


def entry(kind: str, who: Sequence[Any], what: Sequence[Any], why: Sequence[Any]) -> Rows:
    """Return a query of entries from columns and texts.

    `who` is when and who; `what` is which, into what, and how many fen; `why` is the reason and, if any, the code.
    """
    at, actor = who
    subject, to_state, fen = what
    reason, code = (*why, "")[:2]
    parts = (at, actor, kind, subject, "", to_state, fen, code, reason, 0)
    return select(
        *(null() if part is None else literal(part) if isinstance(part, str | int) else part for part in parts)
    )
