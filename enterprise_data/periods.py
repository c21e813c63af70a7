"""Periods: a year, half, quarter or month, written `2024`, `2024H1`, `2024Q1`, `2024-03`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_TEXT = re.compile(r"(?P<year>[12]\d{3})(?:[Hh](?P<half>[12])|[Qq](?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


class PeriodKind(StrEnum):
    """How long a period is; a dataset has one kind, a policy runs on one kind."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def per_year(self) -> int:
        """Return how many periods of this kind a year has."""
        return {"year": 1, "half": 2, "quarter": 4, "month": 12}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """One period; `index` counts periods of its kind from year 0, so that subtraction is arithmetic."""

    kind: PeriodKind
    index: int

    @staticmethod
    def parse(text: str) -> Period:
        """Read `2024`, `2024H1`, `2024Q1` or `2024-03`.

        Raises:
            ValueError: for any other text.
        """
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a period; write 2024, 2024H1, 2024Q1 or 2024-03")
        year = int(match["year"])
        for kind, part in ((PeriodKind.HALF, "half"), (PeriodKind.QUARTER, "quarter"), (PeriodKind.MONTH, "month")):
            if match[part]:
                return Period(kind, year * kind.per_year + int(match[part]) - 1)
        return Period(PeriodKind.YEAR, year)

    @staticmethod
    def containing(day: date, kind: PeriodKind) -> Period:
        """Return the period of `kind` in which `day` lies."""
        return Period(kind, day.year * kind.per_year + (day.month - 1) * kind.per_year // 12)

    @property
    def year(self) -> int:
        """Return the calendar year the period lies in."""
        return self.index // self.kind.per_year

    @property
    def first_day(self) -> date:
        """Return the first day; datasets store a period as this date."""
        months = 12 // self.kind.per_year
        return date(self.year, self.index % self.kind.per_year * months + 1, 1)

    @property
    def last_day(self) -> date:
        """Return the last day, which belongs to the period."""
        return (self + 1).first_day - timedelta(days=1)

    def __add__(self, periods: int) -> Period:
        """Return the period that many periods later."""
        return Period(self.kind, self.index + periods)

    def __sub__(self, periods: int) -> Period:
        """Return the period that many periods earlier."""
        return self + -periods

    def years_earlier(self, years: int) -> Period:
        """Return the same period of an earlier year (同期)."""
        return self - years * self.kind.per_year

    def __str__(self) -> str:
        """Return the written form, which `parse` reads back."""
        part = self.index % self.kind.per_year + 1
        forms = {"year": "", "half": f"H{part}", "quarter": f"Q{part}", "month": f"-{part:02d}"}
        return f"{self.year}{forms[self.kind.value]}"
