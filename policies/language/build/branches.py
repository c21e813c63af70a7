"""What builds a node from a branch of the parser's raw tree: the builder, its table of forms, tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from lark import Token, Tree

from enterprise_data.declarations.problems import Problem
from policies.language import tree as s
from policies.language.literals import DURATIONS, read_quantity, read_string
from policies.language.source import Source

Branch = Tree[Token]


@dataclass
class Builder:
    """Builds nodes bottom-up; faults of literals are kept, so that one run reports them all."""

    source: Source
    problems: list[Problem] = field(default_factory=list)

    def node(self, branch: Any) -> s.Node:
        """Return the node of a branch of the raw tree."""
        return FORMS[branch.data](self, branch)

    def name(self, branch: Any) -> s.Name:
        """Return the name of a branch that the grammar makes a name."""
        return s.Name(span_of(branch), str(token_of(branch)))

    def nodes(self, branches: Sequence[Any]) -> tuple[s.Node, ...]:
        """Return the nodes of several branches."""
        return tuple(self.node(branch) for branch in branches)

    def fault(self, code: str, message: str, span: s.Span, help_text: str = "") -> None:
        """Keep a fault."""
        self.problems.append(self.source.problem(code, message, span, help_text))

    def written(self, span: s.Span) -> str:
        """Return the text as written."""
        return self.source.text[span[0] : span[1]]


Form = Callable[[Builder, Branch], s.Node]
FORMS: dict[str, Form] = {}


def span_of(branch: Branch) -> s.Span:
    """Return the characters of a branch, with the parentheses around its first and last parts."""
    return branch.meta.start_pos, branch.meta.end_pos


def token_of(branch: Branch, index: int = 0) -> Token:
    """Return a token directly inside a branch."""
    return cast(Token, branch.children[index])


def quantity_of(builder: Builder, token: Token, span: s.Span) -> s.Quantity:
    """Return the quantity of a token, zero after a fault."""
    try:
        value, unit = read_quantity(str(token))
    except ValueError as error:
        builder.fault("LANG006", f"`{builder.written(span)}` is not a number", span, str(error))
        return s.Quantity(span, Fraction(0))
    if unit in DURATIONS and value.denominator != 1:
        builder.fault("LANG006", "a duration is a whole number", span, "write 18 months, not 1.5 years")
    return s.Quantity(span, value, unit, "," in token)


def string_of(builder: Builder, token: Token, span: s.Span) -> str:
    """Return what a string token says, empty after a fault."""
    try:
        return read_string(token)
    except ValueError as error:
        builder.fault("LANG006", "the string has an unknown escape", span, str(error))
        return ""


def refuse_grouped(builder: Builder, nodes: Sequence[s.Node]) -> None:
    """Refuse `[100,200元]`: one amount or two?"""
    for node in (inner for outer in nodes for inner in outer.walk()):
        if isinstance(node, s.Quantity) and node.grouped:
            written = builder.written(node.span)
            spaced, plain = re.sub("[,，]", ", ", written), re.sub("[,，]", "", written)
            help_text = f"write `{spaced}` for several values, `{plain}` for one"
            builder.fault("LANG006", f"`{written}` in a list may be one value or several", node.span, help_text)
