"""`mianshen payout account`: where each firm's money goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from cli.acting import acting
from cli.options import common, form_option
from cli.output import Column, Format, count_column, write_rows, write_table
from cli.payouts.shown import moment_column, section
from cli.session import Session

if TYPE_CHECKING:
    from payouts.workflow.account_feed import Entered

_COLUMNS = (
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    Column("account", "Account"),
    Column("account_name", "In the name of", wrap=True),
    Column("source", "From"),
    Column("entered_by", "Entered by"),
    moment_column("entered_at", "At"),
    Column("reason", "Why", wrap=True),
)
_OUTCOMES = (Column("outcome", "What became of it"), count_column("count", "Count"))
_REFUSED = (
    Column("uscc", "Firm"),
    Column("account_name", "In the name of", wrap=True),
    Column("code", "Code"),
    Column("why", "Not entered, since", wrap=True),
)


@click.group("account")
@common
def command() -> None:
    """Enter the accounts of firms (收款账户); the newest of a firm counts. Only their ends are ever shown.

    Whoever enters an account may not approve a payment to it for some days (cooling_off_days of payouts.yaml).
    """


@command.command("list")
@click.option("--missing", is_flag=True, help="Only firms of which no account is known.")
@form_option
@common
@click.pass_obj
def list_(session: Session, form: Format, *, missing: bool) -> None:
    """List the firms that have entitlements, each with its account: the bank and the last four digits.

    Example: `mianshen payout account list --missing`
    """
    from payouts.workflow.account_list import accounts

    with acting(session, "see") as officer, officer.ledger.read() as connection:
        found = accounts(connection)
    write_rows(form, _COLUMNS, [one._asdict() for one in found if not missing or one.account is None])


@command.command("enter")
@click.argument("uscc")
@click.option("--name", required=True, help="In whose name it is, as the bank has it.")
@click.option("--number", prompt="Account number", help="Its number.  [default: asked for]")
@click.option("--bank", default="", help="The bank's name.")
@click.option("--bank-code", default="", help="The bank's 12 digits (联行号), if they are known.")
@click.option(
    "--from", "source", type=click.Choice(["firm", "officer"]), default="firm", show_default=True, help="Who named it."
)
@click.option("--reason", default="", help="How it came, for the record; needed where the name is not the firm's.")
@common
@click.pass_obj
def enter(
    session: Session, uscc: str, name: str, number: str, bank: str, bank_code: str, source: str, reason: str
) -> None:
    """Enter the account of the firm with the code USCC; what was held for want of one is no longer.

    Example: `mianshen payout account enter 91370203MA3C6D1E2X --name 某某有限公司 --number 6222020000001234
    --bank 某银行 --reason 企业来函`
    """
    from payouts.workflow.accounts import Account, enter_account

    with acting(session, "enter_account") as officer, officer.ledger.write() as connection:
        account = Account(uscc, name, number, bank, bank_code)
        is_new = enter_account(connection, account, "firm" if source == "firm" else "officer", officer.act(reason))
    session.note(
        f"The account of {uscc} is entered." if is_new else "That account counts already; nothing was changed."
    )


@command.command("load")
@click.option("--reason", default="", help="Where the list is from, for the record.")
@form_option
@common
@click.pass_obj
def load(session: Session, reason: str, form: Format) -> None:
    """Enter the accounts of the dataset bank_accounts of the snapshot in force, for firms that something is due to.

    An account that the firm or an officer named stays. What goes to an account that the list calls frozen or closed
    is held. A list vouches for its accounts as long as the `max_age` of its catalogue entry says; load a newer one
    before that, or what goes to them waits. A table sums up; the other formats have the accounts that were not entered,
    and why.

    Example: `mianshen payout account load`
    """
    from matcher.api import frozen
    from payouts.workflow.account_feed import accounts_of, enter_accounts_from, validity_of

    with acting(session, "enter_account") as officer:
        snapshot = frozen(officer.workspace)
        listed = accounts_of(snapshot)
        with officer.ledger.write() as connection:
            done = enter_accounts_from(connection, listed, officer.act(reason), validity_of(snapshot))
    _tell(form, done)


def _tell(form: Format, done: Entered) -> None:
    refused = done.refused.to_dicts()
    if form is not Format.TABLE:
        write_rows(form, _REFUSED, refused)
        return
    outcomes = {
        "entered": done.entered,
        "known already": done.unchanged,
        "another account was named by the firm or an officer": done.kept,
        "not entered": len(refused),
        "entitlements held, their account is frozen or closed": done.held,
    }
    write_table(_OUTCOMES, [{"outcome": outcome, "count": count} for outcome, count in outcomes.items()])
    section("Not entered", _REFUSED, refused)
