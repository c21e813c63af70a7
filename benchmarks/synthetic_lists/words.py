"""The words that synthetic firm names are made of: those of `words.toml`, and places by GB/T 2260."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
from linking_regions import abolished, short_name

from enterprise_data.codes.regions import regions, streets
from enterprise_data.sample_city.world import industries

_LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def words(name: str) -> list[str]:
    """Return a list of `words.toml`; a word that is there twice is twice as likely."""
    return str(_LISTS[name]).split()


def characters(name: str) -> list[str]:
    """Return the distinct characters of a text of `words.toml`, in their order."""
    return list(dict.fromkeys("".join(words(name))))


SYLLABLES = characters("syllables")
TRADES = sorted({*words("trades"), *filter(None, industries().trades.to_list())})
_DIGITS = "零一二三四五六七八九"
# 一 to 九十九.
NUMERALS = [""] + [
    ("" if n < 20 else _DIGITS[n // 10]) + ("十" if n >= 10 else "") + (_DIGITS[n % 10] if n % 10 else "")
    for n in range(1, 100)
]
MISTAKEN = {pair[i]: pair[1 - i] for pair in words("mistaken") for i in (0, 1)}

# Counties, and the cities without any; not development zones (开发区), which have codes of the same length.
_COUNTY = re.compile(r"^(?:4419|4420|4604|\d{4}(?:[0-689]\d|70))$")
_TOWN = re.compile(r"^[^市区县场]{1,4}(?:镇|乡|街道)$")
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
# Cities with many firms.
_LARGE = frozenset(
    [
        "1101",
        "1201",
        "3101",
        "5001",
        "3201",
        "3202",
        "3205",
        "3206",
        "3301",
        "3302",
        "3401",
        "3501",
        "3502",
        "3601",
        "3701",
        "3702",
        "3706",
        "4101",
        "4201",
        "4301",
        "4401",
        "4403",
        "4419",
        "5101",
        "5201",
        "5301",
        "6101",
        "2101",
        "2102",
        "1301",
    ]
)


@dataclass(frozen=True)
class Places:
    """Counties, one entry each, with the names of what they lie in; `slots` give each its share of the firms.

    `hint_city` is the city as lists write it: in municipalities (直辖市) the district. The streets of a county are
    `streets[first_street : first_street + street_count]`.
    """

    code: pl.Series
    province: pl.Series
    province_full: pl.Series
    city: pl.Series
    city_full: pl.Series
    county: pl.Series
    county_full: pl.Series
    hint_city: pl.Series
    first_street: pl.Series
    street_count: pl.Series
    streets: pl.Series
    slots: pl.Series

    def of(self, what: str, county: str) -> pl.Expr:
        """Return what the table says of the counties whose places in the table stand in a column."""
        return pl.lit(getattr(self, what)).gather(pl.col(county))


@cache
def places() -> Places:
    """Return all counties in force, and the abolished ones whose names live on in names of firms."""
    names, towns = regions().names, _towns()
    listed: list[str] = []
    rows: list[tuple[str | int, ...]] = []
    slots: list[int] = []
    for prefix, name in sorted({*names.items(), *abolished()}):
        if not _COUNTY.match(prefix) or name in {"市辖区", "县"} or prefix[:4] not in names:
            continue
        code, province = prefix.ljust(6, "0"), names[prefix[:2]]
        city, hint = _city(prefix, name)
        within = towns[code] or ["城关镇"]
        slots += [len(rows)] * (12 if prefix[:4] in _LARGE else 3 if names.get(prefix) == name else 1)
        spelled = (code, short_name(province), province, short_name(city), city, short_name(name), name, hint)
        rows.append((*spelled, len(listed), len(within)))
        listed += within
    columns = [*zip(*rows, strict=True), listed, slots]
    return Places(*(pl.Series(column) for column in columns))


def _city(prefix: str, county: str) -> tuple[str, str]:
    """Return the city in which a county lies, and the city that lists give for it."""
    city = regions().names[prefix[:4]]
    if prefix[:2] in _MUNICIPALITIES:
        return regions().names[prefix[:2]], short_name(county)
    return (county, short_name(county)) if "直辖县级" in city else (city, short_name(city))


def _towns() -> defaultdict[str, list[str]]:
    within = defaultdict(list)
    for code, name in sorted(streets().names.items()):
        if _TOWN.match(name):
            within[code[:6]].append(name)
    return within
