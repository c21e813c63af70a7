"""Recording a plan as a batch, signed by its maker, and reading it back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from operator import attrgetter, itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.plan import Plan
from payouts.batches.refused import plainly
from payouts.batches.selection import Selection
from payouts.batches.settings import Settings
from payouts.batches.uncollected import uncollected
from payouts.ledger.act import Act, instant
from payouts.ledger.many import insert_many
from payouts.ledger.moves import begin
from payouts.ledger.tables import approval, batch, batch_item

_CHINA = timezone(timedelta(hours=8))


class Batch(NamedTuple):
    """A batch as the ledger has it; amounts in fen."""

    id: str
    content_sha256: str
    channel: str
    channel_sha256: str
    terms: str
    payer_name: str
    payer_account: str
    payer_bank_code: str
    made_by: str
    made_at: str
    cooling_since: str
    signatures: int
    items: int
    total_fen: int
    state: str


def record_plan(connection: Connection, plan: Plan, act: Act) -> str:
    """Write a plan down as a batch in state `planned`, signed by its maker; return the batch's id.

    Recording the same plan again finds it recorded.

    Raises:
        MianshenError: the plan pays nothing, somebody else recorded it, or the actor is no maker.
    """
    if not plan.items:
        raise MianshenError(
            "nothing is payable, so there is no batch; without --record the plan says why not, firm by firm"
        )
    known = find(connection, plan.batch_id)
    if known is not None:
        if known.made_by != act.actor or known.state != "planned":
            raise MianshenError(
                f"this plan is batch {known.id} already: {known.made_by} made it, and it is {known.state}"
            )
        return known.id
    with plainly():
        begin(connection, batch, "planned", [_row(plan, act)], act)
        insert_many(connection, batch_item, ("batch_id", *_KEPT), _items(plan))
        sign(connection, plan.batch_id, plan.content_sha256, "maker", act)
    return plan.batch_id


def sign(connection: Connection, batch_id: str, sha256: str, role: str, act: Act) -> None:
    """Write down that the actor signs a content."""
    row = {"batch_id": batch_id, "officer_id": act.actor, "role": role, "content_sha256": sha256, "at": act.at}
    connection.execute(insert(approval), [row])


def find(connection: Connection, batch_id: str) -> Batch | None:
    """Return a batch, if there is one of that id."""
    columns = [batch.c[name] for name in Batch._fields]
    row = connection.execute(select(*columns).where(batch.c.id == batch_id)).first()
    return None if row is None else Batch._make(row)


def existing(connection: Connection, batch_id: str) -> Batch:
    """Return a batch.

    Raises:
        MianshenError: there is none of that id.
    """
    found = find(connection, batch_id)
    if found is None:
        raise MianshenError(f"there is no batch {batch_id}; `mianshen payout status` lists those there are")
    return found


def terms_of(known: Batch) -> tuple[Selection, Settings, str]:
    """Return what a batch was selected by, its settings, and the day it was planned for."""
    told = json.loads(known.terms)
    return (
        Selection.model_validate(told["selection"]),
        Settings.model_validate(told["settings"]),
        told["day"],
    )


def _row(plan: Plan, act: Act) -> dict[str, object]:
    settings = plan.settings
    terms = {
        "selection": plan.selection.model_dump(mode="json"),
        "settings": settings.model_dump(mode="json"),
        "day": plan.day,
    }
    midnight = datetime(act.day.year, act.day.month, act.day.day, tzinfo=_CHINA)
    return {
        "id": plan.batch_id,
        "content_sha256": plan.content_sha256,
        "channel": settings.channel,
        "channel_sha256": settings.channel_sha256,
        "terms": json.dumps(terms, ensure_ascii=False, sort_keys=True),
        "payer_name": settings.payer.name,
        "payer_account": settings.payer.account,
        "payer_bank_code": settings.payer.bank_code,
        "made_by": act.actor,
        "made_at": act.at,
        "cooling_since": instant(midnight - timedelta(days=settings.cooling_off_days)),
        "signatures": plan.signatures,
        "items": len(plan.items),
        "total_fen": plan.total_fen,
    }


_KEPT = ("payment_id", "entitlement_id", "uscc", "proposal_id", "payee_id", "attempt", "amount_fen", "line", "purpose")


@uncollected()
def _items(plan: Plan) -> list[tuple[object, ...]]:
    """Return the rows of a plan's items in the order of the payments, in which whatever follows walks them."""
    kept = attrgetter(*_KEPT)
    return sorted([(plan.batch_id, *kept(item)) for item in plan.items], key=itemgetter(1))
