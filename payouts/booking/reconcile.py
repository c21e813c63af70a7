"""Reconciling (对账): what the ledger says was paid beside what the bank's statement says, down to the payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.booking.disputes import Case, cases
from payouts.booking.outcomes import Outcome
from payouts.booking.paid_days import paid_days
from payouts.ledger.tables import batch, batch_item, payment, resolution, return_line, transfer

# Where the money of a payment stands by its state; of what is returned or voided, nowhere.
_STANDS = {"batched": "committed", "sent": "clearing", "unknown": "clearing", "paid": "paid"}
_WAITING = ("sent", "unknown")
# By payment: firm, fen, state, and why it is open.
_Found = dict[str, tuple[str, int, str, str]]


@dataclass(frozen=True)
class OpenPayment:
    """A payment that may explain a difference: it waits (`sent`, `unknown`), or the bank says something else of it.

    For a day also what two officers found to be paid, since nobody but the bank knows the day. `explains`: its amount
    alone is the difference.
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
    found = _no_answer(connection, these) | _disputed(cases(connection, these))
    return _reconciled(f"batch {batch_id}", states, (paid_fen, bank_fen), found, strayed(connection, these))


def reconcile_day(connection: Connection, day: date, bank_fen: int) -> Reconciliation:
    """Hold everything that was paid on a day against the bank's total of that day.

    The day of a payment is the bank's own where its file gave one, else the day of booking. What waits counts for every
    day, since nobody knows which; what two officers found to be paid counts for the day of their decision, and is shown
    for every day before it that differs.
    """
    days = paid_days(connection)
    paid = {one for one, on in days.items() if on == day}
    of_day = _sums(connection, paid)
    waiting = payment.c.state.in_(_WAITING)
    found = _no_answer(connection, waiting)
    found |= _disputed(one for one in cases(connection) if one.state in _WAITING or one.payment_id in paid)
    if of_day != bank_fen:
        found = {**_by_hand(connection, {one: on for one, on in days.items() if on >= day}), **found}
    states = {**_states(connection, waiting), **({"paid": (len(paid), of_day)} if paid else {})}
    return _reconciled(str(day), states, (of_day, bank_fen), found, strayed(connection, waiting))


def _reconciled(
    about: str, states: dict[str, tuple[int, int]], fen: tuple[int, int], found: _Found, wrong: Sequence[str]
) -> Reconciliation:
    paid_fen, bank_fen = fen
    missing = abs(bank_fen - paid_fen)
    shown = [OpenPayment(one, *rest, rest[1] == missing) for one, rest in sorted(found.items())]
    return Reconciliation(about, states, _accounts(states), paid_fen, bank_fen, shown, wrong)


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


def _no_answer(connection: Connection, these: ColumnElement[bool]) -> _Found:
    """Return what waits for an answer."""
    waiting = _rows().where(these, payment.c.state.in_(_WAITING))
    return {one: (uscc, fen, state, "no answer") for one, uscc, fen, state in connection.execute(waiting)}


def _disputed(found: Iterable[Case]) -> _Found:
    """Return what two officers have to decide."""
    return {one.payment_id: (one.uscc, one.fen, one.state, one.why) for one in found}


def _by_hand(connection: Connection, days: Mapping[str, date]) -> _Found:
    """Return of payments, with the day that they count for, those that two officers found to be paid.

    The bank may have paid them on an earlier day: that of the decision is not the bank's.
    """
    of_payment = resolution.c.payment_id == payment.c.id
    decided = select(resolution.c.id).where(
        of_payment, resolution.c.state == "confirmed", resolution.c.to_state == "paid"
    )
    said = select(return_line.c.line).where(
        return_line.c.payment_id == payment.c.id, return_line.c.outcome == Outcome.BOOKED_PAID.value
    )
    query = _rows().where(payment.c.state == "paid", decided.exists(), ~said.exists())
    return {
        one: (uscc, fen, state, f"decided by two officers, counted for {days[one]}")
        for one, uscc, fen, state in connection.execute(query)
        if one in days
    }


def _rows() -> Select[*tuple[Any, ...]]:
    of_batch = (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id)
    columns = (payment.c.id, batch_item.c.uscc, payment.c.amount_fen, payment.c.state)
    return select(*columns).join_from(payment, batch_item, of_batch)


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


def _sums(connection: Connection, wanted: Set[str]) -> int:
    rows = connection.execute(select(payment.c.id, payment.c.amount_fen).where(payment.c.state == "paid"))
    return sum(fen for one, fen in rows if one in wanted)
