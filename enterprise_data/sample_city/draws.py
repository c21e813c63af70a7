"""Reproducible chance: every draw is a function of (seed, what is drawn, number of the firm or row).

No state and no floating point: whatever the chunk size, the threads or the machine, the same draws come out. The mixer
is the finaliser of SplitMix64 (Steele, Lea, Flood 2014) over wrapping 64-bit integers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_MILLION = 1_000_000
_EPOCH = date(1970, 1, 1)

Table = Sequence[tuple[int, int]]


def _mix(z: pl.Series) -> pl.Series:
    """Mix each 64-bit integer; a function of a column, because as one expression its terms would double thrice."""
    z = (z ^ (z // (1 << 30))) * _constant(_FIRST)
    z = (z ^ (z // (1 << 27))) * _constant(_SECOND)
    return z ^ (z // (1 << 31))


def _constant(value: int) -> pl.Series:
    return pl.Series([value], dtype=pl.UInt64)


def _interpolated(u: pl.Series, table: Table) -> pl.Series:
    shares, values = (pl.Series(column, dtype=pl.Int64) for column in zip(*table, strict=True))
    upper = shares.search_sorted(u, side="right").clip(1, len(table) - 1)
    left, right = shares.gather(upper - 1), shares.gather(upper)
    low, high = values.gather(upper - 1), values.gather(upper)
    return (u - left) * (high - low) // (right - left) + low


@dataclass(frozen=True)
class Draws:
    """Draws of one seed, each numbered by a column of non-negative integers."""

    seed: int
    number: pl.Expr

    def by(self, number: pl.Expr) -> Draws:
        """Return the draws of the same seed, numbered by another column."""
        return Draws(self.seed, number)

    def mixed(self, what: str) -> pl.Expr:
        """Return 64 well-mixed bits (UInt64) for each number."""
        digest = hashlib.sha256(f"{self.seed}/{what}".encode()).digest()
        salt = pl.lit(int.from_bytes(digest[:8], "big"), dtype=pl.UInt64)
        z = self.number.cast(pl.UInt64) * pl.lit(_GOLDEN, dtype=pl.UInt64) + salt
        return z.map_batches(_mix, return_dtype=pl.UInt64, is_elementwise=True)

    def below(self, bound: int, what: str) -> pl.Expr:
        """Return whole numbers (Int64) from 0 up to, not including, `bound` (at most 2^32)."""
        return (self.mixed(what) // (1 << 32) * bound // (1 << 32)).cast(pl.Int64)

    def between(self, low: int, high: int, what: str) -> pl.Expr:
        """Return whole numbers (Int64) from `low` to `high`, both included."""
        return self.below(high - low + 1, what) + low

    def chance(self, per_million: pl.Expr | int, what: str) -> pl.Expr:
        """Return true with the given probability in millionths."""
        return self.below(_MILLION, what) < per_million

    def quantile(self, table: Table, what: str) -> pl.Expr:
        """Draw from a distribution given as (share below in millionths, value) points, straight in between.

        The first point's share is 0, the last one's a million; values are whole numbers.
        """
        u = self.below(_MILLION, what)
        return u.map_batches(partial(_interpolated, table=table), return_dtype=pl.Int64, is_elementwise=True)

    def day(self, first: date, last: date, what: str) -> pl.Expr:
        """Return dates from `first` to `last`, both included, evenly spread."""
        days = self.between((first - _EPOCH).days, (last - _EPOCH).days, what)
        return days.cast(pl.Int32).cast(pl.Date)

    def pick(self, values: Sequence[str], what: str) -> pl.Expr:
        """Return one of the texts, all equally likely (repeat a text to make it likelier)."""
        return pl.lit(pl.Series(values, dtype=pl.String)).gather(self.below(len(values), what))
