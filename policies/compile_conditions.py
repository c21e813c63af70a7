"""Conditions of a policy file: leaves become terms, ids are unique, groups keep their shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from enterprise_data.declarations.strict_yaml import YamlPath
from policies.language.terms import BOOL
from policies.model import MAX_LEAVES, RESERVED_IDS, ConditionForm, GroupForm, LeafForm
from policies.policy import Group, Leaf
from policies.reader import Reader


def compile_conditions(forms: tuple[ConditionForm, ...], reader: Reader) -> Group:
    """Return the top-level group, all of whose members must hold."""
    placed = list(_with_paths(forms, ("conditions",)))
    _check_ids(placed, reader)
    leaves = sum(isinstance(form, LeafForm) for form, _ in placed)
    if leaves > MAX_LEAVES:
        message = f"{leaves} conditions; at most {MAX_LEAVES} are allowed"
        reader.problem("POL006", message, ("conditions",), "join some with `and`, or move them to a definition")
    return Group("all", tuple(_member(form, ("conditions", i), reader) for i, form in enumerate(forms)))


def _member(form: ConditionForm, path: YamlPath, reader: Reader) -> Leaf | Group:
    if isinstance(form, LeafForm):
        return Leaf(form.id, form.text, form.clause, form.when, reader.term(form.when, (*path, "when"), BOOL))
    inside = (*path, form.mode)
    members = tuple(_member(member, (*inside, i), reader) for i, member in enumerate(form.members))
    return Group(form.mode, members, form.id, form.text)


def _check_ids(placed: list[tuple[ConditionForm, YamlPath]], reader: Reader) -> None:
    seen: Counter[str] = Counter()
    for form, path in placed:
        if form.id in RESERVED_IDS:
            reader.problem("POL005", f"the id `{form.id}` is the engine's own", (*path, "id"), "choose another id")
        elif form.id is not None and seen[form.id]:
            help_text = "a decision names conditions by id: choose another"
            reader.problem("POL004", f"two conditions have the id `{form.id}`", (*path, "id"), help_text)
        if form.id is not None:
            seen[form.id] += 1


def _with_paths(forms: tuple[ConditionForm, ...], path: YamlPath) -> Iterator[tuple[ConditionForm, YamlPath]]:
    for i, form in enumerate(forms):
        yield form, (*path, i)
        if isinstance(form, GroupForm):
            yield from _with_paths(form.members, (*path, i, form.mode))
