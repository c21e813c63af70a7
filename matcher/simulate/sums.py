"""What a version of a policy comes to, as plain values: totals, sums that add up over firms, and sums by group."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from operator import add, sub
from typing import Any

from matcher.simulate.most import most_fen
from policies.policy import Award


@dataclass(frozen=True)
class Totals:
    """One version; amounts in fen.

    `lower_fen` is what eligible firms surely get. `upper_fen` adds what undetermined firms would get if they all
    qualified, as far as it can be computed; `not_computable` counts the firms whose amount, or a part of it, cannot:
    their unknown part is in neither. `held` counts those of them that are eligible. `bound_fen` is never exceeded: it
    takes such firms at the most the award can come to, and is None where nothing in the award bounds it.
    """

    in_scope: int
    eligible: int
    undetermined: int
    ineligible: int
    lower_fen: int
    upper_fen: int
    held: int
    not_computable: int
    bound_fen: int | None

    def as_row(self) -> dict[str, Any]:
        """Return the numbers by their names."""
        return asdict(self)


NOTHING = Totals(0, 0, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Sums:
    """What adds up over firms, from which the totals follow: firms by outcome, and fen.

    `told_fen` is what the firms would get of whom all is known, eligible or undetermined; `open_fen` what the
    undetermined would get, as far as it can be computed.
    """

    in_scope: int = 0
    eligible: int = 0
    undetermined: int = 0
    ineligible: int = 0
    lower_fen: int = 0
    open_fen: int = 0
    held: int = 0
    not_computable: int = 0
    told_fen: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Return the sums over the firms of both."""
        return Sums(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: Sums) -> Sums:
        """Return the sums over the firms of one that are not among the other's."""
        return Sums(*map(sub, astuple(self), astuple(other)))

    def totals(self, award: Award | None) -> Totals:
        """Return the totals; how much the award can come to bounds what cannot be told."""
        most = most_fen(award) if award is not None else 0
        bound = self.told_fen + most * self.not_computable if most is not None else None
        return Totals(
            in_scope=self.in_scope,
            eligible=self.eligible,
            undetermined=self.undetermined,
            ineligible=self.ineligible,
            lower_fen=self.lower_fen,
            upper_fen=self.lower_fen + self.open_fen,
            held=self.held,
            not_computable=self.not_computable,
            bound_fen=bound if bound is not None or self.not_computable else self.told_fen,
        )


@dataclass(frozen=True)
class Group:
    """One line of a breakdown: firms by what happened to them, and the sure amounts in fen."""

    by: str
    key: str | None
    name: str
    gains: int
    loses: int
    changed: int
    before_fen: int
    after_fen: int

    @property
    def difference_fen(self) -> int:
        """Return by how much more is sure to be paid."""
        return self.after_fen - self.before_fen
