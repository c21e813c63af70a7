"""Walking and rewriting terms without naming each of their classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from policies.language.terms import Term


def children(term: Term) -> Iterator[Term]:
    """Yield the direct sub-terms, in the order they are declared."""
    for field in fields(term):
        value = getattr(term, field.name)
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Term))


def rebuild(term: Term, change: Callable[[Term], Term]) -> Term:
    """Return `term` with `change` applied to each direct sub-term."""
    changed: dict[str, object] = {}
    for field in fields(term):
        value = getattr(term, field.name)
        if isinstance(value, Term):
            changed[field.name] = change(value)
        elif isinstance(value, tuple) and any(isinstance(item, Term) for item in value):
            changed[field.name] = tuple(change(item) for item in value)
    return replace(term, **changed) if changed else term  # type: ignore[arg-type]  # fields seen just above


def every_term(term: Term) -> Iterator[Term]:
    """Yield `term` and everything below it, parents first."""
    yield term
    for child in children(term):
        yield from every_term(child)
