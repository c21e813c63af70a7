"""What a run is asked: for which period, as of which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from enterprise_data.periods import Period


@dataclass(frozen=True)
class Context:
    """The period decided about, and the day as of which facts, windows and parameters are read."""

    period: Period
    as_of: date
