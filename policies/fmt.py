"""Formatting policy files: each expression in its canonical writing, everything else as its author left it.

Only the text of expressions is replaced, at its place; comments, order, quotes and line breaks of the rest stay. An
expression laid out over several lines keeps its layout, and the parentheses that serve it, as long as the rest of it is
canonical.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import ProblemsFound
from enterprise_data.declarations.strict_yaml import YamlPath
from enterprise_data.periods import PeriodKind
from policies.language.compile import format_expression
from policies.language.scope import Scope

_ROWS = re.compile(r"\s*(?P<dataset>\w+)\s+where\s+(?P<filter>.*)", re.DOTALL)
_AWARD = {
    ("amount",), ("item_cap",), ("cap", "per_period"), ("cap", "lifetime"), ("share", "of"), ("share", "rate"),
    ("steps", "of"), ("steps", "each"), ("steps", "pay"), ("for_each", "rows"),
}  # fmt: skip


@dataclass(frozen=True)
class _Text:
    """One scalar of the file, with its path, and whether it stands inside `{...}` or `[...]`."""

    path: YamlPath
    node: ScalarNode
    in_flow: bool

    @property
    def one_line(self) -> bool:
        return bool(self.node.start_mark.line == self.node.end_mark.line)


def format_policy(text: str, scope: Scope, file: str = "policy") -> str:
    """Return the file's text with canonical expressions; one that does not parse is left for `check` to report.

    Raises:
        ProblemsFound: the text is not strict YAML.
    """
    document = strict_yaml.parse(text.encode(), file)
    data = document.data if isinstance(document.data, dict) else {}
    if data.get("period") in list(PeriodKind):
        scope = replace(scope, period_kind=PeriodKind(data["period"]))
    item_scope = replace(scope, row_dataset=_dataset_of_items(data))
    found = list(_texts(YAML(typ="rt", pure=True).compose(text), (), in_flow=False))
    # From the last to the first, so that earlier places stay right.
    for scalar in reversed(found):
        if _is_expression(scalar.path):
            written = _canonical(scalar, item_scope if scalar.path[0] == "award" else scope)
            node = scalar.node
            text = text[: node.start_mark.index] + written + text[node.end_mark.index :] if written else text
    return text


def _texts(node: Node | None, path: YamlPath, *, in_flow: bool) -> Iterator[_Text]:
    if isinstance(node, ScalarNode):
        yield _Text(path, node, in_flow)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _texts(value, (*path, str(key.value)), in_flow=in_flow or bool(node.flow_style))
    elif isinstance(node, SequenceNode):
        for i, item in enumerate(node.value):
            yield from _texts(item, (*path, i), in_flow=in_flow or bool(node.flow_style))


def _is_expression(path: YamlPath) -> bool:
    if path[0] == "award":
        return path[1:] in _AWARD or (path[1] == "tiers" and path[-1] in ("when", "pay"))
    return (path[0] == "conditions" and path[-1] == "when") or path == ("means",)


def _canonical(scalar: _Text, scope: Scope) -> str:
    """Return the canonical writing as YAML, or nothing where the text is canonical or does not parse."""
    text = str(scalar.node.value).replace("\a", "")
    try:
        written = _rows(text, scope) if scalar.path[-1] == "rows" else format_expression(text, scope)
    except ProblemsFound:
        return ""
    same = text == written if scalar.one_line else _bare(text) == _bare(written)
    return "" if same else _as_yaml(written, scalar)


def _bare(text: str) -> str:
    return re.sub(r"[\s()\[\]]+", "", text)


def _rows(text: str, scope: Scope) -> str:
    match = _ROWS.fullmatch(text)
    if match is None:
        return text
    dataset = scope.catalogue.find(match["dataset"])
    name = dataset.dataset if dataset else match["dataset"]
    return f"{name} where {format_expression(match['filter'], scope)}"


def _dataset_of_items(data: dict[str, Any]) -> str | None:
    award = data.get("award")
    items = award.get("for_each") if isinstance(award, dict) else None
    rows = items.get("rows") if isinstance(items, dict) else None
    return rows.split()[0] if isinstance(rows, str) and rows.strip() else None


def _as_yaml(text: str, scalar: _Text) -> str:
    """Write a scalar so that YAML reads it back: plain where that is safe, else in single quotes."""
    unsafe = r": |:$| #|^[\"'&*!|>%@`?\[{-]" + (r"|[{}\[\],]" if scalar.in_flow else "")
    line_end = "\n" if scalar.node.style in ("|", ">") else ""
    if scalar.node.style in ("'", '"') or re.search(unsafe, text):
        text = "'" + text.replace("'", "''") + "'"
    return text + line_end
