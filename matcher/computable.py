"""What a policy asks that cannot be computed, found before it meets data.

Some faults show only once periods are fixed and sizes are known: a date outside the calendar, a number that could
exceed 38 digits, an amount that no sum of items could keep exact. Binding and compiling a policy once finds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import MianshenError, Place, Problem
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from matcher.bind import Binder
from matcher.context import Context
from matcher.coverage import Feed
from matcher.plan import BoundPolicy, bind_policy, facts_in
from matcher.sql.awards import firm_award, item_award
from matcher.sql.compile import Compiler
from matcher.sql.facts import FactBuilder
from policies.load import Library
from policies.policy import Policy

CODE = "RUN001"
_HELP = "see the limits in docs/language.md"


def refusals(policy: Policy, library: Library, catalogue: Catalogue) -> list[Problem]:
    """Return what of a policy cannot be bound or computed, each at its condition or at the award."""
    document = strict_yaml.read(Path(library.paths[policy.id]))
    return [Problem(CODE, message, place, _HELP) for place, message in _refused(policy, library, catalogue, document)]


def _refused(policy: Policy, library: Library, catalogue: Catalogue, document: Document) -> Iterator[tuple[Place, str]]:
    context = context_of(policy)
    binder = Binder(context, library.definition_terms, library.parameters)
    builder = FactBuilder(catalogue, {name: Feed(context.as_of) for name in catalogue.datasets}, context.as_of)
    fine = True
    for leaf in policy.conditions.leaves():
        try:
            term = binder.bind(leaf.term)
            Compiler(builder.plan(facts_in(term)).columns).condition(term)
        except MianshenError as error:
            fine = False
            yield place_of(document, leaf.id), str(error)
    try:
        if fine:
            _compile_award(bind_policy(policy, catalogue, binder), builder, catalogue)
    except MianshenError as error:
        yield document.place("award"), str(error)


def context_of(policy: Policy) -> Context:
    """Return a period that the policy decides, as of its last day."""
    period = policy.applies[-1].first
    return Context(period, period.last_day)


def _compile_award(policy: BoundPolicy, builder: FactBuilder, catalogue: Catalogue) -> None:
    award = policy.award
    if award is None:
        return
    columns = builder.plan(policy.facts()).columns
    if award.items is None:
        firm_award(award, columns)
    else:
        item_award(award, columns, catalogue)


def place_of(document: Document, leaf: str) -> Place:
    """Return where the expression of a condition stands."""
    path = _path_of(document.data.get("conditions"), leaf, ("conditions",))
    return document.text_place(*path, "when") if path else document.place("conditions")


def _path_of(node: Any, leaf: str, path: YamlPath) -> YamlPath | None:
    """Return the path of the condition with this id, however deep in groups."""
    if isinstance(node, dict) and node.get("id") == leaf and "when" in node:
        return path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = (_path_of(value, leaf, (*path, key)) for key, value in inner)
    return next((place for place in found if place is not None), None)
