"""Linking held against the truth: in the sample city no row of a list is ever linked to another firm than it means."""

from pathlib import Path

import polars as pl
import pytest

from tests.made_once import FrozenCity, freeze_city


@pytest.fixture(scope="module")
def links(frozen_city: FrozenCity) -> pl.DataFrame:
    return links_of(frozen_city)


def links_of(city: FrozenCity) -> pl.DataFrame:
    """Return the truth with `linked`, the code of the firm that each row was linked to, and `registered`."""
    _, snapshot = city.opened()
    firms = pl.read_parquet(snapshot.firms_path).select("firm_no", linked="uscc")
    found = pl.read_parquet(snapshot.links_path).join(firms, on="firm_no").select("dataset", "row_no", "linked")
    truth = pl.read_parquet(city.truth).join(found, on=["dataset", "row_no"], how="left", validate="1:1")
    return truth.with_columns(registered=pl.col("uscc").is_in(firms["linked"].to_list()))


def test_no_row_is_linked_to_another_firm(links: pl.DataFrame) -> None:
    assert wrong(links) == []


@pytest.mark.nightly
def test_no_row_of_a_larger_city_is_linked_to_another_firm(tmp_path: Path) -> None:
    assert wrong(links_of(freeze_city(tmp_path, 20_000))) == []


def wrong(links: pl.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows that were linked to another firm than they mean."""
    other = pl.col("linked").is_not_null() & ~pl.col("linked").eq_missing(pl.col("uscc"))
    return links.filter(other).select("dataset", "row_no", "name", "uscc", "linked").rows()


def test_most_rows_that_mean_a_registered_firm_are_linked(links: pl.DataFrame) -> None:
    meant = links.filter("registered")
    assert meant.height > 500
    assert meant["linked"].is_not_null().sum() >= 0.9 * meant.height


def test_what_was_only_written_otherwise_is_linked(links: pl.DataFrame) -> None:
    ways = ["list_number", "stamp", "quotes", "spaces", "half_width", "traditional"]
    rows = links.filter("registered", pl.col("faults").list.len() == 1, pl.col("faults").list.first().is_in(ways))
    assert rows.height > 30
    assert rows["linked"].is_not_null().sum() >= 0.9 * rows.height
