"""What moved between a batch as it was planned and the ledger as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.plan import Item, Plan
from payouts.batches.record import Batch
from payouts.ledger.tables import batch_item, payee
from payouts.masking import masked
from payouts.yuan import yuan

_SHOWN = 20


class Moved(NamedTuple):
    """One difference: `added`, `gone` or `changed`, of which entitlement and firm, and what it is."""

    kind: str
    entitlement_id: str
    uscc: str
    what: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.kind}: {self.uscc} ({self.entitlement_id}): {self.what}"


class PlanMoved(MianshenError):
    """A plan is not what it was: the ledger has changed since, and nothing is signed."""

    def __init__(self, batch_id: str, moved: list[Moved]) -> None:
        """Keep every difference; the message shows the first."""
        self.batch_id = batch_id
        self.moved = tuple(moved)
        lines = [f"  {one}" for one in moved[:_SHOWN]]
        if len(moved) > _SHOWN:
            lines.append(f"  … and {len(moved) - _SHOWN} more")
        told = "\n".join(lines)
        super().__init__(f"plan {batch_id} is not what it was; nothing was signed, so plan again:\n{told}")


class _Planned(NamedTuple):
    entitlement_id: str
    uscc: str
    payee_id: int
    attempt: int
    amount_fen: int
    line: str
    purpose: str
    account_no: str


def what_moved(connection: Connection, known: Batch, now: Plan) -> list[Moved]:
    """Return every difference between a batch's items and the plan as it would be drawn now."""
    planned = _planned(connection, known.id)
    items = {item.entitlement_id: item for item in now.items}
    left_out = {one.entitlement_id: "; ".join(reason.detail for reason in one.reasons) for one in now.left_out}
    elsewhere = "it is not confirmed any more, or has a payment"
    found = [
        Moved("gone", one.entitlement_id, one.uscc, left_out.get(one.entitlement_id, elsewhere))
        for one in planned.values()
        if one.entitlement_id not in items
    ]
    found += [
        Moved("added", item.entitlement_id, item.uscc, f"{yuan(item.amount_fen)} became payable")
        for item in now.items
        if item.entitlement_id not in planned
    ]
    for one in planned.values():
        item = items.get(one.entitlement_id)
        if item is not None:
            found += [Moved("changed", one.entitlement_id, one.uscc, what) for what in _changes(one, item)]
    return found or [Moved("changed", "", "", "the batch's rows are not those that its maker signed")]


def _planned(connection: Connection, batch_id: str) -> dict[str, _Planned]:
    columns = [*(batch_item.c[name] for name in _Planned._fields[:-1]), payee.c.account_no]
    query = (
        select(*columns)
        .join(payee, payee.c.id == batch_item.c.payee_id)
        .where(batch_item.c.batch_id == batch_id)
        .order_by(batch_item.c.entitlement_id)
    )
    return {row.entitlement_id: _Planned._make(row) for row in connection.execute(query)}


def _changes(before: _Planned, now: Item) -> Iterator[str]:
    if before.attempt != now.attempt:
        yield f"it is attempt {now.attempt} now"
    if before.amount_fen != now.amount_fen:
        yield f"amount {yuan(before.amount_fen)}, now {yuan(now.amount_fen)}"
    if before.account_no != now.account_no:
        yield f"account {masked('', before.account_no)}, now {masked('', now.account_no)}: another number"
    elif before.payee_id != now.payee_id:
        yield "the account was entered anew"
    if before.line != now.line:
        yield f"budget line {before.line}, now {now.line}"
    if before.purpose != now.purpose:
        yield f"purpose `{before.purpose}`, now `{now.purpose}`"
