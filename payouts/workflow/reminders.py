"""Firms that do not answer: reminded (催告), then taken not to want it (视为放弃), and taken up again by an officer.

Nothing lapses before its notice ended, and never without a reminder on an earlier day.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, and_, func, insert, select, true

from enterprise_data.declarations.problems import MianshenError
from payouts.calendar.working_days import CHINA, WorkCalendar
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, event, notice, notice_item, proposal, reminder
from payouts.workflow.current import newest_proposal
from payouts.workflow.standing import among, require, require_reason

LAPSED = "no_answer"


class Unanswered(NamedTuple):
    """An entitlement whose firm has not answered; amount in fen.

    `published_at` is when it was published or reopened last, `ends_on` the last day of its notice, `reminded_on` the
    day of the newest reminder since then, empty if there was none.
    """

    entitlement_id: str
    policy: str
    uscc: str
    firm_name: str
    amount_fen: int
    notice_id: str
    ends_on: str
    published_at: str
    reminded_on: str


def unanswered(connection: Connection, where: ColumnElement[bool] | None = None) -> list[Unanswered]:
    """Return what is published and waits for its firm's answer, by firm."""
    rows = connection.execute(_waiting(true() if where is None else where))
    return [Unanswered(**row._asdict()) for row in rows]


def remind(connection: Connection, act: Act, where: ColumnElement[bool] | None = None) -> list[Unanswered]:
    """Write down that every firm that has not answered is reminded today, and return them: somebody has to call.

    A firm that was reminded today already is not returned again.
    """
    today = act.day.isoformat()
    waiting = [one._replace(reminded_on=today) for one in unanswered(connection, where) if one.reminded_on != today]
    by = {"reminded_on": today, "reminded_by": act.actor, "reminded_at": act.at}
    rows = [{"notice_id": one.notice_id, "entitlement_id": one.entitlement_id, **by} for one in waiting]
    known = _reminded(connection, today)
    new = [row for row in rows if (row["notice_id"], row["entitlement_id"]) not in known]
    if new:
        connection.execute(insert(reminder), new)
    return waiting


def lapse(
    connection: Connection,
    act: Act,
    *,
    days: int,
    where: ColumnElement[bool] | None = None,
    calendar: WorkCalendar = CHINA,
) -> list[Unanswered]:
    """Let lapse what nobody answered within `days` working days after its notice ended; return it.

    Days count from the notice's last day, or from when it was reopened if that is later. What was not reminded before
    today stays: remind first.

    Raises:
        MianshenError: `days` is below 1, or the calendar does not know the year.
    """
    if days < 1:
        raise MianshenError("firms have at least one working day after the notice to answer")
    today, last_days = act.day, {}
    due = []
    for one in unanswered(connection, where):
        since = max(date.fromisoformat(one.ends_on), Act("", one.published_at).day)
        if since >= today or not one.reminded_on or one.reminded_on >= today.isoformat():
            continue
        if since not in last_days:
            last_days[since] = calendar.add_working_days(since, days)
        if last_days[since] < today:
            due.append(one)
    reason = f"no answer within {days} working days after the notice"
    for some in among([one.entitlement_id for one in due]):
        move(connection, entitlement, some, "lapsed", act.because(reason, LAPSED))
    return due


def reopen(connection: Connection, entitlement_id: str, act: Act) -> None:
    """Let a firm answer again that declined, or did not answer in time; it is published as before.

    Raises:
        MianshenError: it neither declined nor lapsed, no reason is given, or the actor is no officer.
    """
    require_reason(act, "reopening")
    if act.actor.startswith("firm:"):
        raise MianshenError("an officer reopens what was declined or has lapsed, not the firm")
    own = entitlement.c.id == entitlement_id
    require(connection, own, ("declined", "lapsed"), "reopened")
    move(connection, entitlement, own, "published", act.because(act.reason, "reopened"))


def _reminded(connection: Connection, day: str) -> set[tuple[str, str]]:
    query = select(reminder.c.notice_id, reminder.c.entitlement_id).where(reminder.c.reminded_on == day)
    return {(row.notice_id, row.entitlement_id) for row in connection.execute(query)}


def _waiting(where: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    published = (event.c.kind == "entitlement") & (event.c.subject == entitlement.c.id)
    since = select(func.max(event.c.at)).where(published, event.c.to_state == "published").correlate(entitlement)
    at = since.scalar_subquery()
    return (
        select(
            entitlement.c.id.label("entitlement_id"),
            entitlement.c.policy,
            entitlement.c.uscc,
            proposal.c.firm_name,
            proposal.c.amount_fen,
            notice.c.id.label("notice_id"),
            notice.c.ends_on,
            at.label("published_at"),
            func.coalesce(_newest_reminder(at), "").label("reminded_on"),
        )
        .select_from(entitlement)
        .join(proposal, proposal.c.id == newest_proposal())
        .join(notice_item, notice_item.c.entitlement_id == entitlement.c.id)
        .join(notice, and_(notice.c.id == notice_item.c.notice_id, notice.c.id == _newest_notice()))
        .where(entitlement.c.state == "published", where)
        .order_by(entitlement.c.uscc, entitlement.c.id)
    )


def _newest_notice() -> ScalarSelect[str]:
    """Return the notice of an entitlement that was published last."""
    items, notices = notice_item.alias("items"), notice.alias("notices")
    of = select(notices.c.id).join(items, items.c.notice_id == notices.c.id)
    mine = of.where(items.c.entitlement_id == entitlement.c.id).correlate(entitlement)
    return (
        mine.order_by(notices.c.published_at.desc(), notices.c.ends_on.desc(), notices.c.id).limit(1).scalar_subquery()
    )


def _newest_reminder(since: ScalarSelect[str]) -> ScalarSelect[str]:
    of = select(func.max(reminder.c.reminded_on)).where(reminder.c.entitlement_id == entitlement.c.id)
    return of.where(reminder.c.reminded_at >= since).correlate(entitlement).scalar_subquery()
