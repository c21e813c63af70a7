"""Aggregates over rows as SQL: what is computed per firm in one pass, and the interval made of it afterwards.

`Pieces` of all facts of one dataset are computed by a single GROUP BY. A firm without rows has no group: its pieces
are NULL after the join, which `finish` reads as "no row was delivered", a sure count of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from enterprise_data.catalogue.bounds import bounds
from enterprise_data.catalogue.model import Dataset
from matcher.coverage import Closed
from matcher.sql.build import (
    Expr,
    all_hold,
    case,
    cast,
    is_not_false,
    is_null,
    is_true,
    negated,
    number,
    paren,
    some_hold,
)
from matcher.sql.columns import Ends, point
from matcher.sql.exact import Ratio, Whole

MOST_ROWS = 10**9  # rows a single firm can have in one dataset: far above any feed, so that sums have a proven size


@dataclass(frozen=True)
class RowTruth:
    """A row counts surely where `truth` is TRUE, possibly where it is NULL; `value` is the aggregated column.

    For `latest`, `day` dates the row and `last_sure` is the firm's last sure day.
    """

    truth: Expr
    value: Expr | None = None
    day: Expr | None = None
    last_sure: Expr | None = None

    @property
    def sure(self) -> Expr:
        """Return the condition of the rows that surely count."""
        return is_true(self.truth.copy())

    @property
    def possible(self) -> Expr:
        """Return the condition of the rows that only may count."""
        return is_null(self.truth.copy())

    @property
    def either(self) -> Expr:
        """Return the condition of the rows that count surely or possibly."""
        return is_not_false(self.truth.copy())


def over(aggregate: Expr, rows: Expr) -> Expr:
    """Return `aggregate FILTER (WHERE rows)`."""
    return exp.Filter(this=aggregate, expression=exp.Where(this=rows))


def closed_only(closed: Closed, filled: Expr | None, region: Callable[[str], Expr], value: Expr) -> Expr:
    """Return `value` for the firms whose rows are all there (see `Closed`), else no bound.

    `filled` counts a firm's sure rows within the window, one a period.
    """
    if closed.prefix == "":
        return value
    tests = [] if closed.prefix is None else [region(closed.prefix)]
    if closed.window is not None and filled is not None:
        tests.append(exp.EQ(this=filled, expression=number(closed.window.periods)))
    return case((some_hold(*tests), value)) if tests else exp.null()


Pieces = dict[str, Expr]


def _count_pieces(row: RowTruth) -> Pieces:
    return {
        "sure": over(exp.Count(this=exp.Star()), row.sure),
        "all": over(exp.Count(this=exp.Star()), row.either),
    }


def _nothing_if_no_row(piece: Expr) -> Expr:
    # A firm without a delivered row has counted nothing so far; whether that is all is the upper bound's business.
    return exp.Coalesce(this=piece, expressions=[number(0)])


def _count_ends(pieces: Mapping[str, Expr], of: Finish) -> Ends:
    """Serve `count` and `streak`, which are whole numbers that further rows can only raise."""
    low, high = (_nothing_if_no_row(pieces[name]) for name in ("sure", "all"))
    return Ends(_whole(low, MOST_ROWS), _whole(of.closed(high), MOST_ROWS))


def _whole(expr: Expr, bound: int, scale: int = 1) -> Ratio:
    return Ratio(Whole(expr, bound), None, scale)


def _sum_pieces(row: RowTruth) -> Pieces:
    assert row.value is not None
    zero = number(0)
    below = exp.Least(this=row.value.copy(), expressions=[zero.copy()])
    above = exp.Greatest(this=row.value.copy(), expressions=[zero.copy()])
    return {
        "sure": over(exp.Sum(this=row.value.copy()), row.sure),
        "below": over(exp.Sum(this=below), row.possible),
        "above": over(exp.Sum(this=above), row.possible),
        "empty": _has_empty(row),
    }


def _has_empty(row: RowTruth) -> Expr:
    assert row.value is not None
    return over(exp.LogicalOr(this=is_null(row.value.copy())), row.either)


def _unless_empty(pieces: Mapping[str, Expr], value: Expr) -> Expr:
    """Return `value` unless some counted row lacks the aggregated field."""
    return case((is_true(pieces["empty"].copy()), exp.null()), otherwise=value)


def _sum_ends(pieces: Mapping[str, Expr], of: Finish) -> Ends:
    limits = bounds(of.dataset.fields[of.field]) or (0, 0)
    sure = _nothing_if_no_row(pieces["sure"].copy())
    low: Expr = exp.Add(this=sure, expression=_nothing_if_no_row(pieces["below"]))
    high: Expr = exp.Add(this=sure.copy(), expression=_nothing_if_no_row(pieces["above"]))
    # Rows that are missing, or miss the value, can only add where the field cannot be negative, and so on.
    low = low if limits[0] >= 0 else of.closed(_unless_empty(pieces, low))
    high = high if limits[1] <= 0 else of.closed(_unless_empty(pieces, high))
    scale, bound = of.value.scale, of.value.numerator.bound * MOST_ROWS
    return Ends(*(_whole(cast(end, "HUGEINT"), bound, scale) for end in (low, high)))


def _extreme_pieces(row: RowTruth) -> Pieces:
    assert row.value is not None
    low, high = exp.Min(this=row.value.copy()), exp.Max(this=row.value.copy())
    return {
        "sure_low": over(low, row.sure),
        "low": over(low.copy(), row.either),
        "sure_high": over(high, row.sure),
        "high": over(high.copy(), row.either),
        "empty": _has_empty(row),
    }


def _extreme_ends(pieces: Mapping[str, Expr], of: Finish, *, smallest: bool) -> Ends:
    near, far = ("sure_low", "low") if smallest else ("sure_high", "high")
    exists = negated(is_null(pieces[near].copy()))
    certain_side = pieces[near].copy()
    open_side = case((exists, of.closed(_unless_empty(pieces, pieces[far].copy()))))
    ends = (open_side, certain_side) if smallest else (certain_side, open_side)
    return Ends(*(of.typed(end) for end in ends))


def _average_pieces(row: RowTruth) -> Pieces:
    assert row.value is not None
    return {
        "sum": over(exp.Sum(this=row.value.copy()), row.sure),
        "rows": over(exp.Count(this=exp.Star()), row.sure),
        "doubt": over(exp.Count(this=exp.Star()), row.possible),
        "empty": _has_empty(row),
    }


def _average_ends(pieces: Mapping[str, Expr], of: Finish) -> Ends:
    no_doubt = exp.EQ(this=pieces["doubt"].copy(), expression=number(0))
    total = of.closed(case((no_doubt, _unless_empty(pieces, pieces["sum"].copy()))))
    numerator = Whole(cast(total, "HUGEINT"), of.value.numerator.bound * MOST_ROWS)
    rows = exp.Nullif(this=pieces["rows"].copy(), expression=number(0))
    return point(Ratio(numerator, Whole(rows, MOST_ROWS), of.value.scale))


def _latest_pieces(row: RowTruth) -> Pieces:
    """Look at the sure rows of the last day and at every other row that could be as late."""
    assert row.value is not None
    assert row.day is not None
    assert row.last_sure is not None
    undated = [is_null(day.copy()) for day in (row.day, row.last_sure)]
    late = some_hold(*undated, exp.GTE(this=row.day.copy(), expression=row.last_sure.copy()))
    could_be = all_hold(row.either, paren(late))
    no_value = is_null(row.value.copy())
    return {
        "low": over(exp.Min(this=row.value.copy()), could_be),
        "high": over(exp.Max(this=row.value.copy()), could_be.copy()),
        "sure": over(exp.Count(this=exp.Star()), row.sure),
        "empty": over(exp.LogicalOr(this=no_value), could_be.copy()),
    }


def _latest_ends(pieces: Mapping[str, Expr], of: Finish) -> Any:
    same = exp.EQ(this=pieces["low"].copy(), expression=pieces["high"].copy())
    some = exp.GT(this=pieces["sure"].copy(), expression=number(0))
    value = case((all_hold(same, some), _unless_empty(pieces, pieces["low"].copy())))
    value = of.closed(value)
    return point(of.typed(value)) if of.bounded else value


@dataclass(frozen=True)
class Finish:
    """What turns pieces into an interval: the dataset, the field, its value's size and scale, where it is closed."""

    dataset: Dataset
    field: str
    value: Ratio
    bounded: bool
    typed: Callable[[Expr], Any]
    closed: Callable[[Expr], Expr]


PIECES: dict[str, Callable[[RowTruth], Pieces]] = {
    "count": _count_pieces,
    "sum": _sum_pieces,
    "min": _extreme_pieces,
    "max": _extreme_pieces,
    "avg": _average_pieces,
    "latest": _latest_pieces,
}

ENDS: dict[str, Callable[[Mapping[str, Expr], Finish], Any]] = {
    "count": _count_ends,
    "sum": _sum_ends,
    "min": lambda pieces, of: _extreme_ends(pieces, of, smallest=True),
    "max": lambda pieces, of: _extreme_ends(pieces, of, smallest=False),
    "avg": _average_ends,
    "latest": _latest_ends,
    "streak": _count_ends,
}
