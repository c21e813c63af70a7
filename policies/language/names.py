"""Chinese names to English identifiers: titles of datasets and labels of fields, wherever the catalogue knows them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

from enterprise_data.catalogue.model import Dataset
from policies.language import tree as s
from policies.language.scope import Scope, field_of

AnyNode = TypeVar("AnyNode", bound=s.Node)


def canonical_names(node: s.Node, scope: Scope) -> s.Node:
    """Return the tree with identifiers in place of Chinese names; names nobody knows stay."""
    row = scope.catalogue.find(scope.row_dataset) if scope.row_dataset else None
    return _Naming(scope, row).rewritten(node)


@dataclass(frozen=True)
class _Naming:
    scope: Scope
    row: Dataset | None

    def rewritten(self, node: AnyNode) -> AnyNode:
        if isinstance(node, s.Name):
            return self._field(node, self.row)
        if isinstance(node, s.Field):
            dataset = self.scope.catalogue.find(node.dataset.text)
            index = tuple(self.rewritten(part) for part in node.index)
            named = self._dataset(node.dataset), self._field(node.field, dataset)
            return replace(node, dataset=named[0], field=named[1], index=index)
        if isinstance(node, s.Rows):
            return self._rows(node)
        if isinstance(node, s.ParameterUse):
            return replace(node, index=tuple(self.rewritten(part) for part in node.index))
        if isinstance(node, s.Call):
            arguments = tuple(self.rewritten(argument) for argument in node.arguments)
            return replace(node, arguments=arguments, options=tuple(self.rewritten(o) for o in node.options))
        return self._parts(node)

    def _parts(self, node: AnyNode) -> AnyNode:
        changed: dict[str, object] = {}
        for part in fields(node):
            value = getattr(node, part.name)
            if isinstance(value, s.Node):
                changed[part.name] = self.rewritten(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], s.Node):
                changed[part.name] = tuple(self.rewritten(item) for item in value)
        return replace(node, **changed) if changed else node

    def _rows(self, node: AnyNode) -> AnyNode:
        assert isinstance(node, s.Rows)
        dataset = self.scope.catalogue.find(node.dataset.text)
        inside = _Naming(self.scope, dataset)
        return replace(
            node,
            dataset=self._dataset(node.dataset),
            field=self._field(node.field, dataset) if node.field else None,
            where=inside.rewritten(node.where) if node.where else None,
        )

    def _dataset(self, name: s.Name) -> s.Name:
        dataset = self.scope.catalogue.find(name.text)
        return replace(name, text=dataset.dataset) if dataset else name

    def _field(self, name: AnyNode, dataset: Dataset | None) -> AnyNode:
        assert isinstance(name, s.Name)
        identifier = field_of(dataset, name.text) if dataset else None
        return replace(name, text=identifier) if identifier else name
