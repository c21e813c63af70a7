"""The bureau's records and our payments in one delivery: none is lost, none counts twice, again changes nothing."""

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from enterprise_data.catalogue.load import BUNDLED
from enterprise_data.conform.load import load
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.deliveries import Delivery
from enterprise_data.workspace import Workspace
from payouts.history.deliver import PastPayments, deliver_own, holds_own
from payouts.history.own import own_payments
from payouts.history.same import same_payments
from payouts.ledger.database import Ledger
from tests.payouts.booking.sent import DUES, PAID, RETURNED, answers, tell
from tests.payouts.booking.test_book import A, B, C, booked

_HEADINGS = "统一社会信用代码,企业名称,政策编号,政策类别,奖补对象,所属年份,兑付金额（元）,兑付日期,追回日期\n"
_OLD = f"{DUES[4].uscc},某公司,synthetic-0,,,2020,５00.00,2021-05-06,\n"
_BAD = "9137020000000000ZZ,,synthetic-0,,,2020,lots,2021-05-06,\n"
_DAY = date(2024, 2, 1)


@pytest.fixture
def told(sqlite_ledger: Ledger) -> Ledger:
    tell(sqlite_ledger)
    booked(sqlite_ledger, answers((A, PAID), (B, RETURNED), (C, PAID)))
    return sqlite_ledger


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "w", bare=True)
    for name in ("payments.yaml", "registration.yaml"):
        shutil.copyfile(BUNDLED / name, made.root / "catalog" / name)
    return made


def bureau(workspace: Workspace, *rows: str) -> Delivery:
    file = workspace.root / "bureau.csv"
    file.write_text(_HEADINGS + "".join(rows), "utf-8")
    return load(workspace, "payments", file, data_date=_DAY)


def delivered(ledger: Ledger, workspace: Workspace) -> PastPayments:
    with ledger.read() as connection:
        return deliver_own(connection, workspace, {"synthetic-1": "synthetic"})


def firms(delivery: Delivery) -> list[tuple[str, int]]:
    return list(pl.read_parquet(delivery.rows_path).select("uscc", "amount").sort("uscc").iter_rows())


def test_both_are_there(told: Ledger, workspace: Workspace) -> None:
    base = bureau(workspace, _OLD, _BAD)
    assert not holds_own(workspace)
    found = delivered(told, workspace)
    assert holds_own(workspace)
    assert (found.theirs, found.own, found.same) == (1, 2, 0)
    assert workspace.deliveries.current("payments") == found.delivery
    assert firms(found.delivery) == sorted(
        [(DUES[0].uscc, DUES[0].fen), (DUES[2].uscc, DUES[2].fen), (DUES[4].uscc, 500_00)]
    )
    made = found.delivery
    assert (made.input_rows, made.loaded_rows, made.rejected_rows) == (4, 3, 1)
    assert (made.rejects, made.doubtful_rows, made.data_date) == (base.rejects, base.doubtful_rows, _DAY)
    assert made.rejects_path.read_bytes() == base.rejects_path.read_bytes()
    assert made.doubtful_path.read_bytes() == base.doubtful_path.read_bytes()
    assert pl.read_parquet(made.rows_path)["row_no"].to_list() == [1, 3, 4]


def test_again_is_nothing_and_what_is_new_replaces(told: Ledger, workspace: Workspace) -> None:
    bureau(workspace, _OLD, _BAD)
    first = delivered(told, workspace)
    assert delivered(told, workspace) == first
    booked(told, answers((A, RETURNED), (B, PAID), name="contradicts"))
    second = delivered(told, workspace)
    assert (second.theirs, second.own) == (1, 3)  # what was returned may be out now
    assert second.delivery.input_rows == second.delivery.loaded_rows + second.delivery.rejected_rows == 5
    assert second.delivery.source == "bureau.csv and 3 payments of the ledger"


def test_a_new_load_has_none_of_ours_until_they_are_added_again(told: Ledger, workspace: Workspace) -> None:
    bureau(workspace, _OLD)
    delivered(told, workspace)
    bureau(workspace, _OLD, _OLD.replace("2020", "2019"))
    assert not holds_own(workspace)
    assert (delivered(told, workspace).theirs, delivered(told, workspace).own) == (2, 2)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, 1),
        ({"2024-03-05": "2024-04-05"}, 1),
        ({"2024-03-05": "2024-04-06"}, 0),
        ({"100.01": "100.02"}, 0),
        ({",2023,": ",2022,"}, 0),
        ({"synthetic-1": "synthetic-2"}, 0),
        ({",,2023": ",a product,2023"}, 0),
        ({DUES[0].uscc: DUES[4].uscc}, 0),
    ],
)
def test_what_the_records_hold_already_counts_once(
    told: Ledger, workspace: Workspace, change: dict[str, str], same: int
) -> None:
    row = f"{DUES[0].uscc},,synthetic-1,synthetic,,2023,100.01,2024-03-05,\n"
    for text, other in change.items():
        row = row.replace(text, other)
    bureau(workspace, row)
    found = delivered(told, workspace)
    assert (found.theirs, found.own, found.same) == (1, 2 - same, same)
    assert delivered(told, workspace) == found


def test_equal_rows_pair_one_to_one() -> None:
    row = {"uscc": "x", "policy": "p", "fiscal_year": 2023, "item": None, "amount": 1}
    own = pl.DataFrame([{**row, "paid_on": date(2024, 3, day)} for day in (1, 20)])
    theirs = pl.DataFrame([{**row, "paid_on": date(2024, 3, day)} for day in (19, 21, 2)])
    assert sorted(same_payments(own, theirs).iter_rows()) == [(0, 2), (1, 0)]


def test_without_the_bureaus_records_nothing_is_delivered(told: Ledger, workspace: Workspace) -> None:
    with pytest.raises(MianshenError, match="never loaded"):
        delivered(told, workspace)
    bureau(workspace)
    assert (delivered(told, workspace).theirs, delivered(told, workspace).own) == (0, 2)


def test_rows_that_were_altered_are_refused(told: Ledger, workspace: Workspace) -> None:
    base = bureau(workspace, _OLD)
    shutil.copyfile(base.rejects_path, base.rows_path)
    with pytest.raises(MianshenError, match="are not what was loaded"):
        delivered(told, workspace)


def test_the_frame_is_a_file_that_can_be_loaded(told: Ledger, workspace: Workspace) -> None:
    with told.read() as connection:
        own_payments(connection, {}).write_csv(workspace.root / "own.csv")
    found = load(workspace, "payments", workspace.root / "own.csv", data_date=_DAY)
    assert (found.loaded_rows, found.rejected_rows, found.repairs) == (2, 0, {})
