"""`mianshen payout hold`: what is due and not to be paid for now."""

from __future__ import annotations

import rich_click as click

from cli.acting import acting
from cli.options import common, complete_policies, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.payouts.shown import moment_column
from cli.session import Session

_COLUMNS = (
    Column("code", "Held"),
    Column("entitlement", "Entitlement"),
    Column("policy", "Policy"),
    Column("period", "Period"),
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    money_column("amount_fen", "Amount"),
    Column("detail", "Why", wrap=True),
    moment_column("since", "Since"),
)


@click.group("hold")
@common
def command() -> None:
    """Hold what is due and not to be paid for now (暂缓), and lift what an officer may lift.

    Some holds end by what they wait for: an account, a reissue, the decision of two officers.
    """


@command.command("list")
@click.option(
    "--policy", "policies", multiple=True, shell_complete=complete_policies, help="Only this policy; may be repeated."
)
@click.option("--code", help="Only holds of this code, such as no_account.")
@click.option("--paid", is_flag=True, help="Also what is paid, and a later run says something else of.")
@form_option
@common
@click.pass_obj
def list_(session: Session, policies: tuple[str, ...], code: str | None, form: Format, *, paid: bool) -> None:
    """List what is held, and why.

    Example: `mianshen payout hold list --code no_account --format csv > no-account.csv`
    """
    from sqlalchemy import true

    from payouts.ledger.tables import entitlement
    from payouts.overview import open_holds, refuse_unheard

    with acting(session, "see") as officer, officer.ledger.read() as connection:
        refuse_unheard(connection, policies)
        found = open_holds(connection, entitlement.c.policy.in_(policies) if policies else true(), paid=paid)
    rows = [one._asdict() for one in found if code in (None, one.code)]
    write_rows(form, _COLUMNS, rows)


@command.command("place")
@click.argument("entitlement")
@click.option("--reason", required=True, help="Why it is not to be paid for now.")
@common
@click.pass_obj
def place(session: Session, entitlement: str, reason: str) -> None:
    """Hold an ENTITLEMENT until somebody lifts it; of an approved batch, the export pulls it out.

    Example: `mianshen payout hold place GHVQWB4WFCQXWLVZ5NGOCIWQYY --reason 主管部门要求暂缓，待核实`
    """
    from payouts.workflow.holds import DEPARTMENT, hold_one

    with acting(session, "hold") as officer, officer.ledger.write() as connection:
        hold_one(connection, entitlement, DEPARTMENT, officer.act(reason))
    session.note(f"{entitlement} is held ({DEPARTMENT}).")


@command.command("lift")
@click.argument("entitlement")
@click.argument("code")
@click.option("--reason", required=True, help="What has changed.")
@common
@click.pass_obj
def lift(session: Session, entitlement: str, code: str, reason: str) -> None:
    """Lift the hold with this CODE of an ENTITLEMENT.

    Example: `mianshen payout hold lift GHVQWB4WFCQXWLVZ5NGOCIWQYY department --reason 主管部门核实无误`
    """
    from payouts.workflow.holds import lift_one

    with acting(session, "hold") as officer, officer.ledger.write() as connection:
        lift_one(connection, entitlement, code, officer.act(reason))
    session.note(f"The hold {code} of {entitlement} is lifted.")
