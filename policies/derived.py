"""Awards derived from other awards (配套): what is a share of what, and in which order they can be settled.

What shares a group, a cap or a budget line is settled at once, so the others of a tie wait too. An award that in the
end is a share of itself cannot be settled: the cycle is named as the path it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policies.awards_together import AwardsTogether
from policies.policy import Policy


@dataclass
class Order:
    """The level of each policy: 0 is settled first; `cycle` is the path of one that cannot be settled, or empty."""

    together: AwardsTogether
    levels: dict[str, int] = field(default_factory=dict)
    cycle: tuple[str, ...] = ()
    _tied: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(together: AwardsTogether) -> Order:
        """Return the order in which the policies are settled."""
        order = Order(together, _tied=_tied_policies(together))
        for name in sorted(together.policies):
            if not order.cycle:
                order.level(name, ())
        return order

    def level(self, name: str, above: tuple[str, ...]) -> int:
        """Return the level of a policy; `above` is the path of shares that led here."""
        if name in self.levels:
            return self.levels[name]
        tied = self._tied.get(name, (name,))
        met = next((place for place, one in enumerate(above) if one in tied), None)
        if met is not None:
            self.cycle = self.cycle or (*above[met:], name)
            return 0
        found = 0
        for member, base in self._shares(tied):
            path = above if member == name else (*above, name)
            found = max(found, 1 + self.level(base, (*path, member)))
            if self.cycle:
                return 0
        self.levels |= dict.fromkeys(tied, found)
        return found

    def _shares(self, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for name in names:
            base = base_of(self.together.policies, name)
            if base in self.together.policies:
                yield name, base


def base_of(policies: Mapping[str, Policy], name: str) -> str:
    """Return the policy of whose award this one's is a share, or an empty text."""
    award = policies[name].award
    return award.share_of.policy if award is not None and award.share_of is not None else ""


def _tied_policies(together: AwardsTogether) -> dict[str, tuple[str, ...]]:
    """Return for each policy all those it is tied to, at any distance, itself among them."""
    groups: dict[str, set[str]] = {name: {name} for name in together.policies}
    for tie in together.ties():
        joined = set().union(*(groups[name] for name in tie.members))
        for name in joined:
            groups[name] = joined
    return {name: tuple(sorted(group)) for name, group in groups.items()}
