"""`mianshen payout plan`: what would be paid now, before anything is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from cli.acting import acting
from cli.options import PeriodText, common, complete_policies, form_option
from cli.output import Format
from cli.payouts.bureau import read_bureau, warn_of_samples
from cli.payouts.plan_views import write_plan
from cli.session import Session

if TYPE_CHECKING:
    from enterprise_data.periods import Period


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
    """Show what is payable now, what is not and why, and what that leaves of the budget.

    A line of the budget that lacks money for all pays nobody: narrow the plan, or grant more. Nothing is written
    without --record; with it, others approve the plan by its id. JSON has everything; CSV and JSON lines have a row
    for each entitlement that is confirmed and not paid.

    Example: `mianshen payout plan --policy sd-sme-to-hightech-2021 --record`
    """
    from payouts.batches.foreseen import foreseen
    from payouts.batches.plan import draw_plan
    from payouts.batches.record import record_plan
    from payouts.batches.selection import Selection

    with acting(session, "plan" if record else "see") as officer:
        settings, channel = read_bureau(officer.workspace)
        selection = Selection(policies=policies, periods=tuple(map(str, periods)), firms=firms)
        opened = officer.ledger.write if record else officer.ledger.read
        with opened() as connection:
            plan = draw_plan(connection, selection, settings, officer.act(reason))
            if record:
                record_plan(connection, plan, officer.act(reason))
        at_the_bank = foreseen(plan, channel, officer.act())
    write_plan(form, plan, at_the_bank)
    warn_of_samples(session, channel)
    if record:
        command_line = f"`mianshen payout approve{session.option()} {plan.batch_id}`"
        session.note(
            f"It is batch {plan.batch_id}, signed by you. {plan.signatures} must sign; next is {command_line}."
        )
    elif plan.items:
        session.note("Nothing was written; --record makes it a batch.")
