"""Sealing an approved batch into files, and releasing it: what the bank will read is fixed, by hash, before it may."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile
from payouts.bank.channels import Channel
from payouts.bank.channels import export as written
from payouts.bank.instruction import Instruction, Order
from payouts.batches.record import Batch, existing
from payouts.batches.refused import plainly
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import bank_file, batch, batch_item, event, payee, payment
from payouts.ledger.transfers import transfer_payments
from payouts.yuan import yuan

_AT_ONCE = 1_000
# What the bank may have cannot be cancelled.
_OR_CANCEL = dict.fromkeys(("planned", "approved", "sealed"), ", or cancel the batch and plan again")


class AlreadyReleased(MianshenError):
    """A batch is with the bank already: by whom it was released, and when."""

    def __init__(self, batch_id: str, by: str, at: str) -> None:
        """Keep who was first."""
        self.batch_id, self.by, self.at = batch_id, by, at
        super().__init__(
            f"batch {batch_id} was released by {by} at {at}; nothing was sent again. "
            f"`mianshen payout export {batch_id}` writes its files once more, byte for byte"
        )


def seal(connection: Connection, batch_id: str, channel: Channel, act: Act) -> tuple[BankFile, ...]:
    """Make an approved batch's files, and keep their hashes and totals; return the files, which nobody has seen yet.

    Their totals are read back from the bytes. What is in the files and what was pulled come to the approved total.

    Raises:
        OrderRefused: the bank's form cannot carry some payments, each named; the batch stays approved.
        MianshenError: the batch is not approved, its channel has changed, or the totals differ.
    """
    known = existing(connection, batch_id)
    if known.state != "approved":
        raise MianshenError(f"batch {batch_id} is {known.state}: only an approved batch is sealed")
    files = files_of(connection, known, channel)
    _compare(connection, known, files)
    rows = [
        {
            "batch_id": batch_id,
            "part": file.part,
            "name": file.name,
            "sha256": file.sha256,
            "bytes": len(file.content),
            "payments": file.rows,
            "total_fen": file.total_fen,
            "made_at": act.at,
        }
        for file in files
    ]
    with plainly():
        connection.execute(insert(bank_file), rows)
        move(connection, batch, batch.c.id == batch_id, "sealed", act)
    return files


def release(connection: Connection, batch_id: str, act: Act) -> None:
    """Release a sealed batch to the bank: its payments are sent, once; of two who try, one is told who was first.

    Raises:
        AlreadyReleased: it was released before.
        MianshenError: it is not sealed, or a payment may not be sent any more; nothing was changed.
    """
    known = existing(connection, batch_id)
    if known.state in {"released", "closed"}:
        raise _already(connection, batch_id)
    if known.state != "sealed":
        raise MianshenError(f"batch {batch_id} is {known.state}: only a sealed batch is released")
    with plainly():
        if move(connection, batch, (batch.c.id == batch_id) & (batch.c.state == "sealed"), "released", act) != 1:
            raise _already(connection, batch_id)
        own = payment.c.batch_id == batch_id
        move(connection, payment, own & (payment.c.state == "batched"), "sent", act)
        transfer_payments(connection, "send", own & (payment.c.state == "sent"), act)


def files_of(connection: Connection, known: Batch, channel: Channel) -> tuple[BankFile, ...]:
    """Return a batch's files: always the same bytes once it is sealed.

    Raises:
        OrderRefused: the bank's form cannot carry some payments.
        MianshenError: the channel is not the one that was approved, or the files are not those that were sealed.
    """
    if channel.fingerprint != known.channel_sha256:
        raise MianshenError(
            f"the channel is not what batch {known.id} was approved for (`{known.channel}`), or its mapping has "
            f"changed since: bring that back{_OR_CANCEL.get(known.state, '')}"
        )
    files = written(order_of(connection, known), channel)
    kept = connection.execute(
        select(bank_file.c.name, bank_file.c.sha256).where(bank_file.c.batch_id == known.id).order_by(bank_file.c.part)
    ).all()
    if kept and [tuple(row) for row in kept] != [(file.name, file.sha256) for file in files]:
        raise MianshenError(
            f"the files of batch {known.id} do not come out as they were sealed; none was written. Another version of "
            "Mianshen sealed them, or the ledger was altered: `mianshen doctor` tells"
        )
    return files


def order_of(connection: Connection, known: Batch) -> Order:
    """Return what the bank is told: the batch's payments that were not pulled, in the order of their ids."""
    same = (batch_item.c.batch_id == payment.c.batch_id) & (batch_item.c.payment_id == payment.c.id)
    query = (
        select(
            payment.c.id,
            payment.c.amount_fen,
            payee.c.account_name,
            payee.c.account_no,
            payee.c.bank_name,
            payee.c.bank_code,
            batch_item.c.purpose,
            batch_item.c.line,
            batch_item.c.uscc,
        )
        .select_from(payment)
        .join(batch_item, same)
        .join(payee, payee.c.id == batch_item.c.payee_id)
        .where(payment.c.batch_id == known.id, payment.c.state != "voided")
        .order_by(payment.c.id)
    )
    found = connection.execute(query)
    instructions = tuple([Instruction(*row) for some in found.partitions(_AT_ONCE) for row in some])
    payer = (known.payer_name, known.payer_account, known.payer_bank_code)
    return Order(known.id, known.made_at, *payer, instructions)


def _compare(connection: Connection, known: Batch, files: Sequence[BankFile]) -> None:
    """Refuse files that do not come to what the ledger has; `files` were read back from their bytes."""
    in_files = (sum(file.rows for file in files), sum(file.total_fen for file in files))
    query = select(payment.c.state, func.count(), func.sum(payment.c.amount_fen)).where(payment.c.batch_id == known.id)
    there = {state: (count, int(fen)) for state, count, fen in connection.execute(query.group_by(payment.c.state))}
    waiting, pulled = there.get("batched", (0, 0)), there.get("voided", (0, 0))
    approved = (known.items, known.total_fen)
    if in_files != waiting or (waiting[0] + pulled[0], waiting[1] + pulled[1]) != approved:
        raise MianshenError(
            f"batch {known.id} was not sealed: {approved[0]} payments of {yuan(approved[1])} were approved and "
            f"{pulled[0]} of {yuan(pulled[1])} pulled, but the files have {in_files[0]} of {yuan(in_files[1])}"
        )


def _already(connection: Connection, batch_id: str) -> AlreadyReleased:
    query = select(event.c.actor, event.c.at).where(
        event.c.kind == "batch", event.c.subject == batch_id, event.c.to_state == "released"
    )
    actor, at = connection.execute(query).one()
    return AlreadyReleased(batch_id, actor, at)
