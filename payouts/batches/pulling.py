"""Taking payments out of an approved batch before it is sealed.

What was approved is the most that is paid: what is pulled and what stays come to the approved total.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, literal, select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.record import existing
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import batch, batch_item, entitlement, event, hold, payment
from payouts.ledger.transfers import transfer_payments

AT_ONCE = 5_000  # bound values of one statement; SQLite takes 32,766
_SHOWN = 5


class Pulled(NamedTuple):
    """A payment taken out of a batch, and why; amount in fen."""

    payment_id: str
    entitlement_id: str
    policy: str
    uscc: str
    amount_fen: int
    reason: str


def pull(connection: Connection, batch_id: str, payments: Collection[str], reason: str, act: Act) -> tuple[Pulled, ...]:
    """Take payments out of an approved batch by their ids, for an officer's reason; return them.

    Each is voided, its money available again, and its entitlement held (`pulled`) until a person lifts that.

    Raises:
        MianshenError: no reason is given, the batch is not approved, or it has no such payment.
    """
    if not reason:
        raise MianshenError("a payment is pulled for a reason; say which")
    require_approved(connection, batch_id)
    wanted = sorted(set(payments))
    found: list[Pulled] = []
    for some in chunks(wanted):
        query = waiting(batch_id, literal(reason)).where(payment.c.id.in_(some))
        found += [Pulled._make(row) for row in connection.execute(query)]
    if missing := sorted(set(wanted) - {one.payment_id for one in found}):
        shown = ", ".join(missing[:_SHOWN])
        raise MianshenError(f"batch {batch_id} has no payment {shown} that could be pulled; nothing was changed")
    return take_out(connection, batch_id, found, act)


def take_out(connection: Connection, batch_id: str, pulled: Sequence[Pulled], act: Act) -> tuple[Pulled, ...]:
    """Void payments of an approved batch, each for its reason; a batch with none left is cancelled."""
    by_reason: dict[str, list[str]] = {}
    for one in pulled:
        by_reason.setdefault(one.reason, []).append(one.payment_id)
    for reason, ids in sorted(by_reason.items()):
        for some in chunks(ids):
            void(connection, batch_id, payment.c.id.in_(some), act.because(reason, "pulled"))
    _hold(connection, pulled, act)
    if pulled and not _any_left(connection, batch_id):
        move(connection, batch, batch.c.id == batch_id, "cancelled", act.because("every payment was pulled", "pulled"))
    return tuple(sorted(pulled))


def pulled_from(connection: Connection, batch_id: str) -> tuple[Pulled, ...]:
    """Return all that was pulled out of a batch, or voided with it, by their ids."""
    told = (event.c.kind == "payment") & (event.c.subject == payment.c.id) & (event.c.to_state == "voided")
    query = (
        select(
            payment.c.id,
            payment.c.entitlement_id,
            entitlement.c.policy,
            entitlement.c.uscc,
            payment.c.amount_fen,
            event.c.reason,
        )
        .select_from(payment)
        .join(entitlement, entitlement.c.id == payment.c.entitlement_id)
        .join(event, told)
        .where(payment.c.batch_id == batch_id, payment.c.state == "voided")
        .order_by(payment.c.id)
    )
    return tuple(Pulled._make(row) for row in connection.execute(query))


def void(connection: Connection, batch_id: str, which: ColumnElement[bool], act: Act) -> int:
    """Void those of a batch's waiting payments and free their money; return how many there were."""
    where = (payment.c.batch_id == batch_id) & (payment.c.state == "batched") & which
    transfer_payments(connection, "uncommit", where, act)
    return move(connection, payment, where, "voided", act)


def waiting(batch_id: str, reason: ColumnElement[str]) -> Select[tuple[str, str, str, str, int, str]]:
    """Return the query of a batch's waiting payments as `Pulled`, with a reason worked out by the database."""
    same = (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id)
    return (
        select(
            payment.c.id,
            payment.c.entitlement_id,
            entitlement.c.policy,
            entitlement.c.uscc,
            payment.c.amount_fen,
            reason,
        )
        .select_from(payment)
        .join(batch_item, same)
        .join(entitlement, entitlement.c.id == payment.c.entitlement_id)
        .where(payment.c.batch_id == batch_id, payment.c.state == "batched")
        .order_by(payment.c.id)
    )


def require_approved(connection: Connection, batch_id: str) -> None:
    """Refuse a batch that is not approved, or sealed already.

    Raises:
        MianshenError: then, with what to do.
    """
    state = existing(connection, batch_id).state
    if state == "sealed":
        raise MianshenError(f"batch {batch_id} is sealed: its files are fixed; cancel it and plan again")
    if state != "approved":
        raise MianshenError(f"batch {batch_id} is {state}, not approved: nothing can be taken out of it")


def chunks(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield ids in numbers that one statement can take."""
    for start in range(0, len(ids), AT_ONCE):
        yield tuple(ids[start : start + AT_ONCE])


def _hold(connection: Connection, pulled: Sequence[Pulled], act: Act) -> None:
    """Hold what was pulled; what is held for such a reason already stays as it is."""
    if not pulled:
        return
    query = select(hold.c.entitlement_id).where(hold.c.code == "pulled", hold.c.state == "placed")
    held = set(connection.execute(query).scalars())
    rows = [
        {
            "id": digest("hold", "pulled", one.payment_id),
            "entitlement_id": one.entitlement_id,
            "code": "pulled",
            "detail": one.reason,
        }
        for one in pulled
        if one.entitlement_id not in held
    ]
    begin(connection, hold, "placed", rows, act.because("pulled out of a batch", "pulled"))


def _any_left(connection: Connection, batch_id: str) -> bool:
    left = select(payment.c.id).where(payment.c.batch_id == batch_id, payment.c.state == "batched")
    return connection.execute(left.limit(1)).first() is not None
