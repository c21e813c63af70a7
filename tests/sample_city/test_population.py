"""The firms are believable: skewed, correlated, alive at the right times, in real places and lines of business."""

from functools import cache

import polars as pl
import pytest

from enterprise_data.codes.regions import regions
from enterprise_data.codes.tables import read_table
from enterprise_data.sample_city.identities import identities
from enterprise_data.sample_city.population import population
from enterprise_data.sample_city.taxes import tax
from enterprise_data.sample_city.world import World, cities, industries, places

CITY = World(20_000, seed=1)


@cache
def firms() -> pl.DataFrame:
    return population(CITY, 0, CITY.firms)


def test_codes_and_nearly_all_names_are_unique() -> None:
    assert firms()["uscc"].n_unique() == CITY.firms
    assert 0.995 < firms()["name"].n_unique() / CITY.firms < 1


def test_some_names_are_borne_by_two_firms_of_different_districts() -> None:
    twins = firms().filter(pl.col("name").is_duplicated()).group_by("name").agg(pl.col("region").n_unique())
    assert (twins["region"] > 1).any()


def test_some_former_names_are_what_another_firm_bears_today() -> None:
    reused = firms().filter(pl.col("former_name").is_in(firms()["name"].implode()))
    assert 0 < reused.height < 100


def test_places_and_lines_of_business_are_real() -> None:
    assert {*places().code} <= {*regions().names, "441900"}
    assert {*industries().code} <= {row["code"] for row in read_table("gbt4754_2011.csv")}
    main = firms()["region"].str.starts_with(cities()[0][:4]).mean()
    assert main == pytest.approx(0.54, abs=0.02)


def test_sizes_are_skewed() -> None:
    revenue = firms()["revenue"].list.last().sort(descending=True)
    top = int(revenue.head(CITY.firms // 100).sum())
    assert top > int(revenue.sum()) / 2, "one firm in a hundred earns more than all others together"
    median = revenue.median()
    assert isinstance(median, float)
    assert median < 2_000_000


def test_staff_revenue_and_tax_go_together() -> None:
    returns = tax(CITY, firms()).filter(pl.col("year") == 2024)
    for other in ("staff", "tax_paid", "assets"):
        together = returns.select(pl.corr("revenue", other, method="spearman")).item()
        assert together > 0.6, other


def test_years_follow_each_other() -> None:
    change = firms().select(pl.corr(pl.col("revenue").list.get(7), pl.col("revenue").list.get(8), method="spearman"))
    assert 0.9 < change.item() < 1


def test_nobody_files_before_founding_or_after_the_end() -> None:
    returns = tax(CITY, firms())
    assert (returns["year"] >= returns["established_on"].dt.year()).all()
    ended = returns.filter(pl.col("closed_on").is_not_null())
    assert (ended["year"] <= ended["closed_on"].dt.year()).all()
    assert ended.height


def test_ends_come_after_beginnings() -> None:
    gone = firms().filter(pl.col("status") != "存续")
    assert 0.05 < gone.height / CITY.firms < 0.12
    assert (gone["closed_on"] > gone["established_on"]).all()
    renamed = firms().filter(pl.col("former_name").is_not_null())
    assert (renamed["renamed_on"] > renamed["established_on"]).all()
    assert 0.01 < renamed.height / CITY.firms < 0.05


def test_strangers_share_no_code_with_the_register() -> None:
    strangers = identities(CITY, pl.DataFrame({"number": range(CITY.firms, 2 * CITY.firms)}))
    assert not {*strangers["uscc"]} & {*firms()["uscc"]}


def test_a_firm_is_the_same_in_whatever_block() -> None:
    assert population(CITY, 500, 700).equals(firms()[500:700])


def test_what_is_rare_is_shown_in_a_small_city_and_stays_rare_in_a_large_one() -> None:
    assert World(20_000, 1).rare(50, 100) == 5_000
    assert World(1_680_000, 1).rare(50, 100) == 59
    assert World(10, 1).rare(50, 100) == 80_000
