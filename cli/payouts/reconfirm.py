"""`mianshen payout reconfirm`: a department looks at a sample of what is proposed, then stands by the rest."""

from __future__ import annotations

import secrets
from fractions import Fraction
from typing import Any

import rich_click as click

from cli.acting import acting
from cli.failures import counted
from cli.options import common, complete_policies, form_option
from cli.output import Format
from cli.payouts.reconfirm_views import write_drawn
from cli.session import Session

_Size = tuple[int | None, Fraction | None]


class SampleSize(click.ParamType[_Size]):
    """How many are drawn: a number such as 20, or a share such as 5%."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> _Size:
        """Read the size."""
        text = str(value)
        number = text.removesuffix("%")
        size = int(number) if number.isascii() and number.isdigit() else 0
        if not size or (number != text and size > 100):
            self.fail(
                f"{text!r} is no size of a sample; write a number such as 20, or a share from 1% to 100%", param, ctx
            )
        return (size, None) if number == text else (None, Fraction(size, 100))


@click.group("reconfirm")
@common
def command() -> None:
    """Stand by what the match proposed (复核): draw a sample, look at each of it, then reconfirm the policy.

    A machine's list is a proposal: its owning department checks it before anything is published.
    """


@command.command("sample")
@click.argument("policy", shell_complete=complete_policies)
@click.option("--size", type=SampleSize(), default="5%", show_default=True, help="How many: a number, or a share.")
@click.option("--seed", help="Who is drawn follows from it alone.  [default: a random one, which is kept]")
@form_option
@common
@click.pass_obj
def sample(session: Session, policy: str, size: _Size, seed: str | None, form: Format) -> None:
    """Draw a sample of what is proposed under a POLICY (抽查), and show what there is to look at.

    What was checked before is not drawn again. An auditor who has the seed draws the same. JSON has the conditions
    as well; CSV and JSON lines have a row for each that was drawn.

    Example: `mianshen payout reconfirm sample sd-sme-to-hightech-2021 --size 5% --seed 2024-03-01`
    """
    from payouts.ledger.tables import entitlement
    from payouts.workflow.registers import drawn
    from payouts.workflow.sampling import draw_sample
    from policies.load import workspace_library

    with acting(session, "reconfirm") as officer:
        library = workspace_library(officer.workspace)
        number, share = size
        with officer.ledger.write() as connection:
            by = officer.act()
            made = draw_sample(connection, policy, by, seed=seed or secrets.token_hex(8), n=number, share=share)
            rows = drawn(connection, entitlement.c.id.in_(made.entitlements))
    write_drawn(form, session, rows, [one for one in library.policies if one.id == policy])
    session.note(
        f"Drawn by seed {made.seed}: {len(made.entitlements):,} of {made.population:,}. Look at each, then record it "
        f"with `mianshen payout reconfirm check{session.option()} ENTITLEMENT ok` (or wrong)."
    )


@command.command("waiting")
@click.option("--policy", "policies", multiple=True, shell_complete=complete_policies, help="Only this policy.")
@form_option
@common
@click.pass_obj
def waiting(session: Session, policies: tuple[str, ...], form: Format) -> None:
    """Show what was drawn and waits for somebody to look at it.

    Example: `mianshen payout reconfirm waiting --policy sd-sme-to-hightech-2021`
    """
    from sqlalchemy import true

    from payouts.ledger.tables import entitlement
    from payouts.workflow.registers import drawn
    from policies.load import workspace_library

    with acting(session, "see") as officer:
        with officer.ledger.read() as connection:
            rows = drawn(connection, entitlement.c.policy.in_(policies) if policies else true())
        named = {row.policy for row in rows}
        library = workspace_library(officer.workspace)
    write_drawn(form, session, rows, [one for one in library.policies if one.id in named])


@command.command("check")
@click.argument("entitlement")
@click.argument("found", type=click.Choice(["ok", "wrong"]))
@click.option("--reason", default="", help="What is wrong; for what is ok, what you looked at.")
@common
@click.pass_obj
def check(session: Session, entitlement: str, found: str, reason: str) -> None:
    """Record what a look at an ENTITLEMENT of the sample found; one that is wrong is refused, with a reason.

    Example: `mianshen payout reconfirm check GHVQWB4WFCQXWLVZ5NGOCIWQYY wrong --reason 证书已撤销`
    """
    from payouts.workflow.sampling import record_check

    with acting(session, "reconfirm") as officer, officer.ledger.write() as connection:
        record_check(connection, entitlement, ok=found == "ok", act=officer.act(reason))
    session.note(f"{entitlement} is found {found}{'' if found == 'ok' else ' and refused'}.")


@command.command("policy")
@click.argument("policy", shell_complete=complete_policies)
@click.option("--despite", default="", metavar="WHY", help="Why you stand by the rest though some were wrong.")
@click.option("--reason", default="", help="What else is to be known, for the record.")
@common
@click.pass_obj
def whole(session: Session, policy: str, despite: str, reason: str) -> None:
    """Reconfirm all that is proposed under a POLICY and could have been drawn, once the sample was checked.

    Where some of the last sample were wrong, draw another one, or say why with --despite.

    Example: `mianshen payout reconfirm policy sd-sme-to-hightech-2021`
    """
    from payouts.workflow.reconfirming import reconfirm

    with acting(session, "reconfirm") as officer, officer.ledger.write() as connection:
        done = reconfirm(connection, policy, officer.act(reason), despite=despite)
    session.note(
        f"{counted(done.entitlements, 'entitlement')} reconfirmed; "
        f"`mianshen payout notice publish{session.option()} --policy {policy}` is next."
    )
    if done.later:
        session.note(f"{done.later:,} were proposed after the sample was drawn, and need one of their own.")


@command.command("refuse")
@click.argument("entitlement")
@click.option("--reason", required=True, help="What is wrong, and who found it.")
@common
@click.pass_obj
def refuse(session: Session, entitlement: str, reason: str) -> None:
    """Refuse one ENTITLEMENT, as long as nothing of it is on its way; the next run that lists it takes it up again.

    Example: `mianshen payout reconfirm refuse GHVQWB4WFCQXWLVZ5NGOCIWQYY --reason 经核实不符合第三条`
    """
    from payouts.workflow.reconfirming import refuse as turn_down

    with acting(session, "reconfirm") as officer, officer.ledger.write() as connection:
        turn_down(connection, entitlement, officer.act(reason))
    session.note(f"{entitlement} is refused. Correct what is wrong at its source, so that the next run knows.")
