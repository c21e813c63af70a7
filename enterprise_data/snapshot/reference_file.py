"""Write the file of a reference series: figures of regions and periods, which belong to no firm."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp

from enterprise_data.catalogue.model import Dataset
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.queries import column, run
from enterprise_data.snapshot.dataset_file import write_sorted
from enterprise_data.snapshot.delivered import value_columns


def write_reference_rows(con: duckdb.DuckDBPyConnection, dataset: Dataset, path: Path) -> None:
    """Write the accepted rows of `delivered` to `path`, sorted by region, period; repeated rows once.

    Raises:
        MianshenError: when two rows say different things of one region and period.
    """
    values = value_columns(dataset)
    place = tuple(name for name in (dataset.home_region, "period") if name)
    rows = exp.select("min(row_no) AS row_no", *map(column, values)).from_("delivered").where("NOT _doubtful")
    query = rows.group_by(*map(column, values))
    write_sorted(con, query, (*place, "row_no"), path)
    con.read_parquet(str(path)).create_view("series", replace=True)
    _refuse_contradictions(con, dataset, place)


def _refuse_contradictions(con: duckdb.DuckDBPyConnection, dataset: Dataset, place: tuple[str, ...]) -> None:
    several = exp.select("list_sort(list(row_no)) AS row_nos").from_("series").group_by(*map(column, place))
    found = run(con, several.having("count(*) > 1").order_by("row_nos[1]").limit(5)).fetchall()
    if found:
        pairs = "; ".join(" and ".join(str(row_no) for row_no in row_nos) for (row_nos,) in found)
        raise MianshenError(
            f"`{dataset.dataset}` says different things of one region and period, in its rows {pairs}; "
            "correct the file and load it again"
        )
