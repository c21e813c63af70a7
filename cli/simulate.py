"""`mianshen simulate`: what a draft or changed policy would do, before anybody signs it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import rich_click as click

from cli.options import Day, PeriodText, common, complete_policies, form_option
from cli.output import Format
from cli.session import Session

if TYPE_CHECKING:
    from enterprise_data.periods import Period


@click.command("simulate")
@click.argument("policy", metavar="POLICY|FILE", shell_complete=complete_policies)
@click.option("--period", type=PeriodText(), required=True, help="What to decide about: 2024, 2024H1, 2024Q1, 2024-03.")
@click.option("--as-of", type=Day(), required=True, help="The day as of which facts and time limits are read.")
@click.option(
    "--against",
    metavar="POLICY|FILE",
    shell_complete=complete_policies,
    help="What it would replace.  [default: the library's policy of its id, else the one it supersedes]",
)
@click.option("--threads", type=click.IntRange(1), help="How many processor cores to use.  [default: all]")
@form_option
@common
@click.pass_obj
def command(
    session: Session,
    policy: str,
    period: Period,
    as_of: date,
    against: str | None,
    threads: int | None,
    form: Format,
) -> None:
    """Simulate a draft or changed policy on the snapshot in force: who gains, who loses, what it costs.

    Only this policy is decided, its old and its new version over the same facts; nothing is stored. The lower cost is
    what is sure, the upper adds what undetermined firms would get. JSON has everything; CSV and JSON lines have
    the firms for whom something changes.

    Example: `mianshen simulate policies/my-grant.yaml --period 2024 --as-of 2025-06-30`
    """
    from cli.policy_check import file_of
    from cli.simulate_views import write_simulation
    from matcher.api import frozen
    from matcher.context import Context
    from matcher.simulate.compare import simulate

    space = session.workspace()
    file, old = file_of(space, policy), None if against is None else file_of(space, against)
    with session.progress() as step:
        found = simulate(
            space,
            frozen(space),
            file,
            Context(period, as_of),
            against=old,
            threads=threads,
            progress=lambda what, done, of: step(f"deciding {what}", done, of),
        )
    write_simulation(form, found, session)
