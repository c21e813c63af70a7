"""Paying again what the bank sent back (退票重付): the hold ends, and the next plan takes it up with a new approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.booking import holds
from payouts.booking.disputes import cases
from payouts.booking.known import chunks
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import batch_item, hold, payee, payment

_ACCOUNT = ("account_no", "account_name", "bank_code", "bank_name")


def reissue(connection: Connection, payment_ids: Sequence[str], act: Act, *, same_account: str = "") -> int:
    """Lift the hold of returned payments, so that the next plan pays what they were for; return how many.

    Nothing is paid by this: a new attempt needs a plan and its approvals. Only what is `returned` can be reissued;
    what is unknown never is. `act.reason` is why; `same_account` why the account that it came back from is right.

    Raises:
        MianshenError: a payment is not returned, contradicted, superseded or reissued before; or the firm's account is
            the one that it came back from, and `same_account` does not say why that is right. Nothing is lifted then.
    """
    if not act.reason.strip():
        raise MianshenError("say why the payments are reissued: what the bank returned them for, and what has changed")
    faults = _faults(connection, payment_ids, same_account)
    if faults:
        raise MianshenError("nothing was reissued:\n" + "\n".join(f"  - {fault}" for fault in faults))
    reason = f"{act.reason}; the same account: {same_account}" if same_account else act.reason
    return sum(_lift(connection, some, act.because(reason, "reissue")) for some in chunks(payment_ids))


def _lift(connection: Connection, payment_ids: Sequence[str], act: Act) -> int:
    of = select(payment.c.entitlement_id).where(payment.c.id.in_(payment_ids))
    found = (hold.c.code == holds.RETURNED) & (hold.c.state == "placed") & hold.c.entitlement_id.in_(of)
    return move(connection, hold, found, "lifted", act)


def _faults(connection: Connection, payment_ids: Sequence[str], same_account: str) -> list[str]:
    """Return why some of the payments cannot be reissued, each once."""
    faults = dict.fromkeys(payment_ids, "there is no such payment")
    for some in chunks(payment_ids):
        contradicted = {one.payment_id for one in cases(connection, payment.c.id.in_(some))}
        for row in connection.execute(_stand(some)):
            faults[row.id] = _fault(row, row.id in contradicted, same_account)
    return [f"{one}: {fault}" for one, fault in faults.items() if fault]


def _fault(row: Row[*tuple[Any, ...]], contradicted: bool, same_account: str) -> str:
    if row.state != "returned":
        return f"it is {row.state}; only what came back is paid again"
    if contradicted:
        return "the bank contradicts itself; two officers have to decide first"
    if row.newest_attempt != row.attempt:
        return "there is a later attempt; reissue that one if it came back too"
    if row.hold is None:
        return "it was reissued before"
    if row.same and not same_account:
        return f"it came back from the account that {row.uscc} still has; enter another one, or say why this is right"
    return ""


def _stand(payment_ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Return the query of how payments stand: the newest attempt, the open hold, whether the account is the same."""
    paid_to, now, again = payee.alias("paid_to"), payee.alias("now"), payment.alias("again")
    # `+ 0`: see `payouts.batches.payable.newest_proposal`.
    newest = select(func.max(payee.c.id + 0)).where(payee.c.uscc == batch_item.c.uscc).scalar_subquery()
    # A voided attempt never was: what came back before it can still be paid again.
    counted = (again.c.entitlement_id == payment.c.entitlement_id) & (again.c.state != "voided")
    attempts = select(func.max(again.c.attempt)).where(counted)
    held = (hold.c.entitlement_id == payment.c.entitlement_id) & (hold.c.code == holds.RETURNED)
    same = and_(*(paid_to.c[name] == now.c[name] for name in _ACCOUNT))
    columns = (payment.c.id, payment.c.state, payment.c.attempt, batch_item.c.uscc, hold.c.id.label("hold"))
    return (
        select(*columns, attempts.scalar_subquery().label("newest_attempt"), same.label("same"))
        .join_from(
            payment,
            batch_item,
            (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id),
        )
        .join(paid_to, paid_to.c.id == batch_item.c.payee_id)
        .join(now, now.c.id == newest)
        .join(hold, held & (hold.c.state == "placed"), isouter=True)
        .where(payment.c.id.in_(payment_ids))
    )
