"""Approving a plan: whoever signs sees it drawn again, and the last signature commits the money."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.draw import draw_for_day
from payouts.batches.moved import PlanMoved, what_moved
from payouts.batches.plan import Plan
from payouts.batches.record import Batch, existing, sign, terms_of
from payouts.batches.refused import plainly
from payouts.ledger.act import Act, instant
from payouts.ledger.moves import begin_selected, move
from payouts.ledger.signers import given_by_others, unfit
from payouts.ledger.tables import approval, batch, batch_item, officer, payee, payment
from payouts.ledger.transfers import transfer_payments

_SIGNERS = ("checker", "approver")
_SHOWN = 5
_LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Signed:
    """What a signature did: in which role, which signature of how many, and the batch's state after it.

    `of_one_hand` says whether one admin gave several of those who signed their account, role, password or codes lately.
    """

    batch_id: str
    role: str
    signature: int
    of: int
    state: str
    of_one_hand: str


def approve(connection: Connection, batch_id: str, officer_id: str, act: Act) -> Signed:
    """Sign a plan as its checker (复核) or approver (审批); with the last signature its payments are committed.

    The plan is drawn again from the ledger as it is now, for the day it was made for.

    Raises:
        PlanMoved: the plan is not what it was, with every difference.
        MianshenError: the batch is not planned, or this officer may not sign it; nothing was changed.
        ValueError: the act is somebody else's.
    """
    if act.actor != officer_id:
        raise ValueError(f"{act.actor} cannot sign for {officer_id}")
    known = existing(connection, batch_id)
    if known.state != "planned":
        complete = "" if known.state == "cancelled" else f"; it has the {known.signatures} signatures that it needs"
        raise MianshenError(f"batch {batch_id} is {known.state}: only a plan can be approved{complete}")
    signed = {row.role: row.officer_id for row in connection.execute(_signatures(batch_id))}
    role = _role(connection, known, officer_id, signed)
    _refuse_unfit(connection, known, signed)
    _refuse_own_accounts(connection, known, officer_id)
    signers = {officer_id, *signed.values()}
    _refuse_who_made_whom(connection, known, signers)
    one_hand = _of_one_hand(connection, signers, act)
    now = _as_it_is_now(connection, known)
    with plainly():
        sign(connection, batch_id, now.content_sha256, role, act)
        if len(signed) + 1 < known.signatures:
            return Signed(batch_id, role, len(signed) + 1, known.signatures, "planned", one_hand)
        _commit(connection, batch_id, act)
    return Signed(batch_id, role, known.signatures, known.signatures, "approved", one_hand)


def _as_it_is_now(connection: Connection, known: Batch) -> Plan:
    now = draw_for_day(connection, *terms_of(known))
    if now.content_sha256 != known.content_sha256:
        raise PlanMoved(known.id, what_moved(connection, known, now))
    return now


def _commit(connection: Connection, batch_id: str, act: Act) -> None:
    """Approve the batch, begin its payments and take their money from the lines: all or nothing."""
    move(connection, batch, batch.c.id == batch_id, "approved", act)
    kept = (batch_item.c[name] for name in ("batch_id", "entitlement_id", "attempt", "amount_fen"))
    rows = select(batch_item.c.payment_id.label("id"), *kept).where(batch_item.c.batch_id == batch_id)
    begin_selected(connection, payment, "batched", rows.order_by(batch_item.c.payment_id), act)
    transfer_payments(connection, "commit", payment.c.batch_id == batch_id, act)


def _signatures(batch_id: str) -> Select[tuple[str, str]]:
    return select(approval.c.role, approval.c.officer_id).where(approval.c.batch_id == batch_id)


def _role(connection: Connection, known: Batch, officer_id: str, signed: dict[str, str]) -> str:
    """Return the role in which an officer signs a batch."""
    if officer_id in signed.values():
        before = next(role for role, one in signed.items() if one == officer_id)
        raise MianshenError(f"{officer_id} signed batch {known.id} already, as its {before}; another officer must")
    account = connection.execute(select(officer).where(officer.c.id == officer_id)).first()
    if account is None or account.disabled_at is not None:
        raise MianshenError(f"there is no officer {officer_id} with an open account")
    missing = [role for role in _wanted(known)[1:] if role not in signed]
    fitting = [role for role in missing if role in account.roles.split()]
    if not fitting:
        raise MianshenError(
            f"{officer_id} cannot sign batch {known.id}: it needs {' and '.join(missing)}, and {officer_id} is "
            f"{account.roles.replace(' ', ' and ')}"
        )
    return fitting[0]


def _refuse_unfit(connection: Connection, known: Batch, signed: dict[str, str]) -> None:
    """Refuse to go on where one who signed has left or is something else now: their signature counts no more."""
    gone = unfit(connection, {one: role for role, one in signed.items()})
    if gone:
        raise MianshenError(
            f"batch {known.id}: {'; '.join(gone.values())}: that does not count any more. Cancel the batch, and let "
            f"it be planned and signed anew by {' and '.join(_wanted(known))}; nothing was changed"
        )


def _wanted(known: Batch) -> tuple[str, ...]:
    """Return the roles in which a batch is signed: two signatures are maker's and checker's, the third approver's."""
    return ("maker", *_SIGNERS)[: known.signatures]


def _refuse_own_accounts(connection: Connection, known: Batch, officer_id: str) -> None:
    """Refuse who entered one of the accounts lately (冷静期)."""
    paid = select(batch_item.c.payee_id).where(batch_item.c.batch_id == known.id)
    query = (
        select(payee.c.uscc, payee.c.account_name, payee.c.entered_at)
        .where(payee.c.entered_by == officer_id, payee.c.entered_at >= known.cooling_since)
        .where(payee.c.id.in_(paid).is_(True))
        .order_by(payee.c.uscc)
    )
    found = connection.execute(query).all()
    if found:
        shown = ", ".join(f"{row.account_name} ({row.uscc}, {row.entered_at[:10]})" for row in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise MianshenError(
            f"{officer_id} entered the account of {shown}{more} less than the cooling-off time before this plan, and "
            "so may not approve it; another officer must"
        )


def _refuse_who_made_whom(connection: Connection, known: Batch, signers: Set[str]) -> None:
    """Refuse that somebody signs together with whom they let in lately: an admin once, and a maker now."""
    for one in given_by_others(connection, signers, known.cooling_since):
        if one.giver in signers:
            raise MianshenError(
                f"{one.giver} gave {one.officer} their account, a role, a password or codes on {one.at[:10]} "
                f"({one.what}), within the cooling-off time: they do not sign one batch; another officer must"
            )


def _of_one_hand(connection: Connection, signers: Set[str], act: Act) -> str:
    """Return in words whether one admin let several of the signers in lately: who may be one person in truth."""
    since = instant(datetime.fromisoformat(act.at) - _LATELY)
    found: dict[str, set[str]] = {}
    for one in given_by_others(connection, signers, since):
        found.setdefault(one.giver, set()).add(one.officer)
    return "; ".join(
        f"{' and '.join(sorted(some))} got their account, role, password or codes from {giver} in the last "
        f"{_LATELY.days} days"
        for giver, some in sorted(found.items())
        if len(some) > 1
    )
