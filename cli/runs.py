"""`mianshen runs`: what was matched before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import rich_click as click

from cli.failures import counted
from cli.money import money
from cli.options import common, complete_policies, form_option
from cli.output import Column, Format, Row, count_column, money_column, write_json, write_lines, write_rows, write_table
from cli.session import Session

if TYPE_CHECKING:
    from matcher.run.store import Run

_RUN_COLUMNS = (
    Column("run", "Run"),
    Column("period", "Period"),
    Column("as_of", "As of"),
    Column("snapshot", "Snapshot"),
    count_column("policies", "Policies"),
    count_column("eligible", "Eligible"),
    count_column("undetermined", "Undetermined"),
    money_column("amount_fen", "Amount"),
    Column("stopped", "Stopped", lambda value: "yes" if value else ""),
    Column("last", "Last", lambda value: "yes" if value else ""),
)
POLICY_COLUMNS = (
    Column("policy", "Policy"),
    Column("title", "Title", wrap=True),
    count_column("in_scope", "In scope"),
    count_column("eligible", "Eligible"),
    count_column("undetermined", "Undetermined"),
    count_column("ineligible", "Ineligible"),
    money_column("amount_fen", "Amount"),
    count_column("held", "Held"),
)
_FUNNEL_COLUMNS = (
    Column("condition", "Condition"),
    Column("text", "Text", wrap=True),
    count_column("true", "True"),
    count_column("false", "False"),
    count_column("unknown", "Unknown"),
    count_column("remaining", "Still in"),
    count_column("sole_reason", "Fail by it alone"),
)


@click.command("runs")
@click.argument("run", required=False)
@click.option("--policy", shell_complete=complete_policies, help="The funnel of one policy: what each condition stops.")
@form_option
@common
@click.pass_obj
def command(session: Session, run: str | None, policy: str | None, form: Format) -> None:
    """List the runs of the workspace, or sum up one RUN (the beginning of its id is enough; `last` is the last one).

    Example: `mianshen runs last --policy sd-sme-to-hightech-2021`
    """
    from matcher.run.store import find_run

    space = session.workspace()
    if run is None and policy is None:
        write_rows(form, _RUN_COLUMNS, _run_rows(session))
        return
    found = find_run(space, None if run in (None, "last") else run)
    if policy is not None:
        write_rows(form, _FUNNEL_COLUMNS, _funnel_rows(session, found, policy))
    elif form is Format.TABLE:
        write_summary(found)
    elif form is Format.JSON:
        write_json(found.manifest.model_dump(mode="json"))
    else:
        write_rows(form, POLICY_COLUMNS, policy_rows(found))


def _run_rows(session: Session) -> list[Row]:
    from matcher.run.store import LAST, runs

    space = session.workspace()
    pointer = space.runs / LAST
    last = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None
    return [_run_row(run) | {"last": run.id == last} for run in runs(space)]


def _run_row(run: Run) -> dict[str, object]:
    results = run.manifest.policies
    return {
        "run": run.id,
        "period": run.manifest.inputs.period,
        "as_of": run.manifest.inputs.as_of,
        "snapshot": run.manifest.inputs.snapshot,
        "policies": len(results),
        "eligible": sum(result.eligible for result in results),
        "undetermined": sum(result.undetermined for result in results),
        "amount_fen": sum(result.amount_fen for result in results),
        "stopped": bool(run.manifest.stops),
    }


def policy_rows(run: Run) -> list[Row]:
    """Return one row a policy, with its firms by outcome and the money due."""
    return [result.model_dump(mode="json") for result in run.manifest.policies]


def write_summary(run: Run) -> None:
    """Write a run for people: firms and money by policy, what the steps did, what was not decided."""
    inputs = run.manifest.inputs
    write_table(POLICY_COLUMNS, policy_rows(run), f"Period {inputs.period}, as of {inputs.as_of}")
    if settled := [*_cut_lines(run), *_budget_lines(run)]:
        write_lines(["", "After all steps:", *settled])
    if skipped := run.manifest.skipped:
        reasons = [f"  {skip.policy}: {skip.reason}" for skip in skipped]
        write_lines(["", "Not decided:", *reasons])


def _cut_lines(run: Run) -> Iterator[str]:
    """Yield what each step of the settlement did to each policy's awards."""
    from matcher.settlement.words import head, in_short

    for cut in run.manifest.settlement:
        held = f", {cut.held:,} held" if cut.held else ""
        saved = f", {money(cut.cut_fen)} less" if cut.cut_fen else ""
        what = f"{counted(cut.awards, 'award')} {in_short(cut.why)}"
        yield f"  {head(cut.step, cut.rule)}: {cut.policy}, {what}{saved}{held}"


def _budget_lines(run: Run) -> Iterator[str]:
    """Yield how each budget line stands."""
    for line in run.manifest.budgets:
        of = f" of {money(line.amount_fen)}" if line.amount_fen is not None else ""
        over = f", {money(line.carried_over_fen)} carried over" if line.carried_over_fen else ""
        still = f", {line.open:,} still open" if line.open else ""
        paid = f"{money(line.paid_fen)}{of} ({line.when_short}), {money(line.claimed_fen)} asked for"
        yield f"  budget {line.line}: {paid}{over}{still}"


def _funnel_rows(session: Session, run: Run, policy: str) -> list[Row]:
    import polars as pl

    from policies.load import workspace_library

    found = workspace_library(session.workspace()).policy(policy)
    texts = {leaf.id: leaf.text for leaf in found.conditions.leaves()}
    rows = run.funnel.filter(pl.col("policy") == policy).sort("position").collect().iter_rows(named=True)
    return [row | {"text": texts.get(row["condition"])} for row in rows]
