"""`mianshen payout resolve`: payments that the bank leaves open are decided by two officers, upon evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.acting import acting
from cli.options import common, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.payouts.shown import moment_column
from cli.session import Session

if TYPE_CHECKING:
    from sqlalchemy import Connection

_CASES = (
    Column("payment", "Payment"),
    Column("uscc", "Firm"),
    money_column("amount_fen", "Amount"),
    Column("state", "State"),
    Column("why", "Open because"),
    Column("resolution", "Proposal"),
    Column("to_state", "It was"),
    Column("evidence", "Evidence", wrap=True),
    Column("proposed_by", "Proposed by"),
    moment_column("proposed_at", "At"),
)


@click.group("resolve")
@common
def command() -> None:
    """Decide payments that the bank does not answer, does not know, or contradicts: one officer proposes, one confirms.

    No machine ever does. Who proposed does not confirm.
    """


@command.command("list")
@form_option
@common
@click.pass_obj
def list_(session: Session, form: Format) -> None:
    """List the payments that two officers have to decide, and what is proposed.

    A payment that just waits for the bank's answer is not among them; `payout reconcile` and `payout show` tell of it.

    Example: `mianshen payout resolve list`
    """
    with acting(session, "see") as officer, officer.ledger.read() as connection:
        rows = _cases(connection)
    write_rows(form, _CASES, rows)


@command.command("propose")
@click.argument("payment")
@click.argument("end", type=click.Choice(["paid", "returned"]))
@click.option("--evidence", required=True, help="What shows it, and where that is kept: a statement, a letter.")
@common
@click.pass_obj
def propose(session: Session, payment: str, end: str, evidence: str) -> None:
    """Propose that a PAYMENT was paid or returned; write the id to confirm.

    Example: `mianshen payout resolve propose GHVQWB4WFCQXWLVZ5NGOCIWQYY paid --evidence 银行对账单2024-03-06第3页`
    """
    from payouts.booking.resolve import propose as put_forward

    with acting(session, "resolve") as officer, officer.ledger.write() as connection:
        resolution = put_forward(connection, payment, end, evidence, officer.act(evidence))
    session.note("Another officer, a checker or an approver, confirms or rejects this:")
    click.echo(resolution)


@command.command("confirm")
@click.argument("resolution")
@click.option("--reason", default="", help="What you looked at, for the record.")
@common
@click.pass_obj
def confirm(session: Session, resolution: str, reason: str) -> None:
    """Confirm a RESOLUTION that another officer proposed; the payment and its money move.

    Example: `mianshen payout resolve confirm 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --reason 与对账单核对一致`
    """
    from payouts.booking.resolve import confirm as agree

    with acting(session, "decide_resolution") as officer, officer.ledger.write() as connection:
        agree(connection, resolution, officer.act(reason))
    session.note(f"{resolution} is confirmed.")


@command.command("reject")
@click.argument("resolution")
@click.option("--reason", required=True, help="Why.")
@common
@click.pass_obj
def reject(session: Session, resolution: str, reason: str) -> None:
    """Reject a RESOLUTION, or take back your own; the payment stays as it is.

    Example: `mianshen payout resolve reject 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --reason 对账单上没有这笔`
    """
    from payouts.booking.resolve import proposals
    from payouts.booking.resolve import reject as turn_down

    with acting(session, "see") as officer, officer.ledger.write() as connection:
        mine = {one.id for one in proposals(connection) if one.proposed_by == officer.officer.id}
        officer.officer.require("resolve" if resolution in mine else "decide_resolution")
        turn_down(connection, resolution, officer.act(reason))
    session.note(f"{resolution} is rejected.")


def _cases(connection: Connection) -> list[dict[str, Any]]:
    """Return what the bank left open, and proposals of what it did not: a payment without any answer."""
    from payouts.booking.disputes import cases
    from payouts.booking.known import known_payments
    from payouts.booking.resolve import proposals

    proposed = {one.payment_id: one for one in proposals(connection)}
    rows = [
        {"payment": one.payment_id, "uscc": one.uscc, "amount_fen": one.fen, "state": one.state, "why": one.why}
        for one in cases(connection)
    ]
    open_already = {row["payment"] for row in rows}
    unanswered = known_payments(connection, (one for one in proposed if one not in open_already))
    rows += [
        {"payment": one, "uscc": None, "amount_fen": known.fen, "state": known.state, "why": "no answer"}
        for one, known in sorted(unanswered.items())
    ]
    for row in rows:
        if (found := proposed.get(str(row["payment"]))) is not None:
            told = ("to_state", "evidence", "proposed_by", "proposed_at")
            row |= {"resolution": found.id, **{key: getattr(found, key) for key in told}}
    return rows
