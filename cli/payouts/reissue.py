"""`mianshen payout reissue`: what the bank sent back may be planned anew."""

from __future__ import annotations

import rich_click as click

from cli.acting import acting
from cli.failures import counted
from cli.options import common
from cli.session import Session


@click.command("reissue")
@click.argument("payments", metavar="PAYMENT...", nargs=-1, required=True)
@click.option("--reason", required=True, help="What the bank returned it for, and what has changed.")
@click.option("--same-account", default="", metavar="WHY", help="Why the account that it came back from is right.")
@common
@click.pass_obj
def command(session: Session, payments: tuple[str, ...], reason: str, same_account: str) -> None:
    """Let returned PAYMENTs be paid again (退票重付): all or none of them.

    Nothing is paid by this: the next plan takes them up, as new attempts with new signatures. A payment whose answer
    is unknown is never reissued. The firm needs another account than the one it came back from, or --same-account.

    Example: `mianshen payout reissue GHVQWB4WFCQXWLVZ5NGOCIWQYY --reason 户名不符，企业已更正账户`
    """
    from payouts.booking.reissue import reissue

    with acting(session, "reissue") as maker, maker.ledger.write() as connection:
        lifted = reissue(connection, payments, maker.act(reason), same_account=same_account)
    session.note(f"{counted(lifted, 'payment')} may be paid again: `mianshen payout plan{session.option()}` is next.")
