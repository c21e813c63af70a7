"""What officers look up (台账): what was drawn for a spot check, notices, objections."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from payouts.ledger.tables import (
    entitlement,
    notice,
    notice_item,
    objection,
    proposal,
    sample,
    spot_check,
)
from payouts.workflow.current import newest_proposals, proposed_after
from payouts.workflow.entitlement_list import claims


class Drawn(NamedTuple):
    """A proposal that waits for its spot check: `run_id` is the run that proposed it; amount in fen."""

    sample_id: str
    seed: str
    entitlement_id: str
    policy: str
    period: str
    uscc: str
    item: str
    part: int
    firm_name: str
    amount_fen: int | None
    clause: str
    run_id: str


class NoticeLine(NamedTuple):
    """A notice in a list; days are texts, `items` and `objections` (the open ones) are numbers."""

    id: str
    title: str
    published_on: str
    ends_on: str
    published_by: str
    items: int
    objections: int


class ObjectionLine(NamedTuple):
    """An objection with whom it is about; amount in fen."""

    id: str
    entitlement_id: str
    policy: str
    uscc: str
    firm_name: str
    amount_fen: int | None
    raised_by: str
    contact: str
    raised_on: str
    grounds: str
    state: str


def drawn(connection: Connection, where: ColumnElement[bool]) -> list[Drawn]:
    """Return what was drawn, waits for its spot check and has not changed since, by policy, period and firm."""
    told = (proposal.c.firm_name, proposal.c.amount_fen, proposal.c.clause, proposal.c.run_id)
    same = (entitlement.c.state == "proposed") & ~proposed_after(spot_check.c.proposal_id)
    query = (
        claims(*told, before=(sample.c.id, sample.c.seed))
        .join(spot_check, spot_check.c.entitlement_id == entitlement.c.id)
        .join(sample, sample.c.id == spot_check.c.sample_id)
        .join(proposal, proposal.c.id == spot_check.c.proposal_id)
        .where(spot_check.c.state == "drawn", same, where)
    )
    return [Drawn._make(row) for row in connection.execute(query)]


def notices(connection: Connection) -> list[NoticeLine]:
    """Return every notice, the newest first."""
    own = notice_item.c.notice_id == notice.c.id
    items = select(func.count()).where(own).scalar_subquery()
    against = select(func.count(objection.c.id.distinct())).join(
        notice_item, notice_item.c.entitlement_id == objection.c.entitlement_id
    )
    open_ = against.where(own, objection.c.state == "open").correlate(notice).scalar_subquery()
    columns = [notice.c[name] for name in ("id", "title", "published_on", "ends_on", "published_by")]
    query = select(*columns, items, open_).order_by(notice.c.published_at.desc(), notice.c.id)
    return [NoticeLine._make(row) for row in connection.execute(query)]


def objections(connection: Connection, where: ColumnElement[bool]) -> list[ObjectionLine]:
    """Return the objections that `where` (a condition on `objection`) finds, in the order of their days."""
    claim = (entitlement.c.policy, entitlement.c.uscc, proposal.c.firm_name, proposal.c.amount_fen)
    said = [objection.c[name] for name in ("raised_by", "contact", "raised_on", "grounds", "state")]
    newest = newest_proposals()
    query = (
        select(objection.c.id, entitlement.c.id, *claim, *said)
        .select_from(objection)
        .join(entitlement, entitlement.c.id == objection.c.entitlement_id)
        .join(newest, newest.c.entitlement_id == entitlement.c.id)
        .join(proposal, proposal.c.id == newest.c.id)
        .where(where)
        .order_by(objection.c.raised_on, objection.c.id)
    )
    return [ObjectionLine._make(row) for row in connection.execute(query)]
