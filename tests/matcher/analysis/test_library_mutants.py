"""Sixty faults in good policies: each that can be told is told, with a firm that the interpreter confirms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import Problem
from matcher.analysis.analyse import Analysis, analyse, contexts
from matcher.analysis.logic import Logic, Wanted, fails, meets
from matcher.analysis.witness import fully_known
from matcher.bind import Binder
from matcher.outcomes import Outcome
from matcher.plan import BoundPolicy, bind_policy
from policies.lints import lint
from policies.load import BUNDLED, Library, Reading, read_library
from policies.policy import Policy
from tests.docs.pages import read
from tests.matcher.analysis.asking import bundled
from tests.matcher.analysis.library_mutants import KINDS, Mutant, mutants
from tests.matcher.analysis.test_mutants import is_shown
from tests.policies.writing import catalogue

MUTANTS = mutants(bundled())
NUMBER = 60
FOUND, OTHER, OPEN = "found", "another policy", "out of reach"


@dataclass(frozen=True)
class Told:
    """What is told of the mutants, by their names."""

    reading: Reading
    problems: Mapping[str, list[Problem]]
    logic: Mapping[str, list[Analysis]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("mutants")
    for mutant in MUTANTS:
        (folder / f"{mutant.name}.yaml").write_text(mutant.text, encoding="utf-8")
    reading = read_library([*BUNDLED[1:], folder], catalogue())
    problems: dict[str, list[Problem]] = {}
    for problem in (*reading.problems, *lint(reading, catalogue())):
        problems.setdefault(Path(problem.place.file).stem, []).append(problem)
    logic: dict[str, list[Analysis]] = {}
    for analysis in analyse(reading.library.policies, reading.library, catalogue()):
        logic.setdefault(analysis.policy, []).append(analysis)
    return Told(reading, problems, logic)


def bound(policy: Policy, library: Library) -> tuple[BoundPolicy, Logic]:
    context = contexts(policy)[0]
    binder = Binder(context, library.definition_terms, library.parameters)
    known = fully_known(catalogue())
    made = bind_policy(policy, known, binder, library.together)
    return made, Logic(made, known, context)


def state(mutant: Mutant, told: Told) -> str:
    """Return whether a fault is told, or the mutant shown to be a sound policy that means something else."""
    if told.logic.get(mutant.name) or any(p.severity == "error" for p in told.problems.get(mutant.name, ())):
        return FOUND
    return OTHER if all(confirmed(told.reading.library.policy(mutant.name), told.reading.library)) else OPEN


@cache
def reached(origin: str) -> bool:
    """Return whether the sound policy itself has only forms for which the solver can give firms."""
    return all(confirmed(bundled().policy(origin), bundled()))


def confirmed(policy: Policy, library: Library) -> Iterator[bool]:
    """Yield whether a firm can meet everything, and whether one can fail each condition and meet all others."""
    made, logic = bound(policy, library)
    parts = logic.parts.all

    def outcome(wanted: Wanted) -> Outcome | None:
        witness = logic.witness(wanted)
        decision = None if witness is None else witness.decision(made)
        return None if decision is None else decision.verdict.outcome

    yield outcome(meets(*parts)) is Outcome.ELIGIBLE
    for part in logic.parts.conditions:
        others = [other for other in parts if other is not part]
        yield outcome(fails(part, *others)) is Outcome.INELIGIBLE


def test_there_are_sixty_of_many_policies() -> None:
    assert len(MUTANTS) == NUMBER == sum(kind.number for kind in KINDS)
    assert len({mutant.origin for mutant in MUTANTS}) > 20


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.kind.name.replace(' ', '-')}-{mutant.origin}")
def test_a_fault_that_must_be_told_is_told(mutant: Mutant, told: Told) -> None:
    codes = {problem.code for problem in told.problems.get(mutant.name, ())}
    codes |= {analysis.finding.code for analysis in told.logic.get(mutant.name, ())}
    if state(mutant, told) == OPEN:
        assert not reached(mutant.origin)  # what hides the fault stands in the sound policy too
    elif mutant.kind.codes:
        assert any(code.startswith(wanted) for code in codes for wanted in mutant.kind.codes), codes


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_firm_that_shows_a_fault_is_confirmed(mutant: Mutant, told: Told) -> None:
    for analysis in told.logic.get(mutant.name, ()):
        policy, _ = bound(told.reading.library.policy(mutant.name), told.reading.library)
        finding, award = analysis.finding, policy.award
        if finding.code == "LOG005" and finding.witness is not None and not reached(mutant.origin):
            assert award is not None
            assert [finding.witness.truth(tier.when) for tier in award.tiers].count(True) > 1
        else:
            assert is_shown(finding, policy)


def test_the_page_counts_them_as_they_are(told: Told) -> None:
    counted = Counter((mutant.kind.name, state(mutant, told)) for mutant in MUTANTS)
    shown = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \| (\d+) \|$", read("docs/analysis.md"), re.MULTILINE)
    whole = [(kind.name, *(str(counted[kind.name, what]) for what in (FOUND, OTHER, OPEN))) for kind in KINDS]
    assert shown == whole, "\n".join(f"| {' | '.join(line)} |" for line in whole)
