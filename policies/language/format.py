"""Tree to canonical text: what the parser reads back as the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from policies.language import tree as s
from policies.language.literals import write_quantity, write_string

# A region that needs no quotes: a Chinese name (行业 is a keyword there) or a code.
_PLAIN_REGION = re.compile(r"(?!行业$)[㐀-鿿]+|[1-9][0-9]*")

# How tightly a form binds; an operand that binds less tightly than its place needs parentheses.
LOOSE, OR, AND, NOT, TEST, SUM, PRODUCT, UNARY, ATOM = range(9)


def format_tree(node: s.Node) -> str:
    """Return the canonical text of a tree."""
    return _text(node, LOOSE)


def _text(node: s.Node, needed: int) -> str:
    binding, write = _FORMS[type(node)]
    text = write(node)
    return f"({text})" if _binding(node, binding) < needed else text


def _binding(node: s.Node, usual: int) -> int:
    if isinstance(node, s.Joined):
        return AND if node.operator == "and" else OR
    if isinstance(node, s.Calculation):
        return SUM if node.operator in "+-" else PRODUCT
    return usual


def _list(nodes: Sequence[s.Node], needed: int = SUM) -> str:
    return ", ".join(_text(node, needed) for node in nodes)


def _argument(node: s.Node) -> str:
    # `within A, B` would take the next argument for another region.
    open_ended = any(isinstance(inner, s.Placed) for inner in node.walk())
    return _text(node, LOOSE if isinstance(node, s.Choice) and not open_ended else SUM)


def _index(nodes: Sequence[s.Node]) -> str:
    return f"[{_list(nodes)}]" if nodes else ""


# -- one writer per form


def _part_of(node: s.PartOf) -> str:
    words = {1: f"first {node.kind.value}", -1: f"last {node.kind.value}", 0: node.kind.value}
    return f"{words.get(node.number, f'{node.kind.value} {node.number}')} of {_text(node.member, ATOM)}"


def _joined(node: s.Joined) -> str:
    inside = NOT if node.operator == "and" else AND
    return f" {node.operator} ".join(_text(member, inside) for member in node.members)


def _word(node: Any, word: str) -> str:
    return f"not {word}" if node.negated else word


def _listed(node: s.Listed) -> str:
    return f"{_text(node.member, SUM)} {_word(node, 'in')} [{_list(node.values)}]"


def _ranged(node: s.Ranged) -> str:
    return f"{_text(node.member, SUM)} {_word(node, 'between')} {_text(node.low, SUM)} and {_text(node.high, SUM)}"


def _placed(node: s.Placed) -> str:
    write = _industry if node.tree == "industry" else _region
    tree = " industry" if node.tree == "industry" else ""
    excepted = f" except {', '.join(map(write, node.excepted))}" if node.excepted else ""
    codes = ", ".join(map(write, node.codes))
    return f"{_text(node.member, SUM)} {_word(node, 'within')}{tree} {codes}{excepted}"


def _industry(code: s.Code) -> str:
    return f"{code.first}..{code.last}" if code.last else code.first


def _region(code: s.Code) -> str:
    return code.first if _PLAIN_REGION.fullmatch(code.first) else write_string(code.first)


def _during(node: s.During) -> str:
    last = f"..{_text(node.last, SUM)}" if node.last else ""
    return f"{_text(node.member, SUM)} during {_text(node.first, SUM)}{last}"


def _calculation(node: s.Calculation) -> str:
    level = SUM if node.operator in "+-" else PRODUCT
    # A part of a period is never moved without parentheses: it would be unclear what moves.
    unclear = level == SUM and isinstance(node.left, s.PartOf | s.DayOf)
    left = f"({_text(node.left, LOOSE)})" if unclear else _text(node.left, level)
    return f"{left} {node.operator} {_text(node.right, level + 1)}"


def _quantifier(node: s.Quantifier) -> str:
    word = "every" if node.every else "some"
    range_text = f"{_text(node.first, SUM)}..{_text(node.last, SUM)}"
    return f"{word} {node.variable.text} in {range_text}: {_text(node.body, LOOSE)}"


def _choice(node: s.Choice) -> str:
    parts = (_text(part, LOOSE) for part in (node.condition, node.then, node.otherwise))
    return "if {} then {} else {}".format(*parts)


def _call(node: s.Call) -> str:
    arguments = [_argument(argument) for argument in node.arguments]
    ordered = sorted(node.options, key=lambda option: option.word != "over")
    options = [f"{option.word} {_text(option.value, SUM)}" for option in ordered]
    return f"{node.function.text}({', '.join(arguments + options)})"


def _rows(node: s.Rows) -> str:
    field = f".{node.field.text}" if node.field else ""
    where = f" where {_text(node.where, LOOSE)}" if node.where else ""
    return f"{node.function.text}({node.dataset.text}{field}{where})"


_FORMS: dict[type[s.Node], tuple[int, Callable[[Any], str]]] = {
    s.Quantity: (ATOM, lambda n: write_quantity(n.value, n.unit)),
    s.Day: (ATOM, lambda n: n.value.isoformat()),
    s.Text: (ATOM, lambda n: write_string(n.value)),
    s.Truth: (ATOM, lambda n: "true" if n.value else "false"),
    s.PeriodLiteral: (ATOM, lambda n: str(n.value)),
    s.Name: (ATOM, lambda n: n.text),
    s.Field: (ATOM, lambda n: f"{n.dataset.text}.{n.field.text}{_index(n.index)}"),
    s.ParameterUse: (ATOM, lambda n: f"param.{n.name.text}{_index(n.index)}"),
    s.PartOf: (ATOM, _part_of),
    s.DayOf: (ATOM, lambda n: f"{n.day} day of {_text(n.member, ATOM)}"),
    s.Compared: (TEST, lambda n: f"{_text(n.left, SUM)} {n.operator} {_text(n.right, SUM)}"),
    s.Joined: (LOOSE, _joined),
    s.Negated: (NOT, lambda n: f"not {_text(n.member, NOT)}"),
    s.Ranged: (TEST, _ranged),
    s.Listed: (TEST, _listed),
    s.Placed: (TEST, _placed),
    s.Present: (TEST, lambda n: f"{_text(n.member, SUM)} is {_word(n, 'known')}"),
    s.DuringLast: (TEST, lambda n: f"{_text(n.member, SUM)} during last {_text(n.duration, ATOM)}"),
    s.During: (TEST, _during),
    s.Bounded: (TEST, lambda n: f"{_text(n.member, SUM)} {n.bound} {_text(n.day, SUM)}"),
    s.Quantifier: (LOOSE, _quantifier),
    s.Calculation: (LOOSE, _calculation),
    s.Minus: (UNARY, lambda n: f"-{_text(n.member, UNARY)}"),
    s.Choice: (LOOSE, _choice),
    s.Call: (ATOM, _call),
    s.Rows: (ATOM, _rows),
}
