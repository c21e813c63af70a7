"""A plan as rows: one for each entitlement that is confirmed and not paid, and for each firm that was dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from payouts.batches.changes import Change
    from payouts.batches.plan import Item, LeftOut, Plan

_UNCHANGED = {"change": "", "before_fen": None, "cause": ""}


def plan_rows(plan: Plan, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Return the rows of a plan, payable ones first; change, amount before and cause are of the firm and policy."""
    by_firm = {(one.policy, one.uscc): _change(one) for one in changes}
    rows = [*map(_payable, plan.items), *map(_waiting, plan.left_out)]
    rows = [row | by_firm.get((row["policy"], row["uscc"]), _UNCHANGED) for row in rows]
    known = {(row["policy"], row["uscc"]) for row in rows}
    return rows + [_dropped(one) for one in changes if (one.policy, one.uscc) not in known]


def sums(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count firms and payments and add up what is payable, by policy and period."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["policy"], row["period"])
        empty = {"policy": key[0], "period": key[1], "firms": set(), "payments": 0, "amount_fen": 0}
        total = found.setdefault(key, empty)
        total["firms"].add(row["uscc"])
        total["payments"] += 1
        total["amount_fen"] += row["amount_fen"]
    return [total | {"firms": len(total["firms"])} for _, total in sorted(found.items())]


def by_reason(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count what waits by its reasons; what waits for two is counted with both."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for why in row["why"]:
            total = found.setdefault(why, {"why": why, "entitlements": 0, "fen": 0})
            total["entitlements"] += 1
            total["fen"] += row["amount_fen"] or 0
    return [total for _, total in sorted(found.items())]


def by_kind(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Count firms that are new, dropped or paid another amount, with the money before and after."""
    found: dict[str, dict[str, Any]] = {}
    for one in changes:
        total = found.setdefault(one.kind, {"kind": one.kind, "firms": 0, "before_fen": 0, "after_fen": 0})
        total["firms"] += 1
        total["before_fen"] += one.before_fen
        total["after_fen"] += one.after_fen
    return [total for _, total in sorted(found.items())]


def _payable(item: Item) -> dict[str, Any]:
    from payouts.masking import masked

    keys = ("policy", "period", "uscc", "firm_name", "item", "amount_fen", "line", "attempt")
    row = {"payable": True, **{key: getattr(item, key) for key in keys}}
    where = {"account": masked(item.bank_name, item.account_no), "why": [], "detail": ""}
    return row | where | {"entitlement": item.entitlement_id, "payment": item.payment_id}


def _waiting(one: LeftOut) -> dict[str, Any]:
    keys = ("policy", "period", "uscc", "firm_name", "amount_fen")
    row = {"payable": False, **{key: getattr(one, key) for key in keys}, "entitlement": one.entitlement_id}
    detail = "; ".join(reason.detail for reason in one.reasons)
    return row | {"why": [reason.code for reason in one.reasons], "detail": detail}


def _dropped(one: Change) -> dict[str, Any]:
    row = {"payable": False, "policy": one.policy, "uscc": one.uscc, "firm_name": one.firm_name, "why": []}
    return row | _change(one)


def _change(one: Change) -> dict[str, Any]:
    return {"change": one.kind, "before_fen": one.before_fen, "cause": one.cause}
