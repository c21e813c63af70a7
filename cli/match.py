"""`mianshen match`: decide every policy for every firm of the snapshot."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import rich_click as click

from cli.exit_codes import ExitCode
from cli.failures import counted
from cli.options import Day, PeriodText, common, complete_policies, form_option
from cli.output import Format, write_frame
from cli.session import Session

if TYPE_CHECKING:
    from enterprise_data.periods import Period
    from matcher.run.store import Run

DECISION_KEYS = ("policy", "uscc", "item", "outcome", "amount_fen", "failed", "unknown")


@click.command("match")
@click.option("--period", type=PeriodText(), required=True, help="What to decide about: 2024, 2024H1, 2024Q1, 2024-03.")
@click.option("--as-of", type=Day(), required=True, help="The day as of which facts and time limits are read.")
@click.option("--complete", is_flag=True, help="Store and print every decision, ineligible ones too.")
@click.option(
    "--policy", "policies", multiple=True, shell_complete=complete_policies, help="Only this policy; may be repeated."
)
@click.option("--threads", type=click.IntRange(1), help="How many processor cores to use.  [default: all]")
@click.option("--accept-gate", is_flag=True, help="Go on where a safety gate stops, after you have reviewed the run.")
@form_option
@common
@click.pass_obj
@click.pass_context
def command(
    context: click.Context,
    session: Session,
    period: Period,
    as_of: date,
    complete: bool,
    policies: tuple[str, ...],
    threads: int | None,
    accept_gate: bool,
    form: Format,
) -> None:
    """Decide who is eligible under each policy in force, and how much each is due.

    The run is stored in the workspace with its evidence. A table sums it up by policy; the other formats print every
    stored decision. Equal inputs give byte-identical decisions, on any day and any machine.

    Example: `mianshen match --period 2024 --as-of 2025-06-30`
    """
    from matcher.api import match

    with session.progress() as step:
        run = match(
            session.workspace().root,
            period=period,
            as_of=as_of,
            complete=complete,
            policies=policies,
            threads=threads,
            progress=lambda what, done, of: step(f"deciding {what}", done, of),
        )
    if _stopped(session, run, accepted=accept_gate):
        context.exit(ExitCode.STOPPED)
    _print(session, run, form)


def _stopped(session: Session, run: Run, *, accepted: bool) -> bool:
    """Say which gates the run ran into; return whether they stop it."""
    titles = {result.policy: result for result in run.manifest.policies}
    for stop in run.manifest.stops:
        result = titles[stop.policy]
        click.echo(
            f"{'accepted' if accepted else 'stopped'}: {stop.policy} ({result.title}) takes in {result.eligible:,} of "
            f"{counted(result.in_scope, 'firm')}, a share of {stop.share}; the limit is {stop.limit} ({stop.why})",
            err=True,
        )
    if not run.manifest.stops or accepted:
        return False
    option = session.option()
    click.echo(
        f"Run {run.id} is stored for review: `mianshen runs{option} {run.id}`, `mianshen explain{option} USCC`.\n"
        "If it is right, run the same command with --accept-gate; if not, correct the policy or the data.",
        err=True,
    )
    return True


def _print(session: Session, run: Run, form: Format) -> None:
    if form is not Format.TABLE:
        write_frame(form, run.decisions.select(DECISION_KEYS))
        session.note(f"run {run.id}")
        return
    from cli.runs import write_summary

    write_summary(run)
    session.note(f"run {run.id}; `mianshen explain{session.option()} USCC` explains a firm")
