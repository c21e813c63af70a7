"""What may be claimed once, and lifetime caps: what past payments say, by tables, through both evaluators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from enterprise_data.catalogue.load import Catalogue, load_catalogue
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.periods import Period, PeriodKind
from matcher.bind import Binder
from matcher.context import Context
from matcher.coverage import Feed, Feeds
from matcher.interpreter.rows import FirmRows
from matcher.plan import Plan, bind_policy
from matcher.trial import Answer
from policies.language.terms import BOOL, Constant
from policies.parameters import Parameters
from policies.policy import Applies, Award, Items, Policy
from tests.matcher.deciding import MONEY, agreed, compiled, leaf, policy
from tests.matcher.small_world import CATALOGUE

AS_OF = date(2024, 12, 31)
PAYMENTS = load_catalogue(None, bundled=True).datasets["payments"]
WITH_PAYMENTS = Catalogue({**CATALOGUE.datasets, "payments": PAYMENTS})
FRESH: Feeds = {"payments": Feed(AS_OF)}
ALWAYS = leaf("always", Constant(BOOL, value=True))
SINCE_2021 = (Applies(Period.parse("2021"), None),)
YUAN = 100  # fen


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": "1"})


def bound(trial: Policy, period: str = "2024", undelivered: Mapping[str, Sequence[str]] | None = None) -> Plan:
    context = Context(Period.parse(period), AS_OF)
    binder = Binder(context, {}, Parameters({}), undelivered=undelivered or {})
    return Plan(context, WITH_PAYMENTS, (bind_policy(trial, WITH_PAYMENTS, binder),), ())


def paid(**fields: Any) -> dict[str, Any]:
    """Return a row of past payments: by default 1 元 of this policy, for 2023, paid in time."""
    usual = {"policy": "p", "amount": YUAN, "fiscal_year": 2023, "paid_on": date(2023, 6, 1), "belongs": True}
    return {**dict.fromkeys(PAYMENTS.fields), **usual, **fields}


def answer(connection: duckdb.DuckDBPyConnection, plan: Plan, rows: Sequence[dict[str, Any]], feeds: Feeds) -> Answer:
    return agreed(connection, plan, feeds, [FirmRows(None, {"payments": rows})])["p", 0]


ONCE: list[tuple[list[dict[str, Any]], str]] = [
    ([], "eligible"),
    ([paid()], "ineligible"),
    ([paid(policy="q")], "eligible"),
    ([paid(policy="q", family="f")], "eligible"),  # of a family that this policy does not name
    ([paid(policy="某号文")], "undetermined"),  # only the document: it may have paid for something else
    ([paid(belongs=None)], "undetermined"),
    ([paid(belongs=None), paid()], "ineligible"),
    ([paid(recovered_on=date(2023, 9, 1))], "ineligible"),  # the claim is spent, even if the money came back
    ([paid(fiscal_year=2024, paid_on=date(2024, 12, 1))], "ineligible"),  # for this very period
    ([paid(fiscal_year=2024, paid_on=date(2025, 2, 1))], "ineligible"),  # after the day the run looks from
    ([paid(paid_on=date(2020, 12, 31))], "eligible"),  # before the policy began: another thing of the same name
]


@pytest.mark.parametrize(("rows", "outcome"), ONCE)
def test_what_may_be_claimed_once(
    connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], outcome: str
) -> None:
    plan = bound(policy("p", [ALWAYS], Award(None, compiled("5元", MONEY), claim="once"), SINCE_2021))
    found = answer(connection, plan, rows, FRESH)
    assert found.outcome == outcome
    assert (found.failed, found.unknown) == (
        ("claim",) if outcome == "ineligible" else (), ("claim",) if outcome == "undetermined" else (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("feeds", "award", "applies", "outcome"),
    [
        ({}, {}, SINCE_2021, "undetermined"),  # never loaded
        ({"payments": Feed(AS_OF - timedelta(days=32))}, {}, SINCE_2021, "undetermined"),  # stale
        (FRESH, {}, (Applies(Period.parse("2015"), None),), "undetermined"),  # data begin in 2016
        (FRESH, {"since": date(2016, 1, 1)}, (Applies(Period.parse("2015"), None),), "eligible"),
        (FRESH, {"family": "f"}, SINCE_2021, "undetermined"),  # a family may be older than any of its policies
        (FRESH, {"family": "f", "since": date(2018, 1, 1)}, SINCE_2021, "eligible"),
    ],
)
def test_history_that_does_not_reach_back_far_enough_leaves_first_time_unknown(
    connection: duckdb.DuckDBPyConnection, feeds: Feeds, award: dict[str, Any], applies: tuple[Applies, ...],
    outcome: str,
) -> None:  # fmt: skip
    plan = bound(policy("p", [ALWAYS], Award(None, compiled("5元", MONEY), claim="once", **award), applies))
    assert answer(connection, plan, [], feeds).outcome == outcome
    if feeds:
        assert answer(connection, plan, [paid()], feeds).outcome == "ineligible"  # one sure payment is enough


def test_a_family_claims_once_together(connection: duckdb.DuckDBPyConnection) -> None:
    award = Award(None, compiled("5元", MONEY), claim="once", family="f", since=date(2018, 1, 1))
    plan = bound(policy("p", [ALWAYS], award, SINCE_2021))
    earlier = paid(policy="the-old-one", family="f", paid_on=date(2018, 1, 1))
    assert answer(connection, plan, [earlier], FRESH).outcome == "ineligible"
    assert answer(connection, plan, [{**earlier, "family": None}], FRESH).outcome == "undetermined"


LIFETIME: list[tuple[list[dict[str, Any]], int | None]] = [
    ([], 5),
    ([paid(amount=3 * YUAN)], 5),
    ([paid(amount=6 * YUAN)], 2),
    ([paid(amount=6 * YUAN), paid(amount=1 * YUAN, fiscal_year=2022)], 1),
    ([paid(amount=9 * YUAN)], 0),
    ([paid(amount=6 * YUAN, recovered_on=date(2023, 9, 1))], 5),  # the firm does not have it any more
    ([paid(amount=6 * YUAN, fiscal_year=2024, paid_on=date(2024, 8, 1))], 5),  # is this period's own payment
    ([paid(amount=6 * YUAN, fiscal_year=2025, paid_on=date(2025, 8, 1))], 2),  # of a later period
    ([paid(amount=6 * YUAN, fiscal_year=None)], 2),  # paid before the period began, so for an earlier one
    ([paid(amount=6 * YUAN, fiscal_year=None, paid_on=date(2024, 8, 1))], None),
    ([paid(amount=6 * YUAN, belongs=None)], None),
    ([paid(amount=6 * YUAN, policy="某号文")], None),
    ([paid(amount=None)], None),
]


@pytest.mark.parametrize(("rows", "yuan"), LIFETIME)
def test_a_lifetime_cap(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], yuan: int | None) -> None:
    award = Award(None, compiled("5元", MONEY), lifetime=compiled("8元", MONEY))
    (due,) = answer(connection, bound(policy("p", [ALWAYS], award, SINCE_2021)), rows, FRESH).due
    assert due.fen == (None if yuan is None else yuan * YUAN)


def test_a_lifetime_cap_without_history_holds_the_amount(connection: duckdb.DuckDBPyConnection) -> None:
    award = Award(None, compiled("5元", MONEY), cap=compiled("4元", MONEY), lifetime=compiled("8元", MONEY))
    found = answer(connection, bound(policy("p", [ALWAYS], award, SINCE_2021)), [], {})
    assert (found.outcome, found.due[0].fen) == ("eligible", None)


def test_without_knowing_what_was_recovered_nothing_counts_for_sure(connection: duckdb.DuckDBPyConnection) -> None:
    award = Award(None, compiled("5元", MONEY), lifetime=compiled("8元", MONEY))
    plan = bound(policy("p", [ALWAYS], award, SINCE_2021), undelivered={"payments": ["recovered_on"]})
    assert answer(connection, plan, [paid(amount=6 * YUAN)], FRESH).due[0].fen is None
    assert answer(connection, plan, [], FRESH).due[0].fen == 5 * YUAN


def test_within_one_year_only_the_day_tells_the_quarter(connection: duckdb.DuckDBPyConnection) -> None:
    award = Award(None, compiled("5元", MONEY), lifetime=compiled("8元", MONEY))
    trial = policy("p", [ALWAYS], award, (Applies(Period.parse("2021Q1"), None),), period_kind=PeriodKind.QUARTER)
    plan = bound(trial, "2024Q3")
    for day, fen in ((date(2024, 6, 30), 200), (date(2024, 7, 1), None)):
        row = paid(amount=6 * YUAN, fiscal_year=2024, paid_on=day)
        assert answer(connection, plan, [row], FRESH).due[0].fen == fen


def test_items_share_what_both_caps_leave(connection: duckdb.DuckDBPyConnection) -> None:
    award = Award(
        Items("all", None, "level"), compiled("4元", MONEY), cap=compiled("6元", MONEY), lifetime=compiled("8元", MONEY)
    )
    plan = bound(policy("p", [ALWAYS], award, SINCE_2021))
    fields = CATALOGUE.datasets["all"].fields
    rows = [{**dict.fromkeys(fields), "level": level, "belongs": True} for level in ("一般", "重大")]
    feeds = {**FRESH, "all": Feed(AS_OF)}
    for before, fen in ((0, [400, 200]), (3, [400, 100]), (5, [300, 0])):
        firm = FirmRows(None, {"all": rows, "payments": [paid(amount=before * YUAN)]})
        found = agreed(connection, plan, feeds, [firm])["p", 0]
        assert [due.fen for due in found.due] == fen


def test_a_catalogue_without_past_payments_is_refused() -> None:
    binder = Binder(Context(Period.parse("2024"), AS_OF), {}, Parameters({}))
    trial = policy("p", [ALWAYS], Award(None, compiled("5元", MONEY), claim="once"))
    with pytest.raises(MianshenError, match="no dataset `payments` is declared"):
        bind_policy(trial, CATALOGUE, binder)
