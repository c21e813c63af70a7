"""Where the ledger keeps what happened: each kind of entry is one query, by a condition on what it happened to."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, String, cast, func, literal, select

from payouts.ledger.tables import (
    approval,
    bank_file,
    batch_item,
    notice,
    notice_item,
    payee,
    payment,
    proposal,
    recovery,
    reminder,
    resolution,
    return_file,
    return_line,
    run,
    transfer,
)
from payouts.masking import masked
from payouts.trail.entries import Entry, Rows, entry, moves

_BOOKED = (return_file.c.booked_at, return_file.c.booked_by)


def runs(where: ColumnElement[bool]) -> Rows:
    """Return what runs said, by a condition on `proposal`; the reason is the clause, and what is unknown."""
    what = (run.c.id, "listed", proposal.c.amount_fen)
    query = entry("run", (run.c.taken_at, run.c.taken_by), what, (proposal.c.clause + " " + proposal.c.unknown,))
    return query.join_from(proposal, run, run.c.id == proposal.c.run_id).where(where)


def notices(entitlement_id: str) -> Iterator[Rows]:
    """Yield the public notices of an entitlement, and its reminders; the reason is the day."""
    who = (notice.c.published_at, notice.c.published_by)
    published = entry("notice", who, (notice.c.id, "public", None), (literal("until ") + notice.c.ends_on,))
    yield published.join_from(notice, notice_item).where(notice_item.c.entitlement_id == entitlement_id)
    who = (reminder.c.reminded_at, reminder.c.reminded_by)
    reminded = entry("reminder", who, (reminder.c.notice_id, "reminded", None), (reminder.c.reminded_on,))
    yield reminded.where(reminder.c.entitlement_id == entitlement_id)


def signatures(where: ColumnElement[bool]) -> Rows:
    """Return who signed, by a condition on `approval`; the reason is the hash of what was signed."""
    what = (approval.c.batch_id, approval.c.role, None)
    query = entry("signature", (approval.c.at, approval.c.officer_id), what, (approval.c.content_sha256,))
    return query.where(where).order_by(approval.c.role.desc())  # maker, checker, approver


def files(batch_id: str) -> Rows:
    """Return the files that a batch was sealed into; the reason is the hash."""
    what = (bank_file.c.name, "sealed", bank_file.c.total_fen)
    return entry("file", (bank_file.c.made_at, ""), what, (bank_file.c.sha256,)).where(bank_file.c.batch_id == batch_id)


def money(where: ColumnElement[bool]) -> Rows:
    """Return the entries of the books about payments, and about what was asked back of them; the code is the line."""
    asked = select(recovery.c.id).join(payment, payment.c.id == recovery.c.payment_id).where(where)
    mine = transfer.c.payment_id.in_(select(payment.c.id).where(where)) | transfer.c.recovery_id.in_(asked)
    what = (transfer.c.credit + " → " + transfer.c.debit, transfer.c.kind, transfer.c.fen)
    why = (transfer.c.reason, transfer.c.line)
    return entry("money", (transfer.c.at, transfer.c.actor), what, why).where(mine)


def answers(where: ColumnElement[bool]) -> Rows:
    """Return what banks said of payments, line by line."""
    what = (return_file.c.name, return_line.c.outcome, return_line.c.fen)
    query = entry("bank", _BOOKED, what, (return_line.c.reason, return_line.c.code))
    return (
        query.join_from(return_file, return_line).join(payment, payment.c.id == return_line.c.payment_id).where(where)
    )


def answer_files(batch_id: str) -> Rows:
    """Return the return files that speak of a batch's payments, with how many lines and how much money."""
    lines = literal("lines: ") + cast(func.count(), String)
    what = (return_file.c.name, return_line.c.outcome, func.sum(payment.c.amount_fen))
    query = entry("bank", _BOOKED, what, (lines,)).join_from(return_file, return_line)
    joined = query.join(payment, payment.c.id == return_line.c.payment_id)
    return joined.where(payment.c.batch_id == batch_id).group_by(*_BOOKED, return_file.c.name, return_line.c.outcome)


def of_payments(where: ColumnElement[bool]) -> Iterator[Rows]:
    """Yield all that happened to the payments that `where` finds."""
    ids = select(payment.c.id).where(where)
    yield moves(payment, where)
    yield moves(resolution, resolution.c.payment_id.in_(ids))
    yield moves(recovery, recovery.c.payment_id.in_(ids))
    yield money(where)
    yield answers(where)


def planned_in(where: ColumnElement[bool]) -> Rows:
    """Return the batches that were to pay what `where`, a condition on `batch_item`, finds."""
    return select(batch_item.c.batch_id).where(where)


def accounts(connection: Connection, uscc: str) -> list[Entry]:
    """Return the accounts that were entered for a firm, masked."""
    rows = connection.execute(select(payee).where(payee.c.uscc == uscc).order_by(payee.c.id)).mappings()
    return [
        Entry(one["entered_at"], one["entered_by"], "account", one["uscc"], "", "entered", None, one["source"], where)
        for one in rows
        for where in [" ".join([masked(one["bank_name"], one["account_no"]), one["reason"]]).rstrip()]
    ]
