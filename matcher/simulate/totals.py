"""What the versions of a policy come to: firms by outcome, what is sure to be paid, and what may come on top."""

from __future__ import annotations

from matcher.run.funnel import tally
from matcher.simulate.decide import Decided
from matcher.simulate.sums import Sums, Totals


def sums_of(found: Decided) -> list[Sums]:
    """Return the sums of each version over the firms decided, in their order; nothing for those that decide nobody."""
    money = {version: tuple(map(int, row)) for version, *row in found.connection.execute(_SUMS).fetchall()}
    result = []
    for place, patterns in enumerate(found.patterns):
        count = tally(patterns)
        paid = money.get(place, (0,) * 5) if found.award(place) is not None else (0,) * 5
        result.append(Sums(count.in_scope, count.eligible, count.undetermined, count.ineligible, *paid))
    return result


def totals(found: Decided) -> list[Totals]:
    """Return what each version comes to, in their order; nothing for those that decide nobody."""
    return [sums.totals(found.award(place)) for place, sums in enumerate(sums_of(found))]


_SUMS = """
    SELECT version, coalesce(sum(fen), 0), coalesce(sum(possible_fen), 0), count(*) FILTER (held),
           count(*) FILTER (partly), coalesce(sum(coalesce(fen, possible_fen)) FILTER (NOT partly), 0)
    FROM (SELECT *, held OR open_items > 0 OR not_computable AS partly FROM stands) GROUP BY version
"""
