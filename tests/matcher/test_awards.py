"""The steps of an award, by tables, through both evaluators: rounding, caps, items in the order of their keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

import duckdb
import pytest

from enterprise_data.declarations.problems import MianshenError
from matcher.interpreter.rows import FirmRows
from matcher.trial import Due
from policies.language.terms import BOOL, Constant, Term
from policies.policy import Award, Items
from tests.matcher.deciding import MONEY, agreed, compiled, leaf, planned, policy
from tests.matcher.small_world import CATALOGUE, FEEDS

Mode = Literal["down", "half_up", "up"]
ALWAYS = leaf("always", Constant(BOOL, value=True))
FIRST = date(2024, 1, 1)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "1"})


def due(connection: duckdb.DuckDBPyConnection, award: Award, rows: Sequence[dict[str, Any]] = ()) -> tuple[Due, ...]:
    """Return what one firm with these rows of `all` is due."""
    fields = CATALOGUE.datasets["all"].fields
    whole = [{**dict.fromkeys(fields), "belongs": True, **row} for row in rows]
    plan = planned([policy("p", [ALWAYS], award)])
    return agreed(connection, plan, FEEDS, [FirmRows(None, {"all": whole})])["p", 0].due


def money(text: str | None) -> Term | None:
    return None if text is None else compiled(text, MONEY)


@pytest.mark.parametrize(
    ("amount", "cap", "mode", "quantum", "fen"),
    [
        ("99.99元", None, "down", 100, 9900),
        ("99.99元", None, "up", 100, 10_000),
        ("99.50元", None, "half_up", 100, 10_000),
        ("99.49元", None, "half_up", 100, 9900),
        ("100元 / 3", None, "down", 1, 3333),
        ("100元 / 3", None, "half_up", 1, 3333),
        ("100元 / 3", None, "up", 1, 3334),
        ("200元 / 3", None, "half_up", 1, 6667),
        ("99.99元", "99.99元", "up", 100, 9900),  # rounding never lifts an amount over its cap
        ("120元", "99.50元", "half_up", 100, 9900),
        ("99.60元", "99.70元", "half_up", 100, 9900),
        ("99.60元", "100元", "half_up", 100, 10_000),
        ("100元 / 3", "100元 / 3", "up", 1, 3333),
        ("120元", "99.50元", "down", 1, 9950),
        ("99.50元", "99.50元", "down", 1, 9950),
        ("0元 - 5元", None, "up", 100, 0),
        ("0元 - 5元", "100元", "down", 1, 0),
        ("5元", "0元 - 5元", "down", 1, 0),
        ("5元", "0元", "up", 100, 0),
        ("5元", "reg.capital", "down", 1, None),
        ("reg.capital", "5元", "down", 1, None),
        ("min(5元, reg.capital)", None, "down", 1, None),
    ],
)
def test_one_amount(
    connection: duckdb.DuckDBPyConnection, amount: str, cap: str | None, mode: Mode, quantum: int, *, fen: int | None
) -> None:
    award = Award(None, compiled(amount, MONEY), cap=money(cap), rounding_mode=mode, rounding_quantum_fen=quantum)
    assert due(connection, award) == (Due(None, counts=True, fen=fen),)


@pytest.mark.parametrize(
    ("gains", "item_cap", "cap", "quantum", "fen"),
    [
        ([300, 200, 100], None, None, 1, [300, 200, 100]),
        ([300, 200, 100], "2元", None, 1, [200, 200, 100]),
        ([300, 200, 100], None, "4元", 1, [300, 100, 0]),
        ([300, 200, 100], "2.5元", "5元", 1, [250, 200, 50]),
        ([300, 200, 100], None, "6元", 1, [300, 200, 100]),
        ([300, 200, 100], None, "0元", 1, [0, 0, 0]),
        ([300, 200, 100], None, "0元 - 1元", 1, [0, 0, 0]),
        ([300, -50, 100], None, "3.5元", 1, [300, 0, 50]),  # a negative item neither takes nor gives
        ([300, None, 100], None, None, 1, [300, None, 100]),
        ([300, None, 100], None, "10元", 1, [300, None, None]),  # how much is left after an unknown item is unknown
        ([None, 200, 100], None, "10元", 1, [None, None, None]),
        ([300, 200, 100], None, "reg.capital", 1, [None, None, None]),
        ([300, 200, 100], "reg.capital", None, 1, [None, None, None]),
        ([150, 250, 350], None, None, 100, [100, 200, 300]),  # each item is a payment of its own
        ([150, 250, 350], None, "5.5元", 100, [100, 200, 100]),
        ([150, None, 350], None, None, 100, [100, None, 300]),
    ],
)
def test_items(
    connection: duckdb.DuckDBPyConnection, gains: list[int | None], item_cap: str | None, cap: str | None,
    quantum: int, *, fen: list[int | None],
) -> None:  # fmt: skip
    award = Award(Items("all", None, "on_day"), compiled("gain", MONEY, "all"), item_cap=money(item_cap),
                  cap=money(cap), rounding_quantum_fen=quantum)  # fmt: skip
    rows = [{"on_day": FIRST + timedelta(days=place), "gain": gain} for place, gain in enumerate(gains)]
    found = due(connection, award, rows[::-1])
    assert [paid.item for paid in found] == [f"2024-01-{day:02d}" for day in range(1, len(gains) + 1)]
    assert [(paid.counts, paid.fen) for paid in found] == [(True, each) for each in fen]


@pytest.mark.parametrize(
    ("cap", "third", "fifth"),
    [
        (None, 300, 300),
        ("4元", None, None),  # those that may count could take all of it
        ("12元", 300, None),
        ("14.99元", 300, None),
        ("15元", 300, 300),
        ("0元", 0, 0),
    ],
)
def test_items_that_may_count_are_not_paid_and_those_after_them_wait_where_a_cap_could_be_reached(
    connection: duckdb.DuckDBPyConnection, cap: str | None, third: int | None, fifth: int | None
) -> None:
    award = Award(Items("all", compiled("open", BOOL, "all"), "on_day"), compiled("gain", MONEY, "all"), cap=money(cap))
    rows: list[dict[str, Any]] = [
        {"on_day": date(2024, 1, 1), "gain": 300, "open": None},
        {"on_day": date(2024, 1, 2), "gain": 300, "open": True, "belongs": None},
        {"on_day": date(2024, 1, 3), "gain": 300, "open": True},
        {"on_day": date(2024, 1, 4), "gain": 300, "open": False},
        {"on_day": date(2024, 1, 5), "gain": 300, "open": True},
        {"on_day": None, "gain": 300, "open": True},
    ]
    assert due(connection, award, rows) == (
        Due("", counts=None, fen=None),
        Due("2024-01-01", counts=None, fen=None),
        Due("2024-01-02", counts=None, fen=None),
        Due("2024-01-03", counts=True, fen=third),
        Due("2024-01-05", counts=True, fen=fifth),
    )


@pytest.mark.parametrize(
    ("gains", "fen"),
    [([100, 100], 300), ([100, 300], 200), ([300, 300], None), ([None], None), ([600], None)],
)
def test_rows_without_a_key_may_each_be_an_item(
    connection: duckdb.DuckDBPyConnection, gains: list[int | None], fen: int | None
) -> None:
    award = Award(Items("all", None, "on_day"), compiled("gain", MONEY, "all"), cap=money("6元"))
    rows = [{"on_day": None, "gain": gain} for gain in gains]
    found = due(connection, award, [*rows, {"on_day": date(2024, 1, 1), "gain": fen or 300}])
    assert found == (Due("", counts=None, fen=None), Due("2024-01-01", counts=True, fen=fen))


@pytest.mark.parametrize(
    ("first", "second", "paid"),
    [
        ({"gain": 300}, {"gain": 300}, Due("一般", counts=True, fen=300)),
        ({"gain": 300}, {"gain": 200}, Due("一般", counts=True, fen=None)),
        ({"gain": 300}, {"gain": None}, Due("一般", counts=True, fen=None)),
        ({"gain": 300}, {"gain": 300, "belongs": None}, Due("一般", counts=True, fen=300)),
        ({"gain": 300}, {"gain": 200, "belongs": None}, Due("一般", counts=True, fen=None)),
        ({"gain": 900}, {"gain": 800}, Due("一般", counts=True, fen=500)),  # the item cap makes them agree
    ],
)
def test_an_item_delivered_twice_is_paid_once_and_held_where_its_rows_disagree(
    connection: duckdb.DuckDBPyConnection, first: dict[str, Any], second: dict[str, Any], paid: Due
) -> None:
    award = Award(Items("all", None, "level"), compiled("gain", MONEY, "all"), item_cap=money("5元"))
    assert due(connection, award, [{"level": "一般", **first}, {"level": "一般", **second}]) == (paid,)


@pytest.mark.parametrize(
    ("field", "value", "item"), [("open", True, "true"), ("score", Decimal("0.00"), "0.00"), ("fine", 7, "7")]
)
def test_an_items_key_as_text(connection: duckdb.DuckDBPyConnection, field: str, value: Any, item: str) -> None:
    award = Award(Items("all", None, field), compiled("1元", MONEY))
    assert due(connection, award, [{field: value}]) == (Due(item, counts=True, fen=100),)


def test_rounding_up_items_under_a_cap_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    award = Award(Items("all", None, "level"), compiled("1元", MONEY), cap=money("1元"), rounding_mode="up")
    with pytest.raises(MianshenError, match="could lift them above it"):
        due(connection, award)
