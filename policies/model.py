"""The form of a policy file: what may stand in it, before any name in it is looked up.

Expressions of the policy language are plain text here; `policies.compile` gives them meaning.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from enterprise_data.declarations.schema import Declared
from enterprise_data.periods import PeriodKind
from policies.award_form import AwardForm, Budget, Payout
from policies.citation import Slug, Source, TextOrNumber, Title

MAX_LEAVES = 59
# The engine's own conditions: scope, not claimed before, and at least one item.
RESERVED_IDS = frozenset({"applies", "started", "claim", "items"})


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
