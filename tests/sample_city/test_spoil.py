"""Three rows in a hundred are spoilt, each in one way, in every way that the file's form allows."""

from functools import cache

import polars as pl
import pytest

from enterprise_data.sample_city.feeds import FEEDS, Feed
from enterprise_data.sample_city.generate import bundled_catalogue
from enterprise_data.sample_city.identities import identities
from enterprise_data.sample_city.population import population
from enterprise_data.sample_city.spoil import FAULT, assign, faults_of, spoil_identity, written
from enterprise_data.sample_city.world import World

CITY = World(8_000, seed=5)
BY_NAME = {feed.dataset: feed for feed in FEEDS}


@cache
def firms() -> pl.DataFrame:
    return population(CITY, 0, CITY.firms)


def assigned(feed: Feed) -> pl.DataFrame:
    dataset = bundled_catalogue().datasets[feed.dataset]
    rows = feed.rows(CITY, firms())
    fields = [name for name in dataset.fields if name in rows.columns]
    return assign(CITY, feed.dataset, faults_of(feed, dataset, fields), rows)


@pytest.mark.parametrize("name", ["registration", "tax", "unemployment_insurance", "registration_changes"])
def test_three_rows_in_a_hundred_are_spoilt_evenly(name: str) -> None:
    rows = assigned(BY_NAME[name])
    assert rows[FAULT].is_not_null().mean() == pytest.approx(0.03, abs=0.005)
    counts = rows[FAULT].drop_nulls().value_counts()["count"]
    assert counts.len() == len(faults_of(BY_NAME[name], bundled_catalogue().datasets[name], rows.columns))
    least = counts.min()
    assert isinstance(least, int)
    assert least > 0


def test_the_register_itself_holds_no_strangers_and_no_misspelt_names() -> None:
    register = BY_NAME["registration"]
    faults = faults_of(register, bundled_catalogue().datasets["registration"], ["region"])
    assert not {"unregistered", "misspelt_name", "former_name"} & {*faults}


def test_typed_files_are_spoilt_only_as_typed_files_can_be() -> None:
    feed = BY_NAME["social_insurance"]
    faults = faults_of(feed, bundled_catalogue().datasets["social_insurance"], ["staff", "paid_in_full"])
    assert {*faults} == {"missing_value", "duplicate", "wrong_check", "unregistered"}


def spoilt(fault: str) -> dict[str, object]:
    """Spoil one row of the high-tech list by `fault`; return it as the file has it."""
    feed, dataset = BY_NAME["hightech"], bundled_catalogue().datasets["hightech"]
    row = feed.rows(CITY, firms()).filter(pl.col("uscc").str.contains("^[0-9]+$")).head(1)
    row = row.with_columns(pl.lit(fault).alias(FAULT), former_name=pl.lit("旧名有限公司"))
    stranger = identities(CITY, pl.DataFrame({"number": [CITY.firms + 1]})).with_columns(number=row["number"])
    strangers = stranger.select("number", "uscc", "organisation_code", "registration_no", "name")
    fields = [name for name in dataset.fields if name in row.columns]
    frame = spoil_identity(row, strangers)
    values = frame.select("uscc", "name", *written(CITY, dataset, fields, typed=False))
    return {**values.row(0, named=True), "rows": frame.height}


def test_each_fault_changes_what_it_says() -> None:
    clean = spoilt("none")
    code, name, day = str(clean["uscc"]), str(clean["name"]), str(clean["recognised_on"])
    year, month, date = day.split("-")
    assert str(spoilt("wrong_check")["uscc"])[:17] == code[:17]
    assert spoilt("wrong_check")["uscc"] != code
    assert spoilt("full_width_code")["uscc"] == code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert spoilt("excel_code")["uscc"] == f"{code[0]}.{code[1:6]}E+17"
    assert str(spoilt("spaced_code")["uscc"]).strip() == code
    assert spoilt("spaced_name")["name"] == name + " "
    assert str(spoilt("misspelt_name")["name"])[3] == "圣"
    assert spoilt("former_name")["name"] == "旧名有限公司"
    assert spoilt("impossible_date")["recognised_on"] == f"{year}-02-30"
    assert spoilt("written_date")["recognised_on"] == f"{year}年{month}月{date}日"
    assert str(spoilt("excel_date")["recognised_on"]).isdigit()
    assert spoilt("duplicate")["rows"] == 2
    assert spoilt("unregistered")["uscc"] not in {*firms()["uscc"]}
    assert [v for v in spoilt("missing_value").values() if v is None].__len__() >= 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("thousands", "1,234,567"),
        ("unit_written", "1234567元"),
        ("full_width_number", "１２３４５６７"),
        ("none", "1234567"),
    ],
)
def test_numbers_are_written_as_people_write_them(fault: str, expected: str) -> None:
    dataset = bundled_catalogue().datasets["tax"]
    frame = pl.DataFrame({"row": [1], "revenue": [1_234_567], FAULT: [fault]})
    assert frame.select(written(CITY, dataset, ["revenue"], typed=False)).item() == expected


def test_short_and_negative_numbers_survive_thousands() -> None:
    dataset = bundled_catalogue().datasets["tax"]
    numbers = [-1_234, 999, -999, 1_000_000_000_000]
    frame = pl.DataFrame({"row": range(4), "profit": numbers, FAULT: ["thousands"] * 4})
    texts = frame.select(written(CITY, dataset, ["profit"], typed=False)).to_series().to_list()
    assert texts == ["-1,234", "999", "-999", "1,000,000,000,000"]
