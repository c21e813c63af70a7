"""`mianshen payout object`: objections to what was made public, and what became of them."""

from __future__ import annotations

from datetime import date

import rich_click as click

from cli.acting import acting
from cli.options import Day, common, form_option
from cli.output import Column, Format, money_column, write_rows
from cli.session import Session

_COLUMNS = (
    Column("objection", "Objection"),
    Column("state", "State"),
    Column("entitlement", "Entitlement"),
    Column("policy", "Policy"),
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    money_column("amount_fen", "Amount"),
    Column("raised_by", "Raised by"),
    Column("contact", "Contact"),
    Column("raised_on", "On"),
    Column("grounds", "Grounds", wrap=True),
)


@click.group("object")
@common
def command() -> None:
    """Take down objections (异议), and decide them. While one is open, nothing of the entitlement is paid.

    Who took an objection down, or reconfirmed the entitlement, does not decide it.
    """


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that were decided or taken back.")
@form_option
@common
@click.pass_obj
def list_(session: Session, form: Format, *, everything: bool) -> None:
    """List the open objections.

    Example: `mianshen payout object list --all --format csv > objections.csv`
    """
    from sqlalchemy import true

    from payouts.ledger.tables import objection
    from payouts.workflow.registers import objections

    with acting(session, "see") as officer, officer.ledger.read() as connection:
        found = objections(connection, true() if everything else objection.c.state == "open")
    named = [{**one._asdict(), "objection": one.id, "entitlement": one.entitlement_id} for one in found]
    write_rows(form, _COLUMNS, named)


@command.command("raise")
@click.argument("entitlement")
@click.option("--by", required=True, help="Who raises it: the person's or the firm's real name (实名).")
@click.option("--contact", required=True, help="A telephone number or an address to answer to.")
@click.option("--grounds", required=True, help="What is wrong, and why.")
@click.option("--on", type=Day(), help="The day on which it came.  [default: today]")
@common
@click.pass_obj
def raise_(session: Session, entitlement: str, by: str, contact: str, grounds: str, on: date | None) -> None:
    """Take down an objection to an ENTITLEMENT that was made public; write its id.

    Example: `mianshen payout object raise GHVQWB4WFCQXWLVZ5NGOCIWQYY --by 某某公司 --contact 0532-00000000
    --grounds 该企业上年营业收入与公示不符`
    """
    from payouts.workflow.objections import raise_objection

    with acting(session, "raise_objection") as officer, officer.ledger.write() as connection:
        act = officer.act()
        told = {"raised_by": by, "contact": contact, "grounds": grounds}
        id_ = raise_objection(connection, entitlement, raised_on=on or act.day, act=act, **told)
    session.note("Nothing of the entitlement is paid until another officer of the department has decided this:")
    click.echo(id_)


@command.command("uphold")
@click.argument("objection")
@click.option(
    "--wrong", type=click.Choice(["datum", "decision"]), required=True, help="What is wrong: a datum, or the decision."
)
@click.option("--reason", required=True, help="Which datum of which department, or what of the decision.")
@common
@click.pass_obj
def uphold(session: Session, objection: str, wrong: str, reason: str) -> None:
    """Uphold an OBJECTION; the entitlement ends as it is, and what is wrong goes back to where it came from.

    Example: `mianshen payout object uphold 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --wrong datum --reason 税务部门已更正营业收入`
    """
    from payouts.workflow.objections import Wrong
    from payouts.workflow.objections import uphold as agree

    with acting(session, "decide_objection") as officer, officer.ledger.write() as connection:
        done = agree(connection, objection, Wrong(wrong), officer.act(reason))
    if done.paid:
        session.note(
            "A payment is on its way or paid, and the entitlement is held: an export pulls out what is not sent; what "
            f"is paid is asked back with `mianshen payout recover order{session.option()}`."
        )
    else:
        session.note(f"The entitlement is {done.state}. Correct the source and match again: the next run decides anew.")


@command.command("dismiss")
@click.argument("objection")
@click.option("--reason", required=True, help="Why it is not so; the answer to whoever raised it.")
@common
@click.pass_obj
def dismiss(session: Session, objection: str, reason: str) -> None:
    """Dismiss an OBJECTION; the entitlement stays as it is.

    Example: `mianshen payout object dismiss 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --reason 经核实数据无误`
    """
    from payouts.workflow.objections import dismiss as turn_down

    with acting(session, "decide_objection") as officer, officer.ledger.write() as connection:
        turn_down(connection, objection, officer.act(reason))
    session.note(f"{objection} is dismissed.")


@command.command("take-back")
@click.argument("objection")
@click.option("--reason", required=True, help="How whoever raised it took it back: by letter, by telephone.")
@common
@click.pass_obj
def take_back(session: Session, objection: str, reason: str) -> None:
    """Record that who raised an OBJECTION takes it back.

    Example: `mianshen payout object take-back 7XRZ2S5ZJX4JXQ2VQ4W3QK5T6A --reason 来函撤回`
    """
    from payouts.workflow.objections import take_back as end

    with acting(session, "raise_objection") as officer, officer.ledger.write() as connection:
        end(connection, objection, officer.act(reason))
    session.note(f"{objection} is taken back.")
