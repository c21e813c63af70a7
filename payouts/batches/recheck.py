"""The last look before a batch becomes files: what has lost its ground since the approval is taken out, visibly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, case, func, literal, or_, select

from payouts.batches.payable import newest_payee, newest_proposal
from payouts.batches.pulling import Pulled, chunks, require_approved, take_out, waiting
from payouts.ledger.act import Act
from payouts.ledger.tables import batch_item, entitlement, hold, objection, payee, proposal

# What data outside the ledger say now: (policy, firm) → why it is not to be paid.
Exclusions = Mapping[tuple[str, str], str]


def recheck(connection: Connection, batch_id: str, exclusions: Exclusions, act: Act) -> tuple[Pulled, ...]:
    """Take every payment out of an approved batch whose ground is gone; return them by their ids.

    That is: the firm is in `exclusions` for the policy; the entitlement is not confirmed any more; an objection or a
    hold is open; a later run says another amount; the firm's account is another one now. Each is voided, its money
    available again, and its entitlement held (`pulled`) until a person lifts that. A batch with no payment left is
    cancelled.

    Raises:
        MianshenError: the batch is not approved.
    """
    require_approved(connection, batch_id)
    return take_out(connection, batch_id, without_ground(connection, batch_id, exclusions), act)


def without_ground(connection: Connection, batch_id: str, exclusions: Exclusions) -> list[Pulled]:
    """Return a batch's waiting payments whose ground is gone, each once, with the first reason."""
    found = {one.payment_id: one for one in _by_the_ledger(connection, batch_id)}
    for one in _excluded(connection, batch_id, exclusions):
        found.setdefault(one.payment_id, one)
    return sorted(found.values())


def mark(connection: Connection) -> tuple[int, int]:
    """Return how far proposals and accounts have come: if it is the same again, none of them is another one.

    All else by which a payment loses its ground in the ledger, the database refuses when it is sent.
    """
    newest = (select(func.max(table.c.id)).scalar_subquery() for table in (proposal, payee))
    last_proposal, last_payee = connection.execute(select(*newest)).one()
    return last_proposal, last_payee


def _by_the_ledger(connection: Connection, batch_id: str) -> Iterator[Pulled]:
    own = entitlement.c.id
    amount = select(proposal.c.amount_fen).where(proposal.c.id == newest_proposal()).correlate(entitlement)
    grounds = (
        (entitlement.c.state != "confirmed", literal("the entitlement is ") + entitlement.c.state),
        (
            select(objection.c.id).where(objection.c.entitlement_id == own, objection.c.state == "open").exists(),
            literal("an objection is open"),
        ),
        (
            select(hold.c.id).where(hold.c.entitlement_id == own, hold.c.state == "placed").exists(),
            literal("the entitlement is held"),
        ),
        (
            func.coalesce(amount.scalar_subquery(), 0) != batch_item.c.amount_fen,
            literal("a later run says another amount"),
        ),
        (newest_payee() != batch_item.c.payee_id, literal("the firm's account is another one now")),
    )
    query = waiting(batch_id, case(*grounds, else_="")).where(or_(*(gone for gone, _ in grounds)))
    for row in connection.execute(query):
        yield Pulled._make(row)


def _excluded(connection: Connection, batch_id: str, exclusions: Exclusions) -> Iterator[Pulled]:
    for some in chunks(sorted({uscc for _, uscc in exclusions})):
        for row in connection.execute(waiting(batch_id, literal("")).where(entitlement.c.uscc.in_(some))):
            one = Pulled._make(row)
            why = exclusions.get((one.policy, one.uscc))
            if why is not None:
                yield one._replace(reason=why)
