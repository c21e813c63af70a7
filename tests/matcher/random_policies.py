"""Random whole policies over the small world: nested groups, scopes with exceptions, every way to pay and to cap."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from enterprise_data.catalogue.model import Grain
from enterprise_data.periods import Period
from policies.language import terms as t
from policies.policy import Applies, Award, Group, Items, Leaf, Policy, Tier
from tests.matcher.deciding import MONEY, leaf, policy
from tests.matcher.random_terms import Generator
from tests.matcher.small_world import CATALOGUE

Mode = Literal["all", "any", "none"]
Rounding = Literal["down", "half_up", "up"]

WAN = 1_000_000  # fen
REGIONS = ["37", "3702", "370202", "3706", "32", "11"]
EXCEPTIONS = ["3702", "370202", "370213", "3706", "320100"]


class ItemGenerator(Generator):
    """Draws terms for an item's amount: fields of the row, and facts of its firm."""

    def _leaf(self, depth: int, kind: t.Kind) -> t.Term:
        if self.rnd.random() < 0.3 and kind is not t.Kind.BOOL:
            return Generator(self.rnd)._fact(kind)
        return super()._leaf(depth, kind)


@dataclass
class PolicyGenerator:
    """Draws policies from `rnd`."""

    rnd: random.Random
    leaves: int = field(default=0)

    def policy(self, name: str) -> Policy:
        """Return a random policy."""
        members = [self._member(2) for _ in range(self.rnd.choice([1, 1, 2, 3]))]
        award = self._award() if self.rnd.random() < 0.9 else None
        return policy(name, members, award, self._applies())

    def _member(self, depth: int) -> Leaf | Group:
        if depth == 0 or self.rnd.random() < 0.5:
            self.leaves += 1
            return leaf(f"c{self.leaves}", self._condition())
        mode: Mode = self.rnd.choice(["all", "any", "none"])
        return Group(mode, tuple(self._member(depth - 1) for _ in range(self.rnd.choice([1, 2, 2, 3]))))

    def _condition(self) -> t.Term:
        """Return a condition; often a simple one, so that firms of every outcome come up."""
        if self.rnd.random() < 0.5:
            return t.Constant(t.BOOL, self.rnd.choice([True, True, True, True, False, None]))
        return Generator(self.rnd).condition(self.rnd.choice([0, 1, 2]))

    def _applies(self) -> list[Applies]:
        rules = []
        for _ in range(self.rnd.choice([0, 0, 0, 0, 1, 2])):
            first = Period.parse(self.rnd.choice(["2020", "2024", "2025"]))
            last = self.rnd.choice([None, first + 4])
            inside = tuple(self.rnd.sample(REGIONS, self.rnd.choice([0, 1, 1, 2])))
            outside = tuple(self.rnd.sample(EXCEPTIONS, self.rnd.choice([0, 0, 1, 2])))
            rules.append(Applies(first, last, inside, outside))
        return rules

    def _award(self) -> Award:
        items = self._items() if self.rnd.random() < 0.5 else None
        draw = Generator(self.rnd) if items is None else ItemGenerator(self.rnd, CATALOGUE.datasets[items.dataset])
        amount, tiers = self._amount(draw)
        item_cap = self._cap(draw) if items and self.rnd.random() < 0.4 else None
        cap = self._cap(Generator(self.rnd)) if self.rnd.random() < 0.5 else None
        limited = items is not None and (item_cap or cap)
        mode: Rounding = "down" if limited else self.rnd.choice(["down", "half_up", "up"])
        return Award(items, amount, tiers, item_cap, cap, mode, self.rnd.choice([1, 1, 100, 300, WAN]))

    def _items(self) -> Items:
        dataset = self.rnd.choice([d for d in CATALOGUE.datasets.values() if d.grain is not Grain.REGION])
        names = [*dataset.fields]
        where = Generator(self.rnd)._filter(dataset) if self.rnd.random() < 0.7 else None
        return Items(dataset.dataset, where, self.rnd.choice(names))

    def _cap(self, draw: Generator) -> t.Term:
        if self.rnd.random() < 0.7:
            return t.Constant(MONEY, Fraction(self.rnd.choice([0, 1, 150, 333, 30_000, 50 * WAN, -5])))
        return draw.number(1, t.Kind.MONEY)

    def _amount(self, draw: Generator) -> tuple[t.Term, tuple[Tier, ...]]:
        """Return flat, tiered, stepped or shared amounts, as a policy file's award is compiled."""
        flat = t.Constant(MONEY, Fraction(self.rnd.choice([1, 99, 100, 33_333, 10 * WAN]), self.rnd.choice([1, 1, 3])))
        match self.rnd.choice(["flat", "flat", "any", "tiers", "tiers", "steps", "share"]):
            case "flat":
                return flat, ()
            case "any":
                return draw.number(self.rnd.choice([0, 2]), t.Kind.MONEY), ()
            case "tiers":
                tiers = [Tier(f"t{i}", "", self._when(draw), self._pay(draw, flat)) for i in range(3)]
                return _first_that_holds(tiers), tuple(tiers)
            case "steps":
                each = t.Constant(t.NUMBER, Fraction(self.rnd.choice([1, 3, 100]), self.rnd.choice([1, 7])))
                steps: t.Term = t.Arithmetic(t.NUMBER, "/", draw.number(self.rnd.choice([0, 1])), each)
                if self.rnd.random() < 0.6:
                    steps = t.Rounded(t.NUMBER, "down", steps, Fraction(1))
                least = t.Extreme(t.NUMBER, "max", (steps, t.Constant(t.NUMBER, Fraction(0))))
                return t.Arithmetic(MONEY, "*", flat, least), ()
            case _:
                rate = t.Constant(t.Type(t.Kind.SHARE), Fraction(self.rnd.choice([55, 1000, 333, 1]), 1000))
                return t.Arithmetic(MONEY, "*", draw.number(0, t.Kind.MONEY), rate), ()

    def _when(self, draw: Generator) -> t.Term:
        return draw.condition(1) if self.rnd.random() < 0.4 else t.Constant(t.BOOL, self.rnd.random() < 0.4)

    def _pay(self, draw: Generator, flat: t.Term) -> t.Term:
        return flat if self.rnd.random() < 0.5 else draw.number(1, t.Kind.MONEY)


def _first_that_holds(tiers: Sequence[Tier]) -> t.Term:
    amount: t.Term = t.Constant(MONEY, Fraction(0))
    for tier in reversed(tiers):
        amount = t.Choose(MONEY, tier.when, tier.pay, amount)
    return amount
