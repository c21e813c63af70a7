"""Literals and names."""

from __future__ import annotations

from datetime import date
from typing import Literal

from enterprise_data.periods import Period, PeriodKind
from policies.language import tree as s
from policies.language.build.branches import FORMS, Branch, Builder, Form, quantity_of, refuse_grouped, span_of, string_of, token_of


def _quantity(builder: Builder, branch: Branch) -> s.Node:
    return quantity_of(builder, token_of(branch), span_of(branch))


def _day(builder: Builder, branch: Branch) -> s.Node:
    try:
        return s.Day(span_of(branch), date.fromisoformat(token_of(branch)))
    except ValueError:
        message = f"`{builder.written(span_of(branch))}` is not a date"
        builder.fault("LANG006", message, span_of(branch), "write a day of the calendar as 2021-06-09")
        return s.Day(span_of(branch), date.min)


def _period(_: Builder, branch: Branch) -> s.Node:
    return s.PeriodLiteral(span_of(branch), Period.parse(token_of(branch)))


def _text(builder: Builder, branch: Branch) -> s.Node:
    return s.Text(span_of(branch), string_of(builder, token_of(branch), span_of(branch)))


def _truth(_: Builder, branch: Branch) -> s.Node:
    return s.Truth(span_of(branch), token_of(branch).type == "TRUE")


def _field(builder: Builder, branch: Branch) -> s.Node:
    first, second, *rest = branch.children
    dataset, read, index = builder.name(first), builder.name(second), builder.nodes(rest)
    if dataset.text == "param":
        return s.ParameterUse(span_of(branch), read, index)
    return s.Field(span_of(branch), dataset, read, index)


def _part_of(builder: Builder, branch: Branch) -> s.Node:
    words = token_of(branch).split()
    member = builder.node(branch.children[1])
    if words[0] == "first":
        return s.PartOf(span_of(branch), PeriodKind(words[1]), 1, member)
    if words[0] == "last":
        return s.PartOf(span_of(branch), PeriodKind(words[1]), -1, member)
    kind = PeriodKind(words[0])
    if len(words) == 2:
        return s.PartOf(span_of(branch), kind, 0, member)
    number = int(words[1])
    if not 1 <= number <= kind.per_year:
        message = f"there is no {kind.value} {number}"
        builder.fault("LANG006", message, span_of(branch), f"a year has {kind.per_year}")
    return s.PartOf(span_of(branch), kind, number, member)


def _day_of(builder: Builder, branch: Branch) -> s.Node:
    day: Literal["first", "last"] = "first" if token_of(branch).startswith("first") else "last"
    return s.DayOf(span_of(branch), day, builder.node(branch.children[1]))


FORMS.update(
    {
        "quantity": _quantity,
        "day": _day,
        "period": _period,
        "text": _text,
        "truth": _truth,
        "name": lambda builder, branch: builder.name(branch),
        "field": _field,
        "part_of": _part_of,
        "day_of": _day_of,
    }
)
