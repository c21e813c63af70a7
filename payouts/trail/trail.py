"""The whole story of one thing in the ledger, found by its id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.tables import (
    approval,
    batch,
    batch_item,
    entitlement,
    hold,
    objection,
    payment,
    proposal,
    recovery,
    resolution,
    spot_check,
)
from payouts.masking import masked
from payouts.trail import sources
from payouts.trail.entries import Entry, merged, moves, told


@dataclass(frozen=True)
class Trail:
    """What a thing is (`kind`: entitlement, payment, batch), how it stands now, and what happened to it."""

    kind: str
    id: str
    facts: Mapping[str, Any]
    entries: Sequence[Entry]


def trail(connection: Connection, id_: str) -> Trail:
    """Return the story of the entitlement, payment or batch with this id.

    Of a batch it has what happened to the batch itself, and the payments that were taken out or decided by hand; each
    payment has a story of its own.

    Raises:
        MianshenError: nothing has this id.
    """
    for table, story in ((entitlement, _of_entitlement), (payment, _of_payment), (batch, _of_batch)):
        row = _row(connection, table, id_)
        if row is not None:
            return story(connection, row)
    raise MianshenError(
        f"no entitlement, payment or batch has the id {id_}; `mianshen payout status` lists the batches, "
        "`mianshen payout list` the entitlements and their payments"
    )


def _of_entitlement(connection: Connection, row: RowMapping) -> Trail:
    own = payment.c.entitlement_id == row["id"]
    planned = batch_item.c.entitlement_id == row["id"]
    done = told(connection, _entitlement_queries(row["id"]))
    paid = told(connection, sources.of_payments(own))
    batches = told(connection, _batch_queries(planned))
    attempts = connection.execute(select(payment.c.id, payment.c.state).where(own).order_by(payment.c.attempt)).all()
    facts = _claim(row, _newest(connection, row["id"])) | {"payments": [f"{one.id} {one.state}" for one in attempts]}
    every = merged(done, sources.accounts(connection, row["uscc"]), batches, paid)
    return Trail("entitlement", row["id"], facts, every)


def _of_payment(connection: Connection, row: RowMapping) -> Trail:
    item = connection.execute(
        select(batch_item).where(batch_item.c.payment_id == row["id"], batch_item.c.batch_id == row["batch_id"])
    ).mappings()
    kept = item.one()
    own = payment.c.id == row["id"]
    facts = {"state": row["state"], "batch": row["batch_id"], "entitlement": row["entitlement_id"]}
    facts |= {key: row[key] for key in ("attempt", "amount_fen")}
    facts |= {key: kept[key] for key in ("uscc", "line", "purpose")}
    done = told(connection, sources.of_payments(own))
    batches = told(connection, _batch_queries(batch_item.c.payment_id == row["id"]))
    return Trail("payment", row["id"], facts, merged(batches, done))


def _of_batch(connection: Connection, row: RowMapping) -> Trail:
    kept = ("state", "made_by", "channel", "payer_name", "signatures", "items", "total_fen", "content_sha256")
    facts = {key: row[key] for key in kept} | {"payer_account": masked("", row["payer_account"])}
    by_state = select(payment.c.state, func.count()).where(payment.c.batch_id == row["id"]).group_by(payment.c.state)
    counted = connection.execute(by_state.order_by(payment.c.state))
    facts["payments"] = [f"{count} {state}" for state, count in counted]
    return Trail("batch", row["id"], facts, told(connection, _of_whole_batch(row["id"])))


def _entitlement_queries(id_: str) -> Iterator[Any]:
    yield moves(entitlement, entitlement.c.id == id_)
    yield sources.runs(proposal.c.entitlement_id == id_)
    yield from sources.notices(id_)
    for table in (hold, objection, spot_check):
        yield moves(table, table.c.entitlement_id == id_)


def _batch_queries(planned: Any) -> Iterator[Any]:
    batches = sources.planned_in(planned)
    yield moves(batch, batch.c.id.in_(batches))
    yield sources.signatures(approval.c.batch_id.in_(batches))


def _of_whole_batch(id_: str) -> Iterator[Any]:
    own = payment.c.batch_id == id_
    yield moves(batch, batch.c.id == id_)
    yield sources.signatures(approval.c.batch_id == id_)
    yield sources.files(id_)
    yield sources.answer_files(id_)
    yield moves(payment, own & (payment.c.state == "voided"))
    payments = select(payment.c.id).where(own)
    for table in (resolution, recovery):
        yield moves(table, table.c.payment_id.in_(payments))


def _claim(row: RowMapping, said: RowMapping) -> dict[str, Any]:
    facts = {key: row[key] for key in ("state", "policy", "period", "uscc")}
    facts |= {"firm_name": said["firm_name"], "item": row["item"], "part": row["part"]}
    return facts | {key: said[key] for key in ("amount_fen", "unknown", "line", "clause", "due_on", "run_id")}


def _newest(connection: Connection, entitlement_id: str) -> RowMapping:
    newest = select(func.max(proposal.c.id)).where(proposal.c.entitlement_id == entitlement_id).scalar_subquery()
    return connection.execute(select(proposal).where(proposal.c.id == newest)).mappings().one()


def _row(connection: Connection, table: Table, id_: str) -> RowMapping | None:
    return connection.execute(select(table).where(table.c.id == id_)).mappings().first()
