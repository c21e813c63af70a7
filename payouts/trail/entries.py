"""Where the ledger keeps what happened: each kind of entry is one query, by a condition on what it happened to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, String, Table, cast, func, literal, null, select

from payouts.ledger.tables import (
    approval,
    bank_file,
    batch_item,
    event,
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

# In this order things of one instant are told.
_ORDER = (
    *("run", "entitlement", "spot_check", "notice", "reminder", "objection", "account", "hold", "batch", "signature"),
    *("payment", "file", "bank", "resolution", "recovery", "money"),
)


class Entry(NamedTuple):
    """One thing that happened; `at` is an instant of the ledger, `fen` is None where it is not about an amount."""

    at: str
    actor: str
    kind: str
    subject: str
    from_state: str
    to_state: str
    fen: int | None
    code: str
    reason: str


_Rows = Select[*tuple[Any, ...]]
_BOOKED = (return_file.c.booked_at, return_file.c.booked_by)


def told(connection: Connection, queries: Iterator[_Rows]) -> list[Entry]:
    """Return what the queries find, in the order in which it happened."""
    rows = [row for query in queries for row in connection.execute(query)]
    rows.sort(key=lambda row: (row[0], _ORDER.index(row[2]), row[9]))
    return [Entry(*row[:6], None if row[6] is None else int(row[6]), *row[7:9]) for row in rows]


def moves(table: Table, where: ColumnElement[bool]) -> _Rows:
    """Return the moves between states of the rows of a table that `where` finds."""
    who = [event.c[name] for name in ("at", "actor", "kind", "subject", "from_state", "to_state")]
    columns: list[Any] = [*who, null(), event.c.code, event.c.reason, event.c.seq]
    return select(*columns).where(event.c.kind == table.name, event.c.subject.in_(select(table.c.id).where(where)))


def runs(where: ColumnElement[bool]) -> _Rows:
    """Return what runs said, by a condition on `proposal`; the reason is the clause, and what is unknown."""
    what = (run.c.id, "listed", proposal.c.amount_fen)
    query = _entry("run", (run.c.taken_at, run.c.taken_by), what, (proposal.c.clause + " " + proposal.c.unknown,))
    return query.join_from(proposal, run, run.c.id == proposal.c.run_id).where(where)


def notices(entitlement_id: str) -> Iterator[_Rows]:
    """Yield the public notices of an entitlement, and its reminders; the reason is the day."""
    who = (notice.c.published_at, notice.c.published_by)
    published = _entry("notice", who, (notice.c.id, "public", None), (literal("until ") + notice.c.ends_on,))
    yield published.join_from(notice, notice_item).where(notice_item.c.entitlement_id == entitlement_id)
    who = (reminder.c.reminded_at, reminder.c.reminded_by)
    reminded = _entry("reminder", who, (reminder.c.notice_id, "reminded", None), (reminder.c.reminded_on,))
    yield reminded.where(reminder.c.entitlement_id == entitlement_id)


def signatures(where: ColumnElement[bool]) -> _Rows:
    """Return who signed, by a condition on `approval`; the reason is the hash of what was signed."""
    what = (approval.c.batch_id, approval.c.role, None)
    query = _entry("signature", (approval.c.at, approval.c.officer_id), what, (approval.c.content_sha256,))
    return query.where(where).order_by(approval.c.role.desc())  # maker, checker, approver


def files(batch_id: str) -> _Rows:
    """Return the files that a batch was sealed into; the reason is the hash."""
    what = (bank_file.c.name, "sealed", bank_file.c.total_fen)
    return _entry("file", (bank_file.c.made_at, ""), what, (bank_file.c.sha256,)).where(
        bank_file.c.batch_id == batch_id
    )


def money(where: ColumnElement[bool]) -> _Rows:
    """Return the entries of the books about payments, and about what was asked back of them; the code is the line."""
    asked = select(recovery.c.id).join(payment, payment.c.id == recovery.c.payment_id).where(where)
    mine = transfer.c.payment_id.in_(select(payment.c.id).where(where)) | transfer.c.recovery_id.in_(asked)
    what = (transfer.c.credit + " → " + transfer.c.debit, transfer.c.kind, transfer.c.fen)
    why = (transfer.c.reason, transfer.c.line)
    return _entry("money", (transfer.c.at, transfer.c.actor), what, why).where(mine)


def answers(where: ColumnElement[bool]) -> _Rows:
    """Return what banks said of payments, line by line."""
    what = (return_file.c.name, return_line.c.outcome, return_line.c.fen)
    query = _entry("bank", _BOOKED, what, (return_line.c.reason, return_line.c.code))
    return (
        query.join_from(return_file, return_line).join(payment, payment.c.id == return_line.c.payment_id).where(where)
    )


def answer_files(batch_id: str) -> _Rows:
    """Return the return files that speak of a batch's payments, with how many lines and how much money."""
    lines = cast(func.count(), String) + " lines"
    what = (return_file.c.name, return_line.c.outcome, func.sum(payment.c.amount_fen))
    query = _entry("bank", _BOOKED, what, (lines,)).join_from(return_file, return_line)
    joined = query.join(payment, payment.c.id == return_line.c.payment_id)
    return joined.where(payment.c.batch_id == batch_id).group_by(*_BOOKED, return_file.c.name, return_line.c.outcome)


def of_payments(where: ColumnElement[bool]) -> Iterator[_Rows]:
    """Yield all that happened to the payments that `where` finds."""
    ids = select(payment.c.id).where(where)
    yield moves(payment, where)
    yield moves(resolution, resolution.c.payment_id.in_(ids))
    yield moves(recovery, recovery.c.payment_id.in_(ids))
    yield money(where)
    yield answers(where)


def planned_in(where: ColumnElement[bool]) -> _Rows:
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


def merged(*lists: list[Entry]) -> list[Entry]:
    """Return several lists as one, in the order in which things happened."""
    return sorted((one for some in lists for one in some), key=lambda one: (one.at, _ORDER.index(one.kind)))


def _entry(kind: str, who: Sequence[Any], what: Sequence[Any], why: Sequence[Any]) -> _Rows:
    """Return a query of entries from columns and texts.

    `who` is when and who; `what` is which, into what, and how many fen; `why` is the reason and, if any, the code.
    """
    at, actor = who
    subject, to_state, fen = what
    reason, code = (*why, "")[:2]
    parts = (at, actor, kind, subject, "", to_state, fen, code, reason, 0)
    return select(
        *(null() if part is None else literal(part) if isinstance(part, str | int) else part for part in parts)
    )
