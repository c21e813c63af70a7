"""The form of what a policy pays: the four ways to pay, the limits, and what later steps of a payment need."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from enterprise_data.declarations.schema import Declared
from policies.citation import Slug, TextOrNumber


class TierForm(Declared):
    """One tier (档): the first whose `when` holds pays."""

    when: str
    pay: str
    id: Slug | None = None
    text: str = ""


class StepsForm(Declared):
    """`pay` for each `each` of `of`: whole steps only, or pro rata; never less than nothing."""

    of: str
    each: str
    pay: str
    whole: bool


class ShareForm(Declared):
    """A share of a money value."""

    of: str
    rate: TextOrNumber


class ForEach(Declared):
    """The items (products, patents, recognitions) an award is paid for: `rows: "dataset where filter"`."""

    rows: str
    item: str


class CapForm(Declared):
    """The most a firm receives under this policy, in one period or in its lifetime (with what was paid before)."""

    per_period: str | None = None
    lifetime: str | None = None


class RoundingForm(Declared):
    """To what the final amount is rounded, and how; by default down to the fen."""

    mode: Literal["down", "half_up", "up"] = "down"
    to: str = "0.01元"


def _underscored(value: object) -> object:
    return value.replace(" ", "_") if isinstance(value, str) else value


Claim = Annotated[
    Literal["once", "per_period", "per_item"],
    BeforeValidator(_underscored),
    Field(json_schema_extra={"enum": ["once", "per period", "per item", "per_period", "per_item"]}),
]


class AwardForm(Declared):
    """What is paid: exactly one of `amount`, `tiers`, `steps`, `share`; then the limits on it."""

    amount: str | None = None
    tiers: tuple[TierForm, ...] = ()
    steps: StepsForm | None = None
    share: ShareForm | None = None
    for_each: ForEach | None = None
    item_cap: str | None = None
    cap: CapForm | None = None
    rounding: RoundingForm = RoundingForm()
    claim: Claim = "per_period"
    family: Slug | None = None
    since: datetime.date | None = None
    exclusive: Slug | None = None

    @model_validator(mode="after")
    def _one_way_to_pay(self) -> AwardForm:
        if sum(map(bool, (self.amount, self.tiers, self.steps, self.share))) != 1:
            raise ValueError("an award has exactly one of `amount`, `tiers`, `steps`, `share`")
        if self.item_cap is not None and self.for_each is None:
            raise ValueError("`item_cap` limits each item; it needs `for_each`")
        if self.claim == "per_item" and self.for_each is None:
            raise ValueError("`claim: per item` needs `for_each`")
        return self


class Budget(Declared):
    """The budget line, its amount, and what happens when it runs short; kept for the budget step."""

    line: str
    amount: str | None = None
    when_short: Literal["pay_all", "pro_rata", "rank", "carry_over"] = "pay_all"
    rank_by: str | None = None


class Instalment(Declared):
    """One part of the payment (分期), with its own later condition; kept for the payout step."""

    share: TextOrNumber
    after: str | None = None
    when: str | None = None


class Payout(Declared):
    """How the money leaves: public notice (公示), confirmation, instalments; kept for the payout step."""

    notice: Annotated[str | None, Field(pattern=r"^\d{1,3} working days?$")] = None
    confirm: Literal["account", "willingness", "none"] = "account"
    instalments: tuple[Instalment, ...] = ()
