"""A notice as the ledger knows it, as `payouts.notice_lists` writes it: when it is published, and later again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.calendar.working_days import CHINA, WorkCalendar
from payouts.ledger.keys import content_sha256
from payouts.ledger.tables import entitlement, notice, notice_item, proposal, run_policy
from payouts.notice_lists.notice import Notice, NoticeItem
from policies.policy import Policy

_KEY = ("id", "policy", "period", "uscc", "item", "part")


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


def published_notice(
    connection: Connection,
    notice_id: str,
    heading: Heading,
    policies: Mapping[str, Policy],
    calendar: WorkCalendar = CHINA,
) -> Published:
    """Return a notice as it was published, to write its files again.

    Raises:
        MianshenError: there is none, or heading and policies are not those that it was published with.
    """
    found = connection.execute(select(notice).where(notice.c.id == notice_id)).first()
    if found is None:
        raise MianshenError(f"there is no notice {notice_id}")
    rows = connection.execute(_then(notice_id, found.published_at)).all()
    refuse_unknown({row.policy for row in rows}, policies)
    first, last = date.fromisoformat(found.published_on), date.fromisoformat(found.ends_on)
    days = calendar.working_days_between(first, last)
    made = notice_of(rows, heading, policies, published_on=first, ends_on=last, days=days)
    if content(made) != found.sha256:
        raise MianshenError(
            f"notice {notice_id} said something else when it was published: bring back the heading and the policies "
            f"of {found.published_on}, or keep the files that were written then"
        )
    return Published(notice_id, found.sha256, made)


def notice_of(
    rows: Iterable[Row[*tuple[Any, ...]]],
    heading: Heading,
    policies: Mapping[str, Policy],
    *,
    published_on: date,
    ends_on: date,
    days: int,
) -> Notice:
    """Return the notice of rows of `lines`, in their order."""
    told = list(rows)
    pairs = {(row.policy, row.period) for row in told}
    several = {policy for policy, period in pairs if (policy, period) != min(one for one in pairs if one[0] == policy)}
    return Notice(
        title=heading.title,
        issuer=heading.issuer,
        department=heading.department,
        phone=heading.phone,
        address=heading.address,
        how_to_object=heading.how_to_object,
        email=heading.email,
        published_on=published_on,
        ends_on=ends_on,
        working_days=days,
        items=tuple(_item(row, policies[row.policy], row.policy in several) for row in told),
    )


def lines() -> Select[*tuple[Any, ...]]:
    """Return a query of entitlements for a notice; the caller joins the proposal that counts."""
    told = (proposal.c.id.label("proposal_id"), proposal.c.firm_name, proposal.c.clause, proposal.c.amount_fen)
    return select(*(entitlement.c[name] for name in _KEY), *told).select_from(entitlement).order_by(entitlement.c.id)


def content(made: Notice) -> str:
    """Return the SHA-256 (hex) of everything that a notice says."""
    return content_sha256([_heading(made), *(_said(item) for item in made.items)])


def refuse_unknown(names: Collection[str], policies: Mapping[str, Policy]) -> None:
    """Make sure that the library knows what the notice shows of each policy.

    Raises:
        MianshenError: it does not.
    """
    if unknown := sorted(set(names) - policies.keys()):
        raise MianshenError(f"policy {unknown[0]} is not in the library, which says what the notice shows of it")


def _then(notice_id: str, published_at: str) -> Select[*tuple[Any, ...]]:
    """Return the lines of a notice with the proposals that counted when it was published."""
    counted = (
        select(proposal.c.entitlement_id, func.max(proposal.c.id).label("id"))
        .join(notice_item, notice_item.c.entitlement_id == proposal.c.entitlement_id)
        .join(entitlement, entitlement.c.id == proposal.c.entitlement_id)
        .join(run_policy, (run_policy.c.run_id == proposal.c.run_id) & (run_policy.c.policy == entitlement.c.policy))
        .where(notice_item.c.notice_id == notice_id, run_policy.c.taken_at <= published_at)
        .group_by(proposal.c.entitlement_id)
        .subquery("counted")
    )
    of = lines().join(counted, counted.c.entitlement_id == entitlement.c.id)
    return of.join(proposal, proposal.c.id == counted.c.id)


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


def _heading(made: Notice) -> list[str]:
    own = (made.title, made.issuer, made.department, made.phone, made.address, made.email, made.how_to_object)
    return [*own, made.introduction, str(made.published_on), str(made.ends_on), str(made.working_days)]


def _said(item: NoticeItem) -> list[str | int]:
    policy = (item.policy_id, item.policy_title, item.document, item.clause, item.department, item.phone)
    return [*policy, item.firm, item.uscc, item.item, item.part, item.amount_fen]
