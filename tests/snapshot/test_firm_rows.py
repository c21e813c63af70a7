from datetime import date
from pathlib import Path

import polars as pl
import pytest

from enterprise_data.snapshot.firm_rows import firms_of, rows_of
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot
from tests.snapshot.city import deliver, percent, uscc, workspace


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    space = workspace(Path(tmp_path_factory.mktemp("city")) / "w")
    deliver(space, "register", [{"uscc": uscc(n), "name": f"青岛{n // 2}号有限公司"} for n in range(10)])
    deliver(space, "tax", [{"uscc": uscc(n), "period": date(2023, 1, 1), "revenue": n} for n in range(10)])
    deliver(space, "penalties", [{"name": "青岛2号有限公司"}, {"uscc": uscc(4)}])
    figure = {"region": "370200", "period": date(2023, 1, 1), "revenue_growth": percent("5")}
    deliver(space, "city_series", [figure])
    return freeze(space)


def test_firms_are_found_by_code(snapshot: Snapshot) -> None:
    found = firms_of(snapshot, [uscc(4), uscc(77), uscc(2)])
    assert found["uscc"].to_list() == [uscc(2), uscc(4)]
    assert found.columns == ["firm_no", "uscc", "name", "region"]


def test_all_rows_that_are_or_may_be_a_firms_and_whole_reference_series(snapshot: Snapshot) -> None:
    rows = rows_of(snapshot, [4])
    assert rows.keys() == {"city_series", "penalties", "register", "tax"}
    assert rows["register"]["firm_no"].to_list() == [4]
    assert rows["tax"]["revenue"].to_list() == [4]
    assert rows["penalties"].select("row_no", "belongs").rows() == [(1, None), (2, True)]
    assert rows["city_series"].height == 1


def test_several_firms_and_chosen_datasets(snapshot: Snapshot) -> None:
    rows = rows_of(snapshot, [8, 1], ["tax", "never_loaded"])
    assert rows.keys() == {"tax"}
    assert rows["tax"]["firm_no"].to_list() == [1, 8]


def test_no_firm_has_no_rows_but_every_column(snapshot: Snapshot) -> None:
    rows = rows_of(snapshot, [])
    assert rows["tax"].height == 0
    assert rows["tax"].schema == pl.read_parquet_schema(snapshot.dataset_path("tax") or "")
