"""Asking money back (追回): ordered on a basis, received in parts, written off, or asked no longer.

Interest is left out unless the order states it: then it is a recovery of its own kind, with its own amount and basis.
It is no part of what was paid, and no part of what the next match knows.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from enterprise_data.declarations.problems import MianshenError
from payouts.booking.recoveries import INTEREST, PRINCIPAL, Recovery, asked_back, find
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import begin, move
from payouts.ledger.states import TRANSFERS
from payouts.ledger.tables import payment, recovery, transfer
from payouts.yuan import yuan


def order(connection: Connection, payment_id: str, fen: int, basis: str, act: Act, *, interest: bool = False) -> str:
    """Ask back `fen` of a payment on a basis (document, clause), and return the recovery's id.

    Raises:
        MianshenError: the payment is not paid, the amount is none or more than is left, or there is no basis.
    """
    found = connection.execute(select(payment.c.state, payment.c.amount_fen).where(payment.c.id == payment_id)).first()
    if found is None or found.state != "paid":
        state = "there is no such payment" if found is None else f"it is {found.state}"
        raise MianshenError(f"only what was paid is asked back; payment {payment_id}: {state}")
    if not basis.strip():
        raise MianshenError("say on what basis the money is asked back: the document and its clause")
    left = found.amount_fen - asked_back(connection, payment_id)
    if fen <= 0 or (fen > left and not interest):
        raise MianshenError(f"{yuan(left)} of payment {payment_id} can be asked back, not {yuan(fen)}")
    earlier = select(func.count()).where(recovery.c.payment_id == payment_id)
    new = digest("recovery", payment_id, connection.execute(earlier).scalar_one() + 1)
    row = {"id": new, "payment_id": payment_id, "kind": INTEREST if interest else PRINCIPAL, "amount_fen": fen}
    row |= {"ordered_by": act.actor, "ordered_at": act.at, "basis": basis}
    begin(connection, recovery, "ordered", [row], act)
    _transfer(connection, find(connection, new), "claim", (new, fen), act)
    return new


def receive(connection: Connection, recovery_id: str, fen: int, reference: str, act: Act) -> Recovery:
    """Book money that came back; `reference` is the bank's own number of the receipt, and is booked once.

    Raises:
        MianshenError: more than is open, no reference, or the reference was booked with something else.
    """
    if not reference.strip():
        raise MianshenError("give the bank's reference of the receipt: it tells whether the receipt was booked before")
    key = digest("receipt", reference.strip())
    columns = (transfer.c.recovery_id, transfer.c.fen)
    booked = connection.execute(select(*columns).where(transfer.c.id == f"recover:{key}")).first()
    if booked is not None:
        if tuple(booked) != (recovery_id, fen):
            told = f"{yuan(booked.fen)} for recovery {booked.recovery_id}"
            raise MianshenError(f"receipt {reference} was booked before, as {told}; one reference is one receipt")
        return find(connection, recovery_id)
    found = _open(connection, recovery_id)
    if not 0 < fen <= found.open_fen:
        raise MianshenError(f"{yuan(found.open_fen)} of recovery {recovery_id} are open, not {yuan(fen)}")
    _transfer(connection, found, "recover", (key, fen), act.because(f"receipt {reference.strip()}"))
    if fen == found.open_fen:
        move(connection, recovery, recovery.c.id == recovery_id, "recovered", act)
    return find(connection, recovery_id)


def write_off(connection: Connection, recovery_id: str, act: Act) -> Recovery:
    """Give up what did not come (核销); `act.reason` says by whose decision. It cannot be asked for again.

    Raises:
        MianshenError: nothing of it is open, or there is no reason.
    """
    return _end(connection, recovery_id, "write_off", "written_off", act)


def cancel(connection: Connection, recovery_id: str, act: Act) -> Recovery:
    """Ask no longer for what did not come; what came stays booked, and the rest may be asked for anew.

    Raises:
        MianshenError: nothing of it is open, or there is no reason.
    """
    return _end(connection, recovery_id, "unclaim", "cancelled", act)


def _open(connection: Connection, recovery_id: str) -> Recovery:
    found = find(connection, recovery_id)
    if found.state != "ordered":
        raise MianshenError(f"recovery {recovery_id} is {found.state}; nothing of it is open")
    return found


def _end(connection: Connection, recovery_id: str, kind: str, state: str, act: Act) -> Recovery:
    if not act.reason.strip():
        raise MianshenError("give the reason: it stays beside the entry")
    found = _open(connection, recovery_id)
    _transfer(connection, found, kind, (recovery_id, found.open_fen), act)
    move(connection, recovery, recovery.c.id == recovery_id, state, act)
    return find(connection, recovery_id)


def _transfer(connection: Connection, found: Recovery, kind: str, amount: tuple[str, int], act: Act) -> None:
    """Book a transfer of a recovery; `amount` is what it is known by among its kind, and its fen."""
    key, fen = amount
    debit, credit = TRANSFERS[kind]
    row: dict[str, object] = {"id": f"{kind}:{key}", "kind": kind, "line": found.line, "debit": debit, "fen": fen}
    row |= {"credit": credit, "recovery_id": found.id, "actor": act.actor, "at": act.at, "reason": act.reason}
    connection.execute(insert(transfer), [row])
