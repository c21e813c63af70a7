"""Counting working days: which day a period ends on, and how many working days lie between two days.

A period of n working days (n个工作日) begins with the day after it was opened and ends with the end of its n-th
working day: the day of opening does not count (民法典 art. 201).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar  # type: ignore[import-untyped]  # the package has no annotations

from enterprise_data.declarations.problems import MianshenError
from payouts.calendar.stated_years import StatedYear, read_stated_years

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_FIRST_KNOWN: int = min(chinese_calendar.holidays).year
_LAST_KNOWN: int = max(chinese_calendar.holidays).year


class WorkCalendar:
    """The working days of China: of the library, and of the years that a bureau states, which go first."""

    def __init__(self, stated: Iterable[StatedYear] = ()) -> None:
        """Take the years of the library, and `stated` ones in place of its own."""
        years = tuple(stated)
        self._stated = frozenset(year.year for year in years)
        self._off = frozenset(day for year in years for day in year.holidays)
        self._worked = frozenset(day for year in years for day in year.working_weekends)

    @staticmethod
    def open(folder: Path) -> WorkCalendar:
        """Read the stated years of a folder, which need not exist.

        Raises:
            ProblemsFound: what is wrong in its files, with its place.
        """
        return WorkCalendar(read_stated_years(folder))

    @property
    def last_year(self) -> int:
        """Return the last year known without a gap from the library's first one on."""
        year = _LAST_KNOWN
        while year + 1 in self._stated:
            year += 1
        return year

    def is_working_day(self, day: date) -> bool:
        """Say whether people work on a day.

        Raises:
            MianshenError: nobody has said yet which days of its year are off.
        """
        if day in self._off or day in self._worked:
            return day in self._worked
        if day.year in self._stated:
            return day.weekday() < _SATURDAY
        if not _FIRST_KNOWN <= day.year <= _LAST_KNOWN:
            raise MianshenError(self._unknown(day.year))
        return bool(chinese_calendar.is_workday(day))

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which itself does not count; `day` for 0.

        Raises:
            MianshenError: n is negative, or the count runs into a year that nobody knows.
        """
        if n < 0:
            raise MianshenError(f"a period of {n} working days: it must be 0 or more")
        while n > 0:
            day += _ONE_DAY
            n -= self.is_working_day(day)
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """Return how many working days lie after `a` and up to and including `b`.

        Raises:
            MianshenError: `b` lies before `a`, or a year between them is one that nobody knows.
        """
        if b < a:
            raise MianshenError(f"working days are counted forward: {b} lies before {a}")
        return sum(self.is_working_day(a + offset * _ONE_DAY) for offset in range(1, (b - a).days + 1))

    def differing_days(self) -> Iterator[date]:
        """Yield the days of stated years of which the library says otherwise: a slip of the pen, or a local holiday."""
        for year in sorted(self._stated & set(range(_FIRST_KNOWN, _LAST_KNOWN + 1))):
            day = date(year, 1, 1)
            while day.year == year:
                if self.is_working_day(day) != chinese_calendar.is_workday(day):
                    yield day
                day += _ONE_DAY

    def _unknown(self, year: int) -> str:
        known = f"working days are known from {_FIRST_KNOWN} to {self.last_year}"
        if year < _FIRST_KNOWN:
            return f"the working days of {year} are not known: {known}; check the date"
        return (
            f"the working days of {year} are not known: {known}; when the State Council has announced its holidays, "
            f"update the package chinesecalendar, or state the year in calendar/{year}.yaml of the workspace"
        )


CHINA = WorkCalendar()
is_working_day = CHINA.is_working_day
add_working_days = CHINA.add_working_days
working_days_between = CHINA.working_days_between
