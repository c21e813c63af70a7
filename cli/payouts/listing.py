"""`mianshen payout list`: entitlements with their ids, by firm, policy, notice or state."""

from __future__ import annotations

import rich_click as click

from cli.acting import acting
from cli.options import common, complete_policies, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.session import Session

_COLUMNS = (
    Column("entitlement", "Entitlement"),
    Column("policy", "Policy"),
    Column("period", "Period"),
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    Column("item", "Item"),
    Column("part", "Part", lambda value: str(value or "")),
    money_column("amount_fen", "Amount"),
    Column("state", "State"),
    Column("payment_id", "Payment"),
    Column("payment", "Is"),
    Column("unknown", "Unknown", wrap=True),
)


@click.command("list")
@click.option("--firm", "firms", metavar="USCC", multiple=True, help="Only the firm of this code; may be repeated.")
@click.option(
    "--policy", "policies", multiple=True, shell_complete=complete_policies, help="Only this policy; may be repeated."
)
@click.option("--state", "states", multiple=True, help="Only this state, such as published; may be repeated.")
@click.option("--payment", "payments", multiple=True, help="Only where the last payment is so, such as returned.")
@click.option("--notice", help="Only what was in the notice with this id.")
@form_option
@common
@click.pass_obj
def command(
    session: Session,
    firms: tuple[str, ...],
    policies: tuple[str, ...],
    states: tuple[str, ...],
    payments: tuple[str, ...],
    notice: str | None,
    form: Format,
) -> None:
    """List entitlements with their ids and states, and the last attempt to pay each.

    Example: `mianshen payout list --payment returned --format csv > returned.csv`
    """
    from sqlalchemy import and_, true

    from enterprise_data.declarations.problems import MianshenError
    from payouts.ledger.states import GRAPHS
    from payouts.ledger.tables import entitlement, payment
    from payouts.overview import refuse_unheard
    from payouts.workflow.entitlement_list import in_notice, standing

    for kind, named in (("entitlement", states), ("payment", payments)):
        known = sorted(set(GRAPHS[kind]) | {state for after in GRAPHS[kind].values() for state in after} - {""})
        if wrong := sorted(set(named) - set(known)):
            raise MianshenError(f"no {kind} is ever `{wrong[0]}`; it is {', '.join(filter(None, known))}")
    claim = (("uscc", firms), ("policy", policies), ("state", states))
    wanted = [entitlement.c[column].in_(values) for column, values in claim if values]
    wanted += [payment.c.state.in_(payments)] if payments else []
    among = true() if notice is None else in_notice(notice)
    with acting(session, "see") as officer, officer.ledger.read() as connection:
        refuse_unheard(connection, policies, firms)
        found = standing(connection, and_(among, *wanted))
    write_rows(form, _COLUMNS, [{**one._asdict(), "entitlement": one.entitlement_id} for one in found])
