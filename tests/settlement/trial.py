"""Settling a `Case` by DuckDB, and drawing random ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import duckdb

from enterprise_data.declarations.strict_yaml import Document, parse
from enterprise_data.periods import PeriodKind
from matcher.plan import BoundPolicy
from matcher.settlement import tables
from matcher.settlement.members import Members
from matcher.settlement.settle import settle
from matcher.sql.rows_in import insert_rows
from policies.citation import Checked, Source, Title
from policies.language.terms import Constant, Term
from policies.policy import Award, BudgetLine, Exclusive, Items, TopUp
from policies.shared_caps import SharedCap
from tests.matcher.deciding import MONEY, policy
from tests.settlement.reference import Cap, Case, Key, Line, Paid, Row, Rule

SOURCE = Source(document="某号文", issuer="某局", checked=Checked.UNVERIFIED)
UNKNOWN = Constant(MONEY, None)
NOTHING_WRITTEN: Document = parse(b"cap: c\n", "c.yaml")


def by_duckdb(case: Case, threads: int = 1) -> dict[Key, int | None]:
    """Return what is due by policy, firm and item."""
    return run(_connection(threads), case)


@cache
def _connection(threads: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": threads})


def run(connection: duckdb.DuckDBPyConnection, case: Case) -> dict[Key, int | None]:
    """Lay the case down, settle it, and return what is due; the connection keeps the tables."""
    order = sorted(case.rules, key=lambda rule: rule.id)
    numbers = {rule.id: no for no, rule in enumerate(order)}
    firms = {row.firm: place for place, row in enumerate(case.rows)}
    connection.execute(tables.CREATE)
    connection.execute(
        "CREATE OR REPLACE TABLE awards "
        "(policy_no SMALLINT, firm_no INTEGER, item VARCHAR, counts BOOLEAN, amount_fen BIGINT)"
    )
    connection.execute("CREATE OR REPLACE TABLE firms (firm_no INTEGER, uscc VARCHAR)")
    insert_rows(connection, "firms", [(number, name) for name, number in firms.items()])
    whole = [row for row in case.rows if row.open and row.item is None]
    due = [row for row in case.rows if row not in whole]
    insert_rows(
        connection, "awards", [(numbers[r.policy], firms[r.firm], r.item, None if r.open else True, r.fen) for r in due]
    )
    insert_rows(connection, "open_awards", [(numbers[r.policy], firms[r.firm]) for r in whole])
    paid = [(numbers[p], firms[f], what, fen) for (p, f, what), fen in case.paid.items() if f in firms]
    insert_rows(connection, "paid_before", paid)
    for (policy_id, firm), payments in case.paid_items.items():
        if firm in firms:
            rows = [(numbers[policy_id], firms[firm], each.item, each.fen, each.in_top_up) for each in payments]
            insert_rows(connection, "paid_items", rows)
    own = [(numbers[p], firms[f], item or "", 1, False) for p, f, item in sorted(case.paid_own, key=str) if f in firms]
    insert_rows(connection, "paid_own", own)
    insert_rows(
        connection, "ranks", [(numbers[p], firms[f], rank) for (p, f), rank in case.ranks.items() if f in firms]
    )
    settle(connection, Members(tuple(_bound(rule, case.lines) for rule in order), {c.id: _cap(c) for c in case.caps}))
    found = connection.execute("SELECT policy_no, firm_no, item, amount_fen FROM awards WHERE counts").fetchall()
    names = {number: name for name, number in firms.items()}
    return {(order[no].id, names[firm], item): fen for no, firm, item, fen in found}


def _bound(rule: Rule, lines: Sequence[Line]) -> BoundPolicy:
    amount: Term = UNKNOWN if rule.most is None else Constant(MONEY, Fraction(rule.most))
    items = Items("all", None, "level") if rule.by_item else None
    award = Award(
        items,
        UNKNOWN if items else amount,
        cap=amount if items and rule.most is not None else None,
        rounding_quantum_fen=rule.unit,
        exclusive=Exclusive(rule.group, rule.rank, rule.by_item) if rule.group else None,
        top_up=TopUp() if rule.top_up else None,
        shared_caps=rule.caps,
    )
    line = next((_line(line) for line in lines if line.name == rule.line), None)
    paid: dict[str, Term] = {"top_up": UNKNOWN} if rule.top_up else {}
    return BoundPolicy(policy(rule.id, [], award, budget_line=line), (), award, paid)


def _line(line: Line) -> BudgetLine:
    rank = UNKNOWN if line.ranked else None
    return BudgetLine(line.name, line.amount, line.when_short, rank, highest=line.highest)  # type: ignore[arg-type]  # drawn


def _cap(cap: Cap) -> SharedCap:
    return SharedCap(
        cap.id, Title(zh=cap.id), SOURCE, "", cap.limit, cap.lifetime, PeriodKind.YEAR, cap.members, NOTHING_WRITTEN
    )


def random_case(rnd: random.Random) -> Case:
    """Return a few firms under a few policies that share groups, caps and lines, with holes and ties."""
    caps = tuple(_random_cap(rnd, f"c{i}") for i in range(rnd.choice([0, 1, 2])))
    lines = tuple(_random_line(rnd, f"l{i}") for i in range(rnd.choice([0, 1, 2])))
    by_item = {group: rnd.random() < 0.3 for group in ("g", "h")}
    rules = tuple(_random_rule(rnd, f"p{i}", caps, lines, by_item) for i in range(rnd.choice([1, 2, 3, 4, 6])))
    caps = tuple(
        Cap(c.id, c.limit, tuple(r.id for r in _shuffled(rnd, rules) if c.id in r.caps), c.lifetime) for c in caps
    )
    firms = [f"f{i}" for i in range(rnd.choice([1, 3, 8]))]
    rows = [row for rule in rules for firm in firms for row in _random_rows(rnd, rule, firm)]
    paid = {
        (rule.id, firm, what): rnd.choice([0, 0, 50, 150, 1000, None])
        for rule in rules
        for firm in firms
        for what in _deducted(rule)
    }
    ranks = {(rule.id, firm): rnd.choice([1, 2, 3, 3, None]) for rule in rules for firm in firms}
    paid_items = {
        (rule.id, firm): tuple(random_payment(rnd) for _ in range(rnd.choice([0, 0, 1, 2])))
        for rule in rules
        for firm in firms
        if rule.by_item
    }
    own = frozenset((row.policy, row.firm, row.item) for row in rows if not row.open and rnd.random() < 0.2)
    return Case(rules, tuple(rows), caps, lines, paid, ranks, paid_items, own)


def random_payment(rnd: random.Random) -> Paid:
    """Return a payment to another policy of a group: for an item, for one that looks like it, or for none."""
    item = rnd.choice(["i1", "i1", "i2", "I-2", "i9", ""])
    return Paid(item, rnd.choice([30, 30, 60, 100, 500, None]), rnd.random() < 0.5)


def _deducted(rule: Rule) -> list[str]:
    """Return the past payments that a match would look up for a policy."""
    peers = [] if rule.group is None else ["exclusive_items" if rule.by_item else "exclusive"]
    return [*peers, *(["top_up"] if rule.top_up else []), *(f"cap:{cap}" for cap in rule.caps)]


def _shuffled(rnd: random.Random, rules: Sequence[Rule]) -> list[Rule]:
    return rnd.sample(rules, len(rules))


def _random_cap(rnd: random.Random, name: str) -> Cap:
    return Cap(name, rnd.choice([1, 99, 250, 1000]), (), rnd.random() < 0.4)


def _random_line(rnd: random.Random, name: str) -> Line:
    mode = rnd.choice(["pay_all", "pro_rata", "pro_rata", "rank", "carry_over"])
    ranked = mode == "rank" or (mode != "pro_rata" and rnd.random() < 0.3)
    return Line(name, rnd.choice([1, 100, 333, 1000, 5000, None]), mode, ranked, rnd.random() < 0.7)


def _random_rule(
    rnd: random.Random, name: str, caps: Sequence[Cap], lines: Sequence[Line], by_item: dict[str, bool]
) -> Rule:
    group = rnd.choice(["g", "g", "h", None])
    return Rule(
        name,
        unit=rnd.choice([1, 1, 1, 10, 100]),
        most=rnd.choice([None, 100, 200, 300]),
        group=group,
        rank=rnd.choice([None, 1, 1, 2]),
        by_item=by_item.get(group or "", False),
        top_up=rnd.random() < 0.3,
        caps=tuple(cap.id for cap in caps if rnd.random() < 0.5),
        line=rnd.choice(lines).name if lines and rnd.random() < 0.7 else None,
    )


def _random_rows(rnd: random.Random, rule: Rule, firm: str) -> list[Row]:
    form = rnd.choice(["none", "open", "firm", "firm", "items"])
    items = form == "items" or (rule.by_item and form == "firm")
    if form == "none":
        return []
    if form == "open":
        return [Row(rule.id, firm, None, None, open=True)]
    names = rnd.sample(["i1", "i2", "i3"], rnd.choice([1, 2, 3])) if items else [None]
    return [_random_row(rnd, rule, firm, name) for name in names]


def _random_row(rnd: random.Random, rule: Rule, firm: str, item: str | None) -> Row:
    most = rule.most if rule.most is not None else 400
    each = most // 3 if item else most
    fen = rnd.choice([0, each, each, each // 2, None])
    is_open = item is not None and rnd.random() < 0.15
    whole = None if fen is None or is_open else fen // rule.unit * rule.unit
    return Row(rule.id, firm, item, whole, is_open)
