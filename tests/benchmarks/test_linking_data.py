from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from enterprise_data.codes.uscc import clean_code, uscc_is_valid
from tests.benchmarks.scripts import make_data

REGISTRY = {
    "entity_id": pl.String,
    "uscc": pl.String,
    "name": pl.String,
    "former_names": pl.List(pl.String),
    "province": pl.String,
    "city": pl.String,
    "reg_date": pl.String,
}
ROWS = ["query_id", "source_list", "as_of", "query_name", "query_uscc", "hint_province", "hint_city"]
LABELS = ["kind", "expected", "gold_entity_id", "candidate_ids", "truth_name", "detail"]
KINDS = 42


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_data(tmp_path_factory.mktemp("data"), firms=20_000, rows=10_000)


@pytest.fixture(scope="module")
def firms(made: Path) -> pl.DataFrame:
    return pl.read_parquet(made / "registry.parquet")


@pytest.fixture(scope="module")
def rows(made: Path) -> pl.DataFrame:
    return pl.read_parquet(made / "queries.parquet")


def plain(name: str) -> pl.Expr:
    """Return names without the difference that brackets make."""
    return pl.col(name).str.replace_many(["（", "）"], ["(", ")"])


def test_files_have_their_form(made: Path, firms: pl.DataFrame, rows: pl.DataFrame) -> None:
    assert firms.schema == REGISTRY
    assert rows.columns == ROWS + LABELS
    assert (firms.height, rows.height) == (20_000, 10_000)
    assert pl.read_parquet(made / "queries_unlabelled.parquet").equals(rows.select(ROWS))
    former = [json.loads(text) for text in firms["former_names"].explode().drop_nulls().to_list()]
    assert len(former) > 300
    assert {tuple(name) for name in former} == {("name", "until")}


def test_no_two_firms_share_an_id_a_code_or_a_name(firms: pl.DataFrame) -> None:
    assert firms.select(pl.col("entity_id", "uscc").n_unique(), plain("name").n_unique()).row(0) == (20_000,) * 3
    assert firms.select(uscc_is_valid(pl.col("uscc")).all()).item()


def test_the_same_arguments_make_the_same_files(tmp_path: Path) -> None:
    first, again, other = (
        make_data(tmp_path / name, firms=2_000, rows=500, seed=seed) for name, seed in (("a", 5), ("b", 5), ("c", 6))
    )
    for name in ("registry.parquet", "queries.parquet", "queries_unlabelled.parquet"):
        assert (first / name).read_bytes() == (again / name).read_bytes()
        assert (first / name).read_bytes() != (other / name).read_bytes()


def test_a_larger_register_begins_with_the_smaller_one(tmp_path: Path, firms: pl.DataFrame) -> None:
    larger = pl.read_parquet(make_data(tmp_path, firms=300_000, rows=10) / "registry.parquet").head(20_000)
    fixed = ["entity_id", "uscc", "name", "province", "city", "reg_date"]
    assert larger.select(fixed).equals(firms.select(fixed))


def test_every_kind_comes_and_about_half_of_the_rows_must_not_link(rows: pl.DataFrame) -> None:
    assert rows["kind"].n_unique() == KINDS
    assert 0.4 < rows.select((pl.col("expected") == "link").mean()).item() < 0.6
    assert set(rows["expected"]) == {"link", "review", "none", "link_or_review"}


def test_labels_agree_with_the_register(firms: pl.DataFrame, rows: pl.DataFrame) -> None:
    gold = rows.select("kind", "expected", "truth_name", entity_id="gold_entity_id").drop_nulls("entity_id")
    joined = gold.join(firms, on="entity_id", how="left")
    assert joined["name"].null_count() == 0
    assert rows.filter((pl.col("expected") == "link") & pl.col("gold_entity_id").is_null()).is_empty()
    assert rows.filter((pl.col("expected") == "none") & pl.col("gold_entity_id").is_not_null()).is_empty()
    same = joined.filter(~pl.col("kind").str.starts_with("former_name_reused"))
    assert same.filter(pl.col("truth_name") != pl.col("name")).is_empty()


def test_rows_about_strangers_name_no_firm_of_the_register(firms: pl.DataFrame, rows: pl.DataFrame) -> None:
    strangers = rows.filter(expected="none")
    assert strangers.height > 2_000
    former = firms.select(pl.col("former_names").explode().str.json_path_match("$.name")).to_series().drop_nulls()
    known = pl.concat([firms["name"], former]).to_frame("name").select(plain("name")).to_series()
    assert strangers.filter(plain("truth_name").is_in(known.implode())).is_empty()


def test_a_rewritten_name_is_never_another_firms(firms: pl.DataFrame, rows: pl.DataFrame) -> None:
    meant = rows.filter(~pl.col("kind").str.contains("former_name|code_of")).select(
        "gold_entity_id", key=plain("query_name")
    )
    bearers = meant.join(firms.select("entity_id", key=plain("name")), on="key")
    assert bearers.height > 300
    assert bearers.filter(pl.col("entity_id").ne_missing(pl.col("gold_entity_id"))).is_empty()


@pytest.mark.parametrize(
    ("kind", "valid", "the_firms"),
    [
        ("code", True, True),
        ("code_formatting", True, True),
        ("code_noisy_name", True, True),
        ("code_misread", False, False),
        ("code_digit_typo", False, False),
        ("code_of_another", True, False),
        ("neg_valid_code", True, False),
    ],
)
def test_codes_are_as_their_kind_says(
    firms: pl.DataFrame, rows: pl.DataFrame, kind: str, valid: bool, the_firms: bool
) -> None:
    coded = rows.filter(kind=kind).with_columns(code=clean_code(pl.col("query_uscc")))
    codes = coded.join(firms.select("uscc", gold_entity_id="entity_id"), on="gold_entity_id", how="left")
    assert codes.height > 30
    assert codes.select(uscc_is_valid(pl.col("code")).unique()).to_series().to_list() == [valid]
    assert codes.select((pl.col("code") == pl.col("uscc")).fill_null(value=False).unique()).to_series().to_list() == [
        the_firms
    ]


def test_a_name_given_up_and_taken_later_is_its_bearers_on_the_day(firms: pl.DataFrame, rows: pl.DataFrame) -> None:
    former = firms.explode("former_names").drop_nulls("former_names")
    parsed = former.select(
        "entity_id",
        former=pl.col("former_names").str.json_path_match("$.name"),
        until=pl.col("former_names").str.json_path_match("$.until"),
    )
    reused = rows.filter(kind="former_name_reused").select("as_of", "truth_name", gold="gold_entity_id")
    giver = firms.select("entity_id", truth_name="name").join(parsed, on="entity_id")
    taker = firms.select(taker="entity_id", former=plain("name")).join(
        parsed.select(taker="entity_id", taken="until"), on="taker"
    )
    told = reused.join(giver, on="truth_name").with_columns(plain("former")).join(taker, on="former")
    assert told.height == reused.height > 50
    bearer = (
        pl.when(pl.col("as_of") <= pl.col("until"))
        .then("entity_id")
        .when(pl.col("as_of") > pl.col("taken"))
        .then("taker")
    )
    assert told.filter(bearer.ne_missing(pl.col("gold"))).is_empty()
