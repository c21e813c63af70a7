"""What `mianshen payout plan` shows: payments by policy, who waits and why, and the budget before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.failures import counted
from cli.money import money
from cli.output import Column, Format, count_column, money_column, write_json, write_lines, write_rows
from cli.payouts.shown import section

if TYPE_CHECKING:
    from payouts.batches.foreseen import Foreseen
    from payouts.batches.plan import Item, LeftOut, Plan

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
    Column("why", "Why not"),
    Column("detail", "Why not", wrap=True),
    Column("entitlement", "Entitlement"),
    Column("payment", "Payment"),
)
_PAYABLE = tuple(
    column for column in _ROWS if column.key not in {"payable", "line", "why", "detail", "entitlement", "payment"}
)
_NOT_PAYABLE = tuple(
    column for column in _ROWS if column.key in {"policy", "uscc", "firm_name", "amount_fen", "detail"}
)
_SUMS = (
    Column("policy", "Policy"),
    Column("period", "Period"),
    count_column("firms", "Firms"),
    count_column("payments", "Payments"),
    money_column("amount_fen", "Amount"),
)
_REASONS = (Column("why", "Not payable"), count_column("entitlements", "Entitlements"), money_column("fen", "Amount"))
_LINES = (
    Column("line", "Line of the budget"),
    money_column("available_fen", "Before"),
    money_column("payable_fen", "Payable"),
    money_column("left_fen", "After"),
    Column("is_enough", "", lambda enough: "" if enough else "too little: pays nobody"),
)
_ELSEWHERE = (Column("state", "Elsewhere"), count_column("entitlements", "Entitlements"), money_column("fen", "Amount"))


def write_plan(form: Format, plan: Plan, at_the_bank: Foreseen) -> None:
    """Write a plan; what needs attention goes to stderr as warnings."""
    payable, waiting = [_item_row(item) for item in plan.items], [_waiting_row(one) for one in plan.left_out]
    warnings = [*_warnings(plan), *_warnings_of_form(at_the_bank)]
    lines = [{column.key: getattr(line, column.key) for column in _LINES} for line in plan.lines]
    elsewhere = [tally._asdict() for tally in plan.elsewhere]
    if form is Format.JSON:
        told = {"plan": plan.batch_id, "day": plan.day, "payments": len(plan.items), "total_fen": plan.total_fen}
        told |= {"signatures": plan.signatures, "selection": plan.selection.model_dump(mode="json")}
        rows = {"payable": payable, "not_payable": waiting, "budget": lines, "elsewhere": elsewhere}
        write_json(told | rows | {"warnings": warnings})
    elif form is not Format.TABLE:
        write_rows(form, _ROWS, [*payable, *waiting])
    else:
        _head(plan)
        section("", _SUMS, _sums(payable))
        section("Payable", _PAYABLE, payable)
        section("", _REASONS, _reasons(waiting))
        section("Not payable", _NOT_PAYABLE, waiting)
        section("", _LINES, lines)
        section("", _ELSEWHERE, elsewhere)
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)


def _head(plan: Plan) -> None:
    paid = f"{counted(len(plan.items), 'payment')}, {money(plan.total_fen)}; {plan.signatures} officers must sign"
    write_lines(
        [f"Plan {plan.batch_id} for {plan.day}: {paid}" if plan.items else f"Nothing is payable on {plan.day}."]
    )


def _item_row(item: Item) -> dict[str, Any]:
    from payouts.masking import masked

    keys = ("policy", "period", "uscc", "firm_name", "item", "amount_fen", "line", "attempt")
    row = {"payable": True, **{key: getattr(item, key) for key in keys}}
    where = {"account": masked(item.bank_name, item.account_no), "why": [], "detail": ""}
    return row | where | {"entitlement": item.entitlement_id, "payment": item.payment_id}


def _waiting_row(one: LeftOut) -> dict[str, Any]:
    keys = ("policy", "period", "uscc", "firm_name", "amount_fen")
    row = {"payable": False, **{key: getattr(one, key) for key in keys}, "entitlement": one.entitlement_id}
    detail = "; ".join(reason.detail for reason in one.reasons)
    return row | {"why": [reason.code for reason in one.reasons], "detail": detail}


def _sums(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["policy"], row["period"])
        empty = {"policy": key[0], "period": key[1], "firms": set(), "payments": 0, "amount_fen": 0}
        total = found.setdefault(key, empty)
        total["firms"].add(row["uscc"])
        total["payments"] += 1
        total["amount_fen"] += row["amount_fen"]
    return [total | {"firms": len(total["firms"])} for _, total in sorted(found.items())]


def _reasons(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count what waits by its reasons; what waits for two is counted with both."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for why in row["why"]:
            total = found.setdefault(why, {"why": why, "entitlements": 0, "fen": 0})
            total["entitlements"] += 1
            total["fen"] += row["amount_fen"] or 0
    return [total for _, total in sorted(found.items())]


def _warnings(plan: Plan) -> Iterable[str]:
    for line in plan.lines:
        if not line.is_enough:
            missing = money(line.payable_fen - line.available_fen)
            yield f"line {line.line} lacks {missing} for all that is payable from it, so nothing of it is paid"
    if plan.signatures > 2:
        yield "the amounts need a third signature, an approver's"
    again = sum(item.attempt > 1 for item in plan.items)
    if again:
        yield f"{counted(again, 'payment')} came back before and would be paid anew"


def _warnings_of_form(at_the_bank: Foreseen) -> Iterable[str]:
    for refusal in at_the_bank.refused:
        yield f"no file can be written with {refusal}"
    for doubt in at_the_bank.doubted:
        yield str(doubt)
