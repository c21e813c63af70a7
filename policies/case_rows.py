"""The rows a worked case gives, typed against the catalogue as they rest in a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.declarations.problems import Problem, suggest
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from enterprise_data.periods import Period
from policies.case_values import at_rest, money

Given = dict[str, Any]


@dataclass(frozen=True)
class CaseRow:
    """One row at rest: `values` has every field of the dataset, None where the case gives none.

    `belongs` is None for a row that may or may not be the firm's; `period` is the first day of its period.
    """

    values: Mapping[str, object]
    period: date | None = None
    belongs: bool | None = True

    def at_rest(self) -> dict[str, object]:
        """Return the row as a snapshot has it: its fields, `belongs` and, where it has one, `period`."""
        period = {} if self.period is None else {"period": self.period}
        return {**self.values, **period, "belongs": self.belongs}


@dataclass
class CaseReader:
    """Reads values of one cases file; faults are collected, so that one run reports all of them."""

    document: Document
    catalogue: Catalogue
    problems: list[Problem] = field(default_factory=list)

    def problem(self, message: str, path: YamlPath, help_text: str = "") -> None:
        """Keep a fault found at `path`."""
        self.problems.append(Problem("CASE002", message, self.document.place(*path), help_text))

    def dataset(self, name: str, path: YamlPath) -> Dataset | None:
        """Return a dataset by identifier or title."""
        dataset = self.catalogue.find(name)
        if dataset is None:
            self.problem(f"`{name}` is not a dataset", path, suggest(name, self.catalogue.datasets))
        return dataset

    def periods(self, text: str, path: YamlPath) -> list[Period]:
        """Return the period, or every period of a range `2024-01..2024-12`."""
        first, _, last = text.partition("..")
        try:
            start, end = Period.parse(first), Period.parse(last or first)
        except ValueError as error:
            self.problem(str(error), path)
            return [Period.parse("2000")]
        if start.kind is not end.kind or end < start:
            self.problem(f"`{text}` is not a range of periods", path, "write the earlier end first")
        return [Period(start.kind, index) for index in range(start.index, end.index + 1)]

    def money(self, text: str, path: YamlPath) -> int:
        """Return an amount in fen."""
        try:
            return money(text, None)
        except ValueError as error:
            self.problem(str(error), path)
            return 0


def case_rows(own: Given, shared: Given, path: YamlPath, reader: CaseReader) -> dict[str, tuple[CaseRow, ...]]:
    """Return the rows of a case by dataset: its own, and the file's for datasets it does not give itself.

    Where both give one row (a mapping), the case's fields are laid over the file's. `path` leads to the case.
    """
    rows = {}
    for name in dict.fromkeys((*shared, *own)):
        value, where = (own[name], (*path, "given", name)) if name in own else (shared[name], ("given", name))
        dataset = reader.dataset(name, where)
        if dataset is None or value is None:
            continue
        base = shared.get(name)
        if isinstance(value, dict) and isinstance(base, dict):
            value = {**base, **value}
        rows[dataset.dataset] = tuple(_typed(value, dataset, where, reader))
    return rows


def _typed(value: object, dataset: Dataset, path: YamlPath, reader: CaseReader) -> Iterator[CaseRow]:
    if not isinstance(value, list):
        yield from _row(value, dataset, path, reader)
        return
    for i, row in enumerate(value):
        yield from _row(row, dataset, (*path, i), reader)


def _row(row: object, dataset: Dataset, path: YamlPath, reader: CaseReader) -> Iterator[CaseRow]:
    """Yield the row once for each period it names."""
    if not isinstance(row, dict):
        reader.problem(f"a row of `{dataset.dataset}` is `field: value` pairs", path)
        return
    belongs = row.get("belongs", "surely")
    if belongs not in ("surely", "maybe"):
        reader.problem("`belongs` is `surely` or `maybe`", (*path, "belongs"))
    values = _values(row, dataset, path, reader)
    for first_day in _first_days(row.get("period"), dataset, path, reader):
        yield CaseRow(values, first_day, None if belongs == "maybe" else True)


def _first_days(period: object, dataset: Dataset, path: YamlPath, reader: CaseReader) -> list[date | None]:
    timed = dataset.grain in (Grain.PERIOD, Grain.REGION)
    if timed != (period is not None):
        message = "needs a `period`" if timed else "has no `period`"
        reader.problem(f"a row of `{dataset.dataset}` {message}", path)
    if not timed or period is None:
        return [None]
    found = reader.periods(str(period), (*path, "period"))
    if any(p.kind is not dataset.period for p in found):
        reader.problem(f"`{dataset.dataset}` has a row for each {dataset.period}, not `{period}`", (*path, "period"))
    return [p.first_day for p in found]


def _values(row: Given, dataset: Dataset, path: YamlPath, reader: CaseReader) -> dict[str, object]:
    values: dict[str, object] = dict.fromkeys(dataset.fields)
    for name, text in row.items():
        if name in ("period", "belongs"):
            continue
        identifier = reader.catalogue.field_name(dataset.dataset, name)
        if identifier is None:
            message = f"`{dataset.dataset}` has no field `{name}`"
            reader.problem(message, (*path, name), suggest(name, dataset.fields))
            continue
        try:
            values[identifier] = None if text is None else at_rest(text, dataset.fields[identifier])
        except (ValueError, LookupError) as error:
            reader.problem(f"`{name}`: {error}", (*path, name))
    return values
