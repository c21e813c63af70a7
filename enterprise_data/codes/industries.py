"""Industries by GB/T 4754-2011 (国民经济行业分类): section, division, group and class.

A code is written with its section's letter: `C`, `C27`, `C271`, `C2710`; exactly the codes that begin with a code lie
within it. Data may follow the 2017 edition: such values are kept when their division exists in either edition, but
no policy can name what the 2011 table lacks. Editions number divisions alike up to 78; from 79 on the letter tells
which edition is meant, so a code without its letter is read only up to 78.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import polars as pl

from enterprise_data.codes.tables import read_table
from enterprise_data.declarations.problems import suggest

# Sections of the 2017 edition whose divisions differ from 2011, each with its first and last division.
_DIVISIONS_2017 = {
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}
_LAST_COMMON_DIVISION = 78


@dataclass(frozen=True)
class Industries:
    """The industry table: `names` maps each code, letter included, to its title."""

    names: dict[str, str]

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Map each title to the coarsest code that bears it: a group and its only class share theirs."""
        return {self.names[code]: code for code in sorted(self.names, key=len, reverse=True)}

    @cached_property
    def finest_by_name(self) -> dict[str, str]:
        """Map each title to the finest code that bears it."""
        return {self.names[code]: code for code in sorted(self.names, key=len)}

    @cached_property
    def letters(self) -> dict[str, str]:
        """Map the two digits of each division of 2011 to its section's letter."""
        return {code[1:]: code[0] for code in self.names if len(code) == 3}

    @cached_property
    def divisions(self) -> frozenset[str]:
        """Return the divisions of both editions, such as `C27`."""
        later = {f"{letter}{n:02d}" for letter, (a, b) in _DIVISIONS_2017.items() for n in range(a, b + 1)}
        return frozenset(later | {code for code in self.names if len(code) == 3})


@lru_cache(maxsize=1)
def industries() -> Industries:
    """Return the industry table."""
    names = {row["code"]: row["name"] for row in read_table("gbt4754_2011.csv")}
    # The table leaves out groups that have a single class, such as C271 above C2710.
    groups = {code[:4]: name for code, name in names.items() if len(code) == 5}
    return Industries(groups | names)


def prefix_of(name_or_code: str) -> str:
    """Return the code of an industry given by title (`医药制造业`) or by code (`C27`, `27`, `c2710`).

    Raises:
        LookupError: the 2011 table has no such industry; the message says which come near.
    """
    table, text = industries(), name_or_code.strip()
    code = text.upper()
    if re.fullmatch(r"[0-9]{2,4}", code):
        code = table.letters.get(code[:2], "") + code
    if code in table.names:
        return code
    if text in table.by_name:
        return table.by_name[text]
    near = suggest(text, table.names if re.fullmatch(r"[A-Z]?[0-9]+", code) else table.by_name)
    raise LookupError(" ".join(filter(None, (f"GB/T 4754-2011 has no industry {name_or_code}.", near))))


def prefixes(first: str, last: str) -> tuple[str, ...]:
    """Return the codes of one level from `first` to `last`, both included.

    >>> prefixes("C27", "C29")
    ('C27', 'C28', 'C29')

    Raises:
        LookupError: an end is unknown, the ends are of different levels, or they stand in the wrong order.
    """
    start, end = prefix_of(first), prefix_of(last)
    if len(start) != len(end):
        raise LookupError(f"{first} and {last} are of different levels; write a range of like codes, such as C13..C43")
    found = tuple(code for code in sorted(industries().names) if len(code) == len(start) and start <= code <= end)
    if not found:
        raise LookupError(f"{first} comes after {last}; write the range the other way round")
    return found


def name_of(code: str) -> str:
    """Return an industry's title, or its nearest known ancestor's with the code beside it.

    Raises:
        LookupError: not even the section is known.
    """
    table = industries()
    for coarser in reversed((*ancestors(code), code)):
        if name := table.names.get(coarser):
            return name if coarser == code else f"{name} {code}"
    raise LookupError(f"GB/T 4754-2011 has no industry {code}")


def ancestors(prefix: str) -> tuple[str, ...]:
    """Return the codes coarser than a code, the coarsest first.

    A datum that holds one of them leaves open whether it lies within the code.

    >>> ancestors("C2710")
    ('C', 'C27', 'C271')
    """
    return tuple(prefix[:length] for length in (1, 3, 4) if length < len(prefix))


def canonical_codes(text: pl.Expr) -> pl.Expr:
    """Return the canonical codes of a text column that holds codes, with or without letter, or titles of 2011.

    Null: not an industry. A code that only fills up a coarser one with zeros (`C2700`) becomes that one (`C27`).
    """
    table = industries()
    clean = text.str.strip_chars().str.to_uppercase()
    titles = table.finest_by_name
    named = clean.replace_strict(_series(titles), _series(titles.values()), default=None)
    common = {digits: letter for digits, letter in table.letters.items() if int(digits) <= _LAST_COMMON_DIVISION}
    letter = clean.str.slice(0, 2).replace_strict(_series(common), _series(common.values()), default=None)
    code = pl.when(clean.str.contains(r"^[0-9]{2,4}$")).then(letter + clean).otherwise(clean)
    filled = ~code.is_in(list(table.names)) & code.str.contains("0$")
    group = code.str.slice(0, 4)
    coarser = pl.when(group.is_in(list(table.names))).then(group).otherwise(code.str.slice(0, 3))
    coded = pl.when(filled & (code.str.len_bytes() >= 4)).then(coarser).otherwise(code)
    plausible = coded.str.slice(0, 3).is_in(list(table.divisions)) & coded.str.contains(r"^[A-T][0-9]{2,4}$")
    return pl.when(plausible | coded.is_in(list(table.names))).then(coded).otherwise(named)


def _series(values: Iterable[str]) -> pl.Series:
    return pl.Series(list(values), dtype=pl.String)
