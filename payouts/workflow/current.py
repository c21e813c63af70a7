"""What counts of an entitlement now: its newest proposal, a firm's account, a live payment, the end of its notice.

Each is a part of a query of `entitlement`. Many entitlements take `newest_proposals`, few `newest_proposal`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Exists, ScalarSelect, Subquery, func, select

from payouts.ledger.tables import entitlement, notice, notice_item, payee, payment, proposal

NOT_LIVE: Final = ("voided", "returned")
_newer = proposal.alias("newer_proposal")
_later = proposal.alias("later_proposal")


def newest_proposals() -> Subquery:
    """Return `entitlement_id` and the `id` of its newest proposal, to be joined."""
    newest = select(proposal.c.entitlement_id, func.max(proposal.c.id).label("id"))
    return newest.group_by(proposal.c.entitlement_id).subquery("newest")


def newest_proposal() -> ScalarSelect[int]:
    """Return the id of an entitlement's newest proposal.

    PostgreSQL would look for the greatest `id` from the end of the whole table, once for each entitlement; the greatest
    `id + 0` it looks for among the entitlement's own.
    """
    said = select(func.max(_newer.c.id + 0)).where(_newer.c.entitlement_id == entitlement.c.id)
    return said.correlate(entitlement).scalar_subquery()


def proposed_after(number: int | ColumnElement[int]) -> Exists:
    """Say whether a run has said something after the proposal of this number."""
    said = (_later.c.entitlement_id == entitlement.c.id) & (_later.c.id > number)
    return select(_later.c.id).where(said).correlate_except(_later).exists()


def has_account() -> Exists:
    """Say whether an account of the firm is known."""
    return select(payee.c.id).where(payee.c.uscc == entitlement.c.uscc).correlate(entitlement).exists()


def has_live_payment() -> Exists:
    """Say whether a payment is on its way or paid."""
    live = (payment.c.entitlement_id == entitlement.c.id) & payment.c.state.not_in(NOT_LIVE)
    return select(payment.c.id).where(live).correlate(entitlement).exists()


def notice_ended(day: str) -> ColumnElement[bool]:
    """Say whether every notice of an entitlement is over on a day, its last day being before it, and there was one."""
    own = select(notice_item.c.notice_id).where(notice_item.c.entitlement_id == entitlement.c.id)
    lasting = own.join(notice, notice.c.id == notice_item.c.notice_id).where(notice.c.ends_on >= day)
    return own.correlate(entitlement).exists() & ~lasting.correlate(entitlement).exists()
