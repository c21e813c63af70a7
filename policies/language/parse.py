"""Text to tree: full-width punctuation made half-width, the grammar applied, faults turned into problems."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from enterprise_data.declarations.problems import Problem, ProblemsFound, raise_if_any
from policies.language.build import Builder
from policies.language.source import Source
from policies.language.tree import Node, Span

MAX_CHARACTERS = 10_000
MAX_DEPTH = 50

_OUTSIDE_STRINGS = re.compile(r'("(?:\\.|[^"\\\n])*"|“(?:\\.|[^“”\\\n])*”)|([\u3000-\uffef−×÷])')
_HALF_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"。": ".", "、": ",", "\u3000": " ", "【": "[", "】": "]", "−": "-", "×": "*", "÷": "/"}
)

# What people write who know another language, and what to write here.
_HINTS = {
    "'": "write strings in double quotes",
    '"': "close the string with a second quote on the same line",
    "“": "close the string with ”",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "^": "multiply: `x * x`",
    "$": "money is written in 元, 万元 or 亿元",
    "￥": "money is written in 元, 万元 or 亿元",
    "¥": "money is written in 元, 万元 or 亿元",
    "where": "rows are written `count(dataset where condition)`",
}


@lru_cache(maxsize=4096)
def parse(source: Source) -> Node:
    """Return the tree of an expression.

    Raises:
        ProblemsFound: the text is too long, nested too deep or not an expression.
    """
    if len(source.text) > MAX_CHARACTERS:
        message = f"the expression has {len(source.text):,} characters; at most {MAX_CHARACTERS:,} are allowed"
        raise ProblemsFound([source.problem("LANG001", message, (0, 1), "move parts of it to definitions")])
    text = half_width(source.text)
    try:
        tree = _parser().parse(text)
    except UnexpectedCharacters as error:
        raise ProblemsFound([_unexpected_character(source, text, error)]) from None
    except UnexpectedToken as error:
        raise ProblemsFound([_unexpected_token(source, text, error)]) from None
    _check_depth(tree, source)
    builder = Builder(source)
    node = builder.node(tree.children[0])
    raise_if_any(builder.problems)
    return node


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and punctuation made half-width, except inside strings.

    Each character stays one character, so that places stay right.
    """
    return _OUTSIDE_STRINGS.sub(lambda match: match[1] or match[2].translate(_HALF_WIDTH), text)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark.open(
        "grammar.lark",
        rel_to=__file__,
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=False,
    )


def _check_depth(tree: Tree[Token], source: Source) -> None:
    level: list[Any] = [tree]
    for _ in range(MAX_DEPTH + 2):
        level = [child for node in level for child in node.children if isinstance(child, Tree)]
        if not level:
            return
    span = (level[0].meta.start_pos, level[0].meta.end_pos)
    message = f"the expression is nested deeper than {MAX_DEPTH} levels"
    raise ProblemsFound([source.problem("LANG002", message, span, "move parts of it to definitions")])


def _unexpected_character(source: Source, text: str, error: UnexpectedCharacters) -> Problem:
    position = cast(int, error.pos_in_stream)
    character = source.text[position]
    return source.problem("LANG003", f"`{character}` is not part of the language", (position, position + 1), _hint(
        text[position], character))  # fmt: skip


def _hint(*words: str) -> str:
    return next((_HINTS[word] for word in words if word in _HINTS), "")


def _unexpected_token(source: Source, text: str, error: UnexpectedToken) -> Problem:
    token = error.token
    expected = _expected(error)
    if token.type == "$END":
        end = len(text.rstrip())
        span: Span = (end, end + 1)
        message = "the expression ends too early" if end else "the expression is empty"
        return source.problem("LANG005", message, span, f"{expected} must follow")
    start = int(token.start_pos or 0)
    span = (start, start + len(token))
    help_text = _hint(str(token)) or _grouped_number(text, start) or f"{expected} can stand here"
    return source.problem("LANG004", f"`{source.text[span[0] : span[1]]}` cannot stand here", span, help_text)


def _grouped_number(text: str, comma: int) -> str:
    """Return what to write for `10,000`, when the character at `comma` parts the thousands of a number."""
    for number in re.finditer(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w])", text):
        if number.start() < comma < number.end():
            plain, spaced = number[0].replace(",", ""), number[0].replace(",", "_")
            return f"write {plain} or {spaced}; a comma needs a unit after the number"
    return ""


_GROUPS = (
    ("NAME", "a value"),
    ("QUANTITY", "a number"),
    ("COMPARE", "a comparison"),
    ("PLUS", "arithmetic"),
    ("_AND", "`and`"),
    ("_OR", "`or`"),
    ("_KNOWN", "`known`"),
    ("_IN", "`in`"),
    ("_THEN", "`then`"),
    ("_ELSE", "`else`"),
    ("_WHERE", "`where`"),
    ("_RANGE", "`..`"),
    ("_COLON", "`:`"),
    ("_COMMA", "`,`"),
    ("_LSQB", "`[`"),
    ("_RSQB", "`]`"),
    ("_RPAR", "`)`"),
)


def _expected(error: UnexpectedToken) -> str:
    names = set(error.accepts or error.expected)
    words = [word for terminal, word in _GROUPS if terminal in names]
    if "a value" in words:
        words = [word for word in words if word not in ("a number", "`[`")]
    if not words:
        return "the end"
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
