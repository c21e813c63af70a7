"""Payments that a bank's file cannot carry, each by name, and all of them in one error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from enterprise_data.declarations.problems import MianshenError


@dataclass(frozen=True)
class Refusal:
    """One text that cannot be written: whose, in which column, what is wrong, and what to do.

    `payment_id` is empty where the order itself or its payer is at fault.
    """

    payment_id: str
    payee_name: str
    column: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Say it in one line."""
        who = f"{self.payment_id} ({_shown(self.payee_name) or 'no name'})" if self.payment_id else "the order"
        return f"{who}: {self.column} {self.what}; {self.remedy}"


class OrderRefused(MianshenError):
    """No file is written, because some payments cannot be told to the bank as they are."""

    def __init__(self, refusals: Sequence[Refusal], mapping: str) -> None:
        """Keep all refusals, in the order of the payments."""
        self.refusals = tuple(refusals)
        listed = "\n".join(f"  {refusal}" for refusal in refusals)
        super().__init__(f"no file was written for {mapping}; it cannot carry these texts as they are:\n{listed}")


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)
