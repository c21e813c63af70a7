"""`mianshen payout approve` and `cancel`: signing a plan, and giving a batch up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from cli.acting import acting
from cli.exit_codes import ExitCode
from cli.failures import counted
from cli.options import common, form_option
from cli.output import Column, Format, count_column, money_column, write_rows
from cli.session import Session

if TYPE_CHECKING:
    from payouts.batches.moved import PlanMoved

_SIGNED = (
    Column("batch", "Batch"),
    Column("role", "Signed as"),
    count_column("signature", "Signature"),
    count_column("of", "Of"),
    Column("state", "State"),
    count_column("payments", "Payments"),
    money_column("total_fen", "Total"),
)
_MOVED = (
    Column("kind", "Moved"),
    Column("uscc", "Firm"),
    Column("entitlement", "Entitlement"),
    Column("what", "What", wrap=True),
)


@click.command("approve")
@click.argument("plan")
@click.option("--reason", default="", help="What you looked at, for the record.")
@form_option
@common
@click.pass_obj
@click.pass_context
def approve(context: click.Context, session: Session, plan: str, reason: str, form: Format) -> None:
    """Sign a PLAN as its checker (复核) or approver (审批); the last signature commits the money.

    The plan is drawn again first. If anything in it has moved, all that did is listed, and nothing is signed. Whoever
    made the plan, or lately entered the account of one of its firms, cannot sign.

    Example: `mianshen payout approve GHVQWB4WFCQXWLVZ5NGOCIWQYY --reason 逐笔核对无误`
    """
    from payouts.batches.approve import approve as sign
    from payouts.batches.moved import PlanMoved
    from payouts.batches.record import existing

    # Everybody may look; which role this takes depends on the signatures there are, and the function judges it.
    with acting(session, "see") as officer, officer.ledger.write() as connection:
        try:
            signed = sign(connection, plan, officer.officer.id, officer.act(reason))
        except PlanMoved as moved:
            _tell_moved(moved, form)
            context.exit(ExitCode.PROBLEMS)
        batch = existing(connection, plan)
    row = {"batch": plan, "role": signed.role, "signature": signed.signature, "of": signed.of, "state": signed.state}
    write_rows(form, _SIGNED, [row | {"payments": batch.items, "total_fen": batch.total_fen}])
    if signed.of_one_hand:
        session.note(f"Look at this: {signed.of_one_hand}.")
    if signed.state == "approved":
        session.note(f"The money is committed; `mianshen payout export{session.option()} {plan}` is next.")
    else:
        session.note(f"{counted(signed.of - signed.signature, 'more signature')} to come, of another officer.")


@click.command("cancel")
@click.argument("batch")
@click.option("--reason", required=True, help="Why it is given up.")
@common
@click.pass_obj
def cancel(session: Session, batch: str, reason: str) -> None:
    """Give up a plan, or a BATCH that is not released; its money is available again.

    What was in it can be planned anew, and needs new signatures.

    Example: `mianshen payout cancel GHVQWB4WFCQXWLVZ5NGOCIWQYY --reason 期间有误`
    """
    from payouts.batches.cancel import cancel as give_up

    with acting(session, "cancel") as officer, officer.ledger.write() as connection:
        voided = give_up(connection, batch, officer.act(reason))
    session.note(f"Batch {batch} is cancelled; {counted(voided, 'payment')} voided.")


def _tell_moved(moved: PlanMoved, form: Format) -> None:
    click.echo(f"error: plan {moved.batch_id} is not what it was; nothing was signed, so plan again", err=True)
    rows = [
        {"kind": one.kind, "uscc": one.uscc, "entitlement": one.entitlement_id, "what": one.what} for one in moved.moved
    ]
    write_rows(form, _MOVED, rows)
