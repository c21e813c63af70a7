"""`mianshen payout confirm`: what firms answer to a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from cli.acting import acting
from cli.failures import counted
from cli.lazy import LazyGroup
from cli.options import common
from cli.session import Session
from enterprise_data.declarations.problems import MianshenError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LATER = {
    "waiting": "cli.payouts.confirm_late:waiting",
    "remind": "cli.payouts.confirm_late:remind",
    "lapse": "cli.payouts.confirm_late:lapse",
    "reopen": "cli.payouts.confirm_late:reopen",
}


@click.group("confirm", cls=LazyGroup, later=_LATER)
@common
def command() -> None:
    """Take down what firms answer to a notice (意愿确认): they confirm or decline; remind those that do not answer."""


@command.command("accept")
@click.argument("entitlements", metavar="[ENTITLEMENT]...", nargs=-1)
@click.option("--firm", metavar="USCC", help="All that waits for an answer of the firm of this code, instead.")
@click.option("--reason", default="", help="How the firm answered, for the record.")
@common
@click.pass_obj
def accept(session: Session, entitlements: tuple[str, ...], firm: str | None, reason: str) -> None:
    """Record that firms confirm what was published: all that is named, or none of it.

    They may answer while the notice still lasts. What has no account is held until one is known.

    Example: `mianshen payout confirm accept --firm 91370203MA3C6D1E2X --reason 企业来函`
    """
    from payouts.workflow.answers import confirm

    with acting(session, "confirm") as officer, officer.ledger.write() as connection:
        ids = _named(connection, entitlements, firm)
        done = confirm(connection, ids, officer.act(reason))
    session.note(f"{counted(done, 'entitlement')} confirmed.")


@command.command("machine")
@common
@click.pass_obj
def machine(session: Session) -> None:
    """Confirm what is published of policies that ask for no answer, where an account of the firm is known.

    What has no account stays as it is and is held.

    Example: `mianshen payout confirm machine`
    """
    from payouts.workflow.answers import confirm_by_machine
    from policies.load import workspace_library

    with acting(session, "confirm") as officer:
        library = workspace_library(officer.workspace)
        with officer.ledger.write() as connection:
            done = confirm_by_machine(connection, library.policies, officer.act())
    session.note(
        f"{counted(done, 'entitlement')} confirmed; `mianshen payout confirm waiting{session.option()}` has the others."
    )


@command.command("decline")
@click.argument("entitlements", metavar="[ENTITLEMENT]...", nargs=-1)
@click.option("--firm", metavar="USCC", help="All that waits for an answer of the firm of this code, instead.")
@click.option("--reason", required=True, help="How the firm said so, and why.")
@common
@click.pass_obj
def decline(session: Session, entitlements: tuple[str, ...], firm: str | None, reason: str) -> None:
    """Record that firms do not want what was published: all that is named, or none of it.

    Example: `mianshen payout confirm decline GHVQWB4WFCQXWLVZ5NGOCIWQYY --reason 企业书面放弃`
    """
    from payouts.workflow.answers import decline as turn_down

    with acting(session, "confirm") as officer, officer.ledger.write() as connection:
        ids = _named(connection, entitlements, firm)
        done = turn_down(connection, ids, officer.act(reason))
    session.note(f"{counted(done, 'entitlement')} declined.")


def _named(connection: Connection, entitlements: tuple[str, ...], firm: str | None) -> list[str]:
    """Return the ids that were typed, or those of a firm that waits."""
    from payouts.ledger.tables import entitlement
    from payouts.workflow.reminders import unanswered

    if bool(entitlements) == (firm is not None):
        raise click.UsageError("name each ENTITLEMENT, or a --firm, one of them")
    if firm is None:
        return list(entitlements)
    found = [one.entitlement_id for one in unanswered(connection, entitlement.c.uscc == firm)]
    if not found:
        raise MianshenError(f"nothing that was published waits for an answer of {firm}")
    return found
