"""Arithmetic, functions of values and functions of rows."""

from __future__ import annotations

from typing import Literal, cast

from policies.language import tree as s
from policies.language.build.branches import FORMS, Branch, Builder, Form, quantity_of, refuse_grouped, span_of, string_of, token_of

# Functions that read rows even without a filter; `min` and `max` do when their one argument is a field.
ROW_FUNCTIONS = ("exists", "count", "sum", "avg", "latest", "streak")



def _calculation(builder: Builder, branch: Branch) -> s.Node:
    left, right = builder.nodes((branch.children[0], branch.children[2]))
    operator = cast(Literal["+", "-", "*", "/"], str(token_of(branch, 1)))
    # A parenthesis before the left side makes the whole begin earlier than the left side does.
    if operator in "+-" and isinstance(left, s.PartOf | s.DayOf) and span_of(branch)[0] == left.span[0]:
        of = builder.written((left.span[0], left.member.span[0])).rstrip(" (")
        inside = builder.written((left.member.span[0], span_of(branch)[1]))
        outside = builder.written((left.member.span[0], left.span[1]))
        rest = builder.written((left.span[1], span_of(branch)[1]))
        help_text = f"write `{of} ({inside})` or `({of} {outside}){rest}`"
        builder.fault("LANG008", f"it is unclear what `{operator}` moves", span_of(branch), help_text)
    return s.Calculation(span_of(branch), operator, left, right)


def _call(builder: Builder, branch: Branch) -> s.Node:
    function, rest = builder.name(branch.children[0]), builder.nodes(branch.children[1:])
    options = tuple(node for node in rest if isinstance(node, s.Option))
    arguments = tuple(node for node in rest if not isinstance(node, s.Option))
    refuse_grouped(builder, arguments)
    if len(arguments) == 1 and not options:
        only = arguments[0]
        plain_field = isinstance(only, s.Field) and not only.index
        if function.text in ROW_FUNCTIONS and isinstance(only, s.Name):
            return s.Rows(span_of(branch), function, only)
        if function.text in (*ROW_FUNCTIONS, "min", "max") and plain_field:
            read = cast(s.Field, only)
            return s.Rows(span_of(branch), function, read.dataset, read.field)
    return s.Call(span_of(branch), function, arguments, options)


def _rows(builder: Builder, branch: Branch) -> s.Node:
    function, target, where = branch.children
    names = cast(tuple[s.Name, ...], builder.nodes(cast(Branch, target).children))
    read = names[1] if len(names) > 1 else None
    return s.Rows(span_of(branch), builder.name(function), names[0], read, builder.node(where))


def _option(builder: Builder, branch: Branch) -> s.Node:
    return s.Option(span_of(branch), str(token_of(branch)), builder.node(branch.children[1]))


FORMS.update(
    {
        "calculation": _calculation,
        "minus": lambda builder, branch: s.Minus(span_of(branch), builder.node(branch.children[1])),
        "call": _call,
        "rows": _rows,
        "option": _option,
        "choice": lambda builder, branch: s.Choice(span_of(branch), *builder.nodes(branch.children)),
    }
)
