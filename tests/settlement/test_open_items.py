"""Items that may count, under a policy's cap: whatever they turn out to be, what was paid before stays right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.interpreter.rows import FirmRows
from policies.language.terms import BOOL, Constant
from policies.policy import Award, Items
from tests.matcher.deciding import MONEY, agreed, compiled, leaf, planned, policy
from tests.matcher.small_world import CATALOGUE, FEEDS

ALWAYS = leaf("always", Constant(BOOL, value=True))
AMOUNTS = st.sampled_from([0, 50, 100, 150, None])
ITEMS = st.lists(st.tuples(AMOUNTS, st.sampled_from([True, True, False, None, None])), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "1"})


def paid(
    connection: duckdb.DuckDBPyConnection, items: Sequence[tuple[int | None, bool | None]], cap: int
) -> dict[str, int]:
    """Return what is paid for each item, in fen, by both evaluators; `items` are amounts, and whether they count."""
    award = Award(
        Items("all", compiled("open", BOOL, "all"), "on_day"),
        compiled("gain", MONEY, "all"),
        cap=compiled(f"{cap / 100:.2f}元", MONEY),
        rounding_quantum_fen=10,
    )
    blank = dict.fromkeys(CATALOGUE.datasets["all"].fields)
    rows = [
        {**blank, "belongs": True, "on_day": date(2024, 1, 1) + timedelta(days=place), "gain": gain, "open": counts}
        for place, (gain, counts) in enumerate(items)
    ]
    found = agreed(connection, planned([policy("p", [ALWAYS], award)]), FEEDS, [FirmRows(None, {"all": rows})])
    return {str(due.item): due.fen for due in found["p", 0].due if due.fen is not None}


@settings(max_examples=max(12, settings().max_examples // 40), deadline=None)
@given(ITEMS, st.sampled_from([0, 50, 99, 200, 405]))
def test_what_is_paid_while_items_are_open_is_what_is_due_when_they_are_not(
    connection: duckdb.DuckDBPyConnection, items: list[tuple[int | None, bool | None]], cap: int
) -> None:
    now = paid(connection, items, cap)
    assert sum(now.values()) <= cap
    answers = [(counts,) if counts is not None else (True, False) for _, counts in items]
    for truths in product(*answers):
        later = paid(connection, [(gain, truth) for (gain, _), truth in zip(items, truths, strict=True)], cap)
        assert now.items() <= later.items()
