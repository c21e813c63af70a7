"""Firms that do not answer: reminded (催告), then taken not to want it (视为放弃), and taken up again by an officer.

Nothing lapses before its notice ended, and never without a reminder on an earlier day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, true

from enterprise_data.declarations.problems import MianshenError
from payouts.calendar.working_days import CHINA, WorkCalendar
from payouts.ledger.act import Act
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, event, notice, notice_item, proposal, reminder
from payouts.workflow.current import newest_proposals
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
    since, last = _published(connection), _last_notices(connection)
    reminded = _newest_reminders(connection, since)
    return [
        Unanswered._make((*row, *last[row.id], since[row.id], reminded.get(row.id, "")))
        for row in connection.execute(_waiting(true() if where is None else where))
        if row.id in last
    ]


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


# Four queries, joined by `unanswered`: PostgreSQL joins their parts row by row while it has not counted its rows.
def _waiting(where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    newest = newest_proposals()
    own = (entitlement.c.id, entitlement.c.policy, entitlement.c.uscc)
    return (
        select(*own, proposal.c.firm_name, proposal.c.amount_fen)
        .join_from(entitlement, newest, newest.c.entitlement_id == entitlement.c.id)
        .join(proposal, proposal.c.id == newest.c.id)
        .where(entitlement.c.state == "published", where)
        .order_by(entitlement.c.uscc, entitlement.c.id)
    )


def _published(connection: Connection) -> dict[str, str]:
    """Return when each entitlement was published or reopened last."""
    into = (event.c.kind == "entitlement") & (event.c.to_state == "published") & event.c.subject.in_(_open())
    query = select(event.c.subject, func.max(event.c.at)).where(into).group_by(event.c.subject)
    return {id_: at for id_, at in connection.execute(query)}  # noqa: C416  # a row is no pair to `dict`


def _last_notices(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return the notice of each entitlement that was published last, and its last day."""
    query = (
        select(notice_item.c.entitlement_id, notice_item.c.notice_id, notice.c.ends_on)
        .join(notice, notice.c.id == notice_item.c.notice_id)
        .where(notice_item.c.entitlement_id.in_(_open()))
        .order_by(notice.c.published_at, notice.c.ends_on, notice.c.id)
    )
    return {id_: (notice_id, ends_on) for id_, notice_id, ends_on in connection.execute(query)}


def _newest_reminders(connection: Connection, since: Mapping[str, str]) -> dict[str, str]:
    """Return the day of each entitlement's newest reminder since it was published or reopened."""
    columns = (reminder.c.entitlement_id, reminder.c.reminded_at, reminder.c.reminded_on)
    query = select(*columns).where(reminder.c.entitlement_id.in_(_open())).order_by(reminder.c.reminded_at)
    return {id_: day for id_, at, day in connection.execute(query) if at >= since[id_]}


def _open() -> Select[str]:
    return select(entitlement.c.id).where(entitlement.c.state == "published")
