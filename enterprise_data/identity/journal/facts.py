"""The facts of the journal: who said what, when and why.

link, no_firm              a decision about one subject: which firm its rows are of, or that the register has none
former_name, succession    a correction: a name or a code that a firm bore, which no department delivered
branch                     a correction: whose branch a firm is, or that it never was one of some firm
undo, confirm              about an earlier fact: it no longer holds; a second person agrees to it
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
Id = Annotated[int, Field(ge=1)]
SuccessionKind = Literal["个转企", "合并", "分立", "分公司转子公司", "改制"]


class Recorded(BaseModel):
    """Base of all that the journal holds: unknown keys are errors, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Subject(Recorded):
    """What a decision is about: every row of a dataset that bears just these keys, character by character."""

    dataset: str
    uscc: str | None = None
    organisation_code: str | None = None
    registration_no: str | None = None
    name: str | None = None


class Decision(Recorded):
    """What the person saw: the candidates' USCCs in their order, the days of the rows, the SHA-256 of the register.

    A name may pass from one firm to another: rows of other days may be another firm's, and if a rule says so, they are.
    """

    subject: Subject
    first_day: date | None = None
    last_day: date | None = None
    candidates: tuple[Uscc, ...] = ()
    register_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    second_person: bool = False
    """Whether it holds only once another person has confirmed it."""


class Link(Decision):
    """The subject's rows are of the firm `firm`."""

    kind: Literal["link"] = "link"
    firm: Uscc


class NoFirm(Decision):
    """The subject's rows are of a firm that the register does not have."""

    kind: Literal["no_firm"] = "no_firm"


class FormerName(Recorded):
    """The firm bore `name` from `since` (null: not known) to `until`, both included."""

    kind: Literal["former_name"] = "former_name"
    firm: Uscc
    name: Words
    since: date | None = None
    until: date

    @model_validator(mode="after")
    def _days_in_order(self) -> FormerName:
        if self.since is not None and self.since > self.until:
            raise ValueError("`since` must not be later than `until`")
        return self


class Succession(Recorded):
    """What bore `old_code` became the firm: its older facts are the firm's (主体沿革)."""

    kind: Literal["succession"] = "succession"
    old_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{9,18}$")]
    old_name: Words | None = None
    firm: Uscc
    effective_on: date
    how: SuccessionKind

    @model_validator(mode="after")
    def _codes_differ(self) -> Succession:
        if self.old_code == self.firm:
            raise ValueError("the old code and the firm's code are the same")
        return self


class BranchOf(Recorded):
    """The firm is the parent's branch (分支机构隶属关系) from `since` to `until` (null: to this day), or never was.

    The names are what the register called both: one that has left the register is still known by its name.
    """

    kind: Literal["branch"] = "branch"
    firm: Uscc
    firm_name: Words | None = None
    parent: Uscc
    parent_name: Words | None = None
    since: date | None = None
    until: date | None = None
    never: bool = False

    @model_validator(mode="after")
    def _says_when(self) -> BranchOf:
        if self.firm == self.parent:
            raise ValueError("the firm and its parent are the same")
        if self.never == (self.since is not None) or (self.never and self.until is not None):
            raise ValueError("either `since` when the firm is the parent's branch, or that it `never` was")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("`since` must not be later than `until`")
        return self


class Undo(Recorded):
    """The decision or correction with the id `of` no longer holds."""

    kind: Literal["undo"] = "undo"
    of: Id


class Confirm(Recorded):
    """A second person agrees to the decision with the id `of`."""

    kind: Literal["confirm"] = "confirm"
    of: Id


Content = Annotated[Link | NoFirm | FormerName | Succession | BranchOf | Undo | Confirm, Field(discriminator="kind")]


class Statement(Recorded):
    """What someone says; it becomes a fact when the journal takes it in."""

    author: Words
    reason: Words
    what: Content


class Fact(Statement):
    """A statement that the journal holds; ids rise by one from 1, `at` has a time zone."""

    id: Id
    at: AwareDatetime
