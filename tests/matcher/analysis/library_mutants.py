"""Faults put into the policies of the library: a fixed set of sixty, drawn from a seed."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from policies.load import Library
from policies.policy import Policy

SEED = 20
_COMPARISON = re.compile(r" (<=|>=|<|>) ")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MONEY = re.compile(r"(?<=\d)(亿元|万元)")
_SMALLER = {"亿元": "万元", "万元": "元"}
_WINDOW = re.compile(r"(\w+) (during period)\b(?! -)")
_JOINED = re.compile(r" (and|or) ")

Text = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of fault: how many are drawn, how one is made (None: not in this policy), what must tell of it.

    `codes` are those of which one must be told. Without any, the fault may as well be another sound policy.
    """

    name: str
    number: int
    change: Callable[[Text, random.Random], bool]
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mutant:
    """A policy of the library with one fault in it, under a name of its own."""

    name: str
    kind: Kind
    origin: str
    text: str


def _leaves(value: Any) -> Iterator[Text]:
    """Yield the conditions, however deep in groups."""
    if isinstance(value, list):
        for member in value:
            yield from _leaves(member)
    elif isinstance(value, dict):
        if "when" in value:
            yield value
        for part in value.values():
            yield from _leaves(part)


def _replaced(
    pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]
) -> Callable[[Text, random.Random], bool]:
    """Change one place of one condition."""

    def made(policy: Text, rnd: random.Random) -> bool:
        leaves = [leaf for leaf in _leaves(policy["conditions"]) if pattern.search(leaf["when"])]
        if not leaves:
            return False
        leaf = rnd.choice(leaves)
        match = rnd.choice(list(pattern.finditer(leaf["when"])))
        leaf["when"] = leaf["when"][: match.start()] + change(match) + leaf["when"][match.end() :]
        return True

    return made


def _tiers(policy: Text) -> list[Text]:
    tiers = policy.get("award", {}).get("tiers", [])
    return tiers if len(tiers) > 1 else []


def _swap_tiers(policy: Text, rnd: random.Random) -> bool:
    tiers = _tiers(policy)
    if tiers:
        place = rnd.randrange(len(tiers) - 1)
        tiers[place : place + 2] = reversed(tiers[place : place + 2])
    return bool(tiers)


def _drop_last_tier(policy: Text, _rnd: random.Random) -> bool:
    return bool(_tiers(policy)) and _tiers(policy).pop() is not None


def _repeat_tier(policy: Text, rnd: random.Random) -> bool:
    tiers = _tiers(policy)
    if tiers:
        again = rnd.choice(tiers)
        tiers.append({**again, "id": "again", "pay": "1元"})
    return bool(tiers)


def _added(change: Callable[[str], str]) -> Callable[[Text, random.Random], bool]:
    """Say one condition that all must meet again, changed."""

    def made(policy: Text, rnd: random.Random) -> bool:
        leaves = [leaf for leaf in policy["conditions"] if "when" in leaf]
        if leaves:
            leaf = rnd.choice(leaves)
            policy["conditions"].append({**leaf, "id": "again", "when": change(leaf["when"])})
        return bool(leaves)

    return made


def _without_source(policy: Text, _rnd: random.Random) -> bool:
    del policy["source"]
    return True


def _ends_before_it_begins(policy: Text, _rnd: random.Random) -> bool:
    policy["applies"][0]["periods"] = "2024..2021"
    return True


def _left_to_judgement(policy: Text, rnd: random.Random) -> bool:
    rnd.choice(list(_leaves(policy["conditions"])))["text"] += "，择优支持"
    return True


KINDS = (
    Kind("flipped comparison", 8, _replaced(_COMPARISON, lambda m: f" {_FLIPPED[m[1]]} ")),
    Kind("wrong magnitude", 8, _replaced(_MONEY, lambda m: _SMALLER[m[1]])),
    Kind("and for or", 4, _replaced(_JOINED, lambda m: {"and": " or ", "or": " and "}[m[1]])),
    Kind("swapped tiers", 5, _swap_tiers),
    Kind("lowest tier left out", 5, _drop_last_tier),
    Kind("repeated tier", 4, _repeat_tier, frozenset({"LOG005"})),
    Kind("duplicated condition", 6, _added(lambda when: when), frozenset({"LOG004"})),
    Kind("contradicted condition", 5, _added(lambda when: f"not ({when})"), frozenset({"LOG001", "LOG002"})),
    Kind(
        "contradictory windows",
        5,
        _replaced(_WINDOW, lambda m: f"{m[0]} and {m[1]} before first day of period"),
        frozenset({"LOG001"}),
    ),
    Kind("missing source", 3, _without_source, frozenset({"POL001"})),
    Kind("unit mistaken", 2, _replaced(_MONEY, lambda _: "人"), frozenset({"LANG"})),
    Kind("ends before it begins", 2, _ends_before_it_begins, frozenset({"POL007"})),
    Kind("words of judgement", 3, _left_to_judgement, frozenset({"POL131"})),
)


def mutants(library: Library) -> list[Mutant]:
    """Return so many different mutants of each kind, of policies that a match may decide."""
    rnd, made, seen = random.Random(SEED), list[Mutant](), set[str]()
    policies = [policy for policy in library.policies if policy.matchable]
    for kind in KINDS:
        drawn = 0
        while drawn < kind.number:
            policy = rnd.choice(policies)
            name = f"mutant-{len(made)}"
            changed = copy.deepcopy(_read(policy, library))
            if kind.change(changed, rnd):
                text = json.dumps({**changed, "policy": name}, ensure_ascii=False, indent=1)
                if (meaning := text.replace(name, policy.id)) not in seen:
                    seen.add(meaning)
                    made.append(Mutant(name, kind, policy.id, text))
                    drawn += 1
    return made


def _read(policy: Policy, library: Library) -> Text:
    """Return a policy's file, without what ties it to others: its mutants stand side by side."""
    data: Text = YAML(typ="base").load(library.paths[policy.id].read_text(encoding="utf-8"))
    data.pop("supersedes", None)
    data.pop("budget", None)
    data.get("award", {}).pop("exclusive", None)
    return data
