"""What a version of a policy comes to: firms by outcome, what is sure to be paid, and what may come on top."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from matcher.run.funnel import tally
from matcher.simulate.decide import Decided
from matcher.simulate.most import most_fen


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


def totals(found: Decided) -> list[Totals]:
    """Return what each version comes to, in their order; nothing for those that decide nobody."""
    money = {version: tuple(map(int, sums)) for version, *sums in found.connection.execute(_SUMS).fetchall()}
    result = []
    for place, patterns in enumerate(found.patterns):
        count = tally(patterns)
        award = found.plan.policies[found.numbers[place]].award if place in found.numbers else None
        lower, possible, held, not_computable, told = money.get(place, (0,) * 5) if award is not None else (0,) * 5
        most = most_fen(award) if award is not None else 0
        bound = told + most * not_computable if most is not None else None if not_computable else told
        firms = (count.in_scope, count.eligible, count.undetermined, count.ineligible)
        result.append(Totals(*firms, lower, lower + possible, held, not_computable, bound))
    return result


_SUMS = """
    SELECT version, coalesce(sum(fen), 0), coalesce(sum(possible_fen), 0), count(*) FILTER (held),
           count(*) FILTER (partly), coalesce(sum(coalesce(fen, possible_fen)) FILTER (NOT partly), 0)
    FROM (SELECT *, held OR open_items > 0 OR not_computable AS partly FROM stands) GROUP BY version
"""
