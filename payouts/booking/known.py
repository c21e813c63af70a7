"""What the ledger knows of the payments that a file names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, func, select

from payouts.booking.judge import Known
from payouts.booking.outcomes import Outcome
from payouts.ledger.tables import payment, resolution, return_file, return_line

_AT_ONCE = 10_000  # bound values in one query: SQLite takes 32,766
_ID = re.compile(r"[A-Z2-7]{26}")


def known_payments(connection: Connection, ids: Iterable[str]) -> dict[str, Known]:
    """Return the payments that there are, by id, as they stand before the file is booked."""
    found: dict[str, Known] = {}
    for some in chunks(sorted({one for one in ids if _ID.fullmatch(one)})):
        decided = decided_at(connection, some)
        disputed = _contradicted_at(connection, some)
        columns = (payment.c.id, payment.c.amount_fen, payment.c.state)
        for one, fen, state in connection.execute(select(*columns).where(payment.c.id.in_(some))):
            known = Known(fen, state, one in decided, disputed.get(one, 0) > decided.get(one, 0))
            found[one] = known
    return found


def chunks(ids: Collection[str]) -> Iterator[list[str]]:
    """Yield the ids in parts that one query can take."""
    every = list(ids)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def decided_at(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Return by payment up to which return file (by number) two officers have decided."""
    chosen = (resolution.c.state == "confirmed") & resolution.c.payment_id.in_(ids)
    query = select(resolution.c.payment_id, func.max(resolution.c.heard)).where(chosen)
    return {one: int(heard) for one, heard in connection.execute(query.group_by(resolution.c.payment_id))}


def _contradicted_at(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    chosen = (return_line.c.outcome == Outcome.CONTRADICTORY.value) & return_line.c.payment_id.in_(ids)
    query = select(return_line.c.payment_id, func.max(return_file.c.number)).join_from(return_line, return_file)
    return {one: int(last) for one, last in connection.execute(query.where(chosen).group_by(return_line.c.payment_id))}
