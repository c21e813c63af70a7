"""Whole random policies, decided for random firms: outcomes, reasons and amounts by both evaluators are the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enterprise_data.catalogue.model import Grain
from enterprise_data.declarations.problems import MianshenError
from matcher.coverage import Feeds
from matcher.interpreter.evaluate import Interpreter
from matcher.interpreter.rows import FirmRows, RowFacts
from matcher.plan import Plan
from matcher.trial import Answer, by_sql
from policies.language import terms as t
from tests.matcher.deciding import agreed, planned
from tests.matcher.random_policies import PolicyGenerator
from tests.matcher.small_world import AS_OF, CATALOGUE, FEEDS, firms

FIRMS = 10
POLICIES = 3
SEEDS = st.integers(min_value=0, max_value=2**63)
SHARE = settings(max_examples=max(30, settings().max_examples // 20))  # 1,000 examples by night

Answers = dict[tuple[str, int], Answer]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "1"})


@pytest.fixture(scope="module")
def threaded() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "2"})


def feeds_of(world: Sequence[FirmRows]) -> Feeds:
    """Return the feeds, telling of each dataset whether a snapshot would hold doubtful rows of it."""
    return {name: replace(feed, has_uncertain_rows=_doubtful(name, world)) for name, feed in FEEDS.items()}


def _doubtful(name: str, world: Sequence[FirmRows]) -> bool:
    dataset = CATALOGUE.datasets[name]
    if dataset.grain is Grain.REGION:
        return False
    rows = [firm.rows.get(name, ()) for firm in world]
    places = [Counter(row.get("period") for row in of_firm) for of_firm in rows]
    doubled = dataset.grain is not Grain.EVENT and any(max(counts.values(), default=0) > 1 for counts in places)
    return doubled or any(row["belongs"] is None for of_firm in rows for row in of_firm)


def settled(world: Sequence[FirmRows]) -> list[FirmRows]:
    """Return the world as linking leaves it when every row is surely some firm's."""
    return [FirmRows(firm.region, {name: _sure(name, rows) for name, rows in firm.rows.items()}) for firm in world]


def _sure(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    if CATALOGUE.datasets[name].grain in (Grain.EVENT, Grain.REGION):
        return [{**row, "belongs": True} for row in rows]
    return list({row.get("period"): {**row, "belongs": True} for row in rows}.values())


def random_plan(rnd: random.Random) -> Plan:
    """Return a plan of random policies."""
    return planned([PolicyGenerator(rnd).policy(f"p{number}") for number in range(POLICIES)])


@contextmanager
def unless_refused() -> Iterator[None]:
    """Leave quietly where a policy cannot be computed exactly: that is said before any firm is decided."""
    try:
        yield
    except MianshenError as refused:
        if not str(refused).startswith(("a number of up to", "an item's amount divides")):
            raise


@SHARE
@given(SEEDS)
def test_both_evaluators_decide_alike(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    rnd = random.Random(seed)
    world = firms(rnd, FIRMS)
    world = settled(world) if rnd.random() < 0.3 else world
    plan, feeds = random_plan(rnd), feeds_of(world)
    awards = {policy.id: policy.award for policy in plan.policies}
    with unless_refused():
        for (name, number), answer in agreed(connection, plan, feeds, world).items():
            _within_limits(awards[name], answer, RowFacts(CATALOGUE, feeds, AS_OF, world[number]))


def _within_limits(award: Any, answer: Answer, facts: RowFacts) -> None:
    """Payments are whole quanta, never negative, and together within the policy's cap."""
    paid = [due.fen for due in answer.due if due.fen is not None]
    assert not paid or answer.outcome == "eligible"
    assert all(fen >= 0 and fen % award.rounding_quantum_fen == 0 for fen in paid)
    if award is not None and award.cap is not None and paid:
        cap = Interpreter(facts).evaluate(award.cap).value
        assert cap is not None
        assert sum(paid) <= max(cap, 0)
    limit = award.item_cap.value if award is not None and isinstance(award.item_cap, t.Constant) else None
    assert not isinstance(limit, Fraction) or all(fen <= max(limit, Fraction(0)) for fen in paid)


@SHARE
@given(SEEDS)
def test_other_firms_row_order_and_threads_change_nothing(
    connection: duckdb.DuckDBPyConnection, threaded: duckdb.DuckDBPyConnection, seed: int
) -> None:
    rnd = random.Random(seed)
    world = firms(rnd, FIRMS)
    plan, places = random_plan(rnd), rnd.sample(range(FIRMS), FIRMS // 2)
    shuffled = [_shuffled(world[place], rnd) for place in places]
    with unless_refused():
        answers = {(answer.policy, answer.firm): answer for answer in by_sql(connection, plan, FEEDS, world)}
        expected = [replace(answers[p.id, old], firm=new) for p in plan.policies
                    for new, old in enumerate(places) if (p.id, old) in answers]  # fmt: skip
        assert by_sql(threaded, plan, FEEDS, shuffled) == expected


def _shuffled(firm: FirmRows, rnd: random.Random) -> FirmRows:
    return FirmRows(firm.region, {name: rnd.sample(rows, len(rows)) for name, rows in firm.rows.items()})
