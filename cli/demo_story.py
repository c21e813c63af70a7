"""What `mianshen demo` tells: who gets how much, why, and what is missing to decide the rest."""

from __future__ import annotations

import polars as pl

from cli.demo_city import AS_OF, PERIODS, Demo
from cli.demo_clerk import tell_lists
from cli.demo_payouts_story import tell_payouts
from cli.failures import counted
from cli.output import Column, Row, count_column, money_column, write_lines, write_table
from cli.runs import POLICY_COLUMNS, policy_rows
from cli.session import Session
from enterprise_data.declarations.problems import ProblemsFound
from matcher.explain.firm import explain_from_run
from matcher.explain.text import lines
from matcher.run.blocking import blocking
from matcher.run.replan import replan
from matcher.run.store import Run
from policies.load import EXAMPLES, directories, load_library

_PAYEE_COLUMNS = (
    Column("uscc", "USCC"),
    Column("name", "Firm (synthetic)"),
    Column("policy", "Policy"),
    Column("item", "Item", lambda value: value or ""),
    money_column("amount_fen", "Amount"),
)
_BLOCKING_COLUMNS = (
    Column("department", "Department"),
    Column("title", "Dataset"),
    Column("state", "State"),
    count_column("firms", "Firms that wait"),
    count_column("decisions", "Decisions"),
)


def tell(session: Session, demo: Demo) -> None:
    """Write the whole story to stdout."""
    firms = demo.snapshot.manifest.firms.rows
    _heading(f"合成数据 SYNTHETIC DATA: {counted(firms, 'invented firm')}")
    write_lines(["Policies called 示例· are invented like the city; the others are real, as far as published."])
    _heading(f"Who gets how much, {PERIODS[0]} to {PERIODS[-1]}, as of {AS_OF}")
    columns = (Column("period", "Period"), *POLICY_COLUMNS)
    write_table(columns, [row for run in demo.runs for row in _rows(run)])
    newest = demo.runs[-1]
    period = PERIODS[-1]
    _heading(f"The largest payment of each policy of {period}")
    write_table(_PAYEE_COLUMNS, _payees(demo, newest))
    example = _example(newest, demo)
    if example:
        _heading(f"Why one of them gets it: `mianshen explain {' '.join(example)}`")
        explained = explain_from_run(newest, demo.snapshot, demo.library, example[0], example[1:])
        write_lines(lines(explained.model_copy(update={"skipped": {}})))
    _heading(f"What keeps decisions of {period} open, and which department can mend it")
    write_table(_BLOCKING_COLUMNS, _blocking(demo, newest))
    _heading("Lists that carry only names: which firm is meant, and what is left to a person")
    tell_lists(session, demo)
    _heading("Money: what is due goes to the bank, comes back in part, and is paid; nothing twice")
    tell_payouts(demo)
    _heading("What an error looks like: a policy with four faults, wrong on purpose")
    write_lines([_faults(demo)])
    _heading("Try next")
    write_lines(_next(session, example))
    session.note(f"decisions of {period}: sha256 {newest.manifest.outputs['decisions.parquet']}")


def _heading(text: str) -> None:
    write_lines(["", f"== {text}", ""])


def _rows(run: Run) -> list[Row]:
    return [{"period": run.manifest.inputs.period, **row} for row in policy_rows(run)]


def _payees(demo: Demo, run: Run) -> list[Row]:
    firms = pl.scan_parquet(demo.snapshot.firms_path).select("uscc", "name")
    paid = run.decisions.filter(pl.col("amount_fen").is_not_null()).join(firms, on="uscc", how="left")
    order = paid.sort("amount_fen", "policy", "uscc", "item", descending=[True, False, False, False], nulls_last=True)
    largest = order.unique("policy", keep="first", maintain_order=True)
    return list(largest.collect().iter_rows(named=True))


def _example(run: Run, demo: Demo) -> tuple[str, str] | None:
    """Return the first payee of the paying policy with most conditions, and that policy."""
    eligible = [result.policy for result in run.manifest.policies if result.amount_fen]
    paying = [policy for policy in eligible if demo.library.policy(policy).award]
    if not paying:
        return None
    policy = max(paying, key=lambda name: len(list(demo.library.policy(name).conditions.leaves())))
    chosen = (pl.col("policy") == policy) & (pl.col("amount_fen") > 0)
    first = run.decisions.filter(chosen).select("uscc").head(1).collect()
    return first.item(), policy


def _blocking(demo: Demo, run: Run) -> list[Row]:
    planned, table = replan(run, demo.snapshot, demo.library)
    found = blocking(run, planned, table, demo.snapshot)
    return [
        {
            "department": entry.department,
            "title": f"{entry.title} ({entry.dataset})",
            "state": entry.cause.value,
            "firms": entry.firms,
            "decisions": entry.decisions,
        }
        for entry in found
    ]


def _faults(demo: Demo) -> str:
    try:
        load_library([*directories(demo.space), EXAMPLES / "broken.yaml"], demo.snapshot.catalogue)
    except ProblemsFound as found:
        return str(found).replace(f"{EXAMPLES}/", "policies/examples/")
    return "none found"


def _next(session: Session, example: tuple[str, str] | None) -> list[str]:
    space = session.option()
    return [
        *([f"mianshen explain{space} {example[0]}"] if example else []),
        *([f"mianshen runs{space} last --policy {example[1]}"] if example else []),
        f"mianshen data status{space} --as-of {AS_OF}",
        f"mianshen data rejects{space} tax",
        f"mianshen data links{space}",
        f"mianshen data review list{space} --limit 10",
        f"mianshen policy list{space}",
        f"mianshen match{space} --period 2024 --as-of {AS_OF} --format csv",
        f"mianshen doctor{space} --as-of {AS_OF}",
    ]
