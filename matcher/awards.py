"""What an eligible firm is paid, step by step, for one firm: the readable twin of `matcher.sql.awards`.

The steps, always in this order, each leaving a line: amount, item cap, sum, policy cap, rounding. (Exclusive groups,
top-ups, caps over several policies, budgets and instalments come between them, under their own numbers.)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from matcher.interpreter.evaluate import Facts, Interpreter
from matcher.interpreter.intervals import Truth, rounded
from matcher.interpreter.rows import CountedRow, WithinRow
from policies.language import terms as t
from policies.policy import Award

MOST_FEN = 2**63 - 1  # what 64 bits hold: a larger amount is held, for no policy can have meant it


@dataclass(frozen=True)
class Step:
    """One step of an amount: exact fen before and after it (None: unknown)."""

    name: str  # amount | floor | item_cap | cap | lifetime | cap_left | rounding
    before: Fraction | None
    after: Fraction | None
    limit: Fraction | None = None


@dataclass(frozen=True)
class Payment:
    """What is due for a firm or one of its items; `fen` is None where it is unknown, and then held."""

    item: str | None
    counts: Truth
    fen: int | None
    steps: tuple[Step, ...]


def payments(award: Award, facts: Facts, items: Sequence[CountedRow] = ()) -> list[Payment]:
    """Return what an eligible firm is due: one payment, or one an item in the order of their keys.

    An item that may count could take its share of a cap before those after it: where that matters, they wait.
    """
    caps = {name: _certain(term, Interpreter(facts)) for name, term in _caps(award).items()}
    if award.items is None:
        steps = _amount_steps(award.amount, Interpreter(facts))
        for name, cap in caps.items():
            steps = _capped(steps, name, cap)
        return [_payment(award, None, steps)]
    due = []
    most = least = _least(caps.values())  # what is left of the caps if no open item counts, and if each of them does
    for item, counts, steps in _items(award, facts, items):
        freely, tightly = (_capped(steps, "cap_left", left) for left in (most, least))
        least = _left(least, tightly)
        if not counts:
            due.append(Payment(item, counts, None, ()))
            continue
        most = _left(most, freely)
        sure = freely if freely[-1].after == tightly[-1].after else _capped(steps, "cap_left", None)
        due.append(_payment(award, item, sure if caps else steps))
    return due


def _left(left: Fraction | None, capped: Sequence[Step]) -> Fraction | None:
    taken = capped[-1].after
    return None if left is None or taken is None else left - taken


def _caps(award: Award) -> dict[str, t.Term]:
    """Return the policy's caps by name: of the period, and what is left of the lifetime's."""
    caps = {"cap": award.cap, "lifetime": award.lifetime}
    return {name: term for name, term in caps.items() if term is not None}


def _least(caps: Collection[Fraction | None]) -> Fraction | None:
    """Return the least cap, None where there is none or one is unknown."""
    known = [cap for cap in caps if cap is not None]
    return min(known) if known and len(known) == len(caps) else None


def _items(award: Award, facts: Facts, rows: Sequence[CountedRow]) -> list[tuple[str, Truth, list[Step]]]:
    """Return each item once: rows of one key must agree on the amount, else it is unknown.

    Rows without a key may each be an item, so together they come to their sum.
    """
    by_key: dict[str, list[tuple[Truth, list[Step]]]] = {}
    for row, truth in rows:
        at = Interpreter(WithinRow(facts, row))
        steps = _amount_steps(award.amount, at)
        if award.item_cap is not None:
            steps = _capped(steps, "item_cap", _certain(award.item_cap, at))
        key = row[award.items.item_field] if award.items else None
        by_key.setdefault(_text(key), []).append((truth if key is not None else None, steps))
    merged = []
    for key in sorted(by_key):
        versions = by_key[key]
        counts = True if any(truth for truth, _ in versions) else None
        results = {steps[-1].after for _, steps in versions}
        # Rows that differ only before the cap: the smallest is shown, in whatever order they were delivered.
        smallest = min((steps for _, steps in versions), key=lambda steps: steps[0].after or 0)
        steps = smallest if len(results) == 1 else [Step("amount", None, None)]
        merged.append((key, counts, steps if key else [Step("amount", None, _sum(versions))]))
    return merged


def _sum(versions: Sequence[tuple[Truth, list[Step]]]) -> Fraction | None:
    known = [steps[-1].after for _, steps in versions if steps[-1].after is not None]
    return sum(known, Fraction(0)) if len(known) == len(versions) else None


def _text(key: Any) -> str:
    """Return an item's key as text, as SQL writes it."""
    if isinstance(key, bool):
        return "true" if key else "false"
    return "" if key is None else f"{key:f}" if isinstance(key, Decimal) else str(key)


def _amount_steps(term: t.Term, at: Interpreter) -> list[Step]:
    amount = _certain(term, at)
    steps = [Step("amount", None, amount)]
    if amount is not None and amount < 0:
        steps.append(Step("floor", amount, Fraction(0)))
    return steps


def _certain(term: t.Term | None, at: Interpreter) -> Fraction | None:
    return None if term is None else at.evaluate(term).value


def _capped(steps: list[Step], name: str, limit: Fraction | None) -> list[Step]:
    before = steps[-1].after
    after = None if before is None or limit is None else min(before, max(limit, Fraction(0)))
    return [*steps, Step(name, before, after, limit)]


def _payment(award: Award, item: str | None, steps: list[Step]) -> Payment:
    """Round the exact amount; none beyond 64 bits, so that one absurd firm does not stop the run."""
    exact = steps[-1].after
    if exact is None:
        return Payment(item, True, None, tuple(steps))
    quantum = Fraction(award.rounding_quantum_fen)
    whole = rounded(award.rounding_mode, exact, quantum)
    if any(step.limit is not None and whole > step.limit for step in steps):
        whole = rounded("down", exact, quantum)  # rounding never lifts an amount over its cap
    if whole > MOST_FEN:
        return Payment(item, True, None, tuple(steps))
    rounding = [] if whole == exact else [Step("rounding", exact, whole, quantum)]
    return Payment(item, True, int(whole), (*steps, *rounding))
