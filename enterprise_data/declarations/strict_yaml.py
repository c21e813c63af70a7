"""Strict YAML: no anchors, aliases, tags or duplicate keys; scalars stay text until a schema types them.

`010` stays "010", `no` stays "no"; the schema (pydantic, from strings) decides what each scalar is. Every key and
value keeps its place, so that a fault found much later still points at file, line and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from enterprise_data.declarations.problems import Place, Problem, ProblemsFound

MAX_BYTES = 1_000_000
MAX_DEPTH = 24

YamlPath = tuple[str | int, ...]


@dataclass
class Document:
    """A YAML file as plain dicts, lists, strings and None, with the place of every value and key by path.

    Who reads the same bytes again gets the same document: it is only looked at.
    """

    file: str
    data: Any
    values: dict[YamlPath, Place] = field(default_factory=dict)
    keys: dict[YamlPath, Place] = field(default_factory=dict)
    text_starts: dict[YamlPath, Place] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    folded: dict[YamlPath, str] = field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """Return the place of the value at `path`, or of its nearest ancestor that is in the file."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(self.file))

    def key_place(self, *path: str | int) -> Place:
        """Return the place of the key that names `path` (for unknown or misspelt keys)."""
        return self.keys.get(path) or self.place(*path)

    def text_as_laid_out(self, *path: str | int) -> str | None:
        """Return a folded scalar (`>`) with its line breaks, for messages that point into it; None for any other."""
        return self.folded.get(path)

    def text_place(self, *path: str | int) -> Place:
        """Return where the text of a scalar begins: past an opening quote, on the next line for a block."""
        return self.text_starts.get(path) or self.place(*path)


def read(path: Path, shown_as: str | None = None) -> Document:
    """Read one YAML file strictly.

    Raises:
        ProblemsFound: with a place, for anything the strict form does not allow, or an unreadable file.
    """
    file = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProblemsFound([Problem("YAML001", f"cannot read the file: {error.strerror}", Place(file))]) from error
    return parse(raw, file)


# One command reads the library several times: to match, to explain, to lint.
@lru_cache(maxsize=512)
def parse(raw: bytes, file: str) -> Document:
    """Parse the bytes of one YAML file; see `read`."""
    if len(raw) > MAX_BYTES:
        message = f"the file has {len(raw):,} bytes; at most {MAX_BYTES:,} are allowed"
        raise ProblemsFound([Problem("YAML002", message, Place(file), "split it into several files")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} is not UTF-8"
        raise ProblemsFound([Problem("YAML003", message, Place(file, line), "save the file as UTF-8")]) from error
    document = Document(file, None, lines=re.split(r"\r\n|\r|\n", text))
    problems: list[Problem] = []
    yaml = YAML(typ="rt", pure=True)
    try:
        node = yaml.compose(text)
        if node is not None and _has_anchor(node):
            problems += _anchors(text, file)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        raise ProblemsFound([Problem("YAML004", f"not valid YAML: {error.problem or error.context}", place)]) from error
    except RecursionError as error:
        message = f"nested deeper than {MAX_DEPTH} levels"
        raise ProblemsFound(
            [Problem("YAML006", message, Place(file), "write it flatter, or in several files")]
        ) from error
    except (YAMLError, ValueError) as error:
        raise ProblemsFound([Problem("YAML004", f"not valid YAML: {error}", Place(file))]) from error
    if problems:
        raise ProblemsFound(problems)
    document.data = _plain(node, (), document, problems) if node is not None else None
    if problems:
        raise ProblemsFound(problems)
    return document


def _has_anchor(node: Node) -> bool:
    """Return whether any node is anchored; looks at each once, since aliases may multiply without end."""
    seen: set[int] = set()
    open_nodes: list[object] = [node]
    while open_nodes:
        part = open_nodes.pop()
        if isinstance(part, tuple):
            open_nodes += part
        elif isinstance(part, Node) and id(part) not in seen:
            seen.add(id(part))
            if part.anchor:
                return True
            open_nodes += part.value if isinstance(part.value, list) else []
    return False


def _anchors(text: str, file: str) -> list[Problem]:
    found = []
    for event in YAML(typ="rt", pure=True).parse(text):
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            mark = event.start_mark
            place = Place(file, mark.line + 1, mark.column + 1)
            found.append(Problem("YAML005", "anchors and aliases are not allowed", place, "write the value out"))
    return found


def _plain(node: Node, path: YamlPath, document: Document, problems: list[Problem]) -> Any:
    document.values[path] = _place(node, document.file)
    if len(path) > MAX_DEPTH:
        problems.append(Problem("YAML006", f"nested deeper than {MAX_DEPTH} levels", document.values[path]))
        return None
    if not _is_standard_tag(node):
        problems.append(Problem("YAML007", f"tag {node.tag} is not allowed", document.values[path], "remove the tag"))
        return None
    if isinstance(node, MappingNode):
        return _mapping(node, path, document, problems)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, i), document, problems) for i, item in enumerate(node.value)]
    return _scalar(node, path, document) if isinstance(node, ScalarNode) else None


def _mapping(node: MappingNode, path: YamlPath, document: Document, problems: list[Problem]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = _place(key_node, document.file)
        if not isinstance(key_node, ScalarNode):
            problems.append(Problem("YAML008", "a key must be a plain word", place))
            continue
        key = str(key_node.value)
        if key in result:
            first = document.keys[(*path, key)].line
            problems.append(
                Problem("YAML009", f"`{key}` stands twice; first on line {first}", place, "keep one of them")
            )
            continue
        document.keys[(*path, key)] = place
        result[key] = _plain(value_node, (*path, key), document, problems)
    return result


def _scalar(node: ScalarNode, path: YamlPath, document: Document) -> str | None:
    start = document.values[path]
    if node.style in ("'", '"'):
        document.text_starts[path] = start.shifted(1, max(1, start.length - 2))
    elif node.style in ("|", ">"):
        document.text_starts[path] = _first_line_of_block(start, document.lines)
    if node.style is None and node.value in ("", "~", "null"):
        return None
    if node.style == ">":
        # The round-trip reader marks each fold with a bell before the space that replaces the line break.
        document.folded[path] = str(node.value).replace("\a ", "\n").replace("\a", "")
        return str(node.value).replace("\a", "")
    return str(node.value)


def _first_line_of_block(start: Place, lines: list[str]) -> Place:
    for number, line in enumerate(lines[start.line :], start.line + 1):
        if line.strip():
            return Place(start.file, number, len(line) - len(line.lstrip(" ")) + 1)
    return Place(start.file, start.line + 1)


def _place(node: Node, file: str) -> Place:
    start, end = node.start_mark, node.end_mark
    length = end.column - start.column if end.line == start.line else 1
    return Place(file, start.line + 1, start.column + 1, max(1, length))


def _is_standard_tag(node: Node) -> bool:
    # ruamel resolves implicit tags while composing; an explicit tag keeps its mark in `ctag` with a handle.
    tag = str(node.tag or "")
    return tag.startswith("tag:yaml.org,2002:") and tag.rsplit(":", 1)[1] in {
        "str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge", "value",
    }  # fmt: skip
