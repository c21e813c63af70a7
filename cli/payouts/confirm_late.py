"""`mianshen payout confirm waiting`, `remind`, `lapse`, `reopen`: firms that have not answered a notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import rich_click as click

from cli.acting import acting
from cli.failures import counted
from cli.options import common, complete_policies, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.payouts.shown import moment_column
from cli.session import Session

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from payouts.workflow.reminders import Unanswered

_COLUMNS = (
    Column("entitlement", "Entitlement"),
    Column("policy", "Policy"),
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    money_column("amount_fen", "Amount"),
    Column("notice", "Notice"),
    Column("ends_on", "Notice ends"),
    moment_column("published_at", "Published or reopened"),
    Column("reminded_on", "Reminded"),
)
_policies = click.option(
    "--policy", "policies", multiple=True, shell_complete=complete_policies, help="Only this policy; may be repeated."
)


@click.command("waiting")
@_policies
@form_option
@common
@click.pass_obj
def waiting(session: Session, policies: tuple[str, ...], form: Format) -> None:
    """List what was published and waits for its firm's answer.

    Example: `mianshen payout confirm waiting --format csv > unanswered.csv`
    """
    from payouts.workflow.reminders import unanswered

    with acting(session, "see") as officer, officer.ledger.read() as connection:
        found = unanswered(connection, _where(policies))
    _write(form, found)


@click.command("remind")
@_policies
@form_option
@common
@click.pass_obj
def remind(session: Session, policies: tuple[str, ...], form: Format) -> None:
    """Write down that firms without an answer are reminded today (催告), and list whom somebody has to call.

    Who was reminded today already is not listed again.

    Example: `mianshen payout confirm remind --format csv > calls.csv`
    """
    from payouts.workflow.reminders import remind as write_down

    with acting(session, "confirm") as officer, officer.ledger.write() as connection:
        found = write_down(connection, officer.act(), _where(policies))
    _write(form, found)
    session.note(f"{counted(len(found), 'reminder')} written down; call each firm today.")


@click.command("lapse")
@_policies
@click.option(
    "--days",
    type=click.IntRange(min=1),
    help="Working days after the notice.  [default: payouts.answer_days of mianshen.toml]",
)
@form_option
@common
@click.pass_obj
def lapse(session: Session, policies: tuple[str, ...], days: int | None, form: Format) -> None:
    """Let lapse what no firm answered in time after its notice ended (视为放弃), and list it.

    What was not reminded on an earlier day stays. An officer may reopen what has lapsed.

    Example: `mianshen payout confirm lapse --days 10`
    """
    from payouts.calendar.working_days import WorkCalendar
    from payouts.workflow.reminders import lapse as end

    with acting(session, "confirm") as officer:
        calendar = WorkCalendar.open(officer.workspace.root / "calendar")
        length = days or officer.workspace.settings.payouts.answer_days
        with officer.ledger.write() as connection:
            found = end(connection, officer.act(), days=length, where=_where(policies), calendar=calendar)
    _write(form, found)
    session.note(f"{counted(len(found), 'entitlement')} lapsed, without an answer for {length} working days.")


@click.command("reopen")
@click.argument("entitlement")
@click.option("--reason", required=True, help="Why the firm may answer again.")
@common
@click.pass_obj
def reopen(session: Session, entitlement: str, reason: str) -> None:
    """Let a firm answer again that declined an ENTITLEMENT, or did not answer in time.

    Example: `mianshen payout confirm reopen GHVQWB4WFCQXWLVZ5NGOCIWQYY --reason 联系电话变更，未收到通知`
    """
    from payouts.workflow.reminders import reopen as open_again

    with acting(session, "confirm") as officer, officer.ledger.write() as connection:
        open_again(connection, entitlement, officer.act(reason))
    session.note(f"{entitlement} waits for an answer again.")


def _where(policies: tuple[str, ...]) -> ColumnElement[bool] | None:
    from payouts.ledger.tables import entitlement

    return entitlement.c.policy.in_(policies) if policies else None


def _write(form: Format, found: Sequence[Unanswered]) -> None:
    rows = [{**one._asdict(), "entitlement": one.entitlement_id, "notice": one.notice_id} for one in found]
    write_rows(form, _COLUMNS, rows)
