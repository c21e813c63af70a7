"""Years that a bureau states: taken whole, refused with their place, ahead of the library."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from payouts.calendar.working_days import CHINA, WorkCalendar

FILE = """\
year: 2031
source: a notice made up for this test
holidays: [2030-12-31, 2031-01-01, 2031-05-01..2031-05-05, 2031-10-01..2031-10-07]
working_weekends: [2030-12-28, 2031-09-28]
"""


def stated(folder: Path, text: str, name: str = "2031.yaml") -> WorkCalendar:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return WorkCalendar.open(folder)


def test_a_stated_year_is_known(tmp_path: Path) -> None:
    calendar = stated(tmp_path, FILE)
    assert calendar.is_working_day(date(2031, 9, 28))  # a Sunday
    assert not calendar.is_working_day(date(2031, 5, 5))  # a Monday
    assert not calendar.is_working_day(date(2031, 9, 27))  # a Saturday
    assert calendar.add_working_days(date(2031, 9, 26), 3) == date(2031, 9, 30)
    assert calendar.working_days_between(date(2031, 9, 30), date(2031, 10, 8)) == 1


def test_a_notice_may_move_the_last_days_of_the_december_before(tmp_path: Path) -> None:
    calendar = stated(tmp_path, FILE)
    assert calendar.is_working_day(date(2030, 12, 28))  # a Saturday
    assert not calendar.is_working_day(date(2030, 12, 31))
    with pytest.raises(MianshenError, match="of 2030 are not known"):
        calendar.is_working_day(date(2030, 12, 30))


def test_stated_years_push_the_last_known_year_on_only_without_a_gap(tmp_path: Path) -> None:
    following = CHINA.last_year + 1
    text = FILE.replace("2030", str(following - 1)).replace("2031", str(following))
    weekend = next(d for d in (date(following, 9, n) for n in range(1, 30)) if d.weekday() == 6)
    text = text[: text.index("working_weekends")] + f"working_weekends: [{weekend}]\n"
    assert stated(tmp_path, text, "next.yaml").last_year == following
    assert (
        stated(
            tmp_path / "alone",
            FILE.replace("2031", "2041").replace("2030-12-28, 2041-09-28", "").replace("2030-12-31, ", ""),
        ).last_year
        == CHINA.last_year
    )


def test_a_stated_year_goes_before_the_library_and_the_differences_are_told(tmp_path: Path) -> None:
    text = """\
year: 2024
source: a notice made up for this test, with a local holiday on 11 April
holidays: [2024-01-01, 2024-02-10..2024-02-17, 2024-04-04..2024-04-06, 2024-04-11, 2024-05-01..2024-05-05,
  2024-06-10, 2024-09-15..2024-09-17, 2024-10-01..2024-10-07]
working_weekends: [2024-02-04, 2024-02-18, 2024-04-07, 2024-04-28, 2024-05-11, 2024-09-14, 2024-09-29, 2024-10-12]
"""
    calendar = stated(tmp_path, text, "2024.yaml")
    assert not calendar.is_working_day(date(2024, 4, 11))
    assert CHINA.is_working_day(date(2024, 4, 11))
    assert list(calendar.differing_days()) == [date(2024, 4, 11)]


FAULTS = [
    ("year: 2031", "year: next", 1, "valid integer"),
    ("2031-01-01, ", "", 1, "2031-01-01 is a holiday by law and is missing"),
    ("..2031-10-07", "..2031-10-02", 1, "2031-10-03 is a holiday by law"),
    ("2031-01-01", "2031-1-1", 3, "`2031-1-1` is not a day"),
    ("2031-01-01", "2031-02-30", 3, "there is no day 2031-02-30"),
    ("2031-01-01", "2031-01-01, 2031-01-01", 3, "2031-01-01 stands twice"),
    ("2031-05-01..2031-05-05", "2031-05-05..2031-05-01", 3, "must run forward"),
    ("2031-10-01..2031-10-07", "2031-10-01..2035-10-07", 3, "must run forward"),
    ("2031-01-01", "2032-01-01", 1, "2032-01-01 lies outside 2031"),
    ("2030-12-31", "2030-11-30", 1, "2030-11-30 lies outside 2031"),
    ("2031-09-28]", "2031-09-26]", 1, "neither a Saturday nor a Sunday"),
    ("2031-09-28]", "2031-05-03]", 1, "under `holidays` and under `working_weekends`"),
    ("holidays: [", "holidays: nothing  # [", 3, "must be a list of days"),
    ("source:", "sauce:", 2, "unknown key `sauce`"),
]


@pytest.mark.parametrize(("before", "after", "line", "message"), FAULTS)
def test_a_fault_is_reported_where_it_stands(tmp_path: Path, before: str, after: str, line: int, message: str) -> None:
    assert before in FILE
    with pytest.raises(ProblemsFound) as found:
        stated(tmp_path, FILE.replace(before, after, 1))
    told = [(problem.place.line, problem.message) for problem in found.value.problems]
    assert any(line == at and message in text for at, text in told), told


def test_two_files_for_one_year_are_refused(tmp_path: Path) -> None:
    stated(tmp_path, FILE)
    with pytest.raises(ProblemsFound, match=r"stands in .*2031\.yaml already"):
        stated(tmp_path, FILE, "again.yaml")
