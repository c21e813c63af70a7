"""Lists for people: the batches there are, and what is held and why."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from enterprise_data.declarations.problems import MianshenError, suggest
from payouts.ledger.tables import approval, batch, entitlement, event, hold, payment, proposal
from payouts.ledger.transfers import lines
from payouts.workflow.current import newest_proposal
from payouts.workflow.holds import RUN_DIFFERS

_LONGEST = 100


class BatchLine(NamedTuple):
    """A batch in a list: `signed` of `signatures` are there; `answered` of its `items` are paid or returned."""

    batch: str
    state: str
    made_by: str
    made_at: str
    signed: int
    signatures: int
    items: int
    answered: int
    total_fen: int


class OpenHold(NamedTuple):
    """Why an entitlement waits: the hold's code and words, and since when; `amount_fen` is None while it is unknown."""

    entitlement: str
    policy: str
    period: str
    uscc: str
    firm_name: str
    amount_fen: int | None
    code: str
    detail: str
    since: str


def batches(connection: Connection) -> list[BatchLine]:
    """Return every batch, the newest first."""
    own = payment.c.batch_id == batch.c.id
    signed = select(func.count()).where(approval.c.batch_id == batch.c.id).scalar_subquery()
    answered = select(func.count()).where(own, payment.c.state.in_(("paid", "returned"))).scalar_subquery()
    made = [batch.c[name] for name in ("id", "state", "made_by", "made_at")]
    columns = [*made, signed, batch.c.signatures, batch.c["items"], answered, batch.c.total_fen]
    query = select(*columns)
    return [BatchLine._make(row) for row in connection.execute(query.order_by(batch.c.made_at.desc(), batch.c.id))]


def refuse_unheard(connection: Connection, policies: Collection[str] = (), firms: Collection[str] = ()) -> None:
    """Refuse to look for policies or firms of which the ledger has no entitlement: they may be mistyped.

    Raises:
        MianshenError: naming the first, and those that are spelt nearly so.
    """
    for what, words, column in (("policy", policies, entitlement.c.policy), ("firm", firms, entitlement.c.uscc)):
        known = set(connection.execute(select(column).distinct()).scalars()) if words else set()
        if unheard := sorted(set(words) - known):
            near = suggest(unheard[0], sorted(known))
            raise MianshenError(f"no run that was taken in says anything of {what} `{unheard[0]}`; {near}".rstrip("; "))


def refuse_unknown_line(connection: Connection, line: str) -> None:
    """Refuse a line of the budget that nothing was granted to and no run names: it may be mistyped.

    Raises:
        MianshenError: naming those that are spelt nearly so.
    """
    known = [one for one, _ in lines(connection)]
    if line not in known:
        told = f"there is no line `{line}` of the budget; {suggest(line, known)}".rstrip("; ")
        raise MianshenError(f"{told}; nothing was changed. Lines come with the runs that name them; --new makes one")


def refuse_no_name(line: str) -> None:
    """Refuse to make a line of the budget under a name that nobody could read or type again.

    Raises:
        MianshenError: it is empty, longer than 100 characters, or has other white space than single blanks inside.
    """
    if not line.isprintable() or line != " ".join(line.split()) or not 0 < len(line) <= _LONGEST:
        raise MianshenError(
            f"`{line[:_LONGEST]}` is no name of a line of the budget: 1 to {_LONGEST} characters, no blanks before, "
            "after or beside another; nothing was changed"
        )


def open_holds(connection: Connection, where: ColumnElement[bool], *, paid: bool = False) -> list[OpenHold]:
    """Return the open holds of the entitlements that `where` finds, by code, policy and firm.

    What is paid, and only a run says otherwise, waits for nobody unless it comes back; it is there if `paid`.
    """
    placed = (event.c.kind == "hold") & (event.c.subject == hold.c.id) & (event.c.to_state == "placed")
    claim = (entitlement.c[name] for name in ("id", "policy", "period", "uscc"))
    query = (
        select(*claim, proposal.c.firm_name, proposal.c.amount_fen, hold.c.code, hold.c.detail, event.c.at)
        .select_from(hold)
        .join(entitlement, entitlement.c.id == hold.c.entitlement_id)
        .join(proposal, proposal.c.id == newest_proposal())
        .join(event, placed)
        .where(hold.c.state == "placed", where, *([] if paid else [~_differs_only()]))
        .order_by(hold.c.code, entitlement.c.policy, entitlement.c.uscc, entitlement.c.id)
    )
    return [OpenHold._make(row) for row in connection.execute(query)]


def _differs_only() -> ColumnElement[bool]:
    is_paid = select(payment.c.id).where(payment.c.entitlement_id == entitlement.c.id, payment.c.state == "paid")
    return (hold.c.code == RUN_DIFFERS) & is_paid.correlate(entitlement).exists()
