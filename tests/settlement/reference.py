"""The steps of a settlement in plain Python over plain rows: what the SQL is held to, written without looking at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd


@dataclass(frozen=True)
class Rule:
    """What one policy declares, in fen; `most` is the most it can award a firm, None without a bound."""

    id: str
    unit: int = 1
    most: int | None = None
    group: str | None = None
    rank: int | None = None
    by_item: bool = False
    top_up: bool = False
    caps: tuple[str, ...] = ()
    line: str | None = None


@dataclass(frozen=True)
class Cap:
    """A shared cap: its limit and its members in the order they are served."""

    id: str
    limit: int
    members: tuple[str, ...]
    lifetime: bool = False


@dataclass(frozen=True)
class Line:
    """A budget line."""

    name: str
    amount: int | None
    when_short: str
    ranked: bool = False
    highest: bool = True


@dataclass(frozen=True)
class Row:
    """An award or an item: `fen` None is held; `open` rows may come to be due."""

    policy: str
    firm: str
    item: str | None
    fen: int | None
    open: bool = False


Key = tuple[str, str, str | None]


@dataclass(frozen=True)
class Paid:
    """A payment to another policy of a group by item: for which item ("" does not say), `fen` None if it may be one."""

    item: str
    fen: int | None
    in_top_up: bool = False


@dataclass(frozen=True)
class Case:
    """Everything that is settled together; `paid` by policy, firm and step, `ranks` by policy and firm."""

    rules: tuple[Rule, ...]
    rows: tuple[Row, ...]
    caps: tuple[Cap, ...] = ()
    lines: tuple[Line, ...] = ()
    paid: Mapping[tuple[str, str, str], int | None] = field(default_factory=dict)
    ranks: Mapping[tuple[str, str], int | None] = field(default_factory=dict)
    paid_items: Mapping[tuple[str, str], tuple[Paid, ...]] = field(default_factory=dict)
    paid_own: frozenset[Key] = frozenset()


def settled(case: Case) -> dict[Key, int | None]:
    """Return what is due by policy, firm and item."""
    rows = list(case.rows)
    rules = {rule.id: rule for rule in case.rules}
    rows = _exclusive(rows, rules, case)
    taken_off = _taken_off(rows, rules, case)
    rows = [_less_paid_for_it(row, rules[row.policy], case) for row in rows]
    paid = {key: fen if fen is None else fen - taken_off.get(key, 0) for key, fen in case.paid.items()}
    case = replace(case, paid=paid)
    rows = [_each for rule in case.rules for _each in _less_paid(rows, rule, case, "top_up", applies=rule.top_up)]
    for cap in sorted(case.caps, key=lambda cap: cap.id):
        rows = _capped(rows, rules, cap, case)
    for line in case.lines:
        rows = _within_budget(rows, rules, line, case)
    return {(row.policy, row.firm, row.item): row.fen for row in rows if not row.open}


def _order(row: Row) -> tuple[bool, str]:
    return (row.item is not None, row.item or "")


def _exclusive(rows: list[Row], rules: Mapping[str, Rule], case: Case) -> list[Row]:
    done: list[Row] = []
    for firm in sorted({row.firm for row in rows}):
        of_firm = [row for row in rows if row.firm == firm]
        done += [row for row in of_firm if rules[row.policy].group is None]
        for group in sorted({rules[row.policy].group or "" for row in of_firm} - {""}):
            of_group = [row for row in of_firm if rules[row.policy].group == group]
            by_item = any(rules[row.policy].by_item for row in of_group)
            if by_item:
                whole = [row for row in of_group if row.item is None]
                for item in sorted({row.item for row in of_group if row.item is not None}):
                    own = [row for row in of_group if row.item == item]
                    done += [row for row in _highest(own + whole, rules) if row not in whole]
                done += whole
            else:
                done += _highest(of_group, rules)
    for rule in case.rules:
        applies = rule.group is not None and not rule.by_item
        done = _replaced(done, _less_paid(done, rule, case, "exclusive", applies=applies), rule)
    return done


def _for_it(row: Row, case: Case) -> tuple[int, int, bool, bool]:
    """Return what was surely paid for a row's item, what of it no top-up counts, whether more may be, and unknown."""
    payments = case.paid_items.get((row.policy, row.firm), ())
    own = [payment for payment in payments if payment.item == row.item]
    sure = sum(payment.fen or 0 for payment in own)
    besides = sum(payment.fen or 0 for payment in own if not payment.in_top_up)
    alike = any(p.item != row.item and _bare(p.item) in ("", _bare(row.item or "")) for p in payments)
    unsure = alike or any(payment.fen is None for payment in own)
    key = (row.policy, row.firm, "exclusive_items")
    return sure, besides, unsure, key in case.paid and case.paid[key] is None


