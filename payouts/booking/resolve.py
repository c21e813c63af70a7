"""Deciding by hand what became of a payment: one officer proposes upon evidence, another confirms or rejects.

For what the bank does not answer, does not know, or contradicts. No machine calls this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from enterprise_data.declarations.problems import MianshenError
from payouts.booking import holds
from payouts.booking.closing import close_batches
from payouts.booking.disputes import cases, contradicted
from payouts.booking.outcomes import Outcome
from payouts.booking.recoveries import asked_back
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import begin, move
from payouts.ledger.signers import unfit
from payouts.ledger.tables import batch_item, payment, resolution, return_file, return_line, transfer
from payouts.ledger.transfers import available, transfer_payments
from payouts.yuan import yuan

_Row = Row[*tuple[Any, ...]]

_WAITING = ("sent", "unknown")
_ENDS = ("paid", "returned")
_TRANSFERS = {
    ("sent", "paid"): "settle",
    ("sent", "returned"): "return",
    ("unknown", "paid"): "settle",
    ("unknown", "returned"): "return",
    ("paid", "returned"): "unsettle",
    ("returned", "paid"): "resettle",
}
_NOTHING_NEW = (Outcome.ALREADY_SAID.value, Outcome.LATE.value)


def propose(connection: Connection, payment_id: str, to_state: str, evidence: str, act: Act) -> str:
    """Propose that a payment was `paid` or `returned`, and return the id to confirm.

    `evidence` says what shows it and where that is kept (a bank statement, a letter); `act.actor` is an officer.

    Raises:
        MianshenError: no such payment, nothing about it is open, no evidence, or somebody has proposed something.
    """
    found = _payment(connection, payment_id)
    if to_state not in _ENDS:
        raise MianshenError(f"a payment was {' or '.join(_ENDS)}, not `{to_state}`")
    if not evidence.strip():
        raise MianshenError("say what shows it and where that is kept: the evidence is what the other officer checks")
    if found.state not in _WAITING and not cases(connection, payment.c.id == payment_id):
        raise MianshenError(f"payment {payment_id} is {found.state}, and the bank says nothing else: nothing to decide")
    mine = resolution.c.payment_id == payment_id
    earlier = connection.execute(select(resolution.c.id, resolution.c.state).where(mine)).all()
    for one, state in earlier:
        if state == "proposed":
            raise MianshenError(f"payment {payment_id} waits for an officer to confirm or reject {one}")
    heard = connection.execute(select(func.coalesce(func.max(return_file.c.number), 0))).scalar_one()
    row = {"id": digest("resolution", payment_id, len(earlier) + 1), "payment_id": payment_id, "to_state": to_state}
    row |= {"evidence": evidence, "heard": heard, "proposed_by": act.actor, "proposed_at": act.at}
    begin(connection, resolution, "proposed", [row], act)
    return str(row["id"])


def confirm(connection: Connection, resolution_id: str, act: Act) -> None:
    """Confirm what another officer proposed; the payment moves, and money with it.

    Raises:
        MianshenError: it was decided before or is one's own, who proposed it has left or is no maker any more, the bank
            has said more since, the firm was asked for the money back, a later attempt is on its way, or the money
            that had come back was taken from its line of the budget, or the same was confirmed and undone before.
    """
    proposed = _proposed(connection, resolution_id)
    if proposed.proposed_by == act.actor:
        raise MianshenError(f"{act.actor} proposed {resolution_id}; another officer confirms it")
    if gone := unfit(connection, {proposed.proposed_by: "maker"}):
        raise MianshenError(
            f"{gone[proposed.proposed_by]}: that does not count any more; reject {resolution_id}, and let another "
            "maker propose it anew"
        )
    _refuse_if_more_was_said(connection, proposed)
    found = _payment(connection, proposed.payment_id)
    if (found.state, proposed.to_state) == ("returned", "paid"):
        _refuse_a_second(connection, found)
        _refuse_without_money(connection, found)
    if (found.state, proposed.to_state) == ("paid", "returned"):
        _refuse_if_asked_back(connection, found)
    _refuse_to_turn_again(connection, found, proposed)
    because = act.because(f"resolution {resolution_id}: {proposed.evidence}", "two_officers")
    _sign(connection, resolution_id, act)
    move(connection, resolution, resolution.c.id == resolution_id, "confirmed", act)
    if found.state != proposed.to_state:
        _apply(connection, found, proposed, because)
    if not contradicted(connection, found.entitlement_id):
        holds.lift(connection, holds.CONTRADICTED, found.entitlement_id, because)
    close_batches(connection, payment.c.id == found.id, because)


def reject(connection: Connection, resolution_id: str, act: Act) -> None:
    """Reject what was proposed, or take it back; the payment stays as it is, `act.reason` says why.

    Raises:
        MianshenError: it was decided before.
    """
    proposed = _proposed(connection, resolution_id)
    if proposed.proposed_by != act.actor:
        _sign(connection, resolution_id, act)
    move(connection, resolution, resolution.c.id == resolution_id, "rejected", act)


def _apply(connection: Connection, found: _Row, proposed: _Row, act: Act) -> None:
    to_state = proposed.to_state
    this = payment.c.id == found.id
    move(connection, payment, this, to_state, act)
    transfer_payments(connection, _TRANSFERS[found.state, to_state], this, act)
    if to_state == "returned":
        holds.place(connection, holds.RETURNED, [(found.entitlement_id, proposed.evidence)], proposed.id, act)
    else:
        holds.lift(connection, holds.RETURNED, found.entitlement_id, act)


def _refuse_a_second(connection: Connection, found: _Row) -> None:
    alive = (payment.c.entitlement_id == found.entitlement_id) & payment.c.state.not_in(("voided", "returned"))
    later = connection.execute(select(payment.c.id, payment.c.state).where(alive)).first()
    if later is not None:
        raise MianshenError(
            f"payment {found.id} cannot be paid: a later attempt, {later.id}, is {later.state}; if it can still be "
            "stopped, void it; if not, the firm has the money twice: ask it back, and keep this one returned"
        )


def _refuse_without_money(connection: Connection, found: _Row) -> None:
    left = available(connection, found.line)
    if left < found.amount_fen:
        raise MianshenError(
            f"the {yuan(found.amount_fen)} of payment {found.id} went back to line {found.line}, which has "
            f"{yuan(left)} left; if the bank did pay it, have what is missing granted to the line, then confirm again"
        )


def _refuse_to_turn_again(connection: Connection, found: _Row, proposed: _Row) -> None:
    """Refuse what is booked once in the life of a payment: a bank that turns a third time is not to be followed."""
    kind = _TRANSFERS.get((found.state, proposed.to_state))
    if connection.execute(select(transfer.c.id).where(transfer.c.id == f"{kind}:{found.id}")).first() is None:
        return
    instead = {
        "paid": f"keep it returned and held, and have its {yuan(found.amount_fen)} cut from line {found.line}",
        "returned": "keep it paid, and book what came back as a recovery",
    }
    raise MianshenError(
        f"payment {found.id} was found {proposed.to_state} and then {found.state} by two officers before, and the "
        f"ledger follows that once: reject {proposed.id}, and {instead[proposed.to_state]}"
    )


def _refuse_if_asked_back(connection: Connection, found: _Row) -> None:
    fen = asked_back(connection, found.id)
    if fen:
        raise MianshenError(
            f"the firm was asked for {yuan(fen)} of payment {found.id} back, which the bank cannot have returned too: "
            "cancel that recovery first"
        )


def _refuse_if_more_was_said(connection: Connection, proposed: _Row) -> None:
    newer = (return_file.c.number > proposed.heard) & (return_line.c.payment_id == proposed.payment_id)
    query = select(return_file.c.name).join_from(return_line, return_file)
    said = connection.execute(query.where(newer, return_line.c.outcome.not_in(_NOTHING_NEW))).first()
    if said is not None:
        raise MianshenError(
            f"the bank has said more since {proposed.id} was proposed, in {said.name}: reject it, look, propose anew"
        )


def _sign(connection: Connection, resolution_id: str, act: Act) -> None:
    connection.execute(update(resolution).where(resolution.c.id == resolution_id).values(decided_by=act.actor))


def _payment(connection: Connection, payment_id: str) -> _Row:
    columns = (payment.c.id, payment.c.entitlement_id, payment.c.state, payment.c.amount_fen, batch_item.c.line)
    item = (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id)
    query = select(*columns).join_from(payment, batch_item, item).where(payment.c.id == payment_id)
    found = connection.execute(query).one_or_none()
    if found is None:
        raise MianshenError(f"there is no payment {payment_id}")
    return found


def _proposed(connection: Connection, resolution_id: str) -> _Row:
    found = connection.execute(select(resolution).where(resolution.c.id == resolution_id)).one_or_none()
    if found is None or found.state != "proposed":
        state = "was never proposed" if found is None else f"is {found.state} already"
        raise MianshenError(f"resolution {resolution_id} {state}")
    return found


def proposals(connection: Connection) -> Sequence[_Row]:
    """Return what waits for another officer: the rows of `resolution` that are proposed, the oldest first."""
    waiting = select(resolution).where(resolution.c.state == "proposed")
    return connection.execute(waiting.order_by(resolution.c.proposed_at, resolution.c.id)).all()
