"""`mianshen explain`: why one firm gets what it gets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import rich_click as click

from cli.options import Day, PeriodText, common, complete_policies
from cli.output import write_json, write_lines
from cli.session import Session

if TYPE_CHECKING:
    from enterprise_data.periods import Period
    from matcher.explain.model import FirmExplanation


@click.command("explain")
@click.argument("uscc")
@click.argument("policy", required=False, shell_complete=complete_policies)
@click.option("--run", "run_id", help="A stored run, by the beginning of its id.  [default: the last one]")
@click.option("--period", type=PeriodText(), help="Decide anew for this period, from the snapshot; needs --as-of.")
@click.option("--as-of", type=Day(), help="Decide anew as of this day, from the snapshot; needs --period.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@common
@click.pass_obj
def command(
    session: Session,
    uscc: str,
    policy: str | None,
    run_id: str | None,
    period: Period | None,
    as_of: date | None,
    form: str,
) -> None:
    """Explain what the firm with the code USCC gets under every policy, or under one POLICY.

    Each condition is marked ✓ (holds), ✗ (does not) or ? (unknown), with the value, what was required, the department,
    the date, the clause, and what would change it; then every step of the amount.

    Example: `mianshen explain 91370203MA3C6D1E2X sd-sme-to-hightech-2021`
    """
    if (period is None) != (as_of is None) or (period is not None and run_id is not None):
        raise click.UsageError("give --run, or both --period and --as-of, or none of them for the last run")
    from matcher.explain.text import lines

    chosen = (policy,) if policy else ()
    if period is None or as_of is None:
        from matcher.api import explain

        explanation = explain(session.workspace().root, uscc, chosen, run_id)
    else:
        from matcher.api import frozen
        from matcher.context import Context
        from matcher.explain.firm import explain_from_snapshot
        from policies.load import workspace_library

        space = session.workspace()
        snapshot = frozen(space)
        library = workspace_library(space, snapshot.catalogue)
        explanation = explain_from_snapshot(snapshot, library, Context(period, as_of), uscc, chosen)
    if policy:
        explanation = _of_policy(explanation, policy)
    if form == "json":
        write_json(explanation.model_dump(mode="json"))
    else:
        write_lines(lines(explanation))


def _of_policy(explanation: FirmExplanation, policy: str) -> FirmExplanation:
    from enterprise_data.declarations.problems import MianshenError

    skipped = {name: reason for name, reason in explanation.skipped.items() if name == policy}
    if not explanation.policies and not skipped:
        raise MianshenError(f"the run decided no policy `{policy}`; `mianshen policy list` shows all")
    return explanation.model_copy(update={"skipped": skipped})
