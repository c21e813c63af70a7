"""Write one dataset's file: every row with its firm, sorted by firm, never two sure rows where one is allowed."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.model import Dataset, Grain
from enterprise_data.queries import column, parsed, run
from enterprise_data.snapshot.delivered import value_columns

CONFLICT = "conflicting_rows"
_PLACING = ("firm_no", "belongs", "linked_by", "row_no")
# Small enough that one firm is read quickly, large enough that all firms are.
_ROW_GROUP = 32_768


def write_sorted(con: duckdb.DuckDBPyConnection, query: exp.Query, order: tuple[str, ...], path: Path) -> None:
    """Write a query's rows to a Parquet file in a total order, so that equal rows give equal bytes."""
    ordered = (
        exp.select("*").from_(query.subquery("unordered")).order_by(*(column(c).asc(nulls_first=False) for c in order))
    )
    run(con, ordered).write_parquet(str(path), compression="zstd", row_group_size=_ROW_GROUP)


def write_firm_rows(con: duckdb.DuckDBPyConnection, dataset: Dataset, path: Path) -> None:
    """Write the linked rows of `delivered` (see `link`) to `path`.

    Makes the table `verdicts(row_no, firm_no, kept, contents)` of rows that collide: `contents` counts the different
    contents of a firm (and period) that should have one row, and one row of each content is `kept`.
    """
    values = value_columns(dataset)
    plain = exp.select("firm_no", exp.alias_(exp.true(), "belongs"), "linked_by", *map(column, ("row_no", *values)))
    placed = exp.select(*(column(name, "p") for name in _PLACING), *(column(name, "d") for name in values))
    placed = placed.from_(exp.alias_(exp.to_table("delivered"), "d", table=True)).join("placed AS p", using="row_no")
    rows = exp.union(plain.from_("plain"), placed, distinct=False)
    write_sorted(con, rows, _order(dataset), path)
    _judge_collisions(con, dataset, path)
    if con.sql("SELECT count(*) FROM verdicts").fetchall() != [(0,)]:
        draft = path.with_suffix(".draft")
        path.rename(draft)
        con.read_parquet(str(draft)).create_view("written", replace=True)
        write_sorted(con, _settled(values), _order(dataset), path)
        draft.unlink()


def _order(dataset: Dataset) -> tuple[str, ...]:
    within = "period" if dataset.period else dataset.dated_by
    return ("firm_no", *((within,) if within else ()), "row_no")


def _judge_collisions(con: duckdb.DuckDBPyConnection, dataset: Dataset, path: Path) -> None:
    con.read_parquet(str(path)).filter("belongs").create_view("sure", replace=True)
    place = ("firm_no", "period") if dataset.grain is Grain.PERIOD else ("firm_no",)
    crowded = exp.select(*map(column, place)).from_("sure").group_by(*map(column, place)).having("count(*) > 1")
    if dataset.grain is Grain.EVENT:
        crowded = crowded.limit(0)
    run(con, crowded).create("crowded")
    colliding = (
        exp.select(*(exp.column(exp.Star(), "sure"),))
        .from_("sure")
        .join("crowded", using=list(place), join_type="semi")
    )
    run(con, colliding).create("colliding")
    content = exp.select("*", exp.alias_(_window("min(row_no)", (*place, *value_columns(dataset))), "first"))
    run(con, content.from_("colliding")).create("contents")
    verdict = exp.select(
        "row_no",
        "firm_no",
        "row_no = first AS kept",
        exp.alias_(_window("count(DISTINCT first)", place), "contents"),
    )
    run(con, verdict.from_("contents")).create("verdicts")
    for statement in ("DROP TABLE crowded", "DROP TABLE colliding", "DROP TABLE contents", "DROP VIEW sure"):
        con.execute(statement)


def _window(function: str, partition: tuple[str, ...]) -> exp.Window:
    call = parsed(function)
    return exp.Window(this=call, partition_by=[column(name) for name in partition])


def _settled(values: tuple[str, ...]) -> exp.Select:
    """Drop repeated rows; rows that contradict each other may each be the firm's."""
    conflict = parsed("w.belongs AND v.contents > 1")
    belongs = exp.Case().when(conflict, exp.null()).else_(column("belongs", "w"))
    linked_by = exp.Case().when(conflict, exp.Literal.string(CONFLICT)).else_(column("linked_by", "w"))
    chosen = [
        column("firm_no", "w"),
        exp.alias_(belongs, "belongs"),
        exp.alias_(linked_by, "linked_by"),
        *(column(name, "w") for name in ("row_no", *values)),
    ]
    query = exp.select(*chosen).from_("written AS w")
    same = "v.row_no = w.row_no AND v.firm_no = w.firm_no AND w.belongs"
    return query.join("verdicts AS v", on=same, join_type="left").where("v.kept IS DISTINCT FROM FALSE")
