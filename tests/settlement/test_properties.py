"""Random settlements: DuckDB and plain Python agree, and what must hold for every settlement does."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.settlement.reference import Case, Line, Row, Rule, settled
from tests.settlement.trial import by_duckdb, random_case, random_payment

SEEDS = st.integers(min_value=0, max_value=2**63)
SHARE = settings(max_examples=max(25, settings().max_examples // 20), deadline=None)


@SHARE
@given(SEEDS)
def test_sql_and_the_reference_agree(seed: int) -> None:
    case = random_case(random.Random(seed))
    assert by_duckdb(case) == settled(case)


@SHARE
@given(SEEDS)
def test_the_order_of_rows_and_policies_and_the_number_of_threads_change_nothing(seed: int) -> None:
    rnd = random.Random(seed)
    case = random_case(rnd)
    rows, rules = rnd.sample(case.rows, len(case.rows)), rnd.sample(case.rules, len(case.rules))
    assert by_duckdb(replace(case, rows=tuple(rows), rules=tuple(rules)), threads=2) == by_duckdb(case)


@SHARE
@given(SEEDS)
def test_no_step_lifts_an_award_and_caps_and_budgets_are_kept(seed: int) -> None:
    case = random_case(random.Random(seed))
    due, rules = by_duckdb(case), {rule.id: rule for rule in case.rules}
    for row in case.rows:
        after = None if row.open else due[row.policy, row.firm, row.item]
        assert after in (None, 0) or (row.fen is not None and 0 < after <= row.fen)
        assert after is None or after % rules[row.policy].unit == 0
    for cap in case.caps:
        for firm in {row.firm for row in case.rows}:
            of_firm = [(policy, fen) for (policy, of, _), fen in due.items() if of == firm and fen]
            under = [(policy, fen) for policy, fen in of_firm if policy in cap.members]
            paid = [case.paid[policy, firm, f"cap:{cap.id}"] or 0 for policy, _ in under if cap.lifetime]
            assert not under or sum(fen for _, fen in under) <= max(0, cap.limit - min(paid, default=0))
    for line in case.lines:
        spent = sum(fen or 0 for (policy, _, _), fen in due.items() if rules[policy].line == line.name)
        assert line.amount is None or spent <= line.amount


def one_line(amounts: list[int], budget: int, when_short: str, unit: int = 1) -> Case:
    rows = tuple(Row("p", f"f{i:03d}", None, amount * unit) for i, amount in enumerate(amounts))
    return Case((Rule("p", unit=unit, line="l"),), rows, lines=(Line("l", budget, when_short),))


AMOUNTS = st.lists(st.integers(min_value=1, max_value=10**12), min_size=1, max_size=12)


@SHARE
@given(AMOUNTS, st.integers(min_value=1, max_value=10**13), st.sampled_from([1, 100]))
def test_pro_rata_parts_add_up_to_the_budget_exactly(amounts: list[int], budget: int, unit: int) -> None:
    due = by_duckdb(one_line(amounts, budget, "pro_rata", unit))
    claimed = sum(amounts) * unit
    assert sum(fen or 0 for fen in due.values()) == min(claimed, budget // unit * unit)
    for (_, firm, _), fen in due.items():
        exact = amounts[int(firm[1:])] * unit
        assert fen is not None
        assert abs(fen * claimed - exact * min(budget, claimed)) < claimed * unit or fen == exact


@SHARE
@given(AMOUNTS, st.integers(1, 10**13), st.integers(0, 10**13), st.sampled_from(["pro_rata", "pay_all", "carry_over"]))
def test_the_total_never_falls_when_a_budget_grows(amounts: list[int], budget: int, more: int, when_short: str) -> None:
    smaller, greater = (by_duckdb(one_line(amounts, each, when_short)) for each in (budget, budget + more))
    assert sum(fen or 0 for fen in smaller.values()) <= sum(fen or 0 for fen in greater.values())


@SHARE
@given(SEEDS, st.integers(min_value=0, max_value=300), st.booleans())
def test_a_lower_exclusive_award_changes_nothing_for_the_firm(seed: int, amount: int, tied: bool) -> None:
    rnd = random.Random(seed)
    rows = [Row(f"p{i}", "f", None, rnd.choice([100, 200, 300])) for i in range(3)]
    rules = [Rule(f"p{i}", group="g", rank=i + 1) for i in range(3)]
    best = max(row.fen or 0 for row in rows)
    lower = Row("late", "f", None, best if tied else min(amount, best))
    alone = by_duckdb(Case(tuple(rules), tuple(rows)))
    joined = by_duckdb(Case((*rules, Rule("late", group="g", rank=9)), (*rows, lower)))
    assert joined.pop(("late", "f", None)) == 0
    assert joined == alone
    assert sum(fen or 0 for fen in alone.values()) == best


@SHARE
@given(SEEDS, st.integers(min_value=1, max_value=2000), st.booleans())
def test_no_award_that_is_resolved_later_brings_a_line_above_its_budget(seed: int, budget: int, ranked: bool) -> None:
    rnd = random.Random(seed)
    firms = [f"f{i}" for i in range(6)]
    rows = [Row("p", firm, None, rnd.choice([100, 250, 400, None]), rnd.random() < 0.4) for firm in firms]
    ranks = {("p", firm): rnd.choice([1, 2, None]) for firm in firms}
    line = Line("l", budget, rnd.choice(["pay_all", "carry_over"]), ranked)
    first = Case((Rule("p", line="l"),), tuple(replace(row, fen=None if row.open else row.fen) for row in rows), (),
                 (line,), ranks=ranks)  # fmt: skip
    paid = {key: fen for key, fen in by_duckdb(first).items() if fen}
    resolved = tuple(replace(row, open=False, fen=row.fen or rnd.choice([0, 100, 300])) for row in rows)
    later = by_duckdb(replace(first, rows=resolved, paid_own=frozenset(paid)))
    assert paid.items() <= later.items()
    assert sum(fen or 0 for fen in later.values()) <= budget


@SHARE
@given(SEEDS, st.booleans())
def test_a_lower_award_for_an_item_changes_nothing_whatever_was_paid_for_it(seed: int, tied: bool) -> None:
    rnd = random.Random(seed)
    items = ["i1", "i2", "i3"]
    rows = [Row(f"p{i}", "f", item, rnd.choice([100, 200, 300])) for i in range(2) for item in items]
    rules = [Rule(f"p{i}", group="g", rank=i + 1, by_item=True, top_up=rnd.random() < 0.5) for i in range(2)]
    payments = {(rule.id, "f"): tuple(random_payment(rnd) for _ in range(rnd.choice([0, 1, 2]))) for rule in rules}
    paid = {(rule.id, "f", what): rnd.choice([0, 50, None]) for rule in rules for what in ("exclusive_items", "top_up")}
    best = {item: max(row.fen or 0 for row in rows if row.item == item) for item in items}
    lower = [Row("late", "f", item, best[item] if tied else rnd.choice([0, best[item] - 50])) for item in items]
    alone = by_duckdb(Case(tuple(rules), tuple(rows), paid=paid, paid_items=payments))
    rule = Rule("late", group="g", rank=9, by_item=True)
    joined = by_duckdb(Case((*rules, rule), (*rows, *lower), paid=paid, paid_items=payments))
    assert {joined.pop(("late", "f", item)) for item in items} == {0}
    assert joined == alone
    for item, most in best.items():
        assert sum(fen or 0 for (_, _, of), fen in alone.items() if of == item) <= most
