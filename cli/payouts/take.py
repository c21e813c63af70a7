"""`mianshen payout take`: what a run says is due goes into the ledger."""

from __future__ import annotations

import rich_click as click

from cli.acting import acting
from cli.failures import counted
from cli.options import common, complete_policies, form_option
from cli.output import Column, Format, count_column, money_column, write_rows
from cli.session import Session

_COLUMNS = (
    Column("outcome", "What became of it"),
    count_column("entitlements", "Entitlements"),
    money_column("amount_fen", "Amount"),
)
_DIFFERS = (
    Column("policy", "Policy"),
    Column("uscc", "Firm"),
    Column("item", "Item"),
    money_column("amount_fen", "The run says"),
    money_column("paid_fen", "Paid or on its way"),
)


@click.command("take")
@click.argument("run", default="last")
@click.option(
    "--reviewed",
    multiple=True,
    shell_complete=complete_policies,
    help="Take in a policy that a safety gate stopped: somebody looked, and --reason says what at.",
)
@click.option("--reason", default="", help="Why, for the record.")
@form_option
@common
@click.pass_obj
def command(session: Session, run: str, reviewed: tuple[str, ...], reason: str, form: Format) -> None:
    """Take in what a RUN says is due: new entitlements, other amounts, and what it no longer lists.

    Undetermined firms are kept with the conditions that are unknown. What is paid or on its way never changes; where a
    run says another amount for it, both are listed. Taking in the same run again changes nothing.

    Example: `mianshen payout take last`
    """
    from matcher.run.store import find_run
    from payouts.intake.intake import OUTCOMES
    from payouts.intake.run_file import read_run
    from payouts.intake.take_in import take_in

    with acting(session, "take_in") as maker:
        taken = read_run(find_run(maker.workspace, None if run == "last" else run).dir)
        with maker.ledger.write() as connection:
            done = take_in(connection, taken, maker.act(reason), reviewed)
    rows = [{"outcome": what, "entitlements": done.count(what), "amount_fen": done.fen(what)} for what in OUTCOMES]
    write_rows(form, _COLUMNS, [row for row in rows if row["entitlements"] or form is not Format.TABLE])
    for left in done.left_out:
        session.note(f"{left.policy} was left out: {left.reason}")
    if differs := done.count("paid_differs"):
        session.note(f"{counted(differs, 'entitlement')} paid or on its way, of which the run says another amount:")
        if form is Format.TABLE:
            write_rows(form, _DIFFERS, done.of("paid_differs").to_dicts())
