"""`mianshen payout status`: where everything stands."""

from __future__ import annotations

import rich_click as click

from cli.acting import acting
from cli.options import common, complete_policies, form_option
from cli.output import Format
from cli.payouts.status_views import Overview, write_overview
from cli.session import Session


@click.command("status")
@click.option(
    "--policy", "policies", multiple=True, shell_complete=complete_policies, help="Only this policy; may be repeated."
)
@form_option
@common
@click.pass_obj
def command(session: Session, policies: tuple[str, ...], form: Format) -> None:
    """Show where every entitlement stands, with its money; the budget; the batches; and what is held, and why.

    Every entitlement is at exactly one stage. The funnel is one for all policies, or one for each that is named. JSON
    has everything; CSV and JSON lines have the stages, by policy and line of the budget.

    Example: `mianshen payout status --policy sd-sme-to-hightech-2021`
    """
    from sqlalchemy import true

    from payouts.ledger.tables import entitlement
    from payouts.ledger.transfers import lines
    from payouts.overview import batches, open_holds, refuse_unheard
    from payouts.status import status

    where = entitlement.c.policy.in_(policies) if policies else true()
    with acting(session, "see") as officer, officer.ledger.read() as connection:
        refuse_unheard(connection, policies)
        found = status(connection, where)
        held = open_holds(connection, where)
        overview = Overview(found, tuple(held), tuple(batches(connection)), tuple(lines(connection)))
    write_overview(form, overview, policies)
