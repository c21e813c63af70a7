"""`mianshen payout notice`: what was reconfirmed is made public for some working days."""

from __future__ import annotations

from datetime import date

import rich_click as click

from cli.acting import acting
from cli.options import Day, common, complete_policies, form_option
from cli.output import Column, Format, count_column, write_rows
from cli.payouts.notice_files import heading_of, tell, write_files
from cli.session import Session

_LISTED = (
    Column("notice", "Notice"),
    Column("title", "Title", wrap=True),
    Column("published_on", "From"),
    Column("ends_on", "To"),
    Column("published_by", "By"),
    count_column("items", "Items"),
    count_column("objections", "Open objections"),
)


@click.group("notice")
@common
def command() -> None:
    """Publish what was reconfirmed (公示), and list what was published.

    Nothing is paid before its notice has ended. What each notice says of the bureau stands in notice.yaml.
    """


@command.command("publish")
@click.option(
    "--policy", "policies", multiple=True, shell_complete=complete_policies, help="This policy; may be repeated."
)
@click.option("--all", "everything", is_flag=True, help="Every policy of which something is reconfirmed.")
@click.option("--days", type=click.IntRange(min=1), help="Working days.  [default: as above]")
@click.option("--on", type=Day(), help="The day of publication.  [default: today]")
@click.option("--title", default="", help="The title.  [default: that of notice.yaml]")
@form_option
@common
@click.pass_obj
def publish(
    session: Session,
    policies: tuple[str, ...],
    days: int | None,
    on: date | None,
    title: str,
    form: Format,
    *,
    everything: bool,
) -> None:
    """Publish what is reconfirmed as one notice; write it as a web page, a workbook and CSV into the ledger's folder.

    It lasts so many working days of China, weekends that are worked counted, from the day after: as the policies say,
    of which the longest counts, and payouts.notice_days of mianshen.toml for those that say nothing.

    Example: `mianshen payout notice publish --policy sd-sme-to-hightech-2021 --on 2024-03-01`
    """
    from sqlalchemy import true

    from payouts.calendar.working_days import WorkCalendar
    from payouts.ledger.tables import entitlement
    from payouts.workflow.publishing import publish as make_public
    from policies.load import workspace_library

    if bool(policies) == everything:
        raise click.UsageError("name the policies with --policy, or say --all")
    with acting(session, "publish") as officer:
        heading = heading_of(officer.workspace, title)
        library = {policy.id: policy for policy in workspace_library(officer.workspace).policies}
        calendar = WorkCalendar.open(officer.workspace.root / "calendar")
        where = true() if everything else entitlement.c.policy.in_(policies)
        usual = officer.workspace.settings.payouts.notice_days
        by = officer.act()
        with officer.ledger.write() as connection:
            made = make_public(
                connection,
                where,
                heading,
                library,
                by,
                published_on=on or by.day,
                days=days,
                usual_days=usual,
                calendar=calendar,
            )
        folder = write_files(session, officer.workspace, made)
    tell(form, made, folder)
    session.note(
        "Put the page where the public reads it. Firms may answer from now on; nothing is paid before it ends."
    )


@command.command("write")
@click.argument("notice")
@form_option
@common
@click.pass_obj
def write(session: Session, notice: str, form: Format) -> None:
    """Write the files of a NOTICE again, with the heading and the policies that it was published with.

    Example: `mianshen payout notice write GHVQWB4WFCQXWLVZ5NGOCIWQYY`
    """
    from payouts.calendar.working_days import WorkCalendar
    from payouts.workflow.notices import published_notice
    from payouts.workflow.registers import notices
    from policies.load import workspace_library

    with acting(session, "see") as officer:
        library = {policy.id: policy for policy in workspace_library(officer.workspace).policies}
        calendar = WorkCalendar.open(officer.workspace.root / "calendar")
        with officer.ledger.read() as connection:
            title = next((one.title for one in notices(connection) if one.id == notice), "")
            heading = heading_of(officer.workspace, title)
            made = published_notice(connection, notice, heading, library, calendar)
        folder = write_files(session, officer.workspace, made)
    tell(form, made, folder)


@command.command("list")
@form_option
@common
@click.pass_obj
def list_(session: Session, form: Format) -> None:
    """List the notices, the newest first, with how many objections are open.

    Example: `mianshen payout notice list`
    """
    from payouts.workflow.registers import notices

    with acting(session, "see") as officer, officer.ledger.read() as connection:
        found = notices(connection)
    write_rows(form, _LISTED, [{**one._asdict(), "notice": one.id} for one in found])
