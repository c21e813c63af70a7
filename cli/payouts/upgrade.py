"""`mianshen payout upgrade`: a ledger of an older version is brought up to date."""

from __future__ import annotations

import rich_click as click

from cli.acting import opened
from cli.options import common
from cli.session import Session


@click.command("upgrade")
@common
@click.pass_obj
def command(session: Session) -> None:
    """Bring the ledger's schema to that of this version; all of it or nothing. Make a copy first.

    Example: `mianshen payout upgrade`
    """
    from payouts.ledger.creation import create, is_current

    with opened(session) as (_, ledger):
        if is_current(ledger):
            session.note("The ledger is up to date.")
            return
        create(ledger)
    session.note("The ledger is up to date now.")
