"""What taking in a run came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from payouts.intake.run_file import LeftOut

OUTCOMES: Final = (
    "new",
    "changed",
    "undetermined",
    "revised",
    "withdrawn",
    "unchanged",
    "elsewhere",
    "already_paid",
    "paid_differs",
)


@dataclass(frozen=True)
class Intake:
    """What taking in a run came to; amounts in fen.

    `lines` are `payouts.intake.differences.LINES`, one for each entitlement that the run lists or no longer lists.
    `policies` were taken in now, `before` by an earlier taking in of the same run; `left_out` were not, and say why.
    """

    run: str
    policies: tuple[str, ...]
    before: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    lines: pl.DataFrame

    def count(self, outcome: str) -> int:
        """Return how many entitlements have an outcome (see `payouts.intake.differences`)."""
        return self.of(outcome).height

    def fen(self, outcome: str) -> int:
        """Return what the run says is due in all for those of an outcome."""
        return int(self.of(outcome)["amount_fen"].sum())

    def of(self, outcome: str) -> pl.DataFrame:
        """Return the lines of an outcome, such as `paid_differs`: both amounts, for people to look at."""
        return self.lines.filter(pl.col("outcome") == outcome)

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of entitlements by outcome, every outcome named."""
        return {outcome: self.count(outcome) for outcome in OUTCOMES}
