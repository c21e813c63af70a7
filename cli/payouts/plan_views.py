"""What `mianshen payout plan` shows: payments by policy, what is new, who waits and why, and what it leaves over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.failures import counted
from cli.money import money
from cli.output import Column, Format, count_column, money_column, write_json, write_lines, write_rows
from cli.payouts.plan_rows import by_kind, by_reason, plan_rows, sums
from cli.payouts.shown import section

if TYPE_CHECKING:
    from payouts.bank.refusals import Refusal
    from payouts.batches.changes import Change
    from payouts.batches.oddities import Oddity
    from payouts.batches.plan import Plan

_ROWS = (
    Column("payable", "Payable", lambda payable: "yes" if payable else "no"),
    Column("policy", "Policy"),
    Column("period", "Period"),
    Column("uscc", "Firm"),
    Column("firm_name", "Name", wrap=True),
    Column("item", "Item"),
    money_column("amount_fen", "Amount"),
    Column("line", "Line"),
    count_column("attempt", "Attempt"),
    Column("account", "Account"),
    Column("change", "Change"),
    money_column("before_fen", "Before"),
    Column("cause", "Cause", wrap=True),
    Column("why", "Why not"),
    Column("detail", "Why not", wrap=True),
    Column("entitlement", "Entitlement"),
    Column("payment", "Payment"),
)


def _some(*keys: str) -> tuple[Column, ...]:
    return tuple(column for column in _ROWS if column.key in keys)


_PAYABLE = _some("policy", "period", "uscc", "firm_name", "item", "amount_fen", "attempt", "account")
_NOT_PAYABLE = _some("policy", "uscc", "firm_name", "amount_fen", "detail")
_SUMS = (
    *_some("policy", "period"),
    count_column("firms", "Firms"),
    count_column("payments", "Payments"),
    money_column("amount_fen", "Amount"),
)
_BEFORE_AFTER = (money_column("before_fen", "Before"), money_column("after_fen", "After"))
_KINDS = (Column("kind", "Against the last batch"), count_column("firms", "Firms"), *_BEFORE_AFTER)
_CHANGES = (
    Column("kind", "Change"),
    *_some("policy", "uscc", "firm_name"),
    *_BEFORE_AFTER,
    Column("cause", "Cause", wrap=True),
)
_REASONS = (Column("why", "What waits"), count_column("entitlements", "Entitlements"), money_column("fen", "Amount"))
_ODDITIES = (
    Column("code", "Look at"),
    Column("what", "What", wrap=True),
    count_column("count", "Count"),
    money_column("fen", "Amount"),
)
_LINES = (
    Column("line", "Line of the budget"),
    money_column("available_fen", "Before"),
    money_column("payable_fen", "Payable"),
    money_column("left_fen", "After"),
    Column("is_enough", "", lambda enough: "" if enough else "too little: pays nobody"),
)
_ELSEWHERE = (Column("state", "Elsewhere"), count_column("entitlements", "Entitlements"), money_column("fen", "Amount"))


@dataclass(frozen=True)
class Drawn:
    """A plan with what is to be seen beside it; `refused` are payments that the bank's form cannot carry."""

    plan: Plan
    changes: tuple[Change, ...]
    oddities: tuple[Oddity, ...]
    refused: tuple[Refusal, ...]


def write_plan(form: Format, drawn: Drawn) -> None:
    """Write a plan; what stands in its way goes to stderr as warnings."""
    plan = drawn.plan
    rows = plan_rows(plan, drawn.changes)
    warnings = list(_warnings(drawn))
    if form is Format.JSON:
        write_json(_document(drawn, rows) | {"warnings": warnings})
    elif form is not Format.TABLE:
        write_rows(form, _ROWS, rows)
    else:
        _tell(drawn, rows)
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)


def _document(drawn: Drawn, rows: list[dict[str, Any]]) -> dict[str, Any]:
    plan = drawn.plan
    told = {"plan": plan.batch_id, "day": plan.day, "payments": len(plan.items), "total_fen": plan.total_fen}
    told |= {"signatures": plan.signatures, "selection": plan.selection.model_dump(mode="json"), "rows": rows}
    told |= {"changes": [one._asdict() for one in drawn.changes], "oddities": [one._asdict() for one in drawn.oddities]}
    return told | {"budget": _lines(plan), "elsewhere": [tally._asdict() for tally in plan.elsewhere]}


def _tell(drawn: Drawn, rows: list[dict[str, Any]]) -> None:
    plan = drawn.plan
    payable, waiting = [row for row in rows if row["payable"]], [row for row in rows if row["why"]]
    paid = f"{counted(len(plan.items), 'payment')}, {money(plan.total_fen)}; {plan.signatures} officers must sign"
    write_lines(
        [f"Plan {plan.batch_id} for {plan.day}: {paid}" if plan.items else f"Nothing is payable on {plan.day}."]
    )
    section("", _SUMS, sums(payable))
    section("Payable", _PAYABLE, payable)
    section("", _KINDS, by_kind(drawn.changes))
    section("What changed", _CHANGES, [one._asdict() for one in drawn.changes])
    section("", _REASONS, by_reason(waiting))
    section("Not payable", _NOT_PAYABLE, waiting)
    # What is left out stands above with its reasons.
    odd = [one for one in drawn.oddities if not one.code.startswith("left_out")]
    section("", _ODDITIES, [one._asdict() | {"count": len(one.of)} for one in odd])
    section("", _LINES, _lines(plan))
    section("", _ELSEWHERE, [tally._asdict() for tally in plan.elsewhere])


def _lines(plan: Plan) -> list[dict[str, Any]]:
    return [{column.key: getattr(line, column.key) for column in _LINES} for line in plan.lines]


def _warnings(drawn: Drawn) -> Iterable[str]:
    for line in drawn.plan.lines:
        if not line.is_enough:
            missing = money(line.payable_fen - line.available_fen)
            yield f"line {line.line} lacks {missing} for all that is payable from it, so nothing of it is paid"
    if drawn.plan.signatures > 2:  # maker and checker always sign
        yield "the amounts need a third signature, an approver's"
    for refusal in drawn.refused:
        yield f"no file can be written with {refusal}"
