"""What `mianshen payout status` shows: a funnel with bars, the lines of the budget, batches, and what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.links_bars import bar
from cli.output import Column, Format, Row, count_column, money_column, write_json, write_lines, write_rows, write_table
from cli.payouts.shown import moment_column, section

if TYPE_CHECKING:
    from payouts.overview import BatchLine, OpenHold
    from payouts.status import Stage, Status

ACCOUNTS = ("available", "committed", "clearing", "paid", "receivable", "recovered", "written_off")
_FUNNEL = (
    Column("stage", "Stage"),
    count_column("entitlements", "Entitlements"),
    money_column("amount_fen", "Amount"),
    Column("bar", ""),
)
_STAGES = (
    Column("policy", "Policy"),
    Column("line", "Line"),
    Column("stage", "Stage"),
    count_column("entitlements", "Entitlements"),
    money_column("amount_fen", "Amount"),
)
_LINES = (
    Column("line", "Line of the budget"),
    money_column("granted_fen", "Granted"),
    *(money_column(f"{name}_fen", name.replace("_", " ").capitalize()) for name in ACCOUNTS),
)
_BATCHES = (
    Column("batch", "Batch"),
    Column("state", "State"),
    Column("made_by", "Made by"),
    moment_column("made_at", "At"),
    Column("signed", "Signed"),
    count_column("items", "Payments"),
    count_column("answered", "Answered"),
    money_column("total_fen", "Total"),
)
_HELD = (
    Column("code", "Held"),
    Column("entitlement", "Entitlement"),
    Column("policy", "Policy"),
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    money_column("amount_fen", "Amount"),
    Column("detail", "Why", wrap=True),
    moment_column("since", "Since"),
)


@dataclass(frozen=True)
class Overview:
    """All that is shown; `titles` are the lines of the budget with their titles."""

    status: Status
    held: tuple[OpenHold, ...]
    batches: tuple[BatchLine, ...]
    titles: tuple[tuple[str, str], ...]


def write_overview(form: Format, overview: Overview, policies: Sequence[str]) -> None:
    """Write it; with `policies`, the table has a funnel for each of them."""
    stages = [_stage_row(stage) for stage in overview.status.stages]
    if form is Format.JSON:
        write_json(
            {
                "stages": stages,
                "budget": _budget_rows(overview),
                "batches": [one._asdict() for one in overview.batches],
                "held": [one._asdict() for one in overview.held],
            }
        )
        return
    if form is not Format.TABLE:
        write_rows(form, _STAGES, stages)
        return
    if not policies:
        write_table(_FUNNEL, _funnel(stages))
    for number, policy in enumerate(policies):
        write_lines(["", policy][not number :])
        write_table(_FUNNEL, _funnel([row for row in stages if row["policy"] == policy]))
    section("", _LINES, _budget_rows(overview))
    section("", _BATCHES, [one._asdict() | {"signed": f"{one.signed} of {one.signatures}"} for one in overview.batches])
    section("", _HELD, [one._asdict() for one in overview.held])


def _stage_row(stage: Stage) -> dict[str, Any]:
    told = {"policy": stage.policy, "line": stage.line, "stage": stage.stage}
    return told | {"entitlements": stage.entitlements, "amount_fen": stage.fen}


def _funnel(stages: Sequence[dict[str, Any]]) -> list[Row]:
    """Add up stages over policies and lines, in the funnel's order; a bar is a share of the money."""
    from payouts.status import STAGES

    found: dict[str, dict[str, Any]] = {}
    for row in stages:
        total = found.setdefault(row["stage"], {"stage": row["stage"], "entitlements": 0, "amount_fen": 0})
        total["entitlements"] += row["entitlements"]
        total["amount_fen"] += row["amount_fen"]
    rows = sorted(found.values(), key=lambda row: (STAGES.index(row["stage"].partition(":")[0]), row["stage"]))
    most = max((row["amount_fen"] for row in rows), default=0) or 1
    return [row | {"bar": bar(row["amount_fen"], most)} for row in rows]


def _budget_rows(overview: Overview) -> list[dict[str, Any]]:
    booked = overview.status.balances
    return [
        {"line": line, "title": title, "granted_fen": -booked.get((line, "appropriated"), 0)}
        | {f"{account}_fen": booked.get((line, account), 0) for account in ACCOUNTS}
        for line, title in overview.titles
    ]
