"""Booking money: transfers by kind, and what accounts come to."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, String, case, func, insert, literal, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.states import TRANSFERS
from payouts.ledger.tables import batch_item, budget_line, payment, transfer
from payouts.yuan import yuan

_COLUMNS = ("id", "kind", "line", "debit", "credit", "fen", "payment_id", "actor", "at", "reason")


def transfer_payments(connection: Connection, kind: str, where: ColumnElement[bool], act: Act) -> int:
    """Book one kind of transfer for every payment that `where` finds; return how many there were.

    The id is the kind and the payment, so that the same booking cannot be made twice.
    """
    debit, credit = TRANSFERS[kind]
    rows = (
        select(
            literal(f"{kind}:", String) + payment.c.id,
            literal(kind),
            batch_item.c.line,
            literal(debit),
            literal(credit),
            payment.c.amount_fen,
            payment.c.id,
            literal(act.actor),
            literal(act.at),
            literal(act.reason),
        )
        .join_from(
            payment,
            batch_item,
            (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id),
        )
        .where(where)
        .order_by(payment.c.id)
    )
    booked = insert(transfer).from_select(_COLUMNS, rows)
    return connection.execute(booked, execution_options={"preserve_rowcount": True}).rowcount


def grant(connection: Connection, line: str, title: str, fen: int, act: Act) -> None:
    """Grant money to a line of the budget (下达指标), or cut it (`fen` below zero); the line is made if it is new.

    The same line, amount and instant is the same grant, and is booked once.

    Raises:
        MianshenError: a line is cut by more than it has left, or this very grant was booked before.
    """
    if fen < 0 and (left := available(connection, line)) < -fen:
        raise MianshenError(
            f"line {line} has {yuan(left)} left that are not committed, and cannot be cut by {yuan(-fen)}"
        )
    open_line(connection, line, title)
    kind = "grant" if fen > 0 else "cut"
    debit, credit = TRANSFERS[kind]
    key = f"{kind}:{digest(line, fen, act.at)}"
    if connection.execute(select(transfer.c.id).where(transfer.c.id == key)).first() is not None:
        raise MianshenError(
            f"line {line} was granted {yuan(fen)} at {act.at} already; nothing was booked a second time"
        )
    row = {"id": key, "kind": kind, "line": line, "debit": debit, "credit": credit}
    told = {"actor": act.actor, "at": act.at, "reason": act.reason}
    connection.execute(insert(transfer), [{**row, **told, "fen": abs(fen)}])


def open_line(connection: Connection, line: str, title: str) -> None:
    """Make a line of the budget if there is none yet."""
    if connection.execute(select(budget_line.c.id).where(budget_line.c.id == line)).first() is None:
        connection.execute(insert(budget_line), [{"id": line, "title": title}])


def lines(connection: Connection) -> list[tuple[str, str]]:
    """Return the id and title of every line of the budget."""
    query = select(budget_line.c.id, budget_line.c.title).order_by(budget_line.c.id)
    return [(line, title) for line, title in connection.execute(query)]


def balances(connection: Connection) -> dict[tuple[str, str], int]:
    """Return debits less credits in fen by (line, account)."""
    signed = [
        select(transfer.c.line, transfer.c.debit.label("account"), transfer.c.fen.label("fen")),
        select(transfer.c.line, transfer.c.credit, -transfer.c.fen),
    ]
    every = signed[0].union_all(signed[1]).subquery()
    query = select(every.c.line, every.c.account, func.sum(every.c.fen)).group_by(every.c.line, every.c.account)
    return {(line, account): int(fen) for line, account, fen in connection.execute(query)}


def available(connection: Connection, line: str) -> int:
    """Return what may still be committed from a line of the budget, in fen."""
    signed = case((transfer.c.debit == "available", transfer.c.fen), else_=-transfer.c.fen)
    touched = (transfer.c.debit == "available") | (transfer.c.credit == "available")
    query = select(func.coalesce(func.sum(signed), 0)).where(transfer.c.line == line, touched)
    return int(connection.execute(query).scalar_one())
