"""A policy as the matcher sees it: names resolved, types agreed, every expression a term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from enterprise_data.periods import Period, PeriodKind
from policies.award_form import AwardForm, Budget, Payout
from policies.citation import Source, Title
from policies.language.terms import Term
from policies.model import PolicyKind, Service, Status


@dataclass(frozen=True)
class Leaf:
    """One condition, with the clause it comes from and its expression as written."""

    id: str
    text: str
    clause: str
    source_text: str
    term: Term


@dataclass(frozen=True)
class Group:
    """Conditions of which all, any or none must hold."""

    mode: Literal["all", "any", "none"]
    members: tuple[Leaf | Group, ...]
    id: str | None = None
    text: str = ""

    def leaves(self) -> Iterator[Leaf]:
        """Yield every leaf below, in the order of the file."""
        for member in self.members:
            if isinstance(member, Leaf):
                yield member
            else:
                yield from member.leaves()


@dataclass(frozen=True)
class Applies:
    """Periods (`last` None: open) and region prefixes (`()`: everywhere) for which a policy decides."""

    first: Period
    last: Period | None
    region_prefixes: tuple[str, ...] = ()
    except_prefixes: tuple[str, ...] = ()

    def covers(self, period: Period) -> bool:
        """Return whether `period` lies between `first` and `last`, both included."""
        return self.first <= period and (self.last is None or period <= self.last)


@dataclass(frozen=True)
class Items:
    """The rows an award is paid for; the terms of the amount may name their fields (`RowField`).

    With `first_by`, an item counts once across firms: for the one whose row is first by that field.
    """

    dataset: str
    where: Term | None
    item_field: str
    first_by: str | None = None


@dataclass(frozen=True)
class Tier:
    """One tier, for explanation: the amount already chooses between them."""

    id: str
    text: str
    when: Term
    pay: Term


@dataclass(frozen=True)
class Exclusive:
    """A group of which a firm (or each item) receives only the highest award; the smaller `rank` wins a tie."""

    group: str
    rank: int | None = None
    by_item: bool = False


@dataclass(frozen=True)
class TopUp:
    """Earlier payments of the family are deducted: those of the last `months` before the as-of day, or all (None)."""

    months: int | None = None


@dataclass(frozen=True)
class ShareOf:
    """The award is a share of what another policy awards the firm in the same run, after all its steps."""

    policy: str
    rate: Fraction


@dataclass(frozen=True)
class Instalment:
    """One part of a payment: its share, how many months after the period's end it is due, and on what condition."""

    share: Fraction
    months: int = 0
    when: Term | None = None


@dataclass(frozen=True)
class Carried:
    """Money, in fen, of the budget of one period that serves the awards of another."""

    source: Period
    target: Period
    fen: int

    def is_there(self, as_of: date) -> bool:
        """Return whether both periods have begun; before that, neither of them knows of it."""
        return max(self.source, self.target).first_day <= as_of


@dataclass(frozen=True)
class BudgetLine:
    """A budget line for one period, in fen (None: no limit stated); firms are served by `rank`, `highest` first."""

    line: str
    amount_fen: int | None
    when_short: Literal["pay_all", "pro_rata", "rank", "carry_over"]
    rank: Term | None = None
    highest: bool = True
    carried: tuple[Carried, ...] = ()

    def amount_for(self, period: Period, as_of: date) -> int | None:
        """Return the amount of a period in fen, with what is carried to it and away from it as of a day."""
        if self.amount_fen is None:
            return None
        there = [each for each in self.carried if each.is_there(as_of)]
        to_it = sum(each.fen for each in there if each.target == period)
        return self.amount_fen + to_it - sum(each.fen for each in there if each.source == period)


@dataclass(frozen=True)
class Award:
    """What is paid; `amount` is in fen, per item when `items` is given, else per firm.

    `lifetime` is the most a firm may have received in all; binding takes from it what was paid in other periods.
    `family` names the policies whose past payments count as its own, `since` the first day of those that matter.
    `written` is what the file says, to be shown.
    """

    items: Items | None
    amount: Term
    tiers: tuple[Tier, ...] = ()
    item_cap: Term | None = None
    cap: Term | None = None
    rounding_mode: Literal["down", "half_up", "up"] = "down"
    rounding_quantum_fen: int = 1
    lifetime: Term | None = None
    claim: Literal["once", "per_period", "per_item"] = "per_period"
    family: str | None = None
    since: date | None = None
    exclusive: Exclusive | None = None
    top_up: TopUp | None = None
    share_of: ShareOf | None = None
    shared_caps: tuple[str, ...] = ()
    written: AwardForm | None = None


@dataclass(frozen=True)
class Policy:
    """One policy, ready to be bound to a period and an as-of date."""

    id: str
    title: Title
    kind: PolicyKind
    status: Status
    source: Source
    service: Service | None
    applies: tuple[Applies, ...]
    period_kind: PeriodKind
    conditions: Group
    award: Award | None
    budget: Budget | None
    payout: Payout | None
    max_share: Fraction | None
    automatic: bool
    reason: str
    supersedes: tuple[str, ...]
    note: str
    file: str
    sha256: str
    budget_line: BudgetLine | None = None
    instalments: tuple[Instalment, ...] = ()

    @property
    def matchable(self) -> bool:
        """Return whether a match may decide it: in force, and nothing in it needs a person's judgement."""
        return self.status is Status.IN_FORCE and self.automatic

    @property
    def finishing(self) -> bool:
        """Return whether it grants nothing new, and what it began to pay in instalments is still paid to the end."""
        return self.status is Status.REPEALED and bool(self.instalments)
