"""What differs between two versions of a policy: conditions by their ids, everything else by its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import Place, ProblemsFound
from enterprise_data.periods import PeriodKind
from matcher.simulate.versions import Version
from policies.language.format import format_tree
from policies.language.literals import write_quantity
from policies.language.names import canonical_names
from policies.language.parse import parse
from policies.language.scope import Scope
from policies.language.source import Source
from policies.language.tree import Node, Quantity

Change = Literal["added", "removed", "changed"]
PARTS = ("policy", "applies", "conditions", "award", "budget", "payout")
_PLAIN = frozenset({"text", "clause", "id", "item", "note", "group", "family", "line"})  # never expressions


@dataclass(frozen=True)
class Difference:
    """One difference: `part` of the file, `name` of a condition (or None), `what` of it; None: not there.

    `values` pairs the literals that differ where an expression is otherwise the same.
    """

    part: str
    name: str | None
    change: Change
    what: str
    before: str | None
    after: str | None
    values: tuple[tuple[str, str], ...] = ()


def differences(old: Version, new: Version, catalogue: Catalogue) -> list[Difference]:
    """Return what differs, in the order of the parts; expressions that mean the same letter for letter are equal."""
    words = _Words(Scope(catalogue, PeriodKind.YEAR))
    before, after = old.document.data, new.document.data
    found = [*words.fields("policy", None, _head(before), _head(after)), *_rules(before, after)]
    found += words.conditions(_conditions(before.get("conditions")), _conditions(after.get("conditions")))
    for part in ("award", "budget", "payout"):
        found += words.fields(part, None, _flat(before.get(part)), _flat(after.get(part)))
    return found


@dataclass(frozen=True)
class _Words:
    scope: Scope

    def fields(
        self, part: str, name: str | None, before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Difference]:
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key), after.get(key)
            plain = part == "policy" or key.rpartition(".")[2] in _PLAIN
            if old == new or (old is not None and new is not None and not plain and self.same(old, new)):
                continue
            change: Change = "added" if old is None else "removed" if new is None else "changed"
            values = () if plain or old is None or new is None else self.values(old, new)
            yield Difference(part, name, change, key, old, new, values)

    def conditions(
        self, before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
    ) -> Iterator[Difference]:
        for name in dict.fromkeys((*before, *after)):
            if name in before and name in after:
                yield from self.fields("conditions", name, before[name], after[name])
                continue
            change: Change = "removed" if name in before else "added"
            for key, text in (before.get(name) or after[name]).items():
                pair = (text, None) if name in before else (None, text)
                yield Difference("conditions", name, change, key, *pair)

    def same(self, old: str, new: str) -> bool:
        return self._canonical(old) == self._canonical(new)

    def values(self, old: str, new: str) -> tuple[tuple[str, str], ...]:
        """Return the quantities that differ, where nothing else does."""
        try:
            trees = [canonical_names(parse(Source(text, Place("expression"))), self.scope) for text in (old, new)]
        except ProblemsFound:
            return ()
        (first, second) = (list(_quantities(tree)) for tree in trees)
        rest = {_without(format_tree(tree), parts) for tree, parts in zip(trees, (first, second), strict=True)}
        if len(first) != len(second) or len(rest) > 1:
            return ()
        return tuple((a, b) for a, b in zip(first, second, strict=True) if a != b)

    def _canonical(self, text: str) -> str:
        try:
            return format_tree(canonical_names(parse(Source(text, Place("expression"))), self.scope))
        except ProblemsFound:
            return " ".join(text.split())


def _quantities(tree: Node) -> Iterator[str]:
    yield from (write_quantity(node.value, node.unit) for node in tree.walk() if isinstance(node, Quantity))


def _without(text: str, quantities: Sequence[str]) -> str:
    """Return the text with each quantity blotted out, in their order."""
    for quantity in quantities:
        before, found, after = text.partition(quantity)
        text = f"{before}□{after}" if found else text
    return text


def _head(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands at the top of the file, and its source and service."""
    rest = (*PARTS[1:], "policy")
    return _flat({key: value for key, value in data.items() if key not in rest})


def _rules(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    old, new = ([_rule(rule) for rule in data.get("applies") or []] for data in (before, after))
    yield from (Difference("applies", None, "removed", "rule", rule, None) for rule in old if rule not in new)
    yield from (Difference("applies", None, "added", "rule", None, rule) for rule in new if rule not in old)


def _rule(rule: Mapping[str, Any]) -> str:
    excepted = rule.get("except")
    text = f"{rule['periods']} {rule.get('region') or 'everywhere'}"
    return text + (f" except {'、'.join(excepted)}" if excepted else "")


def _conditions(members: Sequence[Mapping[str, Any]] | None, within: str = "") -> dict[str, dict[str, str]]:
    """Return the conditions by id; `within` names the groups they stand in."""
    found: dict[str, dict[str, str]] = {}
    for member in members or ():
        mode = next((mode for mode in ("all", "any", "none") if mode in member), None)
        if mode is not None:
            found |= _conditions(member[mode], f"{within} {mode} of".strip())
        else:
            keys = ("text", "clause", "when")
            found[member["id"]] = {key: str(member[key]) for key in keys} | ({"within": within} if within else {})
    return found


def _flat(data: Any, path: str = "") -> dict[str, str]:
    """Return every text below by its dotted path; members of lists go by their `id`, else by their place."""
    if isinstance(data, Mapping):
        parts = [(str(key), value) for key, value in data.items()]
    elif isinstance(data, list):
        parts = [
            (str(value.get("id") or place) if isinstance(value, Mapping) else str(place), value)
            for place, value in enumerate(data, start=1)
        ]
    else:
        return {} if data is None else {path: str(data)}
    return {name: text for key, value in parts for name, text in _flat(value, f"{path}.{key}".lstrip(".")).items()}
