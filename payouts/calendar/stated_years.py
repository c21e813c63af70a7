"""Years that a bureau states itself: a strict YAML file per year, for a year that no library knows yet.

The notice on the holidays of a year (国务院办公厅关于…部分节假日安排的通知) comes out in the autumn before.

    year: 2031
    source: 国办发明电〔2030〕…号
    holidays: [2031-01-01, 2031-05-01..2031-05-05, 2031-10-01..2031-10-07]    # weekends may be left out
    working_weekends: [2031-09-28]                                            # none: []
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from enterprise_data.declarations.problems import Problem, raise_if_any
from enterprise_data.declarations.schema import Declared, validate
from enterprise_data.declarations.strict_yaml import Document, read

# 全国年节及纪念日放假办法: these days are off every year; those of the moon's calendar differ, so are not checked.
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
_SATURDAY = 5
_LONGEST_RANGE = timedelta(days=31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(f"`{text}` is not a day; write it as 2031-05-01")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"there is no day {text}") from error


def _days(value: object) -> object:
    if not isinstance(value, list):
        raise ValueError("must be a list of days such as [2031-05-01, 2031-10-01..2031-10-07]")
    days: list[date] = []
    for entry in value:
        first, _, last = str(entry).partition("..")
        begin, end = _day(first), _day(last or first)
        if not timedelta() <= end - begin <= _LONGEST_RANGE:
            raise ValueError(f"`{entry}` must run forward, for {_LONGEST_RANGE.days} days at most")
        days += (begin + timedelta(days=offset) for offset in range((end - begin).days + 1))
    doubled = sorted({day for day in days if days.count(day) > 1})
    if doubled:
        raise ValueError(f"{doubled[0]} stands twice")
    return tuple(days)


Days = Annotated[tuple[date, ...], BeforeValidator(_days)]


class StatedYear(Declared):
    """One year as a bureau states it; it stands in place of what the library says of that year.

    A notice may also move the last days of the December before.
    """

    year: Annotated[int, Field(ge=2000, le=2200)]
    source: Annotated[str, Field(min_length=1)]
    holidays: Days
    working_weekends: Days

    @model_validator(mode="after")
    def _is_whole(self) -> StatedYear:
        for day in (*self.holidays, *self.working_weekends):
            if day.year != self.year and not date(self.year - 1, 12, 20) <= day < date(self.year, 1, 1):
                raise ValueError(f"{day} lies outside {self.year} and the last days of the December before")
        for day in self.working_weekends:
            if day.weekday() < _SATURDAY:
                raise ValueError(f"{day} under `working_weekends` is neither a Saturday nor a Sunday")
            if day in self.holidays:
                raise ValueError(f"{day} stands under `holidays` and under `working_weekends`")
        for month, number in _FIXED_HOLIDAYS:
            if date(self.year, month, number) not in self.holidays:
                missing = date(self.year, month, number)
                raise ValueError(f"{missing} is a holiday by law and is missing under `holidays`: write the whole year")
        return self


def read_stated_years(folder: Path) -> tuple[StatedYear, ...]:
    """Read every `*.yaml` of a folder, in the order of their years; no folder, no years.

    Raises:
        ProblemsFound: a file that is not in the form above, or two files for one year.
    """
    years: dict[int, tuple[StatedYear, Document]] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = read(path)
        stated = validate(StatedYear, document, "CAL001")
        if stated.year in years:
            message = f"{stated.year} stands in {years[stated.year][1].file} already"
            raise_if_any([Problem("CAL002", message, document.place("year"), "keep one of the two files")])
        years[stated.year] = (stated, document)
    return tuple(years[year][0] for year in sorted(years))
