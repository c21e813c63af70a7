"""The form of a parameter file: dated values with a source, plain or as a table by code, region, industry or number."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from enterprise_data.catalogue.model import Identifier
from enterprise_data.declarations.schema import Declared
from enterprise_data.periods import Period
from policies.citation import Source, TextOrNumber, Title

KeyKind = Literal["none", "code", "region", "industry", "number"]


def _first_day(value: object) -> object:
    return _day(value, last=False)


def _last_day(value: object) -> object:
    return _day(value, last=True)


def _day(value: object, *, last: bool) -> object:
    if not isinstance(value, str) or len(value) == len("2024-01-31"):
        return value
    period = Period.parse(value)
    return period.last_day if last else period.first_day


FirstDay = Annotated[date, BeforeValidator(_first_day), Field(json_schema_extra={"type": ["string", "number"]})]
LastDay = Annotated[date, BeforeValidator(_last_day), Field(json_schema_extra={"type": ["string", "number"]})]


class TableRow(Declared):
    """One row: for a `key`, or for numbers `up_to` (included) or `below` a bound; the last may be open."""

    key: TextOrNumber | None = None
    up_to: TextOrNumber | None = None
    below: TextOrNumber | None = None
    value: TextOrNumber

    @model_validator(mode="after")
    def _at_most_one(self) -> TableRow:
        if sum(part is not None for part in (self.key, self.up_to, self.below)) > 1:
            raise ValueError("a row has one of `key`, `up_to`, `below`, or none if it is the last")
        return self


class DatedValue(Declared):
    """A value, or a table, in force from a day (or period) on, until `to` or until the next one begins."""

    from_: Annotated[FirstDay, Field(alias="from")]
    to: LastDay | None = None
    value: TextOrNumber | None = None
    table: tuple[TableRow, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _value_or_table(self) -> DatedValue:
        if (self.value is not None) == bool(self.table):
            raise ValueError("write either `value` or `table`")
        if self.to is not None and self.to < self.from_:
            raise ValueError("`to` lies before `from`")
        return self


class ParameterFile(Declared):
    """One parameter; see `docs/policies.md`."""

    parameter: Identifier
    title: Title
    type: Literal["money", "share", "points", "count", "number", "date", "text"]
    unit: str | None = None
    key: KeyKind = "none"
    source: Source
    values: Annotated[tuple[DatedValue, ...], Field(min_length=1)]
    note: str = ""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> ParameterFile:
        for value in self.values:
            if (self.key == "none") == bool(value.table):
                raise ValueError("`key: none` needs a `value` each time, any other key a `table`")
        for earlier, later in zip(self.values, self.values[1:], strict=False):
            if later.from_ <= (earlier.to or earlier.from_):
                raise ValueError(f"the value from {later.from_} overlaps the one before; write the earlier first")
        return self
