"""`mianshen payout pull`: payments are taken out of an approved batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.acting import acting
from cli.options import common, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.session import Session

if TYPE_CHECKING:
    from payouts.batches.pulling import Pulled

PULLED = (
    Column("payment", "Pulled"),
    Column("policy", "Policy"),
    Column("uscc", "Firm"),
    money_column("amount_fen", "Amount"),
    Column("reason", "Why", wrap=True),
)


@click.command("pull")
@click.argument("batch")
@click.argument("payments", metavar="PAYMENT...", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why they are not to be sent.")
@form_option
@common
@click.pass_obj
def command(session: Session, batch: str, payments: tuple[str, ...], reason: str, form: Format) -> None:
    """Take PAYMENTs out of an approved BATCH, before it is exported; all or none of them.

    Their money is available again, and what they were for is held until somebody lifts that. The rest of the batch
    needs no new signature; a batch with no payment left is cancelled.

    Example: `mianshen payout pull GHVQWB4WFCQXWLVZ5NGOCIWQYY 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --reason 企业申请暂缓`
    """
    from payouts.batches.pulling import pull
    from payouts.batches.record import existing

    with acting(session, "cancel") as officer, officer.ledger.write() as connection:
        pulled = pull(connection, batch, payments, reason, officer.act(reason))
        state = existing(connection, batch).state
    write_rows(form, PULLED, pulled_rows(pulled))
    if state == "cancelled":
        session.note(f"Nothing is left of batch {batch}; it is cancelled.")


def pulled_rows(pulled: Iterable[Pulled]) -> list[dict[str, Any]]:
    """Return what was pulled as rows."""
    kept = ("policy", "uscc", "amount_fen", "reason")
    return [
        {"payment": one.payment_id, "entitlement": one.entitlement_id, **{key: getattr(one, key) for key in kept}}
        for one in pulled
    ]
