"""`mianshen payout`: from what a run says is due to money in the bank."""

from __future__ import annotations

import rich_click as click

from cli.lazy import LazyGroup
from cli.options import common

_LATER = {
    "take": "cli.payouts.take:command",
    "budget": "cli.payouts.budget:command",
    "backup": "cli.payouts.copies:backup",
    "restore": "cli.payouts.copies:restore",
    "upgrade": "cli.payouts.upgrade:command",
    "reconfirm": "cli.payouts.reconfirm:command",
    "notice": "cli.payouts.notice:command",
    "object": "cli.payouts.object:command",
    "account": "cli.payouts.account:command",
    "confirm": "cli.payouts.confirm:command",
    "hold": "cli.payouts.hold:command",
    "list": "cli.payouts.listing:command",
    "plan": "cli.payouts.plan:command",
    "export": "cli.payouts.export:command",
    "pull": "cli.payouts.pull:command",
    "approve": "cli.payouts.approve:approve",
    "cancel": "cli.payouts.approve:cancel",
    "return": "cli.payouts.returns:command",
    "resolve": "cli.payouts.resolve:command",
    "reissue": "cli.payouts.reissue:command",
    "recover": "cli.payouts.recover:command",
    "reconcile": "cli.payouts.reconcile:command",
    "status": "cli.payouts.status:command",
    "history": "cli.payouts.history:command",
    "show": "cli.payouts.show:command",
}


@click.group("payout", cls=LazyGroup, later=_LATER)
@common
def command() -> None:
    """Pay what firms are entitled to: take in a run, publish, confirm, plan, approve, export, book what the bank says.

    Every step is the act of an officer who is logged in (`mianshen officer login`), and is written down with a reason.
    """
