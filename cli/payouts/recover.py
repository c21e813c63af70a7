"""`mianshen payout recover`: money asked back of firms (追回), as it was ordered, received, and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from cli.acting import acting
from cli.money import money
from cli.options import common, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.payouts.yuan import Yuan
from cli.session import Session

if TYPE_CHECKING:
    from payouts.booking.recoveries import Recovery

_COLUMNS = (
    Column("recovery", "Recovery"),
    Column("payment", "Payment"),
    Column("kind", "Kind"),
    Column("state", "State"),
    Column("line", "Line"),
    money_column("amount_fen", "Asked back"),
    money_column("received_fen", "Came"),
    money_column("open_fen", "Open"),
    Column("basis", "Basis", wrap=True),
)


@click.group("recover")
@common
def command() -> None:
    """Ask money back (追回): order, receive in parts, write off, or ask no longer.

    Interest is asked for only where an order states it, as a recovery of its own.
    """


@command.command("list")
@form_option
@common
@click.pass_obj
def list_(session: Session, form: Format) -> None:
    """List every recovery, with what came and what is open.

    Example: `mianshen payout recover list --format csv > recoveries.csv`
    """
    from payouts.booking.recoveries import recoveries

    with acting(session, "see") as officer, officer.ledger.read() as connection:
        found = recoveries(connection)
    _write(form, found)


@command.command("order")
@click.argument("payment")
@click.argument("yuan", type=Yuan())
@click.option("--basis", required=True, help="On what basis: the document and its clause.")
@click.option("--interest", is_flag=True, help="It is interest on the payment, and no part of it.")
@form_option
@common
@click.pass_obj
def order(session: Session, payment: str, yuan: int, basis: str, form: Format, *, interest: bool) -> None:
    """Ask so many YUAN of a PAYMENT back; show the recovery with its id.

    Example: `mianshen payout recover order GHVQWB4WFCQXWLVZ5NGOCIWQYY 5000 --basis 某市财企〔2024〕9号第十二条`
    """
    from payouts.booking.recoveries import find
    from payouts.booking.recovery import order as ask

    with acting(session, "recover") as maker, maker.ledger.write() as connection:
        recovery = ask(connection, payment, yuan, basis, maker.act(basis), interest=interest)
        found = find(connection, recovery)
    _write(form, [found])


@command.command("receive")
@click.argument("recovery")
@click.argument("yuan", type=Yuan())
@click.option("--reference", required=True, help="The bank's own number of the receipt; one is booked once.")
@form_option
@common
@click.pass_obj
def receive(session: Session, recovery: str, yuan: int, reference: str, form: Format) -> None:
    """Book so many YUAN that came back for a RECOVERY.

    Example: `mianshen payout recover receive 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A 2000.00 --reference 20240409-0017`
    """
    from payouts.booking.recovery import receive as take

    with acting(session, "recover") as maker, maker.ledger.write() as connection:
        found = take(connection, recovery, yuan, reference, maker.act())
    _write(form, [found])
    session.note(f"{money(found.open_fen)} are open." if found.open_fen else "All of it came.")


@command.command("write-off")
@click.argument("recovery")
@click.option("--reason", required=True, help="By whose decision, and why.")
@form_option
@common
@click.pass_obj
def write_off(session: Session, recovery: str, reason: str, form: Format) -> None:
    """Give up what of a RECOVERY did not come (核销); it cannot be asked for again. Takes an approver.

    Example: `mianshen payout recover write-off 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --reason 企业已注销，经局务会研究同意`
    """
    from payouts.booking.recovery import write_off as give_up

    with acting(session, "write_off") as approver, approver.ledger.write() as connection:
        found = give_up(connection, recovery, approver.act(reason))
    _write(form, [found])


@command.command("cancel")
@click.argument("recovery")
@click.option("--reason", required=True, help="Why.")
@form_option
@common
@click.pass_obj
def cancel(session: Session, recovery: str, reason: str, form: Format) -> None:
    """Ask no longer for what of a RECOVERY did not come; what came stays, and the rest may be asked for anew.

    Example: `mianshen payout recover cancel 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --reason 金额有误，另行下达`
    """
    from payouts.booking.recovery import cancel as end

    with acting(session, "recover") as maker, maker.ledger.write() as connection:
        found = end(connection, recovery, maker.act(reason))
    _write(form, [found])


def _write(form: Format, found: list[Recovery]) -> None:
    told = ("kind", "state", "line", "received_fen", "open_fen", "basis")
    rows = [
        {"recovery": one.id, "payment": one.payment_id, "amount_fen": one.fen}
        | {key: getattr(one, key) for key in told}
        for one in found
    ]
    write_rows(form, _COLUMNS, rows)
