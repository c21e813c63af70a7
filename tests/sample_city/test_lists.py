"""Lists by name alone: names written as people write them, and a truth table that says which firm each row means."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from enterprise_data.codes import uscc
from enterprise_data.conform.load import load
from enterprise_data.sample_city.department_file import spoilt_rows
from enterprise_data.sample_city.draws import Draws
from enterprise_data.sample_city.feeds import FEEDS
from enterprise_data.sample_city.generate import SampleCity, bundled_catalogue, generate
from enterprise_data.sample_city.identities import identities
from enterprise_data.sample_city.list_noise import OTHER_BRANDS, SLIPS, Noise, liberties, writings
from enterprise_data.sample_city.lists import TRUTH_SCHEMA, as_listed, is_list
from enterprise_data.sample_city.population import population
from enterprise_data.sample_city.registry import successions
from enterprise_data.sample_city.world import World
from enterprise_data.workspace import Workspace

CITY = World(20_000, seed=7)
LISTS = {feed.dataset: feed for feed in FEEDS if is_list(feed)}
DRAWS = Draws(7, pl.col("row"))


@cache
def firms() -> pl.DataFrame:
    return population(CITY, 0, CITY.firms)


@cache
def strangers() -> pl.DataFrame:
    unknown = identities(CITY, pl.DataFrame({"number": pl.int_range(CITY.firms, 2 * CITY.firms, eager=True)}))
    return unknown.with_columns(number=pl.col("number") - CITY.firms)


@cache
def listed() -> pl.DataFrame:
    """Return all firms, each once on a list, with its name and code of the register in `current` and `own`."""
    rows = firms().with_columns(row=pl.col("number") * 1024, current=pl.col("name"), own=pl.col("uscc"))
    return as_listed(CITY, LISTS["honours"], rows, strangers())


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> SampleCity:
    return generate(tmp_path_factory.mktemp("city"), 3_000, seed=7)


def test_recognitions_courts_and_payments_come_by_name_alone() -> None:
    assert LISTS.keys() >= {"honours", "first_sets", "dishonesty", "payments", "safety_accidents", "environment_gate"}


def test_the_truth_has_a_row_for_each_row_of_each_list_as_the_loader_counts_them(
    city: SampleCity, tmp_path: Path
) -> None:
    truth = pl.read_parquet(city.truth)
    assert dict(truth.schema) == TRUTH_SCHEMA
    assert set(truth["dataset"]) == LISTS.keys()
    Workspace.create(tmp_path / "w", bare=False)
    workspace = Workspace.open(tmp_path / "w")
    for delivery in city.deliveries:
        if delivery.dataset not in LISTS:
            continue
        meant = truth.filter(pl.col("dataset") == delivery.dataset)
        assert meant["row_no"].to_list() == list(range(1, delivery.rows + 1))
        load(workspace, delivery.dataset, delivery.path, data_date=delivery.data_date)
        current = workspace.deliveries.current(delivery.dataset)
        assert current
        loaded = pl.read_parquet(current.rows_path).select("row_no", "name").join(meant, on="row_no", how="left")
        trimmed = pl.col("name_right").str.strip_chars(' 　"')
        assert loaded.filter(pl.col("name").str.strip_chars(' 　"') != trimmed).is_empty()
        assert loaded.height > delivery.rows * 0.9


def test_a_name_is_spoilt_in_at_most_two_ways_and_most_names_in_none() -> None:
    ways = listed()["name_faults"].list.len()
    assert set(ways) == {0, 1, 2}
    assert 0.7 < ways.eq(0).sum() / ways.len() < 0.85
    assert ways.eq(2).sum() / ways.len() < 0.03
    kinds = {noise.what for noise in liberties(DRAWS)}, {noise.what for noise in writings(DRAWS)}
    for of_one_kind in kinds:
        assert set(listed()["name_faults"].list.set_intersection(list(of_one_kind)).list.len()) == {0, 1}


@pytest.mark.parametrize("noise", [*liberties(DRAWS), *writings(DRAWS)], ids=lambda noise: noise.what)
def test_each_way_occurs_as_often_as_it_says_and_changes_the_name(noise: Noise) -> None:
    having = listed().filter(pl.col("name_faults").list.contains(noise.what))
    assert having.height >= 5
    assert having.height / CITY.firms < 1.4 * noise.per_million / 1_000_000
    assert having.filter(pl.col("name") == pl.col("current")).is_empty()
    assert having["uscc"].is_null().all() is not noise.names_firm


def test_only_names_of_strangers_and_branches_mean_no_firm() -> None:
    foreign = [noise.what for noise in liberties(DRAWS) if not noise.names_firm]
    assert sorted(foreign) == ["branch", "near_stranger", "stranger"]
    means_none = pl.col("name_faults").list.set_intersection(foreign).list.len() > 0
    assert listed().filter(means_none != pl.col("uscc").is_null()).is_empty()
    assert listed().filter(pl.col("uscc").is_not_null() & (pl.col("uscc") != pl.col("own"))).is_empty()


def test_no_written_name_is_another_registered_firms() -> None:
    bearers = firms().select(name="name", bearer="uscc")
    meant = listed().join(bearers, on="name").filter(~pl.col("uscc").eq_missing(pl.col("bearer")))
    # Firms that share their whole name are in the register itself; nothing is done to make more of them.
    assert meant.filter(pl.col("current") != pl.col("name")).is_empty()
    strange = listed().filter(pl.col("uscc").is_null())
    for column in ("name", "former_name", "predecessor_name"):
        assert strange.join(firms().select(name=column), on="name").is_empty()


def test_slips_and_strange_brands_use_characters_that_no_firm_bears() -> None:
    letters = set("".join(firms()["name"]) + "".join(firms()["predecessor_name"].drop_nulls()))
    assert not letters & {*SLIPS, *OTHER_BRANDS}
    assert not {*SLIPS} & {*OTHER_BRANDS}


ROW = {
    "row": 5, "name": "烟台恒瑞五金有限公司", "city": "烟台", "district": "芝罘区", "province": "山东",
    "former_name": "烟台旧名商贸有限公司", "former_reused": False, "predecessor_name": "烟台恒瑞五金店",
    "name_stranger": "烟台外人五金有限公司",
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "name", "expected"),
    [
        ("form", "烟台恒瑞五金有限公司", "烟台恒瑞五金有限责任公司"),
        ("form", "烟台恒瑞五金有限责任公司", "烟台恒瑞五金有限公司"),
        ("form", "烟台恒瑞五金股份有限公司", None),
        ("form", "烟台恒瑞五金店", "烟台恒瑞五金店"),
        ("numeral", "烟台恒瑞第二五金有限公司", "烟台恒瑞第2五金有限公司"),
        ("numeral", "烟台恒瑞五金有限公司", "烟台恒瑞五金有限公司"),
        ("place_suffix", "烟台恒瑞五金有限公司", "烟台市恒瑞五金有限公司"),
        ("place_suffix", "芝罘区恒瑞五金店", "芝罘恒瑞五金店"),
        ("place_suffix", "山东恒瑞五金店", None),
        ("province", "芝罘区恒瑞五金店", "山东省芝罘区恒瑞五金店"),
        ("province", "山东恒瑞五金店", None),
        ("place_swapped", "烟台恒瑞五金有限公司", "恒瑞五金（烟台）有限公司"),
        ("place_swapped", "恒瑞五金（烟台）有限公司", "烟台恒瑞五金有限公司"),
        ("place_swapped", "烟台恒瑞五金店", None),
        ("place_swapped", "山东恒瑞五金有限公司", None),
        ("place_left_out", "烟台恒瑞五金有限公司", "恒瑞五金有限公司"),
        ("place_left_out", "山东恒瑞五金有限公司", "恒瑞五金有限公司"),
        ("place_left_out", "芝罘区恒瑞五金店", "恒瑞五金店"),
        ("place_left_out", "恒瑞五金（烟台）中心（普通合伙）", "恒瑞五金中心（普通合伙）"),
        ("character_missing", "烟台恒瑞五金有限公司", "烟台恒瑞五有限公司"),
        ("character_missing", "烟台恒瑞五金店", None),
        ("character_missing", "恒瑞五金（烟台）有限公司", None),
        ("truncated", "烟台恒瑞五金有限公司", "烟台恒瑞五金有限"),
        ("former_name", "烟台恒瑞五金有限公司", "烟台旧名商贸有限公司"),
        ("predecessor", "烟台恒瑞五金有限公司", "烟台恒瑞五金店"),
        ("stranger", "烟台恒瑞五金有限公司", "烟台外人五金有限公司"),
        ("half_width", "恒瑞五金（烟台）有限公司", "恒瑞五金(烟台)有限公司"),
        ("brackets", "恒瑞五金（烟台）有限公司", "恒瑞五金【烟台】有限公司"),
        ("traditional", "烟台华兴农产有限公司", "烟台華興農產有限公司"),
    ],
)
def test_a_way_of_writing_in_one_example(what: str, name: str, expected: str | None) -> None:
    noise = next(noise for noise in (*liberties(DRAWS), *writings(DRAWS)) if noise.what == what)
    assert pl.DataFrame({**ROW, "name": name}).select(noise.text).item() == expected


@pytest.mark.parametrize("name", ["烟台恒瑞五金有限公司", "芝罘区恒瑞五金店", "恒瑞五金（烟台）有限公司"])
@pytest.mark.parametrize(("what", "letters"), [("wrong_character", SLIPS), ("near_stranger", OTHER_BRANDS)])
def test_one_character_of_the_brand_is_another(what: str, letters: list[str], name: str) -> None:
    noise = next(noise for noise in liberties(DRAWS) if noise.what == what)
    written = str(pl.DataFrame({**ROW, "name": name}).select(noise.text).item())
    assert len(written) == len(name)
    (place,) = [i for i, letter in enumerate(written) if letter != name[i]]
    assert name[place] == "瑞"
    assert written[place] in letters


def test_a_former_name_that_another_firm_bears_today_is_not_brought_up_again() -> None:
    noise = next(noise for noise in liberties(DRAWS) if noise.what == "former_name")
    assert pl.DataFrame({**ROW, "former_reused": True}).select(noise.text).item() is None
    reused = firms().filter("former_reused")
    assert reused.height > 3
    assert set(reused["former_name"]) <= set(firms()["name"])


def test_successions_name_older_codes_and_names() -> None:
    heirs = successions(CITY, firms())
    assert heirs["kind"].value_counts(sort=True)["kind"][0] == "个转企"
    assert heirs.filter(pl.col("effective_on") < pl.col("established_on")).is_empty()
    codes = heirs["predecessor_code"].drop_nulls()
    assert codes.to_frame().select(uscc.uscc_is_valid(pl.col("predecessor_code")).all()).item()
    assert codes.n_unique() == codes.len() > 100
    assert not set(codes) & set(firms()["uscc"])
    assert heirs["predecessor_name"].null_count() < heirs.height // 10
    assert heirs.filter(pl.col("predecessor_name") == pl.col("name")).is_empty()


def test_a_list_bears_the_name_of_its_day() -> None:
    feed, dataset = LISTS["honours"], bundled_catalogue().datasets["honours"]
    rows = spoilt_rows(CITY, feed, dataset, firms(), strangers()).filter(pl.col("name_faults").list.len() == 0)
    day = pl.col("recognised_on")
    before = rows.filter(day < pl.col("succeeded_on"), pl.col("predecessor_name").is_not_null())
    assert before.height > 0
    assert before.filter(pl.col("name") != pl.col("predecessor_name")).is_empty()
    renamed = rows.filter(day <= pl.col("renamed_on"), pl.col("succession").is_null())
    assert renamed.height > 10
    assert renamed.filter(pl.col("name") != pl.col("former_name")).is_empty()
