"""What is confirmed and not paid yet, and why some of it is not payable today: one query, however many firms."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from sqlalchemy import Connection, ScalarSelect, Select, func, select

from payouts.batches.selection import Selection
from payouts.ledger.tables import entitlement, hold, notice, notice_item, objection, payee, payment, proposal

DEAD = ("voided", "returned")
_AT_ONCE = 1_000
_later_proposal = proposal.alias("later_proposal")
_later_payee = payee.alias("later_payee")


class Candidate(NamedTuple):
    """A confirmed entitlement without a live payment, by its newest proposal and its firm's newest account.

    First what a payment takes over (`plan.Item`), in that order. `amount_fen` is None where the amount is unknown; the
    account's fields are None where there is none; `attempt` counts on from earlier payments; `notice_ends` is the last
    day of its latest notice, None if it was in none.
    """

    entitlement_id: str
    policy: str
    period: str
    uscc: str
    item: str
    part: int
    proposal_id: int
    run_id: str
    policy_sha256: str
    firm_name: str
    payee_id: int | None
    account_name: str | None
    account_no: str | None
    bank_name: str | None
    bank_code: str | None
    attempt: int
    amount_fen: int | None
    line: str
    clause: str
    due_on: str
    unknown: str
    notice_ends: str | None


class Reason(NamedTuple):
    """Why something is not payable: a word to count by, and a sentence."""

    code: str
    detail: str


def candidates(connection: Connection, selection: Selection) -> Iterator[Candidate]:
    """Yield what is confirmed and has no live payment, in no order; only some are held in memory at a time."""
    for some in connection.execute(_query(selection)).partitions(_AT_ONCE):
        yield from map(Candidate._make, some)


def open_holds(connection: Connection, selection: Selection) -> dict[str, str]:
    """Return the open holds of confirmed entitlements in words, by entitlement."""
    query = (
        select(hold.c.entitlement_id, hold.c.code, hold.c.detail)
        .join(entitlement, entitlement.c.id == hold.c.entitlement_id)
        .where(hold.c.state == "placed", entitlement.c.state == "confirmed", selection.where())
        .order_by(hold.c.entitlement_id, hold.c.code)
    )
    told: dict[str, str] = {}
    for key, code, detail in connection.execute(query):
        said = f"{code}: {detail}" if detail else code
        told[key] = f"{told[key]}; {said}" if key in told else said
    return told


def open_objections(connection: Connection) -> frozenset[str]:
    """Return the entitlements that an open objection is about."""
    query = select(objection.c.entitlement_id).where(objection.c.state == "open")
    return frozenset(connection.execute(query).scalars())


def why_not(
    candidate: Candidate, day: str, holds: dict[str, str], objections: Set[str], stale: dict[int, str]
) -> Iterator[Reason]:
    """Yield every reason why a candidate is not payable on a day; the line's money is not looked at.

    `objections` are the entitlements with an open one, `holds` those that are held, in words; `stale` are the accounts
    that no list vouches for any more, and until when one did.
    """
    if candidate.amount_fen is None:
        yield Reason("undetermined", f"the amount is not known; open are {candidate.unknown}")
    if candidate.notice_ends is not None and candidate.notice_ends >= day:
        yield Reason("notice", f"the public notice lasts until {candidate.notice_ends}")
    if candidate.due_on > day:
        yield Reason("not_due", f"it is due on {candidate.due_on}")
    if candidate.entitlement_id in objections:
        yield Reason("objection", "an objection is open")
    if candidate.entitlement_id in holds:
        yield Reason("held", holds[candidate.entitlement_id])
    if candidate.payee_id is None and "no_account" not in holds.get(candidate.entitlement_id, ""):
        yield Reason("no_account", "no account of the firm is known")
    if candidate.payee_id in stale:
        yield Reason("account_stale", f"the list that names the account held until {stale[candidate.payee_id]}")


def newest_proposal() -> ScalarSelect[int]:
    """Return the id of an entitlement's newest proposal, for a query of `entitlement`.

    Of the greatest `id` alone, PostgreSQL would walk the whole table from its end, once for each entitlement.
    """
    later = _later_proposal.c
    newest = select(func.max(later.id + 0)).where(later.entitlement_id == entitlement.c.id)
    return newest.correlate(entitlement).scalar_subquery()


def newest_payee() -> ScalarSelect[int]:
    """Return the id of a firm's newest account, for a query of `entitlement`; `+ 0` as for proposals."""
    later = _later_payee.c
    newest = select(func.max(later.id + 0)).where(later.uscc == entitlement.c.uscc)
    return newest.correlate(entitlement).scalar_subquery()


def _query(selection: Selection) -> Select[tuple[object, ...]]:
    own = entitlement.c.id
    ends = select(func.max(notice.c.ends_on)).join(notice_item, notice_item.c.notice_id == notice.c.id)
    attempt = select(func.count() + 1).where(payment.c.entitlement_id == own)
    live = select(payment.c.id).where(payment.c.entitlement_id == own, payment.c.state.not_in(DEAD))
    where = ("id", "account_name", "account_no", "bank_name", "bank_code")
    return (
        select(
            *(entitlement.c[name] for name in ("id", "policy", "period", "uscc", "item", "part")),
            *(proposal.c[name] for name in ("id", "run_id", "policy_sha256", "firm_name")),
            *(payee.c[name] for name in where),
            attempt.scalar_subquery(),
            *(proposal.c[name] for name in ("amount_fen", "line", "clause", "due_on", "unknown")),
            ends.where(notice_item.c.entitlement_id == own).scalar_subquery(),
        )
        .select_from(entitlement)
        .join(proposal, proposal.c.id == newest_proposal())
        .outerjoin(payee, payee.c.id == newest_payee())
        .where(entitlement.c.state == "confirmed", ~live.exists(), selection.where())
    )
