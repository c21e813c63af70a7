"""Regions by GB/T 2260: provinces, cities, counties, and streets below them.

A region has one canonical code at rest: 6 digits down to the county (山东省 `370000`, 青岛市 `370200`, 市南区
`370202`), 9 for a street, 12 for a village. Its *prefix* is the code without the zeros that only fill it up (`37`,
`3702`, `370202`, `370202001`): exactly the codes that begin with a region's prefix lie within it.

The table is as of 2023-06-30. Beside it stand the regions and names abolished since 1993, because old files and the
names of firms still bear them; `data/README.md` says how both were made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import polars as pl

from enterprise_data.codes.tables import read_table
from enterprise_data.declarations.problems import suggest

_LENGTHS = (2, 4, 6, 9, 12)
_FILLING = re.compile(r"(?:00){0,2}$")
# Rows that only group their counties: no one means them by name.
_GROUPING = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
# After every year: still in the last revision before the table in force.
_NO_YEAR = 9999
_SEPARATORS = re.compile(r"[\s/·,，、-]+")


@dataclass(frozen=True)
class Former:
    """A prefix with a name that it bears no longer: an abolished region (胶南市) or a renamed one (襄樊市, now 襄阳市).

    `abolished` is the first year without it, and `successor` the prefix of the region in force in its place; None where
    the table does not know.
    """

    prefix: str
    name: str
    abolished: int | None
    successor: str | None


@dataclass(frozen=True)
class Regions:
    """The region table: `names` maps each prefix in force to its name; `former` are by prefix, the latest first."""

    names: dict[str, str]
    former: tuple[Former, ...]

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Map every accepted spelling of a name in force, alone or after its ancestors, to its prefixes."""
        return _spellings(self.names.items())

    @cached_property
    def by_former_name(self) -> dict[str, tuple[str, ...]]:
        """Map every accepted spelling of a former name to its prefixes; of one region's several, to the last."""
        found = _spellings((former.prefix, former.name) for former in self.former)
        return {spelling: self._last_of_each(bearers) for spelling, bearers in found.items()}

    @cached_property
    def _last_names(self) -> dict[str, Former]:
        return {former.prefix: former for former in reversed(self.former)}

    def _last_of_each(self, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        dated = sorted(prefixes, key=lambda prefix: (self._last_names[prefix].abolished or _NO_YEAR, prefix))
        last = {self._last_names[prefix].successor or prefix: prefix for prefix in dated}
        return tuple(prefix for prefix in prefixes if prefix in last.values())

    def name(self, prefix: str) -> str | None:
        """Return the name that the table gives a prefix, the last one if it is abolished."""
        former = self._last_names.get(prefix)
        return self.names.get(prefix) or (former.name if former else None)

    def prefixes(self) -> list[str]:
        """Return every prefix, in force or not."""
        return [*self.names, *(prefix for prefix in self._last_names if prefix not in self.names)]

    def found(self, name: str) -> tuple[str, ...]:
        """Return the prefixes that a spelling may mean; a name in force goes before an abolished one."""
        return self.by_name.get(name) or self.by_former_name.get(name) or ()


@lru_cache(maxsize=1)
def regions() -> Regions:
    """Return provinces, cities and counties."""
    tables = ("gbt2260_areas_2023.csv.gz", "gbt2260_cities_2023.csv.gz", "gbt2260_provinces_2023.csv.gz")
    # The coarsest last: 东莞市 stands in the table as a city and as its own county, under one prefix.
    names = {_stripped(row["code"]): row["name"] for table in tables for row in read_table(table)}
    return Regions(names, tuple(_former(row) for row in read_table("gbt2260_abolished.csv")))


@lru_cache(maxsize=1)
def streets() -> Regions:
    """Return towns, townships and street offices; read only when someone asks for one."""
    return Regions({row["code"]: row["name"] for row in read_table("gbt2260_streets_2023.csv.gz")}, ())


def prefix_of(name_or_code: str) -> str:
    """Return the prefix of a region given by name (`青岛市`, `山东省青岛市`, `北京市 朝阳区`) or by code.

    Raises:
        LookupError: no such region, or several bear the name; the message says which come near.
    """
    text = _SEPARATORS.sub("", name_or_code)
    if re.fullmatch(r"[0-9]+", text):
        prefix = _stripped(text)
        if _name(prefix) is None:
            raise LookupError(f"no region has the code {text} (GB/T 2260, 2023)")
        return prefix
    found = regions().found(text) or streets().found(text)
    if not found:
        raise LookupError(" ".join(filter(None, (f"no region is called {text}.", suggest(text, regions().by_name)))))
    if len(found) > 1:
        choices = ", ".join(f"{_full_name(prefix)} ({canonical_code(prefix)})" for prefix in found[:5])
        raise LookupError(f"{len(found)} regions are called {text}; write which: {choices}")
    return found[0]


def name_of(code: str) -> str:
    """Return a region's name, or its nearest known ancestor's with the code beside it.

    Raises:
        LookupError: not even the province is known.
    """
    prefix = _stripped(code)
    if name := _name(prefix):
        return name
    for coarser in reversed(_coarser(prefix)):
        if name := _name(coarser):
            return f"{name} {code}"
    raise LookupError(f"no region has the code {code} (GB/T 2260, 2023)")


def canonical_code(prefix: str) -> str:
    """Return the code at rest of a prefix: filled up with zeros to 6 digits.

    >>> canonical_code("3702")
    '370200'
    """
    return prefix.ljust(6, "0")


def ancestors(prefix: str) -> tuple[str, ...]:
    """Return the canonical codes that are coarser than a prefix, the coarsest first.

    A datum that holds one of them leaves open whether it lies within the prefix.

    >>> ancestors("370202")
    ('370000', '370200')
    """
    return tuple(canonical_code(coarser) for coarser in _coarser(prefix))


def canonical_codes(text: pl.Expr) -> pl.Expr:
    """Return the canonical codes of a text column that holds codes of 2 to 12 digits, or names; null: not a region.

    A code is a region when its city (or its county, for streets) is one: counties are set up and abolished more
    often than the table is, and a code's first digits decide where it lies. A name must be known and unambiguous.
    """
    clean = text.str.replace_all(_SEPARATORS.pattern, "")
    unique = {name: canonical_code(found[0]) for name, found in regions().by_name.items() if len(found) == 1}
    for name, found in regions().by_former_name.items():
        if len(found) == 1 and name not in regions().by_name:
            unique[name] = canonical_code(found[0])
    names = pl.Series(list(unique), dtype=pl.String), pl.Series(list(unique.values()), dtype=pl.String)
    named = clean.replace_strict(*names, default=None, return_dtype=pl.String)
    return pl.when(clean.str.contains(r"^[0-9]+$")).then(_coded(clean)).otherwise(named)


def is_grouping(name: str) -> bool:
    """Return whether a name of the table only groups the rows below it, as 市辖区 does."""
    return name in _GROUPING


def _former(row: dict[str, str]) -> Former:
    year, successor = row["abolished"], row["successor"]
    return Former(_stripped(row["code"]), row["name"], int(year) if year else None, _stripped(successor) or None)


def _coded(digits: pl.Expr) -> pl.Expr:
    short = digits.str.replace("000$", "", n=1)
    long = pl.when(digits.str.len_bytes() >= 9).then(short.str.replace("^([0-9]{6})000$", "$1")).otherwise(digits)
    code = pl.when(long.str.len_bytes() < 6).then(long.str.pad_end(6, "0")).otherwise(long)
    table = regions()
    known = [canonical_code(prefix) for prefix in table.prefixes()]
    cities = [prefix for prefix in table.prefixes() if len(prefix) == 4]
    plausible = code.str.slice(0, 4).is_in(cities) & code.str.slice(4, 2).ne("00")
    whole = digits.str.len_bytes().is_in(_LENGTHS) & (code.is_in(known) | plausible)
    return pl.when(whole).then(code)


def _stripped(code: str) -> str:
    for length in (12, 9):
        if len(code) == length and code.endswith("000"):
            code = code[:-3]
    return _FILLING.sub("", code, count=1) if len(code) in (2, 4, 6) else code


def _name(prefix: str) -> str | None:
    return regions().name(prefix) if len(prefix) <= 6 else streets().name(prefix)


def _coarser(prefix: str) -> tuple[str, ...]:
    # 东莞市 and its like have no counties: their streets' county is the city itself.
    shorter = (_stripped(prefix[:length]) for length in _LENGTHS if length < len(prefix))
    return tuple(dict.fromkeys(shorter))


def _full_name(prefix: str) -> str:
    names = (_name(part) for part in (*_coarser(prefix), prefix))
    return "".join(name for name in names if name and name not in _GROUPING)


def _spellings(named: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for prefix, name in sorted(named, key=lambda pair: (len(pair[0]), pair)):
        for spelling in set(_paths(prefix, name)):
            bearers = found.setdefault(spelling, [])
            # 嘉峪关市 is a city whose only county bears its name: the city is meant.
            if not any(prefix.startswith(other) for other in bearers):
                bearers.append(prefix)
    return {spelling: tuple(bearers) for spelling, bearers in found.items()}


def _paths(prefix: str, name: str) -> Iterator[str]:
    """Yield a name alone and after any of its ancestors, in their order."""
    if name not in _GROUPING:
        yield name
    above = [regions().name(code) or "" for code in _coarser(prefix)]
    for mask in range(1, 2 ** len(above)):
        yield "".join(part for bit, part in enumerate(above) if mask >> bit & 1) + name