def _bare(item: str) -> str:
    return "".join(character for character in item if character.isalnum()).upper()


def _less_paid_for_it(row: Row, rule: Rule, case: Case) -> Row:
    if not rule.by_item or row.open or not row.fen or (row.policy, row.firm, "exclusive_items") not in case.paid:
        return row
    sure, _, unsure, unknown = _for_it(row, case)
    if sure >= row.fen:
        return replace(row, fen=0)
    if unsure or unknown:
        return replace(row, fen=None)
    return replace(row, fen=(row.fen - sure) // rule.unit * rule.unit) if sure else row


def _taken_off(rows: Sequence[Row], rules: Mapping[str, Rule], case: Case) -> dict[tuple[str, str, str], int]:
    """Return what of the sums that top-ups deduct comes off items: at least so much, whatever else was paid."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in rows:
        if rules[row.policy].by_item and row.fen and (row.policy, row.firm, "exclusive_items") in case.paid:
            sure, besides, unsure, unknown = _for_it(row, case)
            if not (unsure or unknown):
                found[row.policy, row.firm, "top_up"] += max(0, min(row.fen, sure) - besides)
    return found


def _replaced(rows: Iterable[Row], own: Iterable[Row], rule: Rule) -> list[Row]:
    return [row for row in rows if row.policy != rule.id] + list(own)


def _highest(rows: list[Row], rules: Mapping[str, Rule]) -> list[Row]:
    by_policy: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_policy[row.policy].append(row)
    if len(by_policy) < 2:
        return rows

    def precedence(policy: str) -> tuple[float, str]:
        rank = rules[policy].rank
        return (float("inf") if rank is None else rank, policy)

    totals: dict[str, int | None] = {}
    for policy, own in by_policy.items():
        sure = [row.fen for row in own if not row.open]
        totals[policy] = sum(fen for fen in sure if fen is not None) if sure and None not in sure else None
    known = {policy: total for policy, total in totals.items() if total is not None}
    winner = min(known, key=lambda policy: (-known[policy], precedence(policy)), default=None)

    def after(row: Row) -> int | None:
        if row.open or row.policy == winner:
            return row.fen
        if winner is None:
            return None
        if totals[row.policy] is None and _may_beat(rules[row.policy], known[winner], precedence, winner):
            return None
        return 0

    return [replace(row, fen=after(row)) for row in rows]


def _may_beat(rule: Rule, best: int, precedence: object, winner: str) -> bool:
    first = precedence(rule.id) < precedence(winner)  # type: ignore[operator]  # a local function
    return rule.most is None or rule.most > best or (rule.most == best and first)


def _less_paid(rows: Sequence[Row], rule: Rule, case: Case, what: str, *, applies: bool) -> list[Row]:
    done = []
    for firm in sorted({row.firm for row in rows if row.policy == rule.id}):
        own = sorted((row for row in rows if row.policy == rule.id and row.firm == firm), key=_order)
        if not applies or (rule.id, firm, what) not in case.paid:
            done += own
            continue
        paid, before, unsure = case.paid[rule.id, firm, what], 0, False
        for row in own:
            if row.open or row.fen is None or row.fen == 0 or (paid is not None and paid <= 0):
                done.append(row)
                unsure = unsure or (not row.open and row.fen is None)
            elif paid is None or (unsure and before < paid):
                done.append(replace(row, fen=None))
            else:
                off = min(row.fen, max(0, paid - before))
                done.append(row if off == 0 else replace(row, fen=(row.fen - off) // rule.unit * rule.unit))
            before += row.fen or 0 if not row.open else 0
    return done


def _capped(rows: list[Row], rules: Mapping[str, Rule], cap: Cap, case: Case) -> list[Row]:
    done = [row for row in rows if row.policy not in cap.members]
    under = [row for row in rows if row.policy in cap.members]
    for firm in sorted({row.firm for row in under}):
        own = sorted((r for r in under if r.firm == firm), key=lambda r: (cap.members.index(r.policy), _order(r)))
        low, high = 0, 0.0
        for row in own:
            paid = case.paid.get((row.policy, firm, f"cap:{cap.id}")) if cap.lifetime else 0
            if not row.open and row.fen:
                if paid is None:
                    done.append(replace(row, fen=None))
                else:
                    best, worst = (min(row.fen, max(0, cap.limit - paid - before)) for before in (low, high))
                    unit = rules[row.policy].unit
                    kept = row.fen if best == row.fen else int(best) // unit * unit
                    done.append(replace(row, fen=kept if best == worst else None))
            else:
                done.append(row)
            bound = rules[row.policy].most
            low += 0 if row.open else row.fen or 0
            unknown = row.open or row.fen is None
            high += (float("inf") if bound is None else bound) if unknown else row.fen or 0
    return done


def _within_budget(rows: list[Row], rules: Mapping[str, Rule], line: Line, case: Case) -> list[Row]:
    claims = [row for row in rows if rules[row.policy].line == line.name and not row.open and row.fen]
    total = sum(row.fen or 0 for row in claims)
    if line.amount is None or total <= line.amount:
        return rows
    unit = gcd(*(rule.unit for rule in rules.values() if rule.line == line.name))
    after = (
        _pro_rata(claims, line.amount, unit, rules) if line.when_short == "pro_rata" else _served(claims, line, case)
    )
    return [row for row in rows if row not in claims] + after


def _pro_rata(claims: Sequence[Row], amount: int, unit: int, rules: Mapping[str, Rule]) -> list[Row]:
    total = sum(row.fen or 0 for row in claims)
    exact = {row: Fraction((row.fen or 0) * amount, total * unit) for row in claims}
    left = amount // unit - sum(int(part) for part in exact.values())
    first = sorted(claims, key=lambda row: (int(exact[row]) - exact[row], row.firm, row.policy, _order(row)))
    parts = {row: (int(exact[row]) + (place < left)) * unit for place, row in enumerate(first)}
    return [replace(row, fen=part - part % rules[row.policy].unit) for row, part in parts.items()]


def _served(claims: Sequence[Row], line: Line, case: Case) -> list[Row]:
    def rank(row: Row) -> int | None:
        return case.ranks.get((row.policy, row.firm)) if line.ranked else 0

    def was_paid(row: Row) -> bool:
        return (row.policy, row.firm, row.item) in case.paid_own

    unranked = [replace(row, fen=None) for row in claims if rank(row) is None and not was_paid(row)]
    sign = -1 if line.highest else 1
    order = sorted(
        (row for row in claims if rank(row) is not None or was_paid(row)),
        key=lambda row: (
            not was_paid(row),
            rank(row) is None,
            sign * (rank(row) or 0),
            row.firm,
            row.policy,
            _order(row),
        ),
    )
    spent, done = 0, []
    for row in order:
        spent += row.fen or 0
        done.append(row if spent <= (line.amount or 0) else replace(row, fen=0))
    return unranked + done
