"""Make a synthetic register and synthetic lists, labelled, in the form that linking.py reads.

    python benchmarks/linking_data.py OUT --firms 500000 --rows 20000 --seed 1

OUT/registry.parquet holds the firms. OUT/queries.parquet holds the rows with what was done to each (`kind`), what a
linker ought to make of it (`expected`: link, review, none, link_or_review) and the firm it means (`gold_entity_id`;
null: no link is right). OUT/queries_unlabelled.parquet holds the rows alone. The same arguments make the same files.
No firm in them exists.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from synthetic_lists.register import as_file, make_register
from synthetic_lists.rows import make_queries

INPUTS = ["query_id", "source_list", "as_of", "query_name", "query_uscc", "hint_province", "hint_city"]


def main() -> None:
    """Make what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the folder for the three files")
    parser.add_argument("--firms", type=int, default=500_000, help="firms of the register (%(default)s)")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the lists (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other firms and rows")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    register = make_register(arguments.firms, arguments.seed)
    as_file(register).sink_parquet(arguments.out / "registry.parquet")
    firms_at = time.perf_counter()
    rows = make_queries(register, arguments.rows)
    rows.write_parquet(arguments.out / "queries.parquet")
    rows.select(INPUTS).write_parquet(arguments.out / "queries_unlabelled.parquet")
    rows_at = time.perf_counter()
    print(f"firms {firms_at - began:7.1f} s  {register.firms.height:,}")
    print(f"rows  {rows_at - firms_at:7.1f} s  {rows.height:,}")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MiB at most")


if __name__ == "__main__":
    main()
