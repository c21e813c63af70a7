"""The parser's raw tree becomes ours: literals read, full-width and Chinese spellings of operators unified."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, cast

from lark import Token, Tree

from enterprise_data.declarations.problems import Problem
from enterprise_data.periods import Period, PeriodKind
from policies.language import tree as s
from policies.language.literals import DURATIONS, read_quantity, read_string
from policies.language.source import Source
from policies.language.terms import Comparison

# Functions that read rows even when no filter is written; `min` and `max` do when their one argument is a field.
ROW_FUNCTIONS = ("exists", "count", "sum", "avg", "latest", "streak")
_SPELLINGS = {"≠": "!=", "≤": "<=", "≥": ">="}
_FOREIGN = {"==": "=", "<>": "!="}

Branch = Tree[Token]


@dataclass
class Builder:
    """Builds nodes bottom-up; faults of literals are kept, so that one run reports them all."""

    source: Source
    problems: list[Problem] = field(default_factory=list)

    def node(self, branch: Any) -> s.Node:
        """Return the node of a branch of the raw tree."""
        return _BUILDERS[branch.data](self, branch)

    def name(self, branch: Any) -> s.Name:
        """Return the name of a branch that the grammar makes a name."""
        return _name(self, branch)

    def nodes(self, branches: Sequence[Any]) -> tuple[s.Node, ...]:
        """Return the nodes of several branches."""
        return tuple(self.node(branch) for branch in branches)

    def fault(self, code: str, message: str, span: s.Span, help_text: str = "") -> None:
        """Keep a fault."""
        self.problems.append(self.source.problem(code, message, span, help_text))

    def written(self, span: s.Span) -> str:
        """Return the text as written."""
        return self.source.text[span[0] : span[1]]


def _span(branch: Branch) -> s.Span:
    return branch.meta.start_pos, branch.meta.end_pos


def _token(branch: Branch, index: int = 0) -> Token:
    return cast(Token, branch.children[index])


# -- literals


def _quantity(builder: Builder, branch: Branch) -> s.Node:
    token = _token(branch)
    return _read_quantity(builder, token, _span(branch))


def _read_quantity(builder: Builder, token: Token, span: s.Span) -> s.Quantity:
    try:
        value, unit = read_quantity(str(token))
    except ValueError as error:
        builder.fault("LANG006", f"`{builder.written(span)}` is not a number", span, str(error))
        return s.Quantity(span, Fraction(0))
    if unit in DURATIONS and value.denominator != 1:
        builder.fault("LANG006", "a duration is a whole number", span, "write 18 months, not 1.5 years")
    return s.Quantity(span, value, unit, "," in token)


def _day(builder: Builder, branch: Branch) -> s.Node:
    try:
        return s.Day(_span(branch), date.fromisoformat(_token(branch)))
    except ValueError:
        message = f"`{builder.written(_span(branch))}` is not a date"
        builder.fault("LANG006", message, _span(branch), "write a day of the calendar as 2021-06-09")
        return s.Day(_span(branch), date.min)


def _period(_: Builder, branch: Branch) -> s.Node:
    return s.PeriodLiteral(_span(branch), Period.parse(_token(branch)))


def _text(builder: Builder, branch: Branch) -> s.Node:
    return s.Text(_span(branch), _string(builder, _token(branch), _span(branch)))


def _string(builder: Builder, token: Token, span: s.Span) -> str:
    try:
        return read_string(token)
    except ValueError as error:
        builder.fault("LANG006", "the string has an unknown escape", span, str(error))
        return ""


def _truth(_: Builder, branch: Branch) -> s.Node:
    return s.Truth(_span(branch), _token(branch).type == "TRUE")


# -- names


def _name(_: Builder, branch: Branch) -> s.Name:
    return s.Name(_span(branch), str(_token(branch)))


def _field(builder: Builder, branch: Branch) -> s.Node:
    first, second, *rest = branch.children
    dataset, read, index = builder.name(first), builder.name(second), builder.nodes(rest)
    if dataset.text == "param":
        return s.ParameterUse(_span(branch), read, index)
    return s.Field(_span(branch), dataset, read, index)


def _part_of(builder: Builder, branch: Branch) -> s.Node:
    words = _token(branch).split()
    member = builder.node(branch.children[1])
    if words[0] == "first":
        return s.PartOf(_span(branch), PeriodKind(words[1]), 1, member)
    if words[0] == "last":
        return s.PartOf(_span(branch), PeriodKind(words[1]), -1, member)
    kind = PeriodKind(words[0])
    if len(words) == 2:
        return s.PartOf(_span(branch), kind, 0, member)
    number = int(words[1])
    if not 1 <= number <= kind.per_year:
        message = f"there is no {kind.value} {number}"
        builder.fault("LANG006", message, _span(branch), f"a year has {kind.per_year}")
    return s.PartOf(_span(branch), kind, number, member)


def _day_of(builder: Builder, branch: Branch) -> s.Node:
    day: Literal["first", "last"] = "first" if _token(branch).startswith("first") else "last"
    return s.DayOf(_span(branch), day, builder.node(branch.children[1]))


# -- logic


def _quantifier(builder: Builder, branch: Branch) -> s.Node:
    variable = builder.name(branch.children[1])
    first, last, body = builder.nodes(branch.children[2:])
    return s.Quantifier(_span(branch), _token(branch).type == "EVERY", variable, first, last, body)


def _joined(operator: Literal["and", "or"]) -> Callable[[Builder, Branch], s.Node]:
    def build(builder: Builder, branch: Branch) -> s.Node:
        members: list[s.Node] = []
        for node in builder.nodes(branch.children):
            # `a and (b and c)` says the same as `a and b and c`.
            same = isinstance(node, s.Joined) and node.operator == operator
            members += cast(s.Joined, node).members if same else [node]
        return s.Joined(_span(branch), operator, tuple(members))

    return build


def _compared(builder: Builder, branch: Branch) -> s.Node:
    left, right = builder.nodes((branch.children[0], branch.children[2]))
    token = _token(branch, 1)
    operator = _SPELLINGS.get(token, str(token))
    start = int(token.start_pos or 0)
    if operator in _FOREIGN:
        help_text = f"write `{_FOREIGN[operator]}`"
        builder.fault("LANG004", f"`{operator}` is not an operator here", (start, start + 2), help_text)
        operator = _FOREIGN[operator]
    if len(branch.children) > 3:
        help_text = "write `x between a and b`, or join two comparisons by `and`"
        builder.fault("LANG007", "comparisons do not form chains", _span(branch), help_text)
    return s.Compared(_span(branch), cast(Comparison, operator), left, right)


def _ranged(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    member, low, high = builder.nodes(branch.children)
    return s.Ranged(_span(branch), member, low, high, negated)


def _listed(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    member, *values = builder.nodes(branch.children)
    _refuse_grouped(builder, values)
    return s.Listed(_span(branch), member, tuple(values), negated)


def _placed(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    codes = [_codes(builder, part) for part in branch.children[1:]]
    industry = branch.data.endswith("industry")
    return s.Placed(
        _span(branch),
        builder.node(branch.children[0]),
        "industry" if industry else "region",
        codes[0],
        codes[1] if len(codes) > 1 else (),
        negated,
    )


def _codes(builder: Builder, branch: Any) -> tuple[s.Code, ...]:
    return tuple(_code(builder, code) for code in branch.children)


def _code(builder: Builder, branch: Branch) -> s.Code:
    texts = [
        _string(builder, token, _span(branch)) if token.type == "STRING" else str(token)
        for token in cast(list[Token], branch.children)
    ]
    if branch.data == "code":
        texts = [text.upper() for text in texts]
    return s.Code(_span(branch), texts[0], texts[1] if len(texts) > 1 else None)


def _present(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    return s.Present(_span(branch), builder.node(branch.children[0]), negated)


def _negating(build: Callable[..., s.Node]) -> Callable[[Builder, Branch], s.Node]:
    return lambda builder, branch: build(builder, branch, negated=True)


# -- windows


def _during_last(builder: Builder, branch: Branch) -> s.Node:
    token = _token(branch, 1)
    start = int(token.start_pos or 0)
    span = (start, start + len(token))
    duration = _read_quantity(builder, token, span)
    if duration.unit not in DURATIONS:
        help_text = "write `during last 3 years`, `12 months` or `30 days`"
        builder.fault("LANG006", f"`{builder.written(span)}` is not a duration", span, help_text)
    return s.DuringLast(_span(branch), builder.node(branch.children[0]), duration)


def _during(builder: Builder, branch: Branch) -> s.Node:
    member, first, *last = builder.nodes(branch.children)
    return s.During(_span(branch), member, first, last[0] if last else None)


def _bounded(builder: Builder, branch: Branch) -> s.Node:
    member, day = builder.nodes((branch.children[0], branch.children[2]))
    bound = cast(Literal["since", "before", "after", "until"], str(_token(branch, 1)))
    return s.Bounded(_span(branch), bound, member, day)


# -- arithmetic and functions


def _calculation(builder: Builder, branch: Branch) -> s.Node:
    left, right = builder.nodes((branch.children[0], branch.children[2]))
    operator = cast(Literal["+", "-", "*", "/"], str(_token(branch, 1)))
    # A parenthesis before the left side makes the whole begin earlier than the left side does.
    if operator in "+-" and isinstance(left, s.PartOf | s.DayOf) and _span(branch)[0] == left.span[0]:
        of = builder.written((left.span[0], left.member.span[0])).rstrip(" (")
        inside = builder.written((left.member.span[0], _span(branch)[1]))
        outside = builder.written((left.member.span[0], left.span[1]))
        rest = builder.written((left.span[1], _span(branch)[1]))
        help_text = f"write `{of} ({inside})` or `({of} {outside}){rest}`"
        builder.fault("LANG008", f"it is unclear what `{operator}` moves", _span(branch), help_text)
    return s.Calculation(_span(branch), operator, left, right)


def _call(builder: Builder, branch: Branch) -> s.Node:
    function, rest = builder.name(branch.children[0]), builder.nodes(branch.children[1:])
    options = tuple(node for node in rest if isinstance(node, s.Option))
    arguments = tuple(node for node in rest if not isinstance(node, s.Option))
    _refuse_grouped(builder, arguments)
    if len(arguments) == 1 and not options:
        only = arguments[0]
        plain_field = isinstance(only, s.Field) and not only.index
        if function.text in ROW_FUNCTIONS and isinstance(only, s.Name):
            return s.Rows(_span(branch), function, only)
        if function.text in (*ROW_FUNCTIONS, "min", "max") and plain_field:
            read = cast(s.Field, only)
            return s.Rows(_span(branch), function, read.dataset, read.field)
    return s.Call(_span(branch), function, arguments, options)


def _rows(builder: Builder, branch: Branch) -> s.Node:
    function, target, where = branch.children
    names = cast(tuple[s.Name, ...], builder.nodes(cast(Branch, target).children))
    read = names[1] if len(names) > 1 else None
    return s.Rows(_span(branch), builder.name(function), names[0], read, builder.node(where))


def _option(builder: Builder, branch: Branch) -> s.Node:
    return s.Option(_span(branch), str(_token(branch)), builder.node(branch.children[1]))


def _refuse_grouped(builder: Builder, nodes: Sequence[s.Node]) -> None:
    """Refuse `[100,200元]`: one amount or two?"""
    for node in (inner for outer in nodes for inner in outer.walk()):
        if isinstance(node, s.Quantity) and node.grouped:
            written = builder.written(node.span)
            spaced, plain = re.sub("[,，]", ", ", written), re.sub("[,，]", "", written)
            help_text = f"write `{spaced}` for several values, `{plain}` for one"
            builder.fault("LANG006", f"`{written}` in a list may be one value or several", node.span, help_text)


_BUILDERS: dict[str, Callable[[Builder, Branch], s.Node]] = {
    "quantity": _quantity,
    "day": _day,
    "period": _period,
    "text": _text,
    "truth": _truth,
    "name": _name,
    "field": _field,
    "part_of": _part_of,
    "day_of": _day_of,
    "quantifier": _quantifier,
    "either": _joined("or"),
    "both": _joined("and"),
    "negated": lambda builder, branch: s.Negated(_span(branch), builder.node(branch.children[0])),
    "compared": _compared,
    "ranged": _ranged,
    "not_ranged": _negating(_ranged),
    "listed": _listed,
    "not_listed": _negating(_listed),
    "placed": _placed,
    "not_placed": _negating(_placed),
    "in_industry": _placed,
    "not_in_industry": _negating(_placed),
    "present": _present,
    "not_present": _negating(_present),
    "during_last": _during_last,
    "during": _during,
    "bounded": _bounded,
    "calculation": _calculation,
    "minus": lambda builder, branch: s.Minus(_span(branch), builder.node(branch.children[1])),
    "call": _call,
    "rows": _rows,
    "option": _option,
    "choice": lambda builder, branch: s.Choice(_span(branch), *builder.nodes(branch.children)),
}
