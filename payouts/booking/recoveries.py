"""Recoveries as they stand: what was asked back of payments, what came, and what never will."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.tables import batch_item, payment, recovery, transfer

PRINCIPAL, INTEREST = "principal", "interest"


@dataclass(frozen=True)
class Recovery:
    """What is asked back of a payment, in fen: `received` came, `open_fen` is still to come; `ended` never will."""

    id: str
    payment_id: str
    kind: str
    state: str
    basis: str
    line: str
    fen: int
    received_fen: int
    ended_fen: int

    @property
    def open_fen(self) -> int:
        """What is still to come, in fen."""
        return self.fen - self.received_fen - self.ended_fen


def find(connection: Connection, recovery_id: str) -> Recovery:
    """Return a recovery as it stands.

    Raises:
        MianshenError: there is none.
    """
    found = connection.execute(_recoveries(recovery.c.id == recovery_id)).one_or_none()
    if found is None:
        raise MianshenError(f"there is no recovery {recovery_id}")
    return _recovery(found)


def recoveries(connection: Connection, where: ColumnElement[bool] | None = None) -> list[Recovery]:
    """Return every recovery, or those that `where` finds, by payment."""
    return [_recovery(row) for row in connection.execute(_recoveries(where))]


def asked_back(connection: Connection, payment_id: str) -> int:
    """Return how much of a payment is asked back or came back, in fen; what was cancelled is not."""
    every = recoveries(connection, (recovery.c.payment_id == payment_id) & (recovery.c.kind == PRINCIPAL))
    return sum(one.received_fen if one.state == "cancelled" else one.fen for one in every)


def _recoveries(where: ColumnElement[bool] | None) -> Select[*tuple[Any, ...]]:
    came = func.coalesce(func.sum(case((transfer.c.kind == "recover", transfer.c.fen), else_=0)), 0)
    given_up = func.coalesce(
        func.sum(case((transfer.c.kind.in_(("write_off", "unclaim")), transfer.c.fen), else_=0)), 0
    )
    own = (recovery.c.id, recovery.c.payment_id, recovery.c.kind, recovery.c.state, recovery.c.basis)
    columns = (*own, batch_item.c.line, recovery.c.amount_fen)
    query = (
        select(*columns, came, given_up)
        .join_from(recovery, payment, recovery.c.payment_id == payment.c.id)
        .join(batch_item, (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id))
        .join(transfer, transfer.c.recovery_id == recovery.c.id, isouter=True)
        .group_by(*columns)
        .order_by(recovery.c.payment_id, recovery.c.id)
    )
    return query if where is None else query.where(where)


def _recovery(row: Row[*tuple[Any, ...]]) -> Recovery:
    """Return a row of `_recoveries`; PostgreSQL sums whole numbers to decimals."""
    return Recovery(*row[:6], *map(int, row[6:]))
