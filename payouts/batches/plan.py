"""A plan: what would be paid now, what would not and why, and what that leaves of the budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from payouts.batches.payable import Reason
from payouts.batches.selection import Selection
from payouts.batches.settings import Settings
from payouts.ledger.keys import payment_id


class Item(NamedTuple):
    """One payment of a plan, with all that the officers sign; `attempt` is above 1 for what was tried before."""

    entitlement_id: str
    policy: str
    period: str
    uscc: str
    item: str
    part: int
    proposal_id: int
    run_id: str
    policy_sha256: str
    firm_name: str
    payee_id: int
    account_name: str
    account_no: str
    bank_name: str
    bank_code: str
    attempt: int
    amount_fen: int
    line: str
    purpose: str

    @property
    def payment_id(self) -> str:
        """Return the id of the payment, which follows from the entitlement and the attempt."""
        return payment_id(self.entitlement_id, self.attempt)


@dataclass(frozen=True)
class LeftOut:
    """What is confirmed and not paid, and yet not payable now; `amount_fen` is None where it is unknown."""

    entitlement_id: str
    policy: str
    period: str
    uscc: str
    firm_name: str
    amount_fen: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LineMoney:
    """What a line of the budget has now, and how much of it could be paid, in fen; too little pays nobody."""

    line: str
    available_fen: int
    payable_fen: int

    @property
    def is_enough(self) -> bool:
        """Return whether the line has the money."""
        return self.payable_fen <= self.available_fen

    @property
    def left_fen(self) -> int:
        """Return what remains after the plan."""
        return self.available_fen - self.payable_fen if self.is_enough else self.available_fen


class Tally(NamedTuple):
    """How many entitlements stand elsewhere, in which state, and the sum of their known amounts in fen."""

    state: str
    entitlements: int
    fen: int


@dataclass(frozen=True)
class Plan:
    """Everything that `payout plan` shows and that a batch is made of; `day` is the day it was drawn for.

    `elsewhere` counts what the selection has beside: entitlements that are not confirmed, by their state, and
    confirmed ones with a live payment, by its state (`payment sent`).
    """

    batch_id: str
    content_sha256: str
    selection: Selection
    settings: Settings
    day: str
    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...]
    lines: tuple[LineMoney, ...]
    elsewhere: tuple[Tally, ...]

    @property
    def total_fen(self) -> int:
        """Return what the plan pays."""
        return sum(item.amount_fen for item in self.items)

    @property
    def signatures(self) -> int:
        """Return how many officers must sign, the maker among them."""
        largest = max((item.amount_fen for item in self.items), default=0)
        return 3 if self.settings.third_signature.needed(largest, self.total_fen) else 2
