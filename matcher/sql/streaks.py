"""The longest run of consecutive periods in which a row counts, per firm, by the gaps-and-islands method."""

from __future__ import annotations

from sqlglot import exp

from enterprise_data.catalogue.model import Dataset
from matcher.sql.build import Expr, column, is_not_false, is_true, named, number, paren
from matcher.sql.relations import table_of


def streaks(dataset: Dataset, truth: Expr, low: str, high: str) -> exp.Select:
    """Return `firm_no`, the longest run of periods with a sure row as `low`, with a possible row as `high`.

    Of consecutive periods, index minus rank is the same number: it names their run.
    """
    assert dataset.period is not None  # the language allows `streak` only over datasets with a period
    day = column("period")
    per_year = number(dataset.period.per_year)
    month = paren(exp.Sub(this=exp.Month(this=day.copy()), expression=number(1)))
    in_year = exp.IntDiv(this=paren(exp.Mul(this=month, expression=per_year.copy())), expression=number(12))
    index = exp.Add(this=exp.Mul(this=exp.Year(this=day.copy()), expression=per_year), expression=in_year)
    counted = is_not_false(truth.copy())
    rows = (
        exp.select(column("firm_no"), named(index, "place"), named(truth.copy(), "truth"))
        .from_(table_of(dataset.dataset))
        .where(counted)
    )
    sure = rows.copy().where(is_true(truth.copy()))
    either, certain = _longest(rows, high), _longest(sure, low)
    return (
        exp.select(column("firm_no", "e"), column(low), column(high))
        .from_(either.subquery("e", copy=False))
        .join(certain.subquery("c", copy=False), on="c.firm_no = e.firm_no", join_type="left")
    )


def _longest(rows: exp.Select, name: str) -> exp.Select:
    periods = exp.select("firm_no", "place").distinct().from_(rows.subquery("r", copy=False))
    rank = exp.Window(
        this=exp.RowNumber(), partition_by=[column("firm_no")], order=exp.Order(expressions=[column("place")])
    )
    run = exp.Sub(this=column("place"), expression=rank)
    islands = exp.select("firm_no", named(run, "run")).from_(periods.subquery("p", copy=False))
    lengths = (
        exp.select("firm_no", named(exp.Count(this=exp.Star()), "periods"))
        .from_(islands.subquery("i", copy=False))
        .group_by("firm_no", "run")
    )
    longest = named(exp.Max(this=column("periods")), name)
    return exp.select("firm_no", longest).from_(lengths.subquery("l", copy=False)).group_by("firm_no")
