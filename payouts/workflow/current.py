"""What counts of an entitlement now: its newest proposal, its firm's newest account, a live payment, its last notice.

Each is written into a query of `entitlement`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Exists, ScalarSelect, func, select

from payouts.ledger.tables import entitlement, notice, notice_item, payee, payment, proposal

NOT_LIVE: Final = ("voided", "returned")
_proposals = proposal.alias("proposals")
_accounts = payee.alias("accounts")


def newest_proposal() -> ScalarSelect[int]:
    """Return the id of the newest proposal."""
    said = select(func.max(_proposals.c.id)).where(_proposals.c.entitlement_id == entitlement.c.id)
    return said.correlate(entitlement).scalar_subquery()


def newest_account() -> ScalarSelect[int]:
    """Return the id of the firm's newest account; none: NULL."""
    known = select(func.max(_accounts.c.id)).where(_accounts.c.uscc == entitlement.c.uscc)
    return known.correlate(entitlement).scalar_subquery()


def has_account() -> Exists:
    """Say whether an account of the firm is known."""
    return select(_accounts.c.id).where(_accounts.c.uscc == entitlement.c.uscc).correlate(entitlement).exists()


def has_live_payment() -> Exists:
    """Say whether a payment is on its way or paid."""
    live = (payment.c.entitlement_id == entitlement.c.id) & payment.c.state.not_in(NOT_LIVE)
    return select(payment.c.id).where(live).correlate(entitlement).exists()


def notice_ends() -> ScalarSelect[str]:
    """Return the last day of the newest notice; none: NULL."""
    of = select(func.max(notice.c.ends_on)).join(notice_item, notice_item.c.notice_id == notice.c.id)
    return of.where(notice_item.c.entitlement_id == entitlement.c.id).correlate(entitlement).scalar_subquery()


def notice_ended(day: str) -> ColumnElement[bool]:
    """Say whether the newest notice is over on a day: its last day is the day before, or earlier."""
    return notice_ends() < day
