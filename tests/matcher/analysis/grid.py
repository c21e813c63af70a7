"""What is wrong with a policy by trying every firm that could matter: an answer found without any solver.

Conditions that compare one fact with a constant each change truth only at the constants, so that the constants, their
neighbours and the ends of the range stand for all values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from enterprise_data.catalogue.bounds import EARLIEST_DAY, LATEST_DAY, bounds
from enterprise_data.declarations.strict_yaml import YamlPath
from matcher.interpreter.evaluate import Interpreter
from matcher.interpreter.intervals import exactly
from matcher.plan import BoundPolicy
from matcher.walk import every_term
from policies.language import terms as t
from tests.policies.writing import catalogue

Key = tuple[str, YamlPath]


@dataclass(frozen=True)
class Given:
    """A firm of which only these facts are asked."""

    values: dict[t.Term, Any]

    def value(self, term: t.Fact | t.Aggregate | t.RowField) -> Any:
        return exactly(self.values[term])


def _around(value: Any) -> tuple[Any, ...]:
    step: Any = timedelta(days=1) if isinstance(value, date) else 1
    return value - step, value, value + step


def _ends(fact: t.Fact) -> tuple[Any, Any]:
    limits = bounds(catalogue().datasets[fact.dataset].fields[fact.field])
    return (EARLIEST_DAY, LATEST_DAY) if limits is None else (Fraction(limits[0]), Fraction(limits[1]))


def firms(terms: Sequence[t.Term]) -> Iterator[Interpreter]:
    """Yield a firm for each combination of values that could matter."""
    inside = [inner for term in terms for inner in every_term(term)]
    facts = list(dict.fromkeys(inner for inner in inside if isinstance(inner, t.Fact)))
    choices = []
    for fact in facts:
        kind = fact.type.kind
        constants = {inner.value for inner in inside if isinstance(inner, t.Constant) and inner.type.kind is kind}
        low, high = _ends(fact)
        near = {value for constant in constants for value in _around(constant) if low <= value <= high}
        choices.append(sorted(near | {low, high}))
    for values in product(*choices):
        yield Interpreter(Given(dict(zip(facts, values, strict=True))))


def faults(policy: BoundPolicy) -> set[Key]:
    """Return the code and place of each fault."""
    written = [leaf.term for leaf in policy.leaves[1:]]
    tiers = policy.award.tiers if policy.award else ()
    whens = [tier.when for tier in tiers]
    seen = {
        (tuple(firm.truth(term) for term in written), tuple(firm.truth(when) for when in whens))
        for firm in firms([*written, *whens])
    }
    conditions = {truths for truths, _ in seen}
    found = set(_of_conditions(conditions, len(written)))
    eligible = [reached for truths, reached in seen if all(truths)]
    return found | set(_of_tiers(eligible, [tier.pay for tier in tiers], whens)) if eligible else found


def _of_conditions(seen: Iterable[tuple[Any, ...]], number: int) -> Iterator[Key]:
    seen = list(seen)
    alone = [i for i in range(number) if not any(truths[i] for truths in seen)]
    if alone:
        yield from (("LOG001", ("conditions", i, "when")) for i in alone)
        return
    if not any(map(all, seen)):
        yield "LOG001", ("conditions", _last_of_core(seen, number), "when")
        return
    kept = list(range(number))
    for i in reversed(range(number)):
        if all(truths[i] for truths in seen):
            yield "LOG003", ("conditions", i, "when")
        elif all(truths[i] for truths in seen if all(truths[j] for j in kept if j != i)):
            kept.remove(i)
            yield "LOG004", ("conditions", i, "when")


def _last_of_core(seen: Sequence[tuple[Any, ...]], number: int) -> int:
    left = list(range(number))
    for i in range(number):
        rest = [j for j in left if j != i]
        if not any(all(truths[j] for j in rest) for truths in seen):
            left = rest
    return left[-1]


def _of_tiers(eligible: Sequence[tuple[Any, ...]], pays: Sequence[t.Term], whens: Sequence[t.Term]) -> Iterator[Key]:
    for i in range(len(pays)):
        if not any(reached[i] and not any(reached[:i]) for reached in eligible):
            yield "LOG005", ("award", "tiers", i, "when")
    if pays and not all(map(any, eligible)):
        yield "LOG006", ("award", "tiers")
    for i, j in combinations(range(len(pays)), 2):
        kinds = {(bool(reached[i]), bool(reached[j])) for reached in eligible}
        if kinds >= {(True, True), (True, False), (False, True)} and _value(whens[i]) == _value(whens[j]) != set():
            yield "LOG007", ("award", "tiers", j, "when")


def _value(when: t.Term) -> set[t.Term]:
    """Return the one fact that a tier without `or` bounds; nothing for any other tier."""
    inside = list(every_term(when))
    facts: set[t.Term] = {inner for inner in inside if isinstance(inner, t.Fact)}
    plain = not any(isinstance(inner, t.Some | t.Not) for inner in inside)
    return facts if plain and len(facts) == 1 else set()
