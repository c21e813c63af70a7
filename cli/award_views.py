"""What `mianshen policy show` says of the money: for what, how much, up to how much, rounded how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policies.award_form import AwardForm, ShareForm
    from policies.policy import Award

_ROUNDING = {"down": "down", "half_up": "half up", "up": "up"}


def award_lines(award: Award) -> Iterator[str]:
    """Yield an award as text for people, in the file's own expressions."""
    form = _written(award)
    if form.for_each is not None:
        yield f"  for each {form.for_each.item} of {_one_line(form.for_each.rows)}"
        if form.for_each.first_by is not None:
            yield f"  each counts once across firms, for the one that is first by {form.for_each.first_by}"
    yield from _amount(form)
    for tier, written in zip(award.tiers, form.tiers, strict=True):
        yield f"  - {tier.text or tier.id}  [{tier.id}]"
        yield f"      {_one_line(written.when)} → {_one_line(written.pay)}"
    if form.item_cap is not None:
        yield f"  at most {_one_line(form.item_cap)} an item"
    if form.cap is not None:
        limits = ((form.cap.per_period, "per period"), (form.cap.lifetime, "in a firm's lifetime"))
        yield from (f"  at most {_one_line(text)} {span}" for text, span in limits if text is not None)
    yield f"  rounded {_ROUNDING[form.rounding.mode]} to {form.rounding.to}"
    yield f"  claimed {award.claim.replace('_', ' ')}"
    if award.family:
        yield f"  payments of the family {award.family} count as its own"
    if award.since:
        yield f"  payments before {award.since} do not concern it"
    if award.exclusive:
        each = ", item by item" if award.exclusive.by_item else ""
        yield f"  exclusive group {award.exclusive.group}{each} (就高不重复)"
    if award.top_up:
        span = f" of the last {award.top_up.months} months" if award.top_up.months is not None else ""
        yield f"  less earlier payments of the family{span} (补差)"
    if award.shared_caps:
        yield f"  under the shared caps {', '.join(award.shared_caps)}"


def _written(award: Award) -> AwardForm:
    assert award.written is not None  # noqa: S101  # every award of a library was read from a file
    return award.written


def _amount(form: AwardForm) -> Iterator[str]:
    if form.amount is not None:
        yield f"  pays {_one_line(form.amount)}"
    if form.share is not None:
        yield f"  pays a share of {_base(form.share)}: {_one_line(form.share.rate)}"
    if (steps := form.steps) is not None:
        part = "whole steps only" if steps.whole else "pro rata"
        yield f"  pays {_one_line(steps.pay)} for each {_one_line(steps.each)} of {_one_line(steps.of)}, {part}"
    if form.tiers:
        yield "  pays by the first tier that holds:"


def _base(share: ShareForm) -> str:
    return f"what {share.of_award} awards" if share.of_award is not None else _one_line(share.of or "")


def _one_line(expression: str) -> str:
    return " ".join(expression.split())


def award_json(award: Award) -> dict[str, Any]:
    """Return an award as data: the file's keys with its expressions; absent parts are null or empty."""
    plain = _written(award).model_dump(mode="json")
    plain["tiers"] = [given | {"id": tier.id} for given, tier in zip(plain["tiers"], award.tiers, strict=True)]
    return plain
