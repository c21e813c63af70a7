"""Entitlements as a list: whose they are, how much, where they stand, and the last attempt to pay each."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from payouts.ledger.tables import entitlement, notice_item, payment, proposal
from payouts.workflow.current import newest_proposals

_CLAIM = ("policy", "period", "uscc", "item", "part")


class Standing(NamedTuple):
    """An entitlement with its newest proposal; amount in fen, None while it is unknown, which `unknown` explains.

    `payment_id` and `payment` are the last attempt to pay it and its state, None if there was none.
    """

    entitlement_id: str
    policy: str
    period: str
    uscc: str
    item: str
    part: int
    firm_name: str
    amount_fen: int | None
    state: str
    payment_id: str | None
    payment: str | None
    unknown: str


def standing(connection: Connection, where: ColumnElement[bool]) -> list[Standing]:
    """Return the entitlements that `where` finds, by policy, period and firm.

    `where` is a condition on `entitlement`, and on `payment`, which is the last attempt.
    """
    newest = newest_proposals()
    tried = select(payment.c.entitlement_id, func.max(payment.c.attempt).label("attempt"))
    last = tried.group_by(payment.c.entitlement_id).subquery("last")
    told = (proposal.c.firm_name, proposal.c.amount_fen, entitlement.c.state, payment.c.id, payment.c.state)
    query = (
        claims(*(column.label(None) for column in told), proposal.c.unknown)
        .join(newest, newest.c.entitlement_id == entitlement.c.id)
        .join(proposal, proposal.c.id == newest.c.id)
        .outerjoin(last, last.c.entitlement_id == entitlement.c.id)
        .outerjoin(
            payment, and_(payment.c.entitlement_id == last.c.entitlement_id, payment.c.attempt == last.c.attempt)
        )
        .where(where)
    )
    return [Standing._make(row) for row in connection.execute(query)]


def in_notice(notice_id: str) -> ColumnElement[bool]:
    """Say whether an entitlement was in a notice."""
    return entitlement.c.id.in_(select(notice_item.c.entitlement_id).where(notice_item.c.notice_id == notice_id))


def claims(
    *columns: ColumnElement[object], before: tuple[ColumnElement[object], ...] = ()
) -> Select[*tuple[object, ...]]:
    """Return the query of entitlements with their keys, `before` in front and `columns` behind, in their order."""
    claim = [entitlement.c[name] for name in _CLAIM]
    order = (entitlement.c.policy, entitlement.c.period, entitlement.c.uscc, entitlement.c.item, entitlement.c.part)
    return select(*before, entitlement.c.id, *claim, *columns).select_from(entitlement).order_by(*order)
