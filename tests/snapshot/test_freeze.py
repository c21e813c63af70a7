"""From deliveries to a sealed snapshot."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot, current_snapshot
from enterprise_data.workspace import Workspace
from tests.snapshot.city import CATALOGUE, deliver, percent, uscc, workspace

FIRMS: list[dict[str, Any]] = [
    {"uscc": uscc(1), "name": "青岛甲有限公司", "region": "370202", "capital": 100},
    {"uscc": uscc(2), "name": "济南乙有限公司", "region": "370100", "capital": 200},
    {"uscc": uscc(3), "name": "某丙有限公司", "region": None, "capital": 300},
    {"uscc": uscc(4), "name": "济南丁有限公司", "region": "370100", "capital": 400},
]
Y2023 = date(2023, 1, 1)


def rows(snapshot: Snapshot, dataset: str, *columns: str) -> list[tuple[object, ...]]:
    path = snapshot.dataset_path(dataset)
    assert path is not None
    return pl.read_parquet(path).select(columns).rows()


def unlinked(snapshot: Snapshot, dataset: str) -> list[tuple[object, ...]]:
    table = pl.read_parquet(snapshot.unlinked_path).filter(pl.col("dataset") == dataset)
    return table.select("row_no", "reason", "candidates").rows()


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = workspace(tmp_path / "w")
    deliver(made, "register", FIRMS)
    return made


def test_firms_are_numbered_by_region_and_code_and_unknown_regions_come_last(space: Workspace) -> None:
    firms = pl.read_parquet(freeze(space).firms_path)
    assert firms.schema == {"firm_no": pl.Int32, "uscc": pl.String, "name": pl.String, "region": pl.String}
    assert firms.rows() == [
        (0, uscc(2), "济南乙有限公司", "370100"),
        (1, uscc(4), "济南丁有限公司", "370100"),
        (2, uscc(1), "青岛甲有限公司", "370202"),
        (3, uscc(3), "某丙有限公司", None),
    ]


def test_rows_stand_by_firm_and_date_each_with_the_rule_that_linked_it(space: Workspace) -> None:
    deliver(
        space,
        "penalties",
        [
            {"name": "青岛甲有限公司", "decided_on": date(2022, 1, 1), "level": "重大"},
            {"uscc": uscc(1), "decided_on": date(2021, 1, 1), "level": "一般"},
            {"uscc": uscc(2), "name": "济南乙有限公司", "decided_on": date(2023, 1, 1), "level": "一般"},
        ],
    )
    snapshot = freeze(space)
    assert rows(snapshot, "penalties", "firm_no", "belongs", "linked_by", "row_no", "decided_on", "level") == [
        (0, True, "uscc_and_name", 3, date(2023, 1, 1), "一般"),
        (2, True, "uscc", 2, date(2021, 1, 1), "一般"),
        (2, True, "name", 1, date(2022, 1, 1), "重大"),
    ]
    entry = snapshot.dataset("penalties")
    assert entry is not None
    assert (entry.rows, entry.uncertain_rows, entry.unlinked_rows) == (3, 0, 0)
    assert entry.linked == {"name": 1, "uscc": 1, "uscc_and_name": 1}


def test_an_unlinked_row_may_be_each_candidates_and_is_listed_once(space: Workspace) -> None:
    deliver(
        space,
        "penalties",
        [
            {"uscc": uscc(1), "name": "济南乙有限公司", "level": "重大"},
            {"name": "无此公司", "level": "重大"},
        ],
        doubtful=[{"uscc": uscc(3)}],
    )
    snapshot = freeze(space)
    assert rows(snapshot, "penalties", "firm_no", "belongs", "linked_by", "row_no", "level") == [
        (0, None, "code_and_name_disagree", 1, "重大"),
        (2, None, "code_and_name_disagree", 1, "重大"),
        (3, None, "rejected_when_loaded", 1_000_001, None),
    ]
    assert unlinked(snapshot, "penalties") == [
        (1, "code_and_name_disagree", [0, 2]),
        (2, "unknown_name", []),
        (1_000_001, "rejected_when_loaded", [3]),
    ]
    entry = snapshot.dataset("penalties")
    assert entry is not None
    assert (entry.rows, entry.uncertain_rows, entry.unlinked_rows) == (0, 3, 3)
    assert entry.unlinked == {"code_and_name_disagree": 1, "rejected_when_loaded": 1, "unknown_name": 1}


def test_a_firm_has_one_sure_row_a_period_or_none(space: Workspace) -> None:
    year = {"period": Y2023}
    deliver(
        space,
        "tax",
        [
            {"uscc": uscc(1), "revenue": 5, **year},
            {"name": "青岛甲有限公司", "revenue": 5, **year},  # the same again, by another key
            {"uscc": uscc(2), "revenue": 5, **year},
            {"uscc": uscc(2), "revenue": 6, **year},
            {"uscc": uscc(2), "revenue": 6, **year},
            {"uscc": uscc(2), "revenue": None, **year},
            {"uscc": uscc(2), "revenue": 7, "period": date(2022, 1, 1)},
        ],
    )
    snapshot = freeze(space)
    assert rows(snapshot, "tax", "firm_no", "belongs", "linked_by", "row_no", "period", "revenue") == [
        (0, True, "uscc", 7, date(2022, 1, 1), 7),
        (0, None, "conflicting_rows", 3, Y2023, 5),
        (0, None, "conflicting_rows", 4, Y2023, 6),
        (0, None, "conflicting_rows", 6, Y2023, None),
        (2, True, "uscc", 1, Y2023, 5),
    ]
    assert unlinked(snapshot, "tax") == [(n, "conflicting_rows", [0]) for n in (3, 4, 6)]
    entry = snapshot.dataset("tax")
    assert entry is not None
    assert (entry.rows, entry.uncertain_rows, entry.duplicates) == (2, 3, 2)


def test_events_may_repeat(space: Workspace) -> None:
    same = {"uscc": uscc(1), "decided_on": date(2021, 1, 1), "level": "一般"}
    deliver(space, "penalties", [same, same])
    assert len(rows(freeze(space), "penalties", "row_no")) == 2


def test_a_firm_whose_register_rows_disagree_is_one_firm_with_unknown_facts(space: Workspace) -> None:
    other = {**FIRMS[0], "capital": 999, "region": "370203"}
    deliver(space, "register", [*FIRMS, FIRMS[1], other])
    snapshot = freeze(space)
    firms = pl.read_parquet(snapshot.firms_path)
    assert firms.height == len(FIRMS)
    assert firms.filter(pl.col("uscc") == uscc(1)).rows() == [(2, uscc(1), "青岛甲有限公司", None)]
    facts = rows(snapshot, "register", "firm_no", "belongs", "row_no", "capital")
    assert facts == [(0, True, 2, 200), (1, True, 4, 400), (2, None, 1, 100), (2, None, 6, 999), (3, True, 3, 300)]


def test_register_rows_without_a_valid_code_make_no_firm_and_doubtful_ones_make_one_without_facts(
    space: Workspace,
) -> None:
    faulty = [{"uscc": "91370200000000001X", "name": "青岛甲有限公司"}, {"name": "无码公司"}]
    deliver(space, "register", [*FIRMS, *faulty], doubtful=[{"uscc": uscc(9), "name": "济南庚有限公司"}])
    deliver(space, "tax", [{"name": "济南庚有限公司", "period": Y2023, "revenue": 1}])
    snapshot = freeze(space)
    assert pl.read_parquet(snapshot.firms_path)["uscc"].to_list() == [uscc(n) for n in (2, 4, 1, 3, 9)]
    assert rows(snapshot, "register", "firm_no", "belongs", "row_no")[-1] == (4, None, 1_000_001)
    assert unlinked(snapshot, "register") == [
        (5, "invalid_code", []),
        (6, "unknown_name", []),
        (1_000_001, "rejected_when_loaded", [4]),
    ]
    assert rows(snapshot, "tax", "firm_no", "belongs") == [(4, True)]


def test_former_names_link_within_their_dates(space: Workspace) -> None:
    deliver(space, "former_names", [{"uscc": uscc(1), "former_name": "青岛旧名有限公司", "until": date(2020, 6, 30)}])
    deliver(
        space,
        "penalties",
        [{"name": "青岛旧名有限公司", "decided_on": day} for day in (date(2020, 6, 30), date(2020, 7, 1))],
    )
    # A yearly row speaks of the whole year: the name must be in force on its last day.
    deliver(space, "tax", [{"name": "青岛旧名有限公司", "period": date(year, 1, 1)} for year in (2019, 2020)])
    snapshot = freeze(space)
    assert rows(snapshot, "penalties", "firm_no", "belongs", "linked_by") == [
        (2, True, "former_name"),
        (2, None, "former_name_out_of_date"),
    ]
    assert rows(snapshot, "tax", "belongs", "period") == [(True, date(2019, 1, 1)), (None, date(2020, 1, 1))]


def test_freezing_the_same_deliveries_again_makes_the_same_snapshot(tmp_path: Path) -> None:
    """Keys of names that the first freeze left must say nothing about rows that are linked before names are known."""
    by_name = CATALOGUE["former_names"].replace("key: [uscc]", "key: [uscc, name]")
    space = workspace(tmp_path / "w", CATALOGUE | {"former_names": by_name})
    deliver(space, "register", FIRMS)
    former = {"former_name": "青岛老海有限公司", "until": date(2015, 1, 1)}
    deliver(space, "former_names", [{"uscc": uscc(1), "name": "烟台黑土有限公司", **former}])
    deliver(space, "penalties", [{"name": "青岛老海有限公司", "decided_on": date(2014, 1, 1)}])
    first, second = freeze(space), freeze(space)
    assert first.dir.name == second.dir.name
    assert rows(second, "penalties", "firm_no", "linked_by") == [(2, "former_name")]


def test_a_list_without_dates_is_as_of_its_delivery(tmp_path: Path) -> None:
    undated = CATALOGUE["penalties"].replace("dated_by: decided_on\n", "")
    space = workspace(tmp_path / "w", CATALOGUE | {"penalties": undated})
    deliver(space, "register", FIRMS)
    deliver(space, "former_names", [{"uscc": uscc(1), "former_name": "旧名", "until": date(2020, 6, 30)}])
    for day, belongs in ((date(2020, 6, 30), True), (date(2020, 7, 1), None)):
        deliver(space, "penalties", [{"name": "旧名"}], day=day)
        assert rows(freeze(space), "penalties", "belongs") == [(belongs,)]


def test_reference_series_are_carried_over_without_firms(space: Workspace) -> None:
    figure = {"region": "370200", "period": Y2023, "revenue_growth": percent("5.5")}
    deliver(space, "city_series", [figure, {**figure, "region": "370100"}, figure], doubtful=[figure])
    snapshot = freeze(space)
    table = pl.read_parquet(snapshot.dataset_path("city_series") or "")
    assert table.columns == ["row_no", "period", "region", "revenue_growth"]
    assert table.select("row_no", "region").rows() == [(2, "370100"), (1, "370200")]
    assert table.schema["revenue_growth"] == pl.Decimal(18, 4)


def test_a_reference_series_that_contradicts_itself_is_refused(space: Workspace) -> None:
    figures = [{"region": "370200", "period": Y2023, "revenue_growth": percent(p)} for p in ("5", "6")]
    deliver(space, "city_series", figures)
    with pytest.raises(MianshenError, match="rows 1 and 2; correct the file and load it again"):
        freeze(space)


def test_fields_may_be_called_like_keys_and_words_of_sql(tmp_path: Path) -> None:
    fields = "  name: {type: text, label: 名}\n  day: {type: text, label: 日}\n  select: {type: text, label: 选}\n"
    odd = CATALOGUE["penalties"].replace("key: [uscc, organisation_code, registration_no, name]", "key: [uscc]")
    space = workspace(tmp_path / "w", CATALOGUE | {"penalties": odd.rstrip() + "\n" + fields})
    deliver(space, "register", FIRMS)
    deliver(space, "penalties", [{"uscc": uscc(1), "name": "不是企业名", "day": "一", "select": "二"}])
    assert rows(freeze(space), "penalties", "belongs", "name", "day", "select") == [(True, "不是企业名", "一", "二")]


def test_a_dataset_never_loaded_is_absent(space: Workspace) -> None:
    snapshot = freeze(space)
    assert list(snapshot.manifest.datasets) == ["register"]
    assert snapshot.dataset("tax") is None
    assert snapshot.dataset_path("tax") is None


def test_progress_names_each_dataset_the_register_and_former_names_first(space: Workspace) -> None:
    for name in ("city_series", "former_names", "tax"):
        deliver(space, name, [])
    told: list[str] = []
    freeze(space, told.append)
    assert told == ["register", "former_names", "city_series", "tax"]


def test_the_register_must_have_been_loaded(tmp_path: Path) -> None:
    space = workspace(tmp_path / "w")
    deliver(space, "tax", [])
    with pytest.raises(MianshenError, match="mianshen data load register FILE"):
        freeze(space)
    assert current_snapshot(space) is None


def test_a_delivery_under_another_catalogue_entry_must_be_loaded_again(space: Workspace) -> None:
    deliver(space, "tax", [])
    changed = CATALOGUE["tax"].replace("unit: 元", "unit: 万元")
    (space.root / "catalog" / "tax.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(MianshenError, match=r"`tax` has changed .* load it again with `mianshen data load tax FILE`"):
        freeze(space)


def test_a_delivery_that_was_altered_is_refused(space: Workspace) -> None:
    delivery = deliver(space, "tax", [])
    with delivery.rows_path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(MianshenError, match="loaded rows of `tax` are not what was loaded"):
        freeze(space)
