"""Whether every fact that a policy asks for has a connected source: readiness (免申即享), told before a match.

A fact without one is unknown for every firm, and unknown never pays: a policy that needs it holds everybody as
undetermined, so that nobody is paid without a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.problems import Place, Problem
from enterprise_data.snapshot.snapshot import Snapshot
from matcher.bind import Binder
from matcher.computable import context_of, place_of
from matcher.plan import CLAIM, ITEMS, award_terms, bind_policy
from matcher.walk import every_term
from policies.language import terms as t
from policies.load import Library
from policies.policy import Policy

CODE = "POL132"


def unsourced(policy: Policy, library: Library, catalogue: Catalogue, snapshot: Snapshot) -> Iterator[Problem]:
    """Yield what a policy reads that the snapshot has no source of, once for each condition and dataset or field.

    Raises:
        MianshenError: the policy cannot be bound, which is an error of its own.
    """
    document = strict_yaml.read(Path(library.paths[policy.id]))
    binder = Binder(context_of(policy), library.definition_terms, library.parameters)
    bound = bind_policy(policy, catalogue, binder, library.together)
    own = {leaf.id for leaf in policy.conditions.leaves()}
    told = [
        problem
        for leaf in bound.leaves
        if leaf.id in own
        for problem in _told(leaf.term, f"`{leaf.id}`", place_of(document, leaf.id), catalogue, snapshot)
    ]
    engines = [leaf.term for leaf in bound.leaves if leaf.id in (CLAIM, ITEMS)]
    for term in (*engines, *bound.paid.values(), *(award_terms(bound.award) if bound.award else ())):
        told += _told(term, "the award", document.place("award"), catalogue, snapshot)
    yield from dict.fromkeys(told)


def _told(term: t.Term, what: str, place: Place, catalogue: Catalogue, snapshot: Snapshot) -> Iterator[Problem]:
    for dataset, field in dict.fromkeys(_sources(term)):
        entry = catalogue.datasets[dataset]
        loaded = snapshot.dataset(dataset)
        if loaded is None:
            missing = f"`{dataset}` ({entry.title.zh}, {entry.department}) was never loaded"
            help_text = f"connect it with `mianshen data load {dataset}`, or write `automatic: false` and the `reason`"
            yield Problem(CODE, f"{what} has no source: {missing}", place, help_text, "warning")
        elif field in loaded.undelivered:
            missing = f"the deliveries of `{dataset}` ({entry.title.zh}) have no column `{field}`"
            help_text = f"ask {entry.department} for it, or write `automatic: false` and the `reason`"
            yield Problem(CODE, f"{what} has no source: {missing}", place, help_text, "warning")


def _sources(term: t.Term) -> Iterator[tuple[str, str | None]]:
    """Yield the datasets, and the fields of them, that a term reads."""
    for part in every_term(term):
        if isinstance(part, t.Fact | t.Aggregate | t.RowField):
            yield part.dataset, part.field
