"""Objections (异议): raised under a real name, decided by somebody else; while one is open nothing is paid.

An objection that is upheld ends the entitlement as it is. What was wrong goes back to where it came from, a datum to
its source department, a decision to the policy's own; the next run that lists the firm takes it up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import begin, move
from payouts.ledger.tables import entitlement, event, objection, officer
from payouts.workflow.current import has_live_payment
from payouts.workflow.holds import place
from payouts.workflow.standing import require, require_reason

UPHELD: Final = "objection"
# What was never made public cannot be objected to.
_PUBLIC = ("published", "confirmed", "declined", "lapsed", "refused", "withdrawn", "undetermined")
# What a later run has said anew is objected to all the same: the decision was about the firm's claim.
_INTO = {
    **dict.fromkeys(("proposed", "reconfirmed", "published", "confirmed"), "refused"),
    **dict.fromkeys(("declined", "lapsed"), "withdrawn"),
}
_NOBODY = ("匿名", "群众", "知情人", "热心市民", "anonymous", "nobody", "n/a", "无")


class Wrong(StrEnum):
    """What an objection that is upheld shows to be wrong."""

    DATUM = "datum"
    DECISION = "decision"


@dataclass(frozen=True)
class Upheld:
    """What became of the entitlement: its state now, and whether money of it is on its way or paid."""

    state: str
    paid: bool


def raise_objection(
    connection: Connection,
    entitlement_id: str,
    *,
    raised_by: str,
    contact: str,
    grounds: str,
    raised_on: date,
    act: Act,
) -> str:
    """Record an objection (实名) and return its id; the same words of the same person are one while it is open.

    Raised again after it was decided, they are another one: somebody has to look again.

    Raises:
        MianshenError: there is no real name, contact or ground, the day lies ahead, or nothing was made public yet.
    """
    name, where, why = raised_by.strip(), contact.strip(), grounds.strip()
    if len(name) < 2 or name.lower() in _NOBODY:
        raise MianshenError("an objection needs a real name: who raises it, or the firm's full name")
    if not where:
        raise MianshenError("an objection needs a contact: a telephone number or an address to answer to")
    if not why:
        raise MianshenError("an objection needs grounds: what is wrong, and why")
    if raised_on > act.day:
        raise MianshenError(f"the objection is dated {raised_on}, and today is {act.day}")
    require(connection, entitlement.c.id == entitlement_id, _PUBLIC, "objected to")
    told = {"entitlement_id": entitlement_id, "raised_by": name, "raised_on": raised_on.isoformat(), "grounds": why}
    same = and_(*(objection.c[column] == word for column, word in told.items()))
    earlier = connection.execute(select(objection.c.id, objection.c.state).where(same)).all()
    for one, state in earlier:
        if state == "open":
            return str(one)
    id_ = digest("objection", entitlement_id, name, why, raised_on.isoformat(), len(earlier))
    begin(connection, objection, "open", [{**told, "id": id_, "contact": where}], act)
    return id_


def uphold(connection: Connection, objection_id: str, wrong: Wrong, act: Act) -> Upheld:
    """Uphold an objection; the act's reason says which datum of which department, or what of the decision, is wrong.

    A payment on its way or paid is not undone by this: the entitlement is held, so that what is not sent is pulled
    out of its batch; what is paid has to be asked back. What the graph does not let be refused is held as well, so
    that a later run cannot bring it back unseen.

    Raises:
        MianshenError: it is not open, no reason is given, or the decider raised it or reconfirmed the entitlement.
    """
    entitlement_id = _decidable(connection, objection_id, act)
    move(connection, objection, objection.c.id == objection_id, "upheld", act.because(act.reason, wrong.value))
    own = entitlement.c.id == entitlement_id
    paid = connection.execute(select(entitlement.c.id).where(own, has_live_payment())).first() is not None
    state = connection.execute(select(entitlement.c.state).where(own)).scalar_one()
    into = state if paid else _INTO.get(state, state)
    if into != state:
        move(connection, entitlement, own, into, act.because(act.reason, UPHELD))
    if into != "refused":
        place(connection, own, UPHELD, f"objection {objection_id} was upheld: {act.reason}", act)
    return Upheld(into, paid)


def dismiss(connection: Connection, objection_id: str, act: Act) -> None:
    """Dismiss an objection with a reason; the entitlement stays as it is.

    Raises:
        MianshenError: as for `uphold`.
    """
    _decidable(connection, objection_id, act)
    move(connection, objection, objection.c.id == objection_id, "dismissed", act)


def take_back(connection: Connection, objection_id: str, act: Act) -> None:
    """Record that who raised an objection takes it back.

    Raises:
        MianshenError: it is not open, or no reason is given.
    """
    require_reason(act, "taking back an objection")
    _open(connection, objection_id)
    move(connection, objection, objection.c.id == objection_id, "withdrawn", act)


def _open(connection: Connection, objection_id: str) -> tuple[str, str]:
    """Return the entitlement of an open objection and who raised it."""
    query = select(objection.c.entitlement_id, objection.c.raised_by, objection.c.state)
    found = connection.execute(query.where(objection.c.id == objection_id)).first()
    if found is None:
        raise MianshenError(f"there is no objection {objection_id}")
    if found.state != "open":
        raise MianshenError(f"objection {objection_id} is {found.state} already; raise a new one if there is more")
    return found.entitlement_id, found.raised_by


def _decidable(connection: Connection, objection_id: str, act: Act) -> str:
    """Return the entitlement of an objection that this officer may decide."""
    require_reason(act, "deciding an objection")
    entitlement_id, raised_by = _open(connection, objection_id)
    raised = (event.c.kind == "objection") & (event.c.subject == objection_id) & (event.c.from_state == "")
    newest = select(func.max(event.c.seq)).where(
        event.c.kind == "entitlement", event.c.subject == entitlement_id, event.c.to_state == "reconfirmed"
    )
    query = select(event.c.kind).where(event.c.actor == act.actor)
    involved = connection.execute(query.where(or_(raised, event.c.seq == newest.scalar_subquery()))).scalars().all()
    name = connection.execute(select(officer.c.name).where(officer.c.id == act.actor)).scalar_one_or_none()
    if "objection" in involved or raised_by in {act.actor, name}:
        raise MianshenError(f"{act.actor} raised or took down objection {objection_id}; another officer decides it")
    if involved:
        raise MianshenError(
            f"{act.actor} reconfirmed the entitlement; another officer decides objection {objection_id}"
        )
    return entitlement_id
