"""Good policies and the faults that people make in them: a fixed set, drawn from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

SEED = 11
REVENUE, STAFF, FOUNDED = "tax.revenue[period]", "social_insurance.staff[2021-06]", "registration.established_on"


@dataclass(frozen=True)
class Written:
    """A policy as it is written: conditions, and tiers (when, pay)."""

    conditions: tuple[str, ...]
    tiers: tuple[tuple[str, str], ...] = ()


GOOD: tuple[Written, ...] = (
    Written(
        (f"{REVENUE} >= 1000万元", f"{REVENUE} <= 40000万元", f"{STAFF} <= 300人"),
    ),
    Written(
        (f"{REVENUE} >= 100万元",),
        (
            (f"{REVENUE} >= 2000万元", "50万元"),
            (f"{REVENUE} >= 500万元", "30万元"),
            (f"{REVENUE} >= 100万元", "20万元"),
        ),
    ),
    Written(
        (f"{STAFF} >= 10人", f"{REVENUE} > 0元"),
        (
            (f"{STAFF} < 50人", "5万元"),
            (f"{STAFF} >= 50人 and {STAFF} < 200人", "10万元"),
            (f"{STAFF} >= 200人", "20万元"),
        ),
    ),
    Written(
        (f"{FOUNDED} >= 2015-01-01", f"{FOUNDED} < 2020-07-01", f"{REVENUE} <= 2000万元 or {STAFF} <= 20人"),
    ),
    Written(
        (f"{FOUNDED} >= 2010-01-01", f"{STAFF} >= 5人", f"{STAFF} <= 1000人"),
        ((f"{FOUNDED} >= 2018-01-01", "20万元"), (f"{FOUNDED} < 2018-01-01", "10万元")),
    ),
    Written(
        (f"{STAFF} >= 30人 and {STAFF} <= 300人", f"{REVENUE} > 1000万元 and {REVENUE} <= 9000万元"),
    ),
    Written(
        (f"not ({STAFF} > 500人)", f"{REVENUE} >= 300万元"),
        ((f"{REVENUE} > 5000万元 and {STAFF} <= 100人", "30万元"), (f"{REVENUE} >= 300万元", "10万元")),
    ),
)

_OPERATORS = re.compile(r"<=|>=|<|>")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EDGE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_AMOUNT = re.compile(r"\b(\d+)(万元|人)")
_DAY = re.compile(r"\b(\d{4})(-\d{2}-\d{2})")

Change = Callable[[str, random.Random], str]


def _one(pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> Change:
    """Change one place of a text that the pattern finds."""

    def changed(text: str, rnd: random.Random) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        match = rnd.choice(found)
        return text[: match.start()] + change(match) + text[match.end() :]

    return changed


CHANGES: dict[str, Change] = {
    "flipped comparison": _one(_OPERATORS, lambda match: _FLIPPED[match[0]]),
    "boundary moved": _one(_OPERATORS, lambda match: _EDGE[match[0]]),
    "ten times too much": _one(_AMOUNT, lambda match: f"{match[1]}0{match[2]}"),
    "a thousand times too much": _one(_AMOUNT, lambda match: f"{match[1]}000{match[2]}"),
    "ten times too little": _one(_AMOUNT, lambda match: f"{max(1, int(match[1]) // 10)}{match[2]}"),
    "another year": _one(_DAY, lambda match: f"{int(match[1]) + 8}{match[2]}"),
    "and for or": _one(re.compile(" and | or "), lambda match: {" and ": " or ", " or ": " and "}[match[0]]),
}


def _swapped(written: Written, rnd: random.Random) -> Written:
    tiers = list(written.tiers)
    if len(tiers) > 1:
        i, j = rnd.sample(range(len(tiers)), 2)
        tiers[i], tiers[j] = tiers[j], tiers[i]
    return replace(written, tiers=tuple(tiers))


def _without_tier(written: Written, rnd: random.Random) -> Written:
    if len(written.tiers) < 2:
        return written
    left = rnd.randrange(len(written.tiers))
    return replace(written, tiers=tuple(tier for i, tier in enumerate(written.tiers) if i != left))


def _said_twice(written: Written, rnd: random.Random) -> Written:
    again = rnd.choice(written.conditions)
    return replace(written, conditions=(*written.conditions, CHANGES["ten times too much"](again, rnd)))


def _in_text(change: Change) -> Callable[[Written, random.Random], Written]:
    def changed(written: Written, rnd: random.Random) -> Written:
        place = rnd.randrange(len(written.conditions) + len(written.tiers))
        if place < len(written.conditions):
            conditions = [change(c, rnd) if i == place else c for i, c in enumerate(written.conditions)]
            return replace(written, conditions=tuple(conditions))
        place -= len(written.conditions)
        tiers = [(change(when, rnd), pay) if i == place else (when, pay) for i, (when, pay) in enumerate(written.tiers)]
        return replace(written, tiers=tuple(tiers))

    return changed


MUTATIONS: dict[str, Callable[[Written, random.Random], Written]] = {
    **{name: _in_text(change) for name, change in CHANGES.items()},
    "tiers swapped": _swapped,
    "tier left out": _without_tier,
    "said twice": _said_twice,
}


def mutants(number: int) -> dict[str, Written]:
    """Return so many different policies with one fault each, named by what was done to which."""
    rnd, made = random.Random(SEED), dict[str, Written]()
    seen: set[Written] = set(GOOD)
    names: Sequence[str] = list(MUTATIONS)
    while len(made) < number:
        place, name = rnd.randrange(len(GOOD)), names[rnd.randrange(len(names))]
        mutant = MUTATIONS[name](GOOD[place], rnd)
        if mutant not in seen:
            seen.add(mutant)
            made[f"{name.replace(' ', '-')}-{place}-{len(made)}"] = mutant
    return made
