"""The parts of an explanation, as data; `matcher.explain.text` puts them into lines."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenRowLine(_Part):
    """A row that may be the firm's: where it stands, what it calls its firm, why it is not linked, how to settle that.

    `if_theirs` and `if_not` are the decision once it is settled, everything else staying as it is.
    """

    dataset: str
    title: str
    department: str
    row_no: int
    called: str
    reason: str
    why: str
    settle: str
    if_theirs: str
    if_not: str
    could_change: bool


class FactLine(_Part):
    """One fact a condition asks for: what it is, its value, whose it is and of which day.

    `open_rows` are the first of the `open_row_count` rows that leave it unknown since they may be the firm's.
    """

    fact: str
    value: str
    known: bool
    dataset: str
    department: str
    data_date: date | None
    why_unknown: str = ""
    open_rows: tuple[OpenRowLine, ...] = ()
    open_row_count: int = 0


class ConditionLine(_Part):
    """One condition: whether it holds (None: unknown), whether it must, what it asks, and what would change it.

    `computed` tells the values that the facts are worked out to, such as a growth or a quotient.
    """

    id: str
    text: str
    clause: str
    holds: bool | None
    must_hold: bool
    required: str
    depth: int
    facts: tuple[FactLine, ...]
    computed: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def passes(self) -> bool | None:
        """Return whether the condition lets the firm through: inside `none`, one that does not hold does."""
        return None if self.holds is None else self.holds == self.must_hold


class GroupLine(_Part):
    """The head of a group: `any` or `none` of the conditions below it."""

    mode: str
    text: str
    depth: int


class StepLine(_Part):
    """One step of an amount, as a sentence; `fen` is the exact amount after it, as a decimal, or None."""

    step: str
    text: str
    fen: str | None


class PaymentLine(_Part):
    """What is due for the firm or one item; `amount_fen` None is held until it is known."""

    item: str | None
    counts: bool | None
    amount_fen: int | None
    steps: tuple[StepLine, ...]


class PolicyExplanation(_Part):
    """One policy: its outcome (`not applicable` outside its scope), every condition, and what is due."""

    policy: str
    title: str
    document: str
    outcome: str
    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    lines: tuple[ConditionLine | GroupLine, ...]
    payments: tuple[PaymentLine, ...]


class FirmExplanation(_Part):
    """Everything a run says of one firm."""

    uscc: str
    name: str
    region: str
    period: str
    as_of: date
    snapshot: str
    policies: tuple[PolicyExplanation, ...]
    skipped: dict[str, str]
