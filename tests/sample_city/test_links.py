"""Linking held against the truth: in the sample city no row of a list is ever linked to another firm than it means."""

import polars as pl
import pytest

from enterprise_data.conform.load import load
from enterprise_data.sample_city.feeds import FEEDS
from enterprise_data.sample_city.generate import generate
from enterprise_data.sample_city.lists import is_list
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.workspace import Workspace

FIRMS = 4_000
ABOUT_FIRMS = {"registration", "former_names", "successions"}


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Return the truth with `linked`, the code of the firm that each row was linked to, and `registered`."""
    folder = tmp_path_factory.mktemp("linked")
    Workspace.create(folder / "w", bare=False)
    workspace = Workspace.open(folder / "w")
    city = generate(folder / "city", FIRMS, seed=7)
    lists = {feed.dataset for feed in FEEDS if is_list(feed)}
    for delivery in city.deliveries:
        if delivery.dataset in lists | ABOUT_FIRMS:
            load(workspace, delivery.dataset, delivery.path, data_date=delivery.data_date)
    snapshot = freeze(workspace)
    firms = pl.read_parquet(snapshot.firms_path).select("firm_no", linked="uscc")
    found = pl.read_parquet(snapshot.links_path).join(firms, on="firm_no").select("dataset", "row_no", "linked")
    truth = pl.read_parquet(city.truth).join(found, on=["dataset", "row_no"], how="left", validate="1:1")
    return truth.with_columns(registered=pl.col("uscc").is_in(firms["linked"].to_list()))


def test_no_row_is_linked_to_another_firm(links: pl.DataFrame) -> None:
    wrong = pl.col("linked").is_not_null() & ~pl.col("linked").eq_missing(pl.col("uscc"))
    assert links.filter(wrong).select("dataset", "row_no", "name", "uscc", "linked").rows() == []


def test_most_rows_that_mean_a_registered_firm_are_linked(links: pl.DataFrame) -> None:
    meant = links.filter("registered")
    assert meant.height > 500
    assert meant["linked"].is_not_null().sum() >= 0.9 * meant.height


def test_what_was_only_written_otherwise_is_linked(links: pl.DataFrame) -> None:
    ways = ["list_number", "stamp", "quotes", "spaces", "half_width", "traditional"]
    rows = links.filter("registered", pl.col("faults").list.len() == 1, pl.col("faults").list.first().is_in(ways))
    assert rows.height > 30
    assert rows["linked"].is_not_null().sum() >= 0.9 * rows.height
