"""Chinese names to English identifiers: titles of datasets and labels of fields, wherever the catalogue knows them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from enterprise_data.catalogue.model import Dataset
from policies.language import tree as s
from policies.language.scope import Scope, field_of

# Parts that are names and yet stand for nothing in the catalogue.
_NOT_VALUES = ("function", "variable")


def canonical_names(node: s.Node, scope: Scope) -> s.Node:
    """Return the tree with identifiers in place of Chinese names; names nobody knows stay."""
    row = scope.catalogue.find(scope.row_dataset) if scope.row_dataset else None
    return _Naming(scope, row).node(node)


@dataclass(frozen=True)
class _Naming:
    scope: Scope
    row: Dataset | None

    def node(self, node: s.Node) -> s.Node:
        if isinstance(node, s.Name):
            return self.field(node, self.row)
        if isinstance(node, s.Field):
            return self.fact(node)
        if isinstance(node, s.Rows):
            return self.rows(node)
        if isinstance(node, s.ParameterUse):
            return replace(node, index=tuple(map(self.node, node.index)))
        return self.parts(node)

    def parts(self, node: s.Node) -> s.Node:
        changed: dict[str, Any] = {}
        for part in fields(node):
            value = getattr(node, part.name)
            if isinstance(value, s.Node) and part.name not in _NOT_VALUES:
                changed[part.name] = self.node(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], s.Node):
                changed[part.name] = tuple(map(self.node, value))
        return replace(node, **changed) if changed else node

    def fact(self, node: s.Field) -> s.Field:
        dataset = self.scope.catalogue.find(node.dataset.text)
        index = tuple(map(self.node, node.index))
        return replace(node, dataset=self.dataset(node.dataset), field=self.field(node.field, dataset), index=index)

    def rows(self, node: s.Rows) -> s.Rows:
        dataset = self.scope.catalogue.find(node.dataset.text)
        inside = _Naming(self.scope, dataset)
        return replace(
            node,
            dataset=self.dataset(node.dataset),
            field=self.field(node.field, dataset) if node.field else None,
            where=inside.node(node.where) if node.where else None,
        )

    def dataset(self, name: s.Name) -> s.Name:
        dataset = self.scope.catalogue.find(name.text)
        return replace(name, text=dataset.dataset) if dataset else name

    def field(self, name: s.Name, dataset: Dataset | None) -> s.Name:
        identifier = field_of(dataset, name.text) if dataset else None
        return replace(name, text=identifier) if identifier else name
