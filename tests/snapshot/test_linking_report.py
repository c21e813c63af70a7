"""What the reports say of small deliveries made by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enterprise_data.identity.colliding_keys import collisions
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.linking_report import NotLinked, links_of, open_firms, rows_without_firm
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.snapshot.suspicious_codes import suspicious_codes
from enterprise_data.workspace import Workspace
from tests.snapshot.city import deliver, uscc, workspace

FIRMS: list[dict[str, Any]] = [
    {"uscc": uscc(1), "name": "青岛海辰电子有限公司", "region": "370202"},
    {"uscc": uscc(2), "name": "青岛市海辰电子有限责任公司", "region": "370203"},
    {"uscc": uscc(3), "name": "济南泰岳机械有限公司", "region": "370100"},
    {"uscc": uscc(4), "name": "济南泰岳机械有限公司", "region": "370102"},
    {"uscc": uscc(5), "name": "山东鲁信食品股份有限公司", "region": "370100"},
    {"uscc": uscc(6), "name": "济南市历下区鲁信食品股份有限公司", "region": "370102"},
]
WRONG: list[dict[str, Any]] = [
    {"uscc": "91370200000000001X", "name": "无效代码公司"},
    {"uscc": None, "name": "无码公司"},
]
YEAR: dict[str, Any] = {"period": date(2023, 1, 1), "revenue": 5}


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = workspace(tmp_path_factory.mktemp("reports") / "w")
    deliver(made, "register", [*FIRMS, *WRONG], doubtful=[{"uscc": uscc(9), "name": "济南庚有限公司"}])
    deliver(
        made,
        "penalties",
        [
            {"uscc": uscc(1), "name": "青岛海辰电子有限公司", "level": "一般"},
            {"uscc": uscc(1), "name": "青岛大山茶叶有限公司", "level": "一般"},
            {"uscc": uscc(1), "name": "青岛大山茶叶有限责任公司", "level": "一般"},
            {"uscc": uscc(5), "name": "青岛海辰电子有限公司", "level": "重大"},
            {"name": "济南泰岳机械有限公司", "level": "一般"},
            {"name": "济南泰岳机械有限责任公司", "level": "一般"},
            {"name": "无此公司", "level": "一般"},
            {"uscc": uscc(3).replace("0", "O"), "name": "济南泰岳机械有限公司", "level": "一般"},
        ],
    )
    deliver(
        made,
        "tax",
        [
            {"uscc": uscc(3), **YEAR},
            {"uscc": uscc(3), **YEAR},
            {"uscc": uscc(5), **YEAR},
            {"uscc": uscc(5), **YEAR, "revenue": 6},
        ],
    )
    deliver(made, "city_series", [{"region": "370200", "period": date(2023, 1, 1)}])
    return made


@pytest.fixture(scope="module")
def snapshot(space: Workspace) -> Snapshot:
    return freeze(space)


def test_every_delivered_row_is_linked_not_linked_or_repeated(snapshot: Snapshot) -> None:
    penalties, register, tax = links_of(snapshot)
    assert (penalties.title, penalties.department, penalties.delivered) == ("行政处罚", "执法局", 8)
    assert penalties.linked == (("uscc_and_name", 1), ("uscc", 2), ("misread_uscc", 1))
    assert penalties.unlinked == (
        NotLinked("code_and_name_disagree", 1, 2),
        NotLinked("ambiguous_name", 2, 2),
        NotLinked("unknown_name", 1, 0),
    )
    assert (penalties.open_firms, penalties.decidable, register.decidable) == (4, True, False)
    assert (tax.delivered, tax.linked, tax.repeated) == (4, (("uscc", 1),), 1)
    assert tax.unlinked == (NotLinked("conflicting_rows", 2, 1),)
    assert (register.delivered, register.linked_rows, register.unlinked_rows) == (9, 6, 3)
    assert links_of(snapshot, ["tax"]) == [tax]


def test_a_firm_is_open_once_however_many_rows_and_datasets_leave_it_so(snapshot: Snapshot) -> None:
    assert open_firms(snapshot, ["penalties"]) == 4
    assert open_firms(snapshot, ["tax"]) == 1
    # Firm 5 is open in both; firm 9 of the register was rejected when loaded.
    assert open_firms(snapshot) == 5


def test_rows_of_the_register_that_make_no_firm_are_named(snapshot: Snapshot) -> None:
    assert rows_without_firm(snapshot).rows() == [(7, "91370200000000001X", "无效代码公司"), (8, None, "无码公司")]


def test_a_code_is_suspicious_with_another_name_or_with_letters_for_digits(snapshot: Snapshot) -> None:
    found = suspicious_codes(snapshot).select("kind", "dataset", "code", "rows", "row_nos", "names").rows()
    assert found == [
        ("two_names", "penalties", uscc(1), 2, [2, 3], ["青岛海辰电子有限公司", "青岛大山茶叶有限公司"]),
        ("two_names", "penalties", uscc(5), 1, [4], ["山东鲁信食品股份有限公司", "青岛海辰电子有限公司"]),
        ("letters_for_digits", "penalties", uscc(3), 1, [8], ["济南泰岳机械有限公司"]),
    ]
    assert suspicious_codes(snapshot, ["tax"]).is_empty()


def test_firms_collide_from_the_rung_on_that_forgives_what_tells_them_apart(
    space: Workspace, snapshot: Snapshot
) -> None:
    found = {entry.rung: entry for entry in collisions(snapshot.firms_path, space.keys)}
    same = ("济南泰岳机械有限公司", tuple(f"济南泰岳机械有限公司 {uscc(number)}" for number in (3, 4)))
    assert list(found) == ["name", "spelling", "numerals", "form", "place", "outer_place", "listed_region"]
    # Two firms of the very same name share every key, and are told on the first rung alone.
    assert (found["name"].keys, found["name"].firms, found["name"].examples) == (1, 2, (same,))
    assert [(found[rung].keys, found[rung].firms) for rung in ("spelling", "numerals", "form")] == [(0, 0)] * 3
    assert (found["place"].keys, found["place"].firms) == (1, 2)
    assert [name for _, names in found["place"].examples for name in names] == [
        f"青岛海辰电子有限公司 {uscc(1)}",
        f"青岛市海辰电子有限责任公司 {uscc(2)}",
    ]
    # Within one city: 鲁信食品 of 山东 and of 历下 are both in 济南.
    assert (found["listed_region"].keys, found["listed_region"].firms) == (2, 4)


def test_no_key_is_missing_where_no_freeze_has_kept_any(space: Workspace, snapshot: Snapshot, tmp_path: Path) -> None:
    assert collisions(snapshot.firms_path, tmp_path / "none") == collisions(snapshot.firms_path, space.keys)
