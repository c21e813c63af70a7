from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.benchmarks.scripts import BENCHMARKS, make_data, run_script

PREDICTIONS = {"query_id": pl.String, "decision": pl.String, "entity_id": pl.String, "candidates": pl.List(pl.String)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_data(tmp_path_factory.mktemp("data"), firms=3_000, rows=1_200)


def link(
    made: Path, out: Path, *more: str | Path, rows: str = "queries_unlabelled.parquet"
) -> tuple[pl.DataFrame, str]:
    """Return the predictions and what was printed."""
    printed = run_script("linking.py", made / "registry.parquet", made / rows, "--out", out, "--threads", "1", *more)
    return pl.read_parquet(out), printed


@pytest.fixture(scope="module")
def predictions(made: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    return link(made, tmp_path_factory.mktemp("out") / "predictions.parquet")[0]


def test_every_row_has_a_prediction_in_its_form(made: Path, predictions: pl.DataFrame) -> None:
    rows = pl.read_parquet(made / "queries.parquet")
    assert predictions.schema == PREDICTIONS
    assert predictions["query_id"].to_list() == rows["query_id"].to_list()
    assert predictions.filter((pl.col("decision") == "none") != pl.col("entity_id").is_null()).is_empty()
    assert predictions.filter(pl.col("entity_id") != pl.col("candidates").list.first()).is_empty()
    assert predictions["candidates"].list.len().max() == 5


def test_no_link_is_wrong_and_codes_and_exact_names_link(made: Path, predictions: pl.DataFrame) -> None:
    rows = pl.read_parquet(made / "queries.parquet").join(predictions, on="query_id")
    links = rows.filter(decision="link")
    assert links.filter(pl.col("entity_id").ne_missing(pl.col("gold_entity_id"))).is_empty()
    plain = rows.filter(pl.col("kind").is_in(["exact", "code", "code_formatting", "organisation_code"]))
    assert plain.height > 50
    assert plain["decision"].unique().to_list() == ["link"]


def test_labels_are_not_read(made: Path, predictions: pl.DataFrame, tmp_path: Path) -> None:
    labels = ["kind", "expected", "gold_entity_id", "candidate_ids", "truth_name", "detail"]
    broken = pl.read_parquet(made / "queries.parquet").with_columns(pl.lit(0).alias(label) for label in labels)
    broken.write_parquet(made / "broken.parquet")
    assert link(made, tmp_path / "out.parquet", rows="broken.parquet")[0].equals(predictions)


def test_keys_come_from_the_cache_the_second_time(made: Path, predictions: pl.DataFrame, tmp_path: Path) -> None:
    kept = ("--keys", tmp_path / "keys")
    built, first = link(made, tmp_path / "built.parquet", *kept)
    cached, second = link(made, tmp_path / "cached.parquet", *kept)
    assert ("built" in first, "from the cache" in second) == (True, True)
    assert built.equals(predictions)
    assert cached.equals(predictions)


def test_keys_of_another_register_are_not_used(made: Path, tmp_path: Path) -> None:
    link(made, tmp_path / "out.parquet", "--keys", tmp_path / "keys")
    other = make_data(tmp_path / "other", firms=500, rows=200, seed=2)
    assert "built" in link(other, tmp_path / "out.parquet", "--keys", tmp_path / "keys")[1]


BAD_NAMES = [
    "",
    " ",
    None,
    "厂",
    "长" * 10_000,
    "\x00\x1b[2J",
    "（）",
    "有限公司",
    "\ufffd南京",
    "1、（盖章）",
    "𠮷野",
    "'); --",
]


REGISTRY = ["entity_id", "uscc", "name", "former_names", "province", "city", "reg_date"]
ROWS = ["query_id", "source_list", "as_of", "query_name", "query_uscc", "hint_province", "hint_city"]


def test_bad_rows_and_two_firms_of_one_code_never_link(tmp_path: Path) -> None:
    name, code = "南京甲乙丙商贸有限公司", "91320100MA1M00003X"
    texts = pl.DataFrame(
        [("F1", code, name, "江苏", "南京", None), ("F2", code, "南京丁戊己科技有限公司", "江苏", "南京", None)],
        schema=dict.fromkeys((column for column in REGISTRY if column != "former_names"), pl.String),
        orient="row",
    )
    firms = texts.with_columns(former_names=pl.lit([], dtype=pl.List(pl.String))).select(REGISTRY)
    firms.write_parquet(tmp_path / "registry.parquet")
    rows = [(f"Q{i}", "名单", "无日期", bad, None, "无此省", "无此市") for i, bad in enumerate([*BAD_NAMES, name])]
    queries = pl.DataFrame(rows, schema=dict.fromkeys(ROWS, pl.String), orient="row")
    queries.write_parquet(tmp_path / "queries_unlabelled.parquet")
    predictions, _ = link(tmp_path, tmp_path / "out.parquet")
    assert predictions.height == len(rows)
    assert predictions.filter(decision="link").is_empty()


@pytest.mark.parametrize(("rows", "told"), [("absent.parquet", "absent.parquet"), ("registry.parquet", "query_id")])
def test_files_that_cannot_be_read_are_told_without_a_traceback(
    made: Path, tmp_path: Path, rows: str, told: str
) -> None:
    files = (str(made / "registry.parquet"), str(made / rows))
    command = [sys.executable, str(BENCHMARKS / "linking.py"), *files, "--out", str(tmp_path / "out.parquet")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("cannot link: ")
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
