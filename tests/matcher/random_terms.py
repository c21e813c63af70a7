"""Random well-typed ground terms over the small world: every class of term, every dataset, every kind of hole."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from enterprise_data.catalogue.model import DataField, Dataset, FieldType, Grain
from enterprise_data.periods import Period
from policies.language import terms as t
from tests.matcher.small_world import CATALOGUE, DAYS, PERIODS

KINDS = {
    FieldType.MONEY: t.Kind.MONEY,
    FieldType.COUNT: t.Kind.COUNT,
    FieldType.SHARE: t.Kind.SHARE,
    FieldType.NUMBER: t.Kind.NUMBER,
    FieldType.DATE: t.Kind.DATE,
    FieldType.BOOLEAN: t.Kind.BOOL,
    FieldType.CODE: t.Kind.TEXT,
    FieldType.TEXT: t.Kind.TEXT,
    FieldType.REGION: t.Kind.REGION,
    FieldType.INDUSTRY: t.Kind.INDUSTRY,
}
NUMBERS = (t.Kind.MONEY, t.Kind.COUNT, t.Kind.SHARE, t.Kind.NUMBER)


def type_of(field: DataField) -> t.Type:
    """Return the language's type of a catalogue field."""
    return t.Type(KINDS[field.type])


@dataclass
class Generator:
    """Draws terms from `rnd`; `row` is the dataset whose rows are at hand inside a filter."""

    rnd: random.Random
    row: Dataset | None = None

    def condition(self, depth: int = 3) -> t.Term:
        """Return a random condition, sometimes under the name of a definition."""
        return self._perhaps_defined(self._condition(depth))

    def _perhaps_defined(self, term: t.Term) -> t.Term:
        if self.row is not None or self.rnd.random() > 0.15:
            return term
        return t.Defined(term.type, f"definition_{self.rnd.random()}", term)

    def _condition(self, depth: int) -> t.Term:
        options: list[Callable[[int], t.Term]] = [
            self._order,
            self._order,
            self._equality,
            self._set,
            self._known,
        ]
        options += [self._within, self._flag]
        if depth > 0:
            options += [self._logic, self._logic, self._logic, self._order]
        return self.rnd.choice(options)(depth - 1)

    def number(self, depth: int, kind: t.Kind | None = None) -> t.Term:
        """Return a random number of a kind, sometimes under the name of a definition."""
        return self._perhaps_defined(self._number(depth, kind))

    def _number(self, depth: int, kind: t.Kind | None) -> t.Term:
        kind = kind or self.rnd.choice(NUMBERS)
        options: list[Callable[[int, t.Kind], t.Term]] = [self._constant, self._leaf, self._leaf]
        if depth > 0:
            options += [
                self._arithmetic,
                self._quotient,
                self._rounded,
                self._extreme,
                self._absolute,
                self._choice,
            ]
            options += [self._elapsed]
        return self.rnd.choice(options)(depth - 1, kind)

    def day(self, depth: int) -> t.Term:
        """Return a random date."""
        if depth > 0 and self.rnd.random() < 0.4:
            months, days = self.rnd.choice([0, 1, -1, 12, -13]), self.rnd.choice([0, 1, -1, 30])
            return t.Shift(t.DATE, self.day(depth - 1), months, days)
        if depth > 0 and self.rnd.random() < 0.2:
            return self._day_of_two(depth - 1)
        return self._constant(depth, t.Kind.DATE) if self.rnd.random() < 0.5 else self._leaf(depth, t.Kind.DATE)

    def _day_of_two(self, depth: int) -> t.Term:
        days = (self.day(depth), self.day(depth))
        if self.rnd.random() < 0.3:
            return t.Choose(t.DATE, self.condition(depth), *days)
        function: Literal["min", "max"] = self.rnd.choice(["min", "max"])
        return t.Extreme(t.DATE, function, days)

    def _logic(self, depth: int) -> t.Term:
        members = tuple(self.condition(depth) for _ in range(self.rnd.choice([1, 2, 2, 3])))
        pick = self.rnd.random()
        if pick < 0.1:
            return t.Choose(t.BOOL, members[0], self.condition(depth), t.Constant(t.BOOL, self.rnd.random() < 0.5))
        if pick < 0.3:
            return t.Not(t.BOOL, members[0])
        return t.All(t.BOOL, members) if pick < 0.65 else t.Some(t.BOOL, members)

    def _order(self, depth: int) -> t.Term:
        operator = self.rnd.choice(get_args(t.Comparison))
        if self.rnd.random() < 0.3:
            return t.Compare(t.BOOL, operator, self.day(depth), self.day(depth))
        kind = self.rnd.choice(NUMBERS)
        return t.Compare(t.BOOL, operator, self.number(depth, kind), self.number(depth, kind))

    def _equality(self, depth: int) -> t.Term:
        kind = self.rnd.choice([t.Kind.TEXT, t.Kind.BOOL])
        right = self._constant(depth, kind) if self.rnd.random() < 0.7 else self._leaf(depth, kind)
        return t.Compare(t.BOOL, self.rnd.choice(["=", "!="]), self._leaf(depth, kind), right)

    def _set(self, depth: int) -> t.Term:
        kind = self.rnd.choice([t.Kind.TEXT, t.Kind.MONEY, t.Kind.DATE])
        member = self._leaf(depth, kind)
        values = {self._constant(0, kind).value for _ in range(self.rnd.choice([1, 2, 3]))} - {None}
        chosen = tuple(v for v in sorted(values, key=str) if isinstance(v, Fraction | date | str))
        return t.OneOf(t.BOOL, member, chosen) if chosen else t.Known(t.BOOL, member)

    def _known(self, depth: int) -> t.Term:
        member = self.number(depth) if self.rnd.random() < 0.5 else self._leaf(depth, t.Kind.TEXT)
        return t.Known(t.BOOL, self.day(depth) if self.rnd.random() < 0.2 else member)

    def _within(self, depth: int) -> t.Term:
        kind = self.rnd.choice([t.Kind.REGION, t.Kind.INDUSTRY])
        region = kind is t.Kind.REGION
        choices = ["37", "3702", "370202", "32", "3706"] if region else ["C", "C27", "C28", "C271", "C2710", "I"]
        prefixes = tuple(sorted(set(self.rnd.choices(choices, k=self.rnd.choice([1, 2, 3])))))
        return t.Within(t.BOOL, self._leaf(depth, kind), prefixes)

    def _flag(self, depth: int) -> t.Term:
        return self._leaf(depth, t.Kind.BOOL)

    def _constant(self, depth: int, kind: t.Kind) -> t.Constant:
        values: dict[t.Kind, list[t.Value]] = {
            t.Kind.DATE: list(DAYS),
            t.Kind.TEXT: ["一般", "重大", "其他"],
            t.Kind.BOOL: [True, False],
            t.Kind.SHARE: [Fraction(1, 10), Fraction(3, 10), Fraction(0), Fraction(-1, 10), Fraction(1, 3)],
        }
        numbers: list[t.Value] = [Fraction(1, 7), None, *map(Fraction, (0, 1, 2, 3, 100, -1, 300, 33333))]
        return t.Constant(t.Type(kind), self.rnd.choice(values.get(kind, numbers)))

    def _leaf(self, depth: int, kind: t.Kind) -> t.Term:
        if self.row is not None:
            return self._row_field(self.row, kind)
        options = [self._fact]
        if kind in (t.Kind.MONEY, t.Kind.NUMBER, t.Kind.DATE, t.Kind.TEXT, t.Kind.BOOL, t.Kind.COUNT):
            options += [self._aggregate]
        return self.rnd.choice(options)(kind)

    def _row_field(self, dataset: Dataset, kind: t.Kind) -> t.Term:
        names = [name for name, field in dataset.fields.items() if KINDS[field.type] is kind]
        if kind is t.Kind.DATE and dataset.period is not None:
            names.append("period")
        if not names:
            return (
                self._constant(0, kind)
                if kind in (*NUMBERS, t.Kind.DATE, t.Kind.TEXT)
                else t.Constant(t.Type(kind), None)
            )
        return t.RowField(t.Type(kind), dataset.dataset, self.rnd.choice(names))

    def _fact(self, kind: t.Kind) -> t.Term:
        places = [
            (dataset, name)
            for dataset in CATALOGUE.datasets.values()
            if dataset.grain is not Grain.EVENT
            for name, field in dataset.fields.items()
            if KINDS[field.type] is kind
        ]
        if not places:
            return self._aggregate(kind)
        dataset, name = self.rnd.choice(places)
        period = None
        if dataset.period is not None:
            texts = PERIODS if dataset.period == "year" else ["2023-05", "2023-06", "2024-12"]
            period = t.PeriodRef(None, Period.parse(self.rnd.choice(texts)))
        return t.Fact(t.Type(kind), dataset.dataset, name, period)

    def _aggregate(self, kind: t.Kind) -> t.Term:
        datasets = [d for d in CATALOGUE.datasets.values() if d.grain in (Grain.EVENT, Grain.PERIOD)]
        if kind in (t.Kind.COUNT, t.Kind.NUMBER) and self.rnd.random() < 0.7:
            dataset = self.rnd.choice(datasets)
            function: t.RowFunction = "streak" if dataset.grain is Grain.PERIOD and self.rnd.random() < 0.5 else "count"
            return t.Aggregate(t.Type(kind), function, dataset.dataset, None, self._filter(dataset))
        functions: list[t.RowFunction] = ["latest"]
        functions += [] if kind in (t.Kind.TEXT, t.Kind.BOOL) else ["min", "max"]
        functions += ["sum", "sum", "avg"] if kind in NUMBERS else []
        places = [(d, n) for d in datasets for n, f in d.fields.items() if KINDS[f.type] is kind]
        dataset, name = self.rnd.choice(places)
        return t.Aggregate(
            t.Type(kind),
            self.rnd.choice(functions),
            dataset.dataset,
            name,
            self._filter(dataset),
        )

    def _filter(self, dataset: Dataset) -> t.Term | None:
        if self.rnd.random() < 0.15:
            return None
        within = Generator(self.rnd, dataset)
        parts = [within.condition(self.rnd.choice([0, 0, 1]))] if self.rnd.random() < 0.7 else []
        if self.rnd.random() < 0.6:
            parts += within.window()
        return t.All(t.BOOL, tuple(parts)) if parts else None

    def window(self) -> list[t.Term]:
        """Return tests that bound the date of the row at hand."""
        assert self.row is not None
        anchor = "period" if self.row.grain is Grain.PERIOD else self.row.dated_by
        if anchor is None:
            return []
        day: t.Term = t.RowField(t.DATE, self.row.dataset, anchor)
        if self.rnd.random() < 0.3:
            day = t.Shift(t.DATE, day, self.rnd.choice([1, 12, 36]), self.rnd.choice([0, -1]))
        start = t.Constant(t.DATE, self.rnd.choice([*DAYS, date(2023, 6, 1), date(2023, 6, 2)]))
        tests = [t.Compare(t.BOOL, self.rnd.choice([">", ">="]), day, start)]
        if self.rnd.random() < 0.5:
            tests.append(t.Compare(t.BOOL, "<=", day, t.Constant(t.DATE, date(2024, 12, 31))))
        return list(tests)

    def _arithmetic(self, depth: int, kind: t.Kind) -> t.Term:
        type_ = t.Type(kind)
        if self.rnd.random() < 0.6:
            return t.Arithmetic(type_, self.rnd.choice(["+", "-"]), self.number(depth, kind), self.number(depth, kind))
        factor = self.number(depth, self.rnd.choice([t.Kind.SHARE, t.Kind.NUMBER]))
        sides = (self.number(depth, kind), factor)
        left, right = sides if self.rnd.random() < 0.5 else sides[::-1]
        return t.Arithmetic(type_, "*", left, right)

    def _quotient(self, depth: int, kind: t.Kind) -> t.Term:
        other = self.rnd.choice(NUMBERS)
        return t.Arithmetic(t.Type(kind), "/", self.number(depth, other), self.number(depth, other))

    def _rounded(self, depth: int, kind: t.Kind) -> t.Term:
        mode = self.rnd.choice(get_args(t.Rounding))
        quantum = self.rnd.choice([Fraction(1), Fraction(100), Fraction(1, 100), Fraction(3, 10)])
        return t.Rounded(t.Type(kind), mode, self.number(depth, kind), quantum)

    def _extreme(self, depth: int, kind: t.Kind) -> t.Term:
        members = tuple(self.number(depth, kind) for _ in range(self.rnd.choice([2, 2, 3])))
        return t.Extreme(t.Type(kind), self.rnd.choice(["min", "max"]), members)

    def _absolute(self, depth: int, kind: t.Kind) -> t.Term:
        return t.Absolute(t.Type(kind), self.number(depth, kind))

    def _choice(self, depth: int, kind: t.Kind) -> t.Term:
        return t.Choose(t.Type(kind), self.condition(depth), self.number(depth, kind), self.number(depth, kind))

    def _elapsed(self, depth: int, kind: t.Kind) -> t.Term:
        return t.Between(t.Type(kind), self.rnd.choice(["months", "days"]), self.day(depth), self.day(depth))
