"""Draw a plan from the ledger as it is.

Equal ledgers give equal plans, whoever draws them and when: the id follows from the content, and who approves a plan
signs the hash of all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from sqlalchemy import Connection, case, func, select

from payouts.batches.payable import (
    DEAD,
    Candidate,
    Reason,
    candidates,
    newest_proposal,
    open_holds,
    open_objections,
    why_not,
)
from payouts.batches.plan import Item, LeftOut, LineMoney, Plan, Tally
from payouts.batches.selection import Selection
from payouts.batches.settings import Settings
from payouts.batches.stale import stale_accounts
from payouts.batches.uncollected import uncollected
from payouts.ledger.act import Act
from payouts.ledger.keys import content_sha256, digest
from payouts.ledger.tables import batch, entitlement, payment, proposal, transfer
from payouts.yuan import yuan

_CLAIM = attrgetter("entitlement_id")
_TAKEN_OVER = len(Item._fields) - 1


def draw_plan(connection: Connection, selection: Selection, settings: Settings, act: Act) -> Plan:
    """Draw the plan of a selection as the ledger is now; nothing is written.

    A line of the budget that cannot pay all of its payments pays none: who has to wait is for people to say, by
    narrowing the selection, by holds, or by a grant. Every confirmed entitlement that is not paid yet stands either
    among the items or among what is left out.
    """
    return draw_for_day(connection, selection, settings, act.day.isoformat())


@uncollected()
def draw_for_day(connection: Connection, selection: Selection, settings: Settings, day: str) -> Plan:
    """Draw the plan of a selection as it is on a day (`2024-03-01`)."""
    holds, objections = open_holds(connection, selection), open_objections(connection)
    stale = stale_accounts(connection, day)
    payable: list[Item] = []
    left_out: list[LeftOut] = []
    purposes: dict[tuple[str, ...], str] = {}
    for candidate in candidates(connection, selection):
        reasons = tuple(why_not(candidate, day, holds, objections, stale))
        if reasons:
            left_out.append(_left_out(candidate, reasons))
        else:
            payable.append(_item(candidate, settings, purposes))
    lines = _money(connection, payable)
    short = {money.line: _too_little(money) for money in lines if not money.is_enough}
    left_out += [_left_out(one, (short[one.line],)) for one in payable if one.line in short]
    left_out.sort(key=_CLAIM)
    items = sorted((one for one in payable if one.line not in short), key=_CLAIM)
    sha256 = content_sha256([_head(selection, settings), *items])
    batch_id = digest("batch", sha256, _cancelled(connection, sha256))
    elsewhere = _elsewhere(connection, selection)
    return Plan(batch_id, sha256, selection, settings, day, tuple(items), tuple(left_out), lines, elsewhere)


def _head(selection: Selection, settings: Settings) -> tuple[str, str]:
    return selection.model_dump_json(), settings.model_dump_json()


def _item(one: Candidate, settings: Settings, purposes: dict[tuple[str, ...], str]) -> Item:
    """Return the payment of a candidate; `purposes` keeps the remarks, of which there are few."""
    words = (one.policy, one.period, one.item, one.clause)
    if words not in purposes:
        purposes[words] = settings.purpose_of(*words)
    return Item._make((*one[:_TAKEN_OVER], purposes[words]))


def _left_out(one: Candidate | Item, reasons: tuple[Reason, ...]) -> LeftOut:
    claim = (one.entitlement_id, one.policy, one.period, one.uscc)
    return LeftOut(*claim, one.firm_name, one.amount_fen, reasons)


def _too_little(money: LineMoney) -> Reason:
    missing = money.payable_fen - money.available_fen
    return Reason("budget", f"line {money.line} lacks {yuan(missing)} for all that it would have to pay")


def _money(connection: Connection, payable: Iterable[Item]) -> tuple[LineMoney, ...]:
    wanted: dict[str, int] = {}
    for one in payable:
        wanted[one.line] = wanted.get(one.line, 0) + one.amount_fen
    signed = case((transfer.c.debit == "available", transfer.c.fen), else_=-transfer.c.fen)
    touched = (transfer.c.debit == "available") | (transfer.c.credit == "available")
    query = select(transfer.c.line, func.sum(signed)).where(touched).group_by(transfer.c.line)
    there = {line: int(fen) for line, fen in connection.execute(query)} if wanted else {}
    return tuple(LineMoney(line, there.get(line, 0), fen) for line, fen in sorted(wanted.items()))


def _cancelled(connection: Connection, sha256: str) -> int:
    """Count the cancelled batches of the same content: a plan that was given up can be made again."""
    same = (batch.c.content_sha256 == sha256) & (batch.c.state == "cancelled")
    return connection.execute(select(func.count()).where(same)).scalar_one()


def _elsewhere(connection: Connection, selection: Selection) -> tuple[Tally, ...]:
    amounts = func.coalesce(func.sum(proposal.c.amount_fen), 0)
    waiting = (
        select(entitlement.c.state, func.count(), amounts)
        .select_from(entitlement)
        .outerjoin(proposal, proposal.c.id == newest_proposal())
        .where(entitlement.c.state != "confirmed", selection.where())
        .group_by(entitlement.c.state)
        .order_by(entitlement.c.state)
    )
    alive = (
        select(payment.c.state, func.count(), func.sum(payment.c.amount_fen))
        .join(entitlement, entitlement.c.id == payment.c.entitlement_id)
        .where(payment.c.state.not_in(DEAD), selection.where())
        .group_by(payment.c.state)
        .order_by(payment.c.state)
    )
    found = [Tally(state, count, int(fen)) for state, count, fen in connection.execute(waiting)]
    found += [Tally(f"payment {state}", count, int(fen)) for state, count, fen in connection.execute(alive)]
    return tuple(found)
