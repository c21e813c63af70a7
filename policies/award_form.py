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
    """A share of a money value, or of what another policy awards the firm in the same run (配套)."""

    of: str | None = None
    of_award: Slug | None = None
    rate: TextOrNumber

    @model_validator(mode="after")
    def _of_one_thing(self) -> ShareForm:
        if (self.of is None) == (self.of_award is None):
            raise ValueError("a share is either `of` a value or `of_award` of another policy")
        return self


class ForEach(Declared):
    """The items (products, patents, recognitions) an award is paid for: `rows: "dataset where filter"`.

    `first_by` names a day or number of the row; an item then counts once across firms, for the firm that is first.
    """

    rows: str
    item: str
    first_by: str | None = None


class CapForm(Declared):
    """The most a firm receives under this policy, in one period or in its lifetime (with what was paid before)."""

    per_period: str | None = None
    lifetime: str | None = None


class RoundingForm(Declared):
    """To what the final amount is rounded, and how; by default down to the fen."""

    mode: Literal["down", "half_up", "up"] = "down"
    to: str = "0.01元"


def underscored(value: object) -> object:
    """Return a text with underscores for blanks: two spellings of one word."""
    return value.replace(" ", "_") if isinstance(value, str) else value


Claim = Annotated[
    Literal["once", "per_period", "per_item"],
    BeforeValidator(underscored),
    Field(json_schema_extra={"enum": ["once", "per period", "per item", "per_period", "per_item"]}),
]


class ExclusiveForm(Declared):
    """The group of which a firm, or each of its items, receives only the highest award (就高不重复).

    Of equal awards the one with the smaller `rank` is paid; without ranks, the one whose policy's id comes first.
    """

    group: Slug
    rank: Annotated[int, Field(ge=1)] | None = None
    by: Literal["firm", "item"] = "firm"


class TopUpForm(Declared):
    """Pay only what exceeds earlier payments of the same family (补差), made `within` so long before the as-of day."""

    within: str | None = None


def _group(value: object) -> object:
    return {"group": value} if isinstance(value, str) else value


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
    exclusive: Annotated[ExclusiveForm, BeforeValidator(_group)] | None = None
    top_up: TopUpForm | None = None
    shared_caps: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _one_way_to_pay(self) -> AwardForm:
        if sum(map(bool, (self.amount, self.tiers, self.steps, self.share))) != 1:
            raise ValueError("an award has exactly one of `amount`, `tiers`, `steps`, `share`")
        if self.item_cap is not None and self.for_each is None:
            raise ValueError("`item_cap` limits each item; it needs `for_each`")
        if self.claim == "per_item" and self.for_each is None:
            raise ValueError("`claim: per item` needs `for_each`")
        if self.exclusive is not None and self.exclusive.by == "item" and self.for_each is None:
            raise ValueError("`exclusive` by item needs `for_each`")
        if self.top_up is not None and self.family is None:
            raise ValueError("`top_up` deducts what was paid in a `family`; name it")
        if self.for_each is not None and self.share is not None and self.share.of_award is not None:
            raise ValueError("a share of another award is paid per firm, not `for_each` item")
        return self


class CarriedForm(Declared):
    """Money of one period's budget that serves the awards of another (结转)."""

    from_: Annotated[TextOrNumber, Field(alias="from")]
    to: TextOrNumber
    amount: str


class Budget(Declared):
    """The budget line, its amount for one period, and what happens when it runs short.

    Policies that name the same line share it. `rank_by` is a number or a day of the firm by which it is served.
    `carried` says what of one period's amount serves another's awards.
    """

    line: str
    amount: str | None = None
    when_short: Literal["pay_all", "pro_rata", "rank", "carry_over"] = "pay_all"
    rank_by: str | None = None
    rank_order: Literal["highest", "lowest"] = "highest"
    carried: tuple[CarriedForm, ...] = ()

    @model_validator(mode="after")
    def _ranked_by_something(self) -> Budget:
        if self.when_short == "rank" and self.rank_by is None:
            raise ValueError("`when_short: rank` needs `rank_by`, the value that firms are ranked by")
        if self.when_short == "pro_rata" and self.rank_by is not None:
            raise ValueError("`pro_rata` serves all alike; `rank_by` is for the other ways")
        if self.carried and (self.when_short != "carry_over" or self.amount is None):
            raise ValueError("`carried` needs `when_short: carry_over` and an `amount` that it is carried from")
        return self


class Instalment(Declared):
    """One part of the payment (分期), `after` the period's end, with its own later condition."""

    share: TextOrNumber
    after: str | None = None
    when: str | None = None


class Payout(Declared):
    """How the money leaves: public notice (公示), confirmation, instalments."""

    notice: Annotated[str | None, Field(pattern=r"^\d{1,3} working days?$")] = None
    confirm: Literal["account", "willingness", "none"] = "account"
    instalments: tuple[Instalment, ...] = ()
