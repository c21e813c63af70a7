"""`mianshen simulate`: what a draft or changed policy would do, before anybody signs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import rich_click as click

from cli.options import Day, PeriodText, common, complete_policies, form_option
from cli.output import Format
from cli.session import Session

if TYPE_CHECKING:
    from enterprise_data.periods import Period
    from matcher.context import Context

Answer = TypeVar("Answer")


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
@click.option(
    "--vary", metavar="ID=VALUES", help="Decide it at several values of one literal or parameter: a table by value."
)
@click.option("--conditions", "each", is_flag=True, help="What each condition does by itself, and the funnel of all.")
@click.option("--last", type=click.IntRange(2), metavar="N", help="The same policy over the last N snapshots.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Also write a picture to this file.")
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
    vary: str | None,
    each: bool,
    last: int | None,
    svg: Path | None,
    threads: int | None,
    form: Format,
) -> None:
    """Simulate a draft or changed policy on the snapshot in force: who gains, who loses, what it costs.

    Only this policy is decided, its old and its new version over the same facts; no run is stored. The lower cost is
    what is sure, the upper adds what undetermined firms would get. JSON has everything; CSV and JSON lines have
    the firms for whom something changes.

    --vary names a literal by the id of its condition or tier, `amount`, a place such as award.cap.per_period, or a
    parameter as param.NAME; VALUES are `1亿元,2亿元` or `1亿元..3亿元 by 5000万元`.

    Example: `mianshen simulate policies/my-grant.yaml --period 2024 --as-of 2025-06-30`
    """
    from matcher.context import Context

    if sum((vary is not None, each, against is not None, last is not None)) > 1:
        raise click.UsageError("--against, --vary, --conditions and --last ask different questions: use one of them")
    if svg is not None and vary is None and not each:
        raise click.UsageError("--svg draws what --vary or --conditions computes; add one of them")
    given = _Given(policy, Context(period, as_of), threads, form)
    if vary is not None:
        _sweep(session, given, vary, svg)
    elif each:
        _conditions(session, given, svg)
    elif last is not None:
        _stability(session, given, last)
    else:
        _compare(session, given, against)


@dataclass(frozen=True)
class _Given:
    """What every simulation is told."""

    policy: str
    context: Context
    threads: int | None
    form: Format


def _ask(session: Session, given: _Given, question: Callable[..., Answer], **more: object) -> Answer:
    """Put a question of `matcher.simulate` about the policy on the snapshot in force, and show how far it has come."""
    from cli.policy_check import file_of
    from matcher.api import frozen

    space = session.workspace()
    with session.progress() as step:
        return question(
            space,
            frozen(space),
            file_of(space, given.policy),
            given.context,
            threads=given.threads,
            progress=lambda what, done, of: step(f"deciding {what}", done, of),
            **more,
        )


def _compare(session: Session, given: _Given, against: str | None) -> None:
    from cli.policy_check import file_of
    from cli.simulate_views import write_simulation
    from matcher.simulate.compare import simulate

    old = None if against is None else file_of(session.workspace(), against)
    write_simulation(given.form, _ask(session, given, simulate, against=old), session)


def _sweep(session: Session, given: _Given, vary: str, svg: Path | None) -> None:
    from cli.sweep_views import write_sweep
    from matcher.simulate.literals import read_varied
    from matcher.simulate.sweep import sweep

    found = _ask(session, given, sweep, varied=read_varied(vary))
    if svg is not None:
        from cli import sweep_picture

        sweep_picture.write_sweep(svg, found)
        session.note(f"wrote {svg}")
    write_sweep(given.form, found, session)


def _conditions(session: Session, given: _Given, svg: Path | None) -> None:
    from cli.conditions_views import write_conditions
    from matcher.simulate.marginal import conditions

    found = _ask(session, given, conditions)
    if svg is not None:
        from cli.funnel_picture import write_funnel

        write_funnel(svg, found)
        session.note(f"wrote {svg}")
    write_conditions(given.form, found, session)


def _stability(session: Session, given: _Given, last: int) -> None:
    from cli.stability_views import write_stability
    from matcher.simulate.stability import stability

    moments = _ask(session, given, stability, last=last)
    if len(moments) < last:
        session.note(f"note: the workspace has {len(moments)} readable snapshots, not {last}")
    write_stability(given.form, moments)
