"""What all parts of the sample city share: its size and seed, its calendar, its tables."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl

from enterprise_data.codes.regions import regions
from enterprise_data.sample_city.draws import Draws

FIRST_YEAR, LAST_YEAR = 2016, 2024
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
DELIVERED_ON = date(2025, 6, 20)
# A draw of a row is numbered by its firm and by its place among the firm's rows; no firm has more rows than this.
ROWS_PER_FIRM = 1024
_MILLION = 1_000_000


@dataclass(frozen=True)
class World:
    """One city to be generated: `firms` firms (at most 30 million), everything a function of `seed`."""

    firms: int
    seed: int

    def draws(self, column: str = "number") -> Draws:
        """Return draws numbered by a column: `number` for firms, `row` for rows of a dataset."""
        return Draws(self.seed, pl.col(column))

    def rare(self, per_million: int, shown: int) -> int:
        """Return the probability, in millionths, of what is rare in life but shown some times in a small city.

        `shown` is about how many firms bear it at least; never more than 8 % of all.
        """
        return min(max(per_million, shown * _MILLION // self.firms), 80_000)

    def shown_more(self) -> pl.Expr:
        """Return the factor by which firms outside the main city have more to show, so few are they there."""
        return pl.when(pl.col("region").str.starts_with(cities()[0][:4])).then(1).otherwise(5)


@dataclass(frozen=True)
class Places:
    """Districts, one entry each, and slots that give each district its share of the firms."""

    code: pl.Series
    district: pl.Series
    city: pl.Series
    province: pl.Series
    slots: pl.Series


@dataclass(frozen=True)
class Industries:
    """Lines of business, one entry each, and slots that give each its share of the firms."""

    code: pl.Series
    sector: pl.Series
    revenue_per_head: pl.Series
    technical: pl.Series
    trades: pl.Series
    slots: pl.Series


def _table(name: str) -> list[dict[str, str]]:
    text = files("enterprise_data.sample_city").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def cities() -> list[str]:
    """Return the codes of the cities in which firms stand, the main city first."""
    return [row["code"] for row in _table("cities.csv")]


@cache
def places() -> Places:
    """Return the districts of all cities; the shares within a city are made up, but differ."""
    names = regions().names
    rows: list[tuple[str, str, str, str]] = []
    slots: list[int] = []
    for row in _table("cities.csv"):
        prefix = row["code"].rstrip("0").ljust(4, "0")
        within = sorted(p for p in names if len(p) == 6 and p.startswith(prefix)) or [row["code"]]
        weights = [10 + int(p) * 7919 % 90 for p in within]
        for p, weight in zip(within, weights, strict=True):
            slots += [len(rows)] * (int(row["share"]) * 1000 * weight // sum(weights))
            rows.append((p, names.get(p) or names[prefix], row["short_name"], row["province"]))
    code, district, city, province = (pl.Series(column, dtype=pl.String) for column in zip(*rows, strict=True))
    return Places(code, district, city, province, pl.Series(slots))


@cache
def industries() -> Industries:
    """Return the lines of business, and the words under which firms of each name themselves."""
    rows = _table("industries.csv")
    slots = [i for i, row in enumerate(rows) for _ in range(int(row["share"]))]
    return Industries(
        code=pl.Series([row["code"] for row in rows]),
        sector=pl.Series([row["sector"] or None for row in rows], dtype=pl.String),
        revenue_per_head=pl.Series([int(row["revenue_per_head"]) * 10_000 for row in rows]),
        technical=pl.Series([int(row["technical"]) for row in rows]),
        trades=pl.Series([trade for row in rows for trade in row["trades"].split("|")]),
        slots=pl.Series(slots),
    )
