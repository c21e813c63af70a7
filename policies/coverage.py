"""For which days and regions policies decide, exactly: days by the smallest regions of the table, and back to names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from enterprise_data.codes import regions
from policies.policy import Applies

_DAY = timedelta(days=1)
OPEN = date.max  # the last day of what has no end


@dataclass(frozen=True, order=True)
class Days:
    """A span of days, both ends included; an open one ends on `OPEN`."""

    first: date
    last: date

    def __str__(self) -> str:
        """Return `2024-01-01 to 2024-12-31`, or `2024-01-01 on`."""
        return f"{self.first} on" if self.last == OPEN else f"{self.first} to {self.last}"


def days_of(rule: Applies) -> Days:
    """Return the days of a rule's periods."""
    return Days(rule.first.first_day, rule.last.last_day if rule.last is not None else OPEN)


def common(left: Sequence[Days], right: Sequence[Days]) -> tuple[Days, ...]:
    """Return the days that lie in both."""
    pairs = ((max(a.first, b.first), min(a.last, b.last)) for a in left for b in right)
    return merged(Days(first, last) for first, last in pairs if first <= last)


def between(spans: Iterable[Days]) -> tuple[Days, ...]:
    """Return the days between spans that none of them covers."""
    joined = merged(spans)
    return tuple(Days(before.last + _DAY, after.first - _DAY) for before, after in pairwise(joined))


def after(spans: Sequence[Days]) -> tuple[Days, ...]:
    """Return the days after the last of spans."""
    last = max(span.last for span in spans)
    return (Days(last + _DAY, OPEN),) if last != OPEN else ()


def merged(spans: Iterable[Days]) -> tuple[Days, ...]:
    """Return spans in order, those that meet or overlap joined."""
    found: list[Days] = []
    for span in sorted(spans):
        if found and (found[-1].last == OPEN or span.first <= found[-1].last + _DAY):
            found[-1] = Days(found[-1].first, max(found[-1].last, span.last))
        else:
            found.append(span)
    return tuple(found)


@cache
def counties() -> tuple[str, ...]:
    """Return the prefixes of the smallest regions of the table: counties, and cities that have none."""
    names = sorted(regions.regions().names)
    following = [*names[1:], ""]
    return tuple(name for name, after in zip(names, following, strict=True) if not after.startswith(name))


def days_by_region(rules: Sequence[Applies], finer: Iterable[str] = ()) -> dict[str, tuple[Days, ...]]:
    """Return the days on which any of the rules decides, by the prefix of each smallest region.

    `finer` are prefixes below a county, which are told apart from the rest of it.
    """
    found: dict[str, list[Days]] = {}
    for rule in rules:
        for atom in (*counties(), *finer):
            if _covers(rule, atom):
                found.setdefault(atom, []).append(days_of(rule))
    return {atom: merged(spans) for atom, spans in found.items()}


def finer_than_counties(rules: Iterable[Applies]) -> frozenset[str]:
    """Return the prefixes in rules that are smaller than, or not among, the smallest regions of the table."""
    named = {prefix for rule in rules for prefix in (*rule.region_prefixes, *rule.except_prefixes)}
    return frozenset(prefix for prefix in named if not any(county.startswith(prefix) for county in counties()))


def _covers(rule: Applies, atom: str) -> bool:
    inside = not rule.region_prefixes or any(atom.startswith(prefix) for prefix in rule.region_prefixes)
    return inside and not any(atom.startswith(prefix) for prefix in rule.except_prefixes)


def where(atoms: Iterable[str]) -> str:
    """Return `everywhere`, or `in` the regions that smallest ones make up, by the largest that lie wholly in them."""
    left = set(atoms)
    if left.issuperset(counties()):
        return "everywhere"
    found: list[str] = []
    for prefix in _larger():
        inside = {county for county in counties() if county.startswith(prefix)} if left else set()
        if inside and inside <= left:
            found.append(prefix)
            left -= inside
    return "in " + "、".join(map(regions.name_of, sorted((*found, *left))))


def _larger() -> Iterator[str]:
    """Yield provinces, then cities."""
    for length in (2, 4):
        yield from sorted({county[:length] for county in counties()})
