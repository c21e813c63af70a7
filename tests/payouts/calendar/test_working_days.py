"""Working days: as the State Council published them, and what counting must always hold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprise_data.declarations.problems import MianshenError
from payouts.calendar.working_days import (
    CHINA,
    WorkCalendar,
    add_working_days,
    is_working_day,
    working_days_between,
)

# 国办发明电〔2023〕7号 (2024), 国办发明电〔2024〕12号 (2025): off from … to, and the weekends worked for it.
PUBLISHED = [
    ("元旦 2024", "2024-01-01", "2024-01-01", []),
    ("春节 2024", "2024-02-10", "2024-02-17", ["2024-02-04", "2024-02-18"]),
    ("清明 2024", "2024-04-04", "2024-04-06", ["2024-04-07"]),
    ("劳动节 2024", "2024-05-01", "2024-05-05", ["2024-04-28", "2024-05-11"]),
    ("端午 2024", "2024-06-10", "2024-06-10", []),
    ("中秋 2024", "2024-09-15", "2024-09-17", ["2024-09-14"]),
    ("国庆 2024", "2024-10-01", "2024-10-07", ["2024-09-29", "2024-10-12"]),
    ("春节 2025", "2025-01-28", "2025-02-04", ["2025-01-26", "2025-02-08"]),
    ("国庆、中秋 2025", "2025-10-01", "2025-10-08", ["2025-09-28", "2025-10-11"]),
]


@pytest.mark.parametrize(("name", "first", "last", "worked"), PUBLISHED)
def test_holidays_and_shifted_weekends_are_those_published(name: str, first: str, last: str, worked: list[str]) -> None:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    assert not any(is_working_day(begin + timedelta(n)) for n in range((end - begin).days + 1)), name
    assert all(is_working_day(date.fromisoformat(day)) for day in worked), name


PERIODS = [
    # published on, working days, ends on
    ("2024-03-26", 5, "2024-04-02"),  # a plain week
    ("2024-03-29", 4, "2024-04-07"),  # over 清明: Thursday to Saturday off, Sunday worked
    ("2024-02-08", 1, "2024-02-09"),  # the eve was a working day in 2024
    ("2024-02-09", 1, "2024-02-18"),  # … and then nobody works for eight days, but on the Sunday
    ("2024-02-09", 7, "2024-02-26"),  # Sunday 18, Monday to Friday, Monday 26
    ("2024-09-27", 3, "2024-10-08"),  # Sunday 29, Monday 30, then National Day
    ("2024-10-05", 5, "2024-10-12"),  # published on a day off; ends on a worked Saturday
    ("2024-12-31", 1, "2025-01-02"),  # over the end of a year
    ("2024-03-26", 0, "2024-03-26"),
]


@pytest.mark.parametrize(("published", "n", "ends"), PERIODS)
def test_a_period_begins_on_the_day_after_and_ends_with_its_last_working_day(published: str, n: int, ends: str) -> None:
    end = add_working_days(date.fromisoformat(published), n)
    assert end.isoformat() == ends
    assert working_days_between(date.fromisoformat(published), end) == n


DAYS = st.dates(date(2004, 1, 1), date(2026, 6, 30))
COUNTS = st.integers(0, 80)


@given(day=DAYS, n=COUNTS)
def test_adding_and_then_counting_gives_the_number_back(day: date, n: int) -> None:
    end = add_working_days(day, n)
    assert working_days_between(day, end) == n
    assert n == 0 or is_working_day(end)


@given(day=DAYS, later=st.integers(0, 30), n=COUNTS, more=st.integers(0, 5))
def test_a_later_day_or_a_longer_period_never_ends_earlier(day: date, later: int, n: int, more: int) -> None:
    assert add_working_days(day, n) <= add_working_days(day + timedelta(later), n)
    assert add_working_days(day, n) <= add_working_days(day, n + more)


@given(a=DAYS, first=st.integers(0, 40), second=st.integers(0, 40))
def test_counts_of_adjoining_stretches_add_up(a: date, first: int, second: int) -> None:
    b, c = a + timedelta(first), a + timedelta(first + second)
    assert working_days_between(a, c) == working_days_between(a, b) + working_days_between(b, c)


def test_a_year_that_nobody_knows_is_named_with_what_to_do() -> None:
    beyond = CHINA.last_year + 1
    with pytest.raises(MianshenError) as found:
        add_working_days(date(CHINA.last_year, 12, 30), 5)
    message = str(found.value)
    assert f"working days of {beyond} are not known" in message
    assert f"to {CHINA.last_year}" in message
    assert f"calendar/{beyond}.yaml" in message
    with pytest.raises(MianshenError, match=r"of 1999 are not known.*check the date"):
        is_working_day(date(1999, 5, 4))


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(MianshenError, match="lies before"):
        working_days_between(date(2024, 3, 2), date(2024, 3, 1))
    with pytest.raises(MianshenError, match="-1 working days"):
        add_working_days(date(2024, 3, 2), -1)


def test_no_folder_means_no_stated_years(tmp_path: Path) -> None:
    assert WorkCalendar.open(tmp_path / "calendar").last_year == CHINA.last_year
