"""Reconciling (对账): what the ledger says was paid beside what the bank's statement says, down to the payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.booking.disputes import cases
from payouts.booking.paid_days import paid_days
from payouts.ledger.tables import batch, batch_item, payment, transfer

# Where the money of a payment stands by its state; of what is returned or voided, nowhere.
_STANDS = {"batched": "committed", "sent": "clearing", "unknown": "clearing", "paid": "paid"}
_WAITING = ("sent", "unknown")


@dataclass(frozen=True)
class OpenPayment:
    """A payment that may explain a difference: it waits (`sent`, `unknown`), or the bank says something else of it.

    `explains`: its amount alone is the difference.
    """

    id: str
    uscc: str
    fen: int
    state: str
    why: str
    explains: bool


@dataclass(frozen=True)
class Reconciliation:
    """The ledger beside the bank, in fen; `states` and `accounts` are of the payments that were looked at.

    `bank_fen` is what the statement says was paid and not sent back. `strayed` are payments whose entries do not stand
    where their state says: there are none unless the ledger was tampered with.
    """

    about: str
    states: Mapping[str, tuple[int, int]]
    accounts: Mapping[str, int]
    paid_fen: int
    bank_fen: int
    open: Sequence[OpenPayment]
    strayed: Sequence[str]

    @property
    def difference_fen(self) -> int:
        """By how much the bank says more than the ledger."""
        return self.bank_fen - self.paid_fen

    @property
    def agrees(self) -> bool:
        """Whether both say the same, and the ledger agrees with itself."""
        return self.difference_fen == 0 and not self.strayed


def reconcile_batch(connection: Connection, batch_id: str, bank_fen: int) -> Reconciliation:
    """Hold a batch against the bank's total of what it paid of it.

    Raises:
        MianshenError: there is no such batch.
    """
    if connection.execute(select(batch.c.id).where(batch.c.id == batch_id)).first() is None:
        raise MianshenError(f"there is no batch {batch_id}")
    these = payment.c.batch_id == batch_id
    states = _states(connection, these)
    paid_fen = states.get("paid", (0, 0))[1]
    return _reconciled(connection, f"batch {batch_id}", these, states, (paid_fen, bank_fen))


def reconcile_day(connection: Connection, day: date, bank_fen: int) -> Reconciliation:
    """Hold everything that was paid on a day against the bank's total of that day.

    The day of a payment is the bank's own where its file gave one, else the day of booking. What waits counts for every
    day, since nobody knows which.
    """
    paid = [one for one, on in paid_days(connection).items() if on == day]
    of_day = _sums(connection, paid)
    waiting = payment.c.state.in_(_WAITING)
    states = {**_states(connection, waiting), **({"paid": (len(paid), of_day)} if paid else {})}
    return _reconciled(connection, str(day), waiting, states, (of_day, bank_fen))


def _reconciled(
    connection: Connection,
    about: str,
    these: ColumnElement[bool],
    states: dict[str, tuple[int, int]],
    fen: tuple[int, int],
) -> Reconciliation:
    paid_fen, bank_fen = fen
    missing = abs(bank_fen - paid_fen)
    found = _open(connection, these, missing)
    return Reconciliation(about, states, _accounts(states), paid_fen, bank_fen, found, strayed(connection, these))


def _states(connection: Connection, these: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
    query = select(payment.c.state, func.count(), func.sum(payment.c.amount_fen)).where(these)
    rows = connection.execute(query.group_by(payment.c.state).order_by(payment.c.state))
    return {state: (int(count), int(fen)) for state, count, fen in rows}


def _accounts(states: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for state, (_, fen) in states.items():
        if state in _STANDS:
            found[_STANDS[state]] = found.get(_STANDS[state], 0) + fen
    return found


def _open(connection: Connection, these: ColumnElement[bool], missing: int) -> list[OpenPayment]:
    """Return what waits, and what two officers have to decide."""
    columns = (payment.c.id, batch_item.c.uscc, payment.c.amount_fen, payment.c.state)
    of_batch = (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id)
    waiting = select(*columns).join_from(payment, batch_item, of_batch).where(these, payment.c.state.in_(_WAITING))
    told = {one.payment_id: (one.uscc, one.fen, one.state, one.why) for one in cases(connection, these)}
    for one, uscc, fen, state in connection.execute(waiting):
        told.setdefault(one, (uscc, fen, state, "no answer"))
    return [OpenPayment(one, *rest, rest[1] == missing) for one, rest in sorted(told.items())]


def strayed(connection: Connection, these: ColumnElement[bool]) -> list[str]:
    """Return the payments whose entries do not stand in the account that their state says."""
    accounts = sorted(set(_STANDS.values()))
    stands = [
        func.coalesce(
            func.sum(case((transfer.c.debit == one, transfer.c.fen), (transfer.c.credit == one, -transfer.c.fen))), 0
        )
        for one in accounts
    ]
    should = [
        case((payment.c.state.in_([s for s, a in _STANDS.items() if a == one]), payment.c.amount_fen), else_=0)
        for one in accounts
    ]
    differs = [stand != amount for stand, amount in zip(stands, should, strict=True)]
    query = (
        select(payment.c.id)
        .join_from(payment, transfer, transfer.c.payment_id == payment.c.id, isouter=True)
        .where(these)
        .group_by(payment.c.id, payment.c.state, payment.c.amount_fen)
        .having(differs[0] | differs[1] | differs[2])
        .order_by(payment.c.id)
    )
    return list(connection.execute(query).scalars())


def _sums(connection: Connection, ids: Sequence[str]) -> int:
    wanted = set(ids)
    rows = connection.execute(select(payment.c.id, payment.c.amount_fen).where(payment.c.state == "paid"))
    return sum(fen for one, fen in rows if one in wanted)
