"""`mianshen payout plan`: what would be paid now, before anything is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import rich_click as click

from cli.acting import Acting, acting
from cli.options import PeriodText, common, complete_policies, form_option
from cli.output import Format
from cli.payouts.bureau import read_bureau, warn_of_samples
from cli.payouts.plan_views import Drawn, write_plan
from cli.session import Session

if TYPE_CHECKING:
    from sqlalchemy import Row

    from enterprise_data.periods import Period
    from enterprise_data.workspace import Workspace
    from payouts.bank.channels import Channel
    from payouts.batches.selection import Selection
    from payouts.batches.settings import Settings


@click.command("plan")
@click.option(
    "--policy", "policies", multiple=True, shell_complete=complete_policies, help="Only this policy; may be repeated."
)
@click.option("--period", "periods", type=PeriodText(), multiple=True, help="Only this period; may be repeated.")
@click.option("--firm", "firms", metavar="USCC", multiple=True, help="Only the firm of this code; may be repeated.")
@click.option("--record", is_flag=True, help="Write the plan down as a batch that you sign as its maker.")
@click.option("--reason", default="", help="What the batch is for, for the record.")
@form_option
@common
@click.pass_obj
def command(
    session: Session,
    policies: tuple[str, ...],
    periods: tuple[Period, ...],
    firms: tuple[str, ...],
    reason: str,
    form: Format,
    *,
    record: bool,
) -> None:
    """Show what is payable now, what is not and why, what is new, and what that leaves of the budget.

    Firms are held against the last batch of each policy: new, dropped, or paid another amount, with the cause. A line
    of the budget that lacks money for all pays nobody: narrow the plan, or grant more. Nothing is written without
    --record; with it, others approve the plan by its id. JSON has everything; CSV and JSON lines have a row for each
    entitlement that is confirmed and not paid, and for each firm that was dropped.

    Example: `mianshen payout plan --policy sd-sme-to-hightech-2021 --record`
    """
    from payouts.batches.selection import Selection
    from payouts.overview import refuse_unheard

    with acting(session, "plan" if record else "see") as officer:
        settings, channel = read_bureau(officer.workspace)
        with officer.ledger.read() as connection:
            refuse_unheard(connection, policies, firms)
        selection = Selection(policies=policies, periods=tuple(map(str, periods)), firms=firms)
        drawn = _drawn(officer, selection, settings, channel)
        if record:
            _record(officer, drawn, reason)
    write_plan(form, drawn)
    warn_of_samples(session, channel)
    plan = drawn.plan
    if record:
        command_line = f"`mianshen payout approve{session.option()} {plan.batch_id}`"
        session.note(
            f"It is batch {plan.batch_id}, signed by you. {plan.signatures} must sign; next is {command_line}."
        )
    elif plan.items:
        session.note("Nothing was written; --record makes it a batch.")


def _drawn(officer: Acting, selection: Selection, settings: Settings, channel: Channel) -> Drawn:
    from sqlalchemy import select

    from payouts.batches.causes import Causes
    from payouts.batches.changes import changes_of
    from payouts.batches.draw import draw_plan
    from payouts.batches.foreseen import refused_by
    from payouts.batches.oddities import oddities_of
    from payouts.ledger.tables import run

    with officer.ledger.read() as connection:
        plan = draw_plan(connection, selection, settings, officer.act())
        runs = connection.execute(select(run.c.id, run.c.folder)).all()
        changes = changes_of(connection, plan, Causes(officer.workspace, _folders(officer.workspace, runs)))
        oddities = oddities_of(connection, plan, officer.act())
    return Drawn(plan, changes, oddities, refused_by(plan, channel, officer.act()))


def _folders(workspace: Workspace, runs: Sequence[Row[str, str]]) -> dict[str, str]:
    """Return where each run lies: in the workspace, which may have been moved, else where it was taken in from."""
    own = {id_: workspace.runs / id_ for id_, _ in runs}
    return {id_: str(own[id_]) if own[id_].is_dir() else folder for id_, folder in runs}


def _record(officer: Acting, drawn: Drawn, reason: str) -> None:
    """Record what was shown: it is drawn again by the only writer, and must be the same."""
    from enterprise_data.declarations.problems import MianshenError
    from payouts.batches.draw import draw_plan
    from payouts.batches.record import record_plan

    shown = drawn.plan
    with officer.ledger.write() as connection:
        plan = draw_plan(connection, shown.selection, shown.settings, officer.act(reason))
        if plan.batch_id != shown.batch_id:
            raise MianshenError("somebody changed the ledger at this very moment; nothing was recorded, so plan again")
        record_plan(connection, plan, officer.act(reason))
