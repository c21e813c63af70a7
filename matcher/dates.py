"""Calendar arithmetic, as the language defines it; the SQL compiler says the same in DuckDB's words."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from enterprise_data.declarations.problems import MianshenError


def shift(day: date, months: int, days: int) -> date:
    """Return `day` plus months (the day clipped to the month's end), then plus days.

    Raises:
        MianshenError: when that is before the year 1 or after the year 9999.
    """
    try:
        return day + relativedelta(months=months) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        message = f"the day {months:+} months and {days:+} days from {day} lies outside the calendar"
        raise MianshenError(message) from error


def days_between(start: date, end: date) -> int:
    """Return the days from `start` to `end`, negative when `end` is earlier."""
    return (end - start).days


def months_between(start: date, end: date) -> int:
    """Return the whole months from `start` to `end`, negative when `end` is earlier.

    n months have passed once `start` plus n months, month ends clipped, is not after `end`.
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (shift(start, months, 0) > end)
