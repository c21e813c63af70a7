"""Tests, `and`, `or`, `not`, quantifiers, windows: the spellings of operators unified."""

from __future__ import annotations

from typing import Any, Literal, Protocol, cast

from lark import Token

from policies.language import tree as s
from policies.language.build.branches import FORMS, Branch, Builder, Form, quantity_of, refuse_grouped, span_of, string_of, token_of
from policies.language.literals import DURATIONS
from policies.language.terms import Comparison

_SPELLINGS = {"≠": "!=", "≤": "<=", "≥": ">="}
_FOREIGN = {"==": "=", "<>": "!="}


class _Negatable(Protocol):
    def __call__(self, builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node: ...



def _quantifier(builder: Builder, branch: Branch) -> s.Node:
    variable = builder.name(branch.children[1])
    first, last, body = builder.nodes(branch.children[2:])
    return s.Quantifier(span_of(branch), token_of(branch).type == "EVERY", variable, first, last, body)


def _joined(operator: Literal["and", "or"]) -> Form:
    def build(builder: Builder, branch: Branch) -> s.Node:
        members: list[s.Node] = []
        for node in builder.nodes(branch.children):
            # `a and (b and c)` says the same as `a and b and c`.
            same = isinstance(node, s.Joined) and node.operator == operator
            members += cast(s.Joined, node).members if same else [node]
        return s.Joined(span_of(branch), operator, tuple(members))

    return build


def _compared(builder: Builder, branch: Branch) -> s.Node:
    left, right = builder.nodes((branch.children[0], branch.children[2]))
    token = token_of(branch, 1)
    operator = _SPELLINGS.get(token, str(token))
    start = int(token.start_pos or 0)
    if operator in _FOREIGN:
        help_text = f"write `{_FOREIGN[operator]}`"
        builder.fault("LANG004", f"`{operator}` is not an operator here", (start, start + 2), help_text)
        operator = _FOREIGN[operator]
    if len(branch.children) > 3:
        help_text = "write `x between a and b`, or join two comparisons by `and`"
        builder.fault("LANG007", "comparisons do not form chains", span_of(branch), help_text)
    return s.Compared(span_of(branch), cast(Comparison, operator), left, right)


def _ranged(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    member, low, high = builder.nodes(branch.children)
    return s.Ranged(span_of(branch), member, low, high, negated)


def _listed(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    member, *values = builder.nodes(branch.children)
    refuse_grouped(builder, values)
    return s.Listed(span_of(branch), member, tuple(values), negated)


def _placed(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    codes = [_codes(builder, part) for part in branch.children[1:]]
    industry = branch.data.endswith("industry")
    return s.Placed(
        span_of(branch),
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
        string_of(builder, token, span_of(branch)) if token.type == "STRING" else str(token)
        for token in cast(list[Token], branch.children)
    ]
    if branch.data == "code":
        texts = [text.upper() for text in texts]
    return s.Code(span_of(branch), texts[0], texts[1] if len(texts) > 1 else None)


def _present(builder: Builder, branch: Branch, *, negated: bool = False) -> s.Node:
    return s.Present(span_of(branch), builder.node(branch.children[0]), negated)


def _negating(build: _Negatable) -> Form:
    return lambda builder, branch: build(builder, branch, negated=True)


def _during_last(builder: Builder, branch: Branch) -> s.Node:
    token = token_of(branch, 1)
    start = int(token.start_pos or 0)
    span = (start, start + len(token))
    duration = quantity_of(builder, token, span)
    if duration.unit not in DURATIONS:
        help_text = "write `during last 3 years`, `12 months` or `30 days`"
        builder.fault("LANG006", f"`{builder.written(span)}` is not a duration", span, help_text)
    return s.DuringLast(span_of(branch), builder.node(branch.children[0]), duration)


def _during(builder: Builder, branch: Branch) -> s.Node:
    member, first, *last = builder.nodes(branch.children)
    return s.During(span_of(branch), member, first, last[0] if last else None)


def _bounded(builder: Builder, branch: Branch) -> s.Node:
    member, day = builder.nodes((branch.children[0], branch.children[2]))
    bound = cast(Literal["since", "before", "after", "until"], str(token_of(branch, 1)))
    return s.Bounded(span_of(branch), bound, member, day)


FORMS.update(
    {
        "quantifier": _quantifier,
        "either": _joined("or"),
        "both": _joined("and"),
        "negated": lambda builder, branch: s.Negated(span_of(branch), builder.node(branch.children[0])),
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
    }
)
