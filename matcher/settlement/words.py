"""What a step of the settlement did to one award, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.explain.values import money

NAMES = {1: "share of", 2: "item, first by", 5: "exclusive group", 6: "top-up", 7: "shared cap", 8: "budget"}
_UNNAMED = ("exclusive", "top_up")  # rules that say no more than their step


def head(step: int, rule: str) -> str:
    """Return the step with the group, cap or line it went by."""
    return NAMES[step] if rule in _UNNAMED else f"{NAMES[step]} {rule}"


def sentence(cut: Mapping[str, Any]) -> str:
    """Return what a row of settlement.parquet says."""
    why = _WHY[cut["why"]].format(other=_other(cut))
    before, after = cut["before_fen"], cut["after_fen"]
    said = f"{head(cut['step'], cut['rule'])}: {why}"
    if before == after:
        return said
    was = "unknown" if before is None else money(before)
    return f"{said}; {was} becomes {'held' if after is None else money(after)}"


def _other(cut: Mapping[str, Any]) -> str:
    return money(int(cut["other"])) if cut["why"] in _AMOUNTS else str(cut["other"] or "another award")


_AMOUNTS = ("paid_before", "share", "share_capped")
_WHY = {
    "counted_elsewhere": "it counts for another firm, which comes first",
    "first_unknown": "which firm comes first cannot be told",
    "share": "{other} is awarded there",
    "share_capped": "{other} is awarded there; cut to the policy's cap",
    "base_unknown": "what is awarded there is not known yet",
    "displaced": "{other} awards more",
    "open_higher": "the highest known award; {other} may yet award more",
    "group_open": "other awards of the group are not known yet",
    "paid_before": "{other} was paid before",
    "history_unknown": "what was paid before is not known",
    "paid_item_unknown": "for which item others of the group were paid before is not known",
    "item_unknown": "what an item before it takes is not known",
    "over_cap": "the cap is reached",
    "waits": "{other} may yet take its share",
    "budget_spent": "the budget is spent before it",
    "carried_over": "the budget is spent before it; carried over to the next period",
    "rank_unknown": "the budget is short, and by what the firm is ranked is not known",
    "pro_rata": "the budget is short and shared pro rata",
}


def in_short(why: str) -> str:
    """Return a reason in a few words, for totals."""
    return why.replace("_", " ")
