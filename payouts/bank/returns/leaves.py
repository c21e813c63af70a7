"""XML as a stream of the leaves one asks for, without a tree; definitions, entities and endless depth are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from enterprise_data.declarations.problems import MianshenError

_BLOCK = 1 << 20
_DEEPEST = 40
_LONGEST_LEAF = 10_000
_TAG = re.compile(r"(?:\{(.*)\})?([^}]*)", re.DOTALL)

Path = tuple[str, ...]


@dataclass(eq=False)
class _Node:
    """A place on the way to a leaf that is asked for; `children` by tag, with its namespace."""

    path: Path = ()
    is_leaf: bool = False
    children: dict[str, _Node] = field(default_factory=dict)


class Leaves:
    """A target for the parser: tells of what leads to the leaves asked for, passes over the rest.

    `closed` gets a leaf's text and its attribute `Ccy`; both are empty for what is no leaf. Leaves are asked for by
    their full paths without namespaces: all stand in the root's, which must match `namespaces`. An element named
    like the last of one of the `levels` may stand nowhere else.
    """

    def __init__(
        self,
        namespaces: re.Pattern[str],
        leaves: Iterable[Path],
        levels: Iterable[Path],
        opened: Callable[[Path], None],
        closed: Callable[[Path, str, str], None],
    ) -> None:
        """Take what is asked for and whom to tell."""
        self._namespaces = namespaces
        self._leaves, self._levels = tuple(leaves), tuple(levels)
        self._opened, self._closed = opened, closed
        self._stack: list[_Node] = []
        self._level_tags: frozenset[str] = frozenset()
        self._passed_over = 0
        self._text: list[str] | None = None
        self._currency = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        if not self._stack:
            self._begin(tag)
        node = self._stack[-1]
        if node.is_leaf:
            raise MianshenError(f"`{node.path[-1]}` holds other elements")
        child = None if self._passed_over else node.children.get(tag)
        if child is None:
            self._pass_over(tag)
            return
        self._stack.append(child)
        if child.is_leaf:
            self._text, self._currency = [], attributes.get("Ccy", "")
        else:
            self._opened(child.path)

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._text is not None:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        """End an element."""
        if self._passed_over:
            self._passed_over -= 1
            return
        node = self._stack.pop()
        if self._text is None:
            self._closed(node.path, "", "")
            return
        text, self._text = "".join(self._text), None
        if len(text) > _LONGEST_LEAF:
            raise MianshenError(f"`{node.path[-1]}` holds more than {_LONGEST_LEAF:,} characters")
        self._closed(node.path, text, self._currency)

    def _begin(self, tag: str) -> None:
        found = _TAG.fullmatch(tag)
        namespace, local = (found[1] or "", found[2]) if found else ("", tag)
        if not self._namespaces.fullmatch(namespace) or local not in {leaf[0] for leaf in self._leaves}:
            raise MianshenError(f"it is `{local}` of `{namespace}`, which is not the kind or the version expected")
        top = _Node()
        for leaf in self._leaves:
            node = top
            for depth, name in enumerate(leaf, 1):
                node = node.children.setdefault(f"{{{namespace}}}{name}", _Node(leaf[:depth]))
            node.is_leaf = True
        self._level_tags = frozenset(f"{{{namespace}}}{level[-1]}" for level in self._levels)
        self._stack = [top]

    def _pass_over(self, tag: str) -> None:
        self._passed_over += 1
        if self._passed_over + len(self._stack) > _DEEPEST:
            raise MianshenError(f"its elements are nested more than {_DEEPEST} deep")
        if tag in self._level_tags:
            raise MianshenError(f"`{tag.rpartition('}')[2]}` stands where it does not belong")


def read_leaves(data: bytes, leaves: Leaves) -> None:
    """Parse a whole XML file in blocks.

    Raises:
        MianshenError: not well formed to its end (a cut file is not), with a DTD or entities, or what `leaves` raises.
    """
    # ISO 20022 knows one encoding; what a file declares does not matter.
    parser = DefusedXMLParser(target=leaves, encoding="utf-8", forbid_dtd=True)
    try:
        for start in range(0, len(data), _BLOCK):
            parser.feed(data[start : start + _BLOCK])
        parser.close()
    except ParseError as error:
        raise MianshenError(f"it is damaged or cut off, or not UTF-8 ({error})") from error
    except DefusedXmlException as error:
        raise MianshenError("it holds a DTD or entities, which no answer of a bank needs") from error
