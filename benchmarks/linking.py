"""Link the rows of a list to the firms of a register with the product's own code, and say how long it takes.

    python benchmarks/linking.py REGISTRY.parquet QUERIES.parquet --out PREDICTIONS.parquet

REGISTRY has `entity_id`, `uscc`, `name`, `former_names` (list of JSON texts, `name` and `until`), `province`, `city`;
QUERIES has `query_id`, `as_of`, `query_name`, `query_uscc`, `hint_province`, `hint_city`. Whatever other columns there
are is not read. PREDICTIONS has `query_id`, `decision` (link, review, none), `entity_id` (the firm, or for review the
best candidate) and up to five `candidates`, best first.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
from linking_keys import linked, opened_keys
from linking_regions import region, region_codes

from enterprise_data.session import session

_QUERIES = ("query_id", "as_of", "query_name", "query_uscc", "hint_province", "hint_city")

# Rows that link at first sight, then all others; the best five candidates of a row, best first.
_PREDICTIONS = """
SELECT q.query_id,
       CASE WHEN o.firm_no IS NOT NULL THEN 'link' WHEN len(o.candidates) > 0 THEN 'review' ELSE 'none' END AS decision,
       CASE WHEN o.firm_no IS NOT NULL THEN f.entity_id ELSE c.entities[1] END AS entity_id,
       CASE WHEN o.firm_no IS NOT NULL THEN [f.entity_id] ELSE coalesce(c.entities, []) END AS candidates
FROM query_ids q
LEFT JOIN outcomes o USING (row_no)
LEFT JOIN entities f USING (firm_no)
LEFT JOIN (
    SELECT row_no, list(entity_id ORDER BY place) AS entities
    FROM (SELECT row_no, unnest(candidates[1:5]) AS firm_no, generate_subscripts(candidates[1:5], 1) AS place
          FROM outcomes WHERE firm_no IS NULL)
    JOIN entities USING (firm_no)
    GROUP BY row_no
) c USING (row_no)
ORDER BY q.row_no
"""

_RULES = (
    "SELECT coalesce(rule, reason) AS why, rule IS NOT NULL AS links, count(*) FROM outcomes GROUP BY ALL ORDER BY ALL"
)


def main() -> None:
    """Link what the arguments name."""
    try:
        _run(_arguments())
    except (OSError, pl.exceptions.PolarsError) as error:
        sys.exit(f"cannot link: {error}")


def _run(arguments: argparse.Namespace) -> None:
    threads = str(arguments.threads or os.cpu_count() or 1)
    if os.environ.get("POLARS_MAX_THREADS") != threads:
        # polars reads it when it is imported.
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "POLARS_MAX_THREADS": threads})
    with tempfile.TemporaryDirectory() as name, session(Path(name) / "spill", int(threads), arguments.memory) as con:
        folder = Path(name)
        region_codes()  # the benchmark's own table of places, which is neither a key nor a link
        with _seconds() as building:
            cached = opened_keys(con, arguments.registry, arguments.keys, folder)
        firms = con.table("firms").count("*").fetchall()[0][0]
        print(f"keys      {building[0]:8.2f} s  {firms:,} firms, {'from the cache' if cached else 'built'}")
        with _seconds() as linking:
            rows = _deliver(con, arguments.queries, folder)
            linked(con, folder)
            predictions = pl.DataFrame(con.sql(_PREDICTIONS))
            predictions.write_parquet(arguments.out)
        print(f"linking   {linking[0]:8.2f} s  {rows:,} rows, {threads} threads")
        _print_rules(con)
    print(f"memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MiB at most")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("registry", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="where the predictions go")
    parser.add_argument("--threads", type=int, help="of DuckDB and polars; all cores if not given")
    parser.add_argument("--keys", type=Path, help="a folder that keeps the register's keys for the next time")
    parser.add_argument("--memory", default="3GB", help="what DuckDB may use before it spills (%(default)s)")
    return parser.parse_args()


@contextmanager
def _seconds() -> Iterator[list[float]]:
    took: list[float] = []
    began = time.perf_counter()
    yield took
    took.append(time.perf_counter() - began)


def _deliver(con: duckdb.DuckDBPyConnection, queries: Path, folder: Path) -> int:
    """Make `delivered` and `query_ids(row_no, query_id)` of the file of queries; return how many there are."""
    rows = (
        pl.read_parquet(queries, columns=list(_QUERIES))
        .with_row_index("row_no")
        .select(
            pl.col("row_no").cast(pl.Int64),
            "query_id",
            _uscc="query_uscc",
            _organisation_code=pl.lit(None, dtype=pl.String),
            _registration_no=pl.lit(None, dtype=pl.String),
            _name="query_name",
            _day=pl.col("as_of").str.to_date("%Y-%m-%d", strict=False),
            _listed_on=pl.col("as_of").str.to_date("%Y-%m-%d", strict=False),
            _doubtful=pl.lit(value=False),
            _region=region("hint_province", "hint_city"),
        )
    )
    path = folder / "delivered.parquet"
    rows.drop("query_id").write_parquet(path)
    con.read_parquet(str(path)).create("delivered")
    path = folder / "query_ids.parquet"
    rows.select("row_no", "query_id").write_parquet(path)
    con.read_parquet(str(path)).create("query_ids")
    return rows.height


def _print_rules(con: duckdb.DuckDBPyConnection) -> None:
    for why, links, count in con.sql(_RULES).fetchall():
        print(f"  {'linked by' if links else 'not linked:':<11} {why:<28} {count:>10,}")


if __name__ == "__main__":
    main()
