"""The form of a policy file: what may stand in it, before any name in it is looked up.

Expressions of the policy language are plain text here; `policies.compile` gives them meaning.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from enterprise_data.declarations.schema import Declared
from enterprise_data.periods import PeriodKind
from policies.citation import Slug, Source, TextOrNumber, Title

MAX_LEAVES = 60
RESERVED_IDS = frozenset({"applies", "items"})  # the engine's own conditions: scope, and at least one item


class PolicyKind(StrEnum):
    """What a policy gives (奖补、减免、权益、资质)."""

    AWARD = "award"
    REDUCTION = "reduction"
    RIGHT = "right"
    QUALIFICATION = "qualification"


class Status(StrEnum):
    """Where a policy stands; only `in_force` is ever matched."""

    DRAFT = "draft"  # 征求意见稿
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    REPEALED = "repealed"


class Service(Declared):
    """Whom a firm may ask."""

    office: str
    phone: TextOrNumber | None = None
    address: str | None = None


class AppliesRule(Declared):
    """One transition rule: for these periods, in this region (absent: everywhere), `except` parts of it."""

    periods: TextOrNumber
    region: str | None = None
    except_: Annotated[tuple[str, ...], Field(alias="except")] = ()


class LeafForm(Declared):
    """One condition: `when` is true, false or unknown; `clause` is the article it comes from."""

    id: Slug
    text: str
    clause: TextOrNumber
    when: str


class GroupForm(Declared):
    """Conditions joined: `any` (one holds), `none` (none may hold) or `all`."""

    any: tuple[ConditionForm, ...] = ()
    none: tuple[ConditionForm, ...] = ()
    all: tuple[ConditionForm, ...] = ()
    id: Slug | None = None
    text: str = ""

    @model_validator(mode="after")
    def _exactly_one(self) -> GroupForm:
        if sum(map(bool, (self.any, self.none, self.all))) != 1:
            raise ValueError("a group has exactly one of `any`, `none`, `all`, with at least one condition")
        return self

    @property
    def mode(self) -> Literal["any", "none", "all"]:
        """Return how the members are joined."""
        return "any" if self.any else "none" if self.none else "all"

    @property
    def members(self) -> tuple[ConditionForm, ...]:
        """Return the members, whichever way they are joined."""
        return self.any or self.none or self.all


def _leaf_or_group(value: object) -> str:
    if isinstance(value, dict):
        return "group" if {"any", "none", "all"} & value.keys() else "leaf"
    return "group" if isinstance(value, GroupForm) else "leaf"


ConditionForm = Annotated[
    Annotated[LeafForm, Tag("leaf")] | Annotated[GroupForm, Tag("group")], Discriminator(_leaf_or_group)
]


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
    """The most a firm receives under this policy, in one period or in its lifetime."""

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


class PolicyFile(Declared):
    """One policy; see `docs/policies.md`."""

    policy: Slug
    title: Title
    kind: PolicyKind
    status: Status
    source: Source
    service: Service | None = None
    applies: Annotated[tuple[AppliesRule, ...], Field(min_length=1)]
    period: PeriodKind
    automatic: bool = True
    reason: str = ""
    supersedes: tuple[Slug, ...] = ()
    conditions: tuple[ConditionForm, ...] = ()
    award: AwardForm | None = None
    budget: Budget | None = None
    payout: Payout | None = None
    max_share: TextOrNumber | None = None
    note: str = ""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> PolicyFile:
        if not self.automatic and not self.reason:
            raise ValueError("`automatic: false` needs a `reason` (such as the judgement word 择优)")
        if self.matchable and not self.conditions:
            raise ValueError("a policy that is matched needs `conditions`")
        if self.matchable and self.kind is PolicyKind.AWARD and self.award is None:
            raise ValueError("`kind: award` needs an `award`")
        return self

    @property
    def matchable(self) -> bool:
        """Return whether a match may decide it: in force, and nothing in it needs a person's judgement."""
        return self.status is Status.IN_FORCE and self.automatic


GroupForm.model_rebuild()
