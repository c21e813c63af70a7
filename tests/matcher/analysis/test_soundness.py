"""What the analysis calls impossible, no firm does: random conditions over random firms, by the interpreter."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.analysis.logic import fails, meets
from matcher.coverage import Feed
from matcher.interpreter.evaluate import Interpreter
from matcher.interpreter.rows import RowFacts
from policies.language import terms as t
from tests.matcher.analysis.asking import logic_of, small_world
from tests.matcher.random_terms import Generator
from tests.matcher.small_world import AS_OF, firms

FIRMS = 60
SEEDS = st.integers(0, 2**32 - 1)


def conditions(rnd: random.Random, number: int) -> list[t.Term]:
    generator = Generator(rnd)
    return [generator.condition(depth=rnd.choice([1, 2])) for _ in range(number)]


def seen(rnd: random.Random) -> list[Interpreter]:
    feeds = {name: Feed(AS_OF, has_uncertain_rows=False) for name in small_world().datasets}
    return [Interpreter(RowFacts(small_world(), feeds, AS_OF, firm)) for firm in firms(rnd, FIRMS)]


@given(SEEDS)
@settings(max_examples=60)
def test_what_is_never_or_always_true_is_so_for_every_random_firm(seed: int) -> None:
    rnd = random.Random(seed)
    (term,) = conditions(rnd, 1)
    logic = logic_of(term)
    (part,) = logic.parts.conditions
    truths = {firm.truth(term) for firm in seen(rnd)}
    assert logic.possible(meets(part)) or True not in truths
    assert logic.possible(fails(part)) or False not in truths


@given(SEEDS)
@settings(max_examples=60)
def test_what_excludes_or_implies_another_does_so_for_every_random_firm(seed: int) -> None:
    rnd = random.Random(seed)
    first, second = conditions(rnd, 2)
    logic = logic_of(first, second)
    one, other = logic.parts.conditions
    pairs = {(firm.truth(first), firm.truth(second)) for firm in seen(rnd)}
    assert logic.possible(meets(one, other)) or (True, True) not in pairs
    assert logic.possible(fails(other, one)) or (True, False) not in pairs


@given(SEEDS)
@settings(max_examples=60)
def test_a_firm_that_is_found_is_so(seed: int) -> None:
    """Where nothing was left free, the interpreter confirms every firm: both read the condition alike."""
    (term,) = conditions(random.Random(seed), 1)
    logic = logic_of(term)
    (part,) = logic.parts.conditions
    witness, free = logic.firm_and_guesses(meets(part))
    if witness is not None and not free:
        assert witness.truth(term) is True
