"""Public notice (公示): what was reconfirmed is made public for some working days before anything is paid."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, insert, literal, select

from enterprise_data.declarations.problems import MianshenError
from payouts.calendar.working_days import CHINA, WorkCalendar
from payouts.ledger.act import Act
from payouts.ledger.keys import digest
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, notice, notice_item, proposal
from payouts.workflow.current import newest_proposals
from payouts.workflow.notices import Heading, Published, content, lines, notice_of, refuse_unknown
from payouts.workflow.standing import by_state
from policies.policy import Policy

__all__ = ["Heading", "Published", "notice_days", "publish"]


def publish(
    connection: Connection,
    where: ColumnElement[bool],
    heading: Heading,
    policies: Mapping[str, Policy],
    act: Act,
    *,
    published_on: date,
    days: int | None = None,
    usual_days: int | None = None,
    calendar: WorkCalendar = CHINA,
) -> Published:
    """Publish every reconfirmed entitlement that `where` (a condition on `entitlement`) finds, as one notice.

    It lasts `days` working days after `published_on`: at least what the policies say, and `usual_days` for those that
    say nothing; without `days`, the longest of these.

    Raises:
        MianshenError: nothing of it is reconfirmed, the day is past, a policy is not known, the period is shorter than
            that or nobody says one, or the calendar does not know the year.
    """
    if published_on < act.day:
        raise MianshenError(f"a notice cannot begin on {published_on}: that day is past, today is {act.day}")
    chosen = where & (entitlement.c.state == "reconfirmed")
    newest = newest_proposals()
    counting = lines().join(newest, newest.c.entitlement_id == entitlement.c.id)
    rows = connection.execute(counting.join(proposal, proposal.c.id == newest.c.id).where(chosen)).all()
    if not rows:
        found = by_state(connection, where)
        stand = ", ".join(f"{number} {state}" for state, number in found.items()) or "there is no entitlement"
        raise MianshenError(f"nothing of this is reconfirmed, so nothing can be published: {stand}")
    names = {row.policy for row in rows}
    refuse_unknown(names, policies)
    length = _days(names, policies, days, usual_days)
    ends_on = calendar.add_working_days(published_on, length)
    made = notice_of(rows, heading, policies, published_on=published_on, ends_on=ends_on, days=length)
    sha256 = content(made)
    told = Published(digest("notice", sha256, *(row.proposal_id for row in rows)), sha256, made)
    _record(connection, chosen, told, act)
    return told


def notice_days(policy: Policy) -> int | None:
    """Return for how many working days a policy wants its notice; None if it does not say."""
    said = policy.payout.notice if policy.payout is not None else None
    return int(said.split()[0]) if said is not None else None


def _days(names: Collection[str], policies: Mapping[str, Policy], days: int | None, usual: int | None) -> int:
    said = {name: notice_days(policies[name]) for name in sorted(names)}
    wanted = {name: usual if one is None else one for name, one in said.items()}
    silent = next((name for name, one in wanted.items() if one is None), None)
    if days is None and silent is not None:
        raise MianshenError(f"policy {silent} does not say how long its notice lasts; give the number of working days")
    least = max((one for one in wanted.values() if one is not None), default=0)
    length = least if days is None else days
    if length < least:
        strict = next(name for name, one in wanted.items() if one == least)
        whose = f"policy {strict} wants" if said[strict] is not None else "the bureau's settings (notice_days) want"
        raise MianshenError(f"{whose} a notice of {least} working days; {length} are too few")
    if length < 1:
        raise MianshenError("a notice lasts at least one working day")
    return length


def _record(connection: Connection, chosen: ColumnElement[bool], told: Published, act: Act) -> None:
    """Write the notice and its items, then move them."""
    made = told.notice
    row = {"id": told.id, "title": made.title, "published_on": str(made.published_on), "ends_on": str(made.ends_on)}
    by = {"sha256": told.sha256, "published_by": act.actor, "published_at": act.at}
    connection.execute(insert(notice), [{**row, **by}])
    items = select(literal(told.id), entitlement.c.id).where(chosen)
    connection.execute(insert(notice_item).from_select(["notice_id", "entitlement_id"], items))
    move(connection, entitlement, chosen, "published", act.because(act.reason or f"notice {told.id}", "notice"))
