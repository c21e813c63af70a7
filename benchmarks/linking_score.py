"""Score predictions against a labelled file of queries, beside two simple methods.

    python benchmarks/linking_score.py PREDICTIONS.parquet QUERIES.parquet
    python benchmarks/linking_score.py PREDICTIONS.parquet QUERIES.parquet --baselines REGISTRY.parquet

A link is wrong when it names another firm than `gold_entity_id`, or any where that is null. *Recall* is over the rows
whose `expected` is `link`. *Found* is the share of rows with a firm to be found that were linked to it, or are in
review with that firm among the first five candidates. The queue is the rows in review.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from linking_baselines import BASELINES

_LABELS = ("query_id", "kind", "expected", "gold_entity_id")


@dataclass(frozen=True)
class Score:
    """What became of the rows; `kinds` has a line for each kind of row."""

    rows: int
    links: int
    wrong: int
    recall: float
    found: float
    queue: int
    kinds: pl.DataFrame


def score(predictions: pl.DataFrame, queries: pl.DataFrame) -> Score:
    """Score predictions; a query without one is taken as `none`."""
    judged = _judged(predictions, queries.select(_LABELS))
    expected, gold = judged.filter(expected="link"), judged.filter(pl.col("gold_entity_id").is_not_null())
    kinds = judged.group_by("kind", "expected").agg(
        rows=pl.len(), right=pl.col("right").sum(), wrong=pl.col("wrong").sum(), queue=pl.col("queued").sum(),
        in_first_five=(pl.col("shown") & pl.col("queued")).sum(),
    )  # fmt: skip
    return Score(
        rows=judged.height,
        links=int((judged["decision"] == "link").sum()),
        wrong=int(judged["wrong"].sum()),
        recall=_share(expected["right"]),
        found=_share(gold["right"] | (gold["shown"] & gold["queued"])),
        queue=int(judged["queued"].sum()),
        kinds=kinds.sort("kind", "expected"),
    )


def _judged(predictions: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    joined = labels.join(predictions, on="query_id", how="left", maintain_order="left")
    agrees = (pl.col("entity_id") == pl.col("gold_entity_id")).fill_null(value=False)
    linked = pl.col("decision") == "link"
    shown = pl.col("candidates").list.head(5).list.contains(pl.col("gold_entity_id")).fill_null(value=False)
    return joined.with_columns(pl.col("decision").fill_null("none")).with_columns(
        right=linked & agrees, wrong=linked & ~agrees, queued=pl.col("decision") == "review", shown=shown
    )


def _share(rows: pl.Series) -> float:
    return float(rows.sum()) / len(rows) if len(rows) else float("nan")


def main() -> None:
    """Score what the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("predictions", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--baselines", type=Path, metavar="REGISTRY", help="link by simple methods too, for comparison")
    arguments = parser.parse_args()
    queries = pl.read_parquet(arguments.queries)
    ours = score(pl.read_parquet(arguments.predictions), queries)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(ours.kinds)
    print(f"{'method':<38} {'links':>9} {'wrong':>7} {'recall':>7} {'found':>7} {'queue':>9} {'seconds':>8}")
    _print("these predictions", ours, None)
    if arguments.baselines:
        register = pl.read_parquet(arguments.baselines, columns=["entity_id", "name"])
        for method, link in BASELINES.items():
            began = time.perf_counter()
            predictions = link(register, queries.select("query_id", "query_name"))
            _print(method, score(predictions, queries), time.perf_counter() - began)


def _print(method: str, made: Score, seconds: float | None) -> None:
    took = f"{seconds:8.1f}" if seconds is not None else ""
    counts = f"{made.links:>9,} {made.wrong:>7,} {made.recall:>7.3f} {made.found:>7.3f} {made.queue:>9,}"
    print(f"{method:<38} {counts} {took}")


if __name__ == "__main__":
    main()
