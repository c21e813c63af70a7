"""Public notice (公示): what was reconfirmed is made public for some working days before anything is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, literal, select

from enterprise_data.declarations.problems import MianshenError
from payouts.calendar.working_days import CHINA, WorkCalendar
from payouts.ledger.act import Act
from payouts.ledger.keys import content_sha256, digest
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, notice, notice_item, proposal
from payouts.notice_lists.notice import Notice, NoticeItem
from payouts.workflow.current import newest_proposal
from payouts.workflow.standing import by_state
from policies.policy import Policy

_COLUMNS = ("policy", "period", "uscc", "item", "part")


@dataclass(frozen=True)
class Heading:
    """What a notice says besides its items: who publishes it, and where and how one may object."""

    title: str
    issuer: str
    department: str
    phone: str
    address: str
    how_to_object: str
    email: str = ""


@dataclass(frozen=True)
class Published:
    """A notice as the ledger knows it, with what `payouts.notice_lists` makes files of."""

    id: str
    sha256: str
    notice: Notice


def publish(
    connection: Connection,
    where: ColumnElement[bool],
    heading: Heading,
    policies: Mapping[str, Policy],
    act: Act,
    *,
    published_on: date,
    days: int | None = None,
    calendar: WorkCalendar = CHINA,
) -> Published:
    """Publish every reconfirmed entitlement that `where` (a condition on `entitlement`) finds, as one notice.

    It lasts `days` working days after `published_on`, or as many as the policies say; their longest counts.

    Raises:
        MianshenError: nothing of it is reconfirmed, the day is past, a policy is not known, the period is shorter than
            a policy says or nobody says one, or the calendar does not know the year.
    """
    if published_on < act.day:
        raise MianshenError(f"a notice cannot begin on {published_on}: that day is past, today is {act.day}")
    chosen = where & (entitlement.c.state == "reconfirmed")
    rows = connection.execute(_rows(chosen)).all()
    if not rows:
        found = by_state(connection, where)
        told = ", ".join(f"{number} {state}" for state, number in found.items()) or "there is no entitlement"
        raise MianshenError(f"nothing of this is reconfirmed, so nothing can be published: {told}")
    pairs = {(row.policy, row.period) for row in rows}
    several = {policy for policy, period in pairs if (policy, period) != min(one for one in pairs if one[0] == policy)}
    length = _days({row.policy for row in rows}, policies, days)
    made = Notice(
        title=heading.title,
        issuer=heading.issuer,
        department=heading.department,
        phone=heading.phone,
        address=heading.address,
        how_to_object=heading.how_to_object,
        email=heading.email,
        published_on=published_on,
        ends_on=calendar.add_working_days(published_on, length),
        working_days=length,
        items=tuple(_item(row, policies[row.policy], row.policy in several) for row in rows),
    )
    return _record(connection, chosen, made, rows, act)


def notice_days(policy: Policy) -> int | None:
    """Return for how many working days a policy wants its notice; None if it does not say."""
    said = policy.payout.notice if policy.payout is not None else None
    return int(said.split()[0]) if said is not None else None


def _days(names: set[str], policies: Mapping[str, Policy], days: int | None) -> int:
    if unknown := sorted(names - policies.keys()):
        raise MianshenError(f"policy {unknown[0]} is not in the library, which says what the notice shows of it")
    said = {name: notice_days(policies[name]) for name in sorted(names)}
    least = max((one for one in said.values() if one is not None), default=None)
    if days is None and None in said.values():
        silent = next(name for name, one in said.items() if one is None)
        raise MianshenError(f"policy {silent} does not say how long its notice lasts; give the number of working days")
    length = days if days is not None else least or 0
    if least is not None and length < least:
        strict = next(name for name, one in said.items() if one == least)
        raise MianshenError(f"policy {strict} wants a notice of {least} working days; {length} are too few")
    if length < 1:
        raise MianshenError("a notice lasts at least one working day")
    return length


def _rows(where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    told = (proposal.c.id.label("proposal_id"), proposal.c.firm_name, proposal.c.clause, proposal.c.amount_fen)
    return (
        select(entitlement.c.id, *(entitlement.c[name] for name in _COLUMNS), *told)
        .select_from(entitlement)
        .join(proposal, proposal.c.id == newest_proposal())
        .where(where)
        .order_by(entitlement.c.id)
    )


def _item(row: Row[*tuple[Any, ...]], policy: Policy, by_period: bool) -> NoticeItem:
    """Return a line of the notice; `by_period`: the notice holds several periods of the policy."""
    service = policy.service
    part = (row.period if by_period else "", f"第{row.part}期" if row.part else "")
    return NoticeItem(
        policy_id=policy.id,
        policy_title=policy.title.zh,
        document=policy.source.document,
        clause=row.clause,
        department=service.office if service is not None else policy.source.issuer,
        phone=(service.phone or "") if service is not None else "",
        firm=row.firm_name,
        uscc=row.uscc,
        item=row.item,
        part=" ".join(filter(None, part)),
        amount_fen=row.amount_fen,
    )


def _record(
    connection: Connection, chosen: ColumnElement[bool], made: Notice, rows: Sequence[Row[*tuple[Any, ...]]], act: Act
) -> Published:
    """Write the notice and its items, then move them; the hash is of everything that the notice says."""
    sha256 = content_sha256([_heading(made), *(_said(item) for item in made.items)])
    id_ = digest("notice", sha256, *(str(row.proposal_id) for row in rows))
    told = {"id": id_, "title": made.title, "published_on": str(made.published_on), "ends_on": str(made.ends_on)}
    by = {"sha256": sha256, "published_by": act.actor, "published_at": act.at}
    connection.execute(insert(notice), [{**told, **by}])
    items = select(literal(id_), entitlement.c.id).where(chosen)
    connection.execute(insert(notice_item).from_select(["notice_id", "entitlement_id"], items))
    move(connection, entitlement, chosen, "published", act.because(act.reason or f"notice {id_}", "notice"))
    return Published(id_, sha256, made)


def _heading(made: Notice) -> list[str]:
    own = (made.title, made.issuer, made.department, made.phone, made.address, made.email, made.how_to_object)
    return [*own, made.introduction, str(made.published_on), str(made.ends_on), str(made.working_days)]


def _said(item: NoticeItem) -> list[str | int]:
    policy = (item.policy_id, item.policy_title, item.document, item.clause, item.department, item.phone)
    return [*policy, item.firm, item.uscc, item.item, item.part, item.amount_fen]
