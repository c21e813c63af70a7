"""The library has no fault of logic, and checking many policies is fast enough to be done on every change."""

from __future__ import annotations

from time import process_time

from matcher.analysis.analyse import analyse
from policies.load import BUNDLED, SAMPLE_CITY, load_library
from tests.matcher.analysis.asking import bundled
from tests.policies.writing import catalogue

MANY = 1200
SECONDS = 60


def test_the_library_has_no_fault_of_logic() -> None:
    library = bundled()
    assert [found.problem.render() for found in analyse(library.policies, library, catalogue())] == []


def test_the_policies_of_the_sample_city_have_none() -> None:
    library = load_library([*BUNDLED, SAMPLE_CITY], catalogue())
    own = [policy for policy in library.policies if policy.id not in {known.id for known in bundled().policies}]
    assert own
    assert [found.problem.render() for found in analyse(own, library, catalogue())] == []


def test_a_library_of_many_policies_takes_less_than_a_minute() -> None:
    library = bundled()
    some = library.policies[::4]
    started = process_time()
    assert list(analyse(some, library, catalogue())) == []
    assert (process_time() - started) / len(some) * MANY < SECONDS
