"""Who does something, when and why: it goes into every event, and no function of payouts asks a clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime


@dataclass(frozen=True)
class Act:
    """An act of a person, a firm or the machine.

    `actor` is an officer's id, `firm:<code>`, or `machine`; `at` is an instant as the ledger keeps it; `code` is a
    word that reports group by, `reason` a sentence for people.
    """

    actor: str
    at: str
    reason: str = ""
    code: str = ""

    def because(self, reason: str, code: str = "") -> Act:
        """Return the same act for another reason."""
        return replace(self, reason=reason, code=code)

    @property
    def day(self) -> date:
        """The day of the act in China (UTC+8, no summer time)."""
        return (datetime.fromisoformat(self.at) + _CHINA).date()


_CHINA = datetime(1, 1, 1, 8, tzinfo=UTC) - datetime(1, 1, 1, tzinfo=UTC)


def instant(moment: datetime) -> str:
    """Return a moment as the ledger keeps it; `moment` must know its time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
