"""Properties of whole runs: shares of awards, items that count once, instalments; whatever the order of things."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from enterprise_data.catalogue.load import Catalogue, load_catalogue
from matcher.bind import Binder
from matcher.coverage import Feed
from matcher.interpreter.rows import FirmRows
from matcher.plan import Plan, bind_policy
from matcher.run.engine import Engine, unseen
from matcher.trial import lay_down
from policies.awards_together import AwardsTogether
from policies.language.terms import BOOL
from policies.parameters import Parameters
from policies.policy import Applies, Award, BudgetLine, Exclusive, Instalment, Items, Policy, ShareOf
from tests.matcher.deciding import CONTEXT, MONEY, compiled, leaf, policy
from tests.matcher.small_world import AS_OF, CATALOGUE

SEEDS = st.integers(min_value=0, max_value=2**63)
SHARE = settings(max_examples=max(20, settings().max_examples // 50), deadline=None)
PAYMENTS = load_catalogue(None, bundled=True).datasets["payments"]
SEEN = Catalogue({**CATALOGUE.datasets, "payments": PAYMENTS})
FEEDS = {name: Feed(AS_OF) for name in ("reg", "all", "payments")}
YEARS = (Applies(CONTEXT.period + -3, None),)
BASE, SHARED, ITEMS, GROUPED = "base", "shared", "unique", "grouped"
RATES = (Fraction(1, 3), Fraction(1, 2), Fraction(1))
Rows = list[tuple[Any, ...]]
Settled = Mapping[str, Rows]


def policies(rnd: random.Random) -> list[Policy]:
    """Return an award out of a budget, a share of it, an item that counts once, and a group, some in instalments."""
    known = leaf("active", compiled("reg.active"))
    amount = compiled("reg.capital", MONEY)
    line = BudgetLine("l", rnd.choice([100, 999, 5000]), rnd.choice(["pay_all", "pro_rata"]))
    once = Items("all", compiled("open", BOOL, "all"), "level", first_by=rnd.choice(["on_day", "fine"]))
    cap = compiled(rnd.choice(["3.50元", "100元"]), MONEY)
    share = Award(None, compiled("0元", MONEY), share_of=ShareOf(BASE, rnd.choice(RATES)), cap=cap)
    group = Exclusive("g")
    return [
        policy(BASE, [known], Award(None, amount, exclusive=group), YEARS, budget_line=line, instalments=parts(rnd)),
        policy(SHARED, [known], share, YEARS, instalments=parts(rnd)),
        policy(ITEMS, [known], Award(once, compiled("gain", MONEY, "all"), cap=cap), YEARS, instalments=parts(rnd)),
        policy(GROUPED, [known], Award(None, compiled("2元", MONEY), exclusive=group), YEARS),
    ]


def parts(rnd: random.Random) -> tuple[Instalment, ...]:
    weights = [rnd.randint(1, 7) for _ in range(rnd.choice([0, 2, 3, 5]))]
    return tuple(Instalment(Fraction(weight, sum(weights)), rnd.choice([0, 12])) for weight in weights)


def firms(rnd: random.Random) -> list[FirmRows]:
    return [firm(rnd, number) for number in range(4)]


def firm(rnd: random.Random, number: int) -> FirmRows:
    own: dict[str, Any] = dict.fromkeys(CATALOGUE.datasets["reg"].fields)
    own |= {"belongs": True, "active": rnd.choice([True, True, True, None, False])}
    own["capital"] = rnd.choice([0, 77, 250, 3001, None])
    rows = []
    for _ in range(rnd.randint(0, 3)):
        row: dict[str, Any] = dict.fromkeys(CATALOGUE.datasets["all"].fields)
        row |= {"belongs": rnd.choice([True, True, None]), "open": rnd.choice([True, True, None])}
        row |= {"level": rnd.choice(["一般", "重大"]), "gain": rnd.choice([100, 199, None])}
        row |= {"on_day": rnd.choice([date(2024, 1, 1), date(2024, 2, 1), None]), "fine": rnd.choice([5, 6])}
        rows.append(row)
    return FirmRows(None, {"reg": [own], "all": rows, "payments": payments(rnd)}, uscc=f"{number:06d}")


def payments(rnd: random.Random) -> list[dict[str, Any]]:
    rows = []
    for _ in range(rnd.choice([0, 0, 1, 2])):
        row: dict[str, Any] = dict.fromkeys(PAYMENTS.fields)
        row |= {"policy": rnd.choice([BASE, GROUPED, ITEMS, SHARED, "某号文"]), "amount": rnd.choice([30, 77, 200])}
        row |= {"fiscal_year": rnd.choice([2024, 2024, 2023, None]), "paid_on": date(2024, 5, 1)}
        rows.append({**row, "item": rnd.choice(["一般", None]), "belongs": rnd.choice([True, True, None])})
    return rows


def settled(chosen: Sequence[Policy], world: Sequence[FirmRows], threads: int = 1) -> Settled:
    """Return the awards, instalments and cuts of a run by policy id and code."""
    together = AwardsTogether.of(chosen, {})
    binder = Binder(CONTEXT, {}, Parameters({}))
    bound = tuple(bind_policy(each, SEEN, binder, together) for each in sorted(chosen, key=lambda p: p.id))
    plan = Plan(CONTEXT, SEEN, bound, (), together=together)
    with duckdb.connect(config={"threads": str(threads)}) as connection:
        lay_down(connection, SEEN, FEEDS, world)
        Engine(plan, FEEDS, connection, complete=True).run(unseen)
        found = {}
        for table, columns in {
            "awards": "counts, amount_fen",
            "instalments": "part, amount_fen, due_on, state",
        }.items():
            query = f"SELECT policy_no, uscc, item, {columns} FROM {table} JOIN firms USING (firm_no)"
            rows = connection.execute(query).fetchall()
            found[table] = sorted(((bound[no].id, *rest) for no, *rest in rows), key=str)
        return found


def due(found: Settled) -> dict[tuple[str, str, str | None], int]:
    """Return what is surely due by policy, code and item."""
    return {(name, uscc, item): fen for name, uscc, item, counts, fen in found["awards"] if counts and fen is not None}


@SHARE
@given(SEEDS)
def test_whole_runs(seed: int) -> None:
    rnd = random.Random(seed)
    chosen, world = policies(rnd), firms(rnd)
    found = settled(chosen, world)
    instalments_add_up_to_the_award_exactly(chosen, found)
    an_item_is_paid_to_one_firm_at_most(found)
    a_share_is_of_what_is_due_in_the_end_and_within_its_cap(chosen, found)
    the_order_of_firms_rows_and_policies_and_the_threads_change_nothing(rnd, chosen, world, found)


def instalments_add_up_to_the_award_exactly(chosen: Sequence[Policy], found: Settled) -> None:
    sums: dict[tuple[str, str, str | None], int] = defaultdict(int)
    for name, uscc, item, _, fen, *_ in found["instalments"]:
        assert fen >= 0
        sums[name, uscc, item] += fen
    in_parts = {each.id for each in chosen if each.instalments}
    assert sums == {key: fen for key, fen in due(found).items() if key[0] in in_parts and fen > 0}


def an_item_is_paid_to_one_firm_at_most(found: Settled) -> None:
    paid = [item for (name, _, item), fen in due(found).items() if name == ITEMS and fen > 0]
    assert len(paid) == len(set(paid))


def a_share_is_of_what_is_due_in_the_end_and_within_its_cap(chosen: Sequence[Policy], found: Settled) -> None:
    (award,) = [each.award for each in chosen if each.id == SHARED]
    assert award is not None
    assert award.share_of is not None
    for (name, uscc, _), fen in due(found).items():
        if name == SHARED:
            base = due(found).get((BASE, uscc, None), 0)
            assert fen == min(int(base * award.share_of.rate), int(award.cap.value))  # type: ignore[union-attr]  # a plain number


def the_order_of_firms_rows_and_policies_and_the_threads_change_nothing(
    rnd: random.Random, chosen: Sequence[Policy], world: Sequence[FirmRows], found: Settled
) -> None:
    shuffled = [replace(each, rows={k: rnd.sample(v, len(v)) for k, v in each.rows.items()}) for each in world]
    assert settled(rnd.sample(chosen, len(chosen)), rnd.sample(shuffled, len(shuffled)), threads=2) == found
