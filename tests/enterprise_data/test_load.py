"""Loading: headings, rejects, repeated rows, doubtful rows; and that a failed load changes nothing."""

import multiprocessing
import os
import random
import resource
import signal
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprise_data.conform import load as loading
from enterprise_data.conform.load import Query, load
from enterprise_data.conform.rows import rest_schema
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.deliveries import Deliveries
from enterprise_data.workspace import Workspace
from tests.enterprise_data.bench import PENALTIES, REGISTER, TAX, USCC, load_text, rejects, rows, workspace

ONE, TWO, THREE = (USCC.format(number) for number in (1, 2, 3))
CITY = """\
dataset: city
title: {zh: 城市指标}
department: 统计局
grain: region
period: year
fields:
  region: {type: region, label: 地区}
  increase: {type: share, unit: "%", label: 增速}
"""


@pytest.fixture
def made(tmp_path: Path) -> Workspace:
    return workspace(tmp_path, REGISTER, TAX, PENALTIES, CITY)


def test_a_load_leaves_typed_rows_and_its_record(made: Workspace) -> None:
    text = f"统一社会信用代码,年度,营业收入（万元）,职工人数,备注\n{ONE},2023,1.5,12,x\n{TWO},2023年度,,１３,\n"
    delivery = load_text(made, "纳税", text)
    assert rows(delivery) == [
        (1, ONE, date(2023, 1, 1), 1_500_000, 12),
        (2, TWO, date(2023, 1, 1), None, 13),
    ]
    assert (delivery.input_rows, delivery.loaded_rows, delivery.rejected_rows) == (2, 2, 0)
    assert delivery.columns["revenue"] == "营业收入（万元）"
    assert delivery.ignored_columns == ("备注",)
    assert delivery.repairs_by_rule == {"full_width": 1, "period_written_otherwise": 1}
    assert made.deliveries.current("tax") == delivery
    assert made.deliveries.all_current() == {"tax": delivery}
    assert made.deliveries.current("penalties") is None


def test_at_rest_the_columns_are_those_of_the_catalogue(made: Workspace) -> None:
    delivery = load_text(made, "penalties", f"企业名称,决定日期\n甲公司,2024-01-01\n{'长' * 10_001},2024-01-02\n")
    expected = rest_schema(made.catalogue().datasets["penalties"])
    for path in (delivery.rows_path, delivery.doubtful_path):
        assert dict(pl.read_parquet_schema(path)) == expected
    assert list(expected) == ["row_no", "uscc", "name", "decided_on", "level", "fine", "remark"]


def test_an_empty_file_is_a_delivery_of_no_rows(made: Workspace) -> None:
    delivery = load_text(made, "penalties", "统一社会信用代码,决定日期\n")
    assert (delivery.input_rows, delivery.loaded_rows) == (0, 0)
    assert rows(delivery) == []


HEADING_FAULTS = [
    ("统一社会信用代码,年度,销售收入(元)\n", "is in 元, but the catalogue declares 万元"),
    ("统一社会信用代码,年度,销售收入,营业收入\n", "several columns are `revenue`: `销售收入`, `营业收入`"),
    ("年度,销售收入\n", "no column says which firm.*`统一社会信用代码`"),
    ("统一社会信用代码,销售收入\n", "no column says which period"),
    ("统一信用代码,信用代码,年度\n", "several columns are `uscc`"),
]


@pytest.mark.parametrize(("heading", "message"), HEADING_FAULTS)
def test_headings_that_do_not_fit_change_nothing(made: Workspace, heading: str, message: str) -> None:
    before = load_text(made, "tax", f"uscc,period\n{ONE},2023\n")
    with pytest.raises(MianshenError, match=message) as found:
        load_text(made, "tax", heading)
    assert "nothing was changed" in str(found.value)
    assert made.deliveries.current("tax") == before


def test_all_faults_of_the_headings_are_reported_at_once(made: Workspace) -> None:
    with pytest.raises(MianshenError) as found:
        load_text(made, "penalties", "罚款(万元),等级,等级\n")
    assert str(found.value).count("\n  - ") == 4  # unit, twice a field, no key, no required field


def test_a_unit_that_agrees_and_a_remark_are_told_apart(made: Workspace) -> None:
    text = f"uscc,period,销售收入（单位：万元）,职工人数(参保)\n{ONE},2023,1,5\n"
    delivery = load_text(made, "tax", text)
    assert rows(delivery, "revenue", "staff") == [(1_000_000, None)]
    assert delivery.ignored_columns == ("职工人数(参保)",)


def test_every_fault_of_a_row_is_listed_and_the_row_counts_once(made: Workspace) -> None:
    delivery = load_text(
        made, "penalties", f"uscc,决定日期,等级,罚款\n{ONE},03/04/2024,轻微,1.005\n{TWO},2024-1-5,重大,1\n"
    )
    assert rejects(delivery) == [
        (1, "决定日期", "03/04/2024", "ambiguous_date"),
        (1, "等级", "轻微", "not_in_values"),
        (1, "罚款", "1.005", "lossy_number"),
    ]
    assert (delivery.loaded_rows, delivery.rejected_rows) == (1, 1)


KEYS = [
    (f"{ONE},甲", "", (ONE, "甲")),
    (f"{ONE.lower()},", "", (ONE, None)),
    (f"{ONE[:8]} {ONE[8:]},", "", (ONE, None)),
    (",甲", "", (None, "甲")),
    ("无,甲", "", (None, "甲")),
    ("9.137E+17,甲", "lossy_number", (None, "甲")),
    ("91370100MA3,甲", "bad_uscc", (None, "甲")),
    ("91370100MA3IIIII1X,", "bad_uscc", None),
    (",", "no_key", None),
]


@pytest.mark.parametrize(("keys", "code", "doubtful"), KEYS)
def test_keys(made: Workspace, keys: str, code: str, doubtful: tuple[str, str] | None) -> None:
    delivery = load_text(made, "penalties", f"uscc,name,决定日期\n{keys},2024-01-01\n")
    assert [reject[3] for reject in rejects(delivery)] == ([code] if code else [])
    kept = pl.read_parquet(delivery.doubtful_path if code else delivery.rows_path).select("uscc", "name").rows()
    assert kept == ([doubtful] if doubtful else [])
    assert delivery.unattributable_rows == (1 if doubtful is None else 0)


def test_a_register_needs_the_uscc_of_each_firm(made: Workspace) -> None:
    delivery = load_text(made, "registration", f"uscc,name,登记地\n{ONE},甲,37\n,乙,37\n")
    assert rejects(delivery) == [(2, "uscc", None, "no_key")]
    assert delivery.doubtful_rows == 1


def test_the_lesser_keys_may_be_unreadable_beside_a_uscc(tmp_path: Path) -> None:
    entry = PENALTIES.replace("[uscc, name]", "[uscc, organisation_code, registration_no, name]")
    made = workspace(tmp_path, REGISTER, entry)
    text = (
        "信用代码,组织机构代码,注册号,决定日期\n"
        f"{ONE},1234567,3.7E+14,2024-01-01\n,12345678-9,370100228000001,2024-01-01\n,1234567,,2024-01-01\n"
    )
    delivery = load_text(made, "penalties", text)
    assert rows(delivery, "uscc", "organisation_code", "registration_no") == [
        (ONE, None, None),
        (None, "123456789", "370100228000001"),
    ]
    assert rejects(delivery) == [(3, "组织机构代码", "1234567", "bad_key")]
    assert delivery.repairs_by_rule == {"hyphen": 1, "unreadable_key_left_out": 2}


# --- rows that stand more than once, and rows in doubt ---------------------------------------------


def test_the_same_row_again_counts_once_and_contradictions_count_for_nothing(made: Workspace) -> None:
    said = [
        (ONE, 2023, "1"),
        (ONE, 2023, "1.0"),
        (ONE, 2022, "5"),
        (TWO, 2023, "1"),
        (TWO, 2023, "2"),
        (THREE, 2023, "3"),
    ]
    text = "uscc,period,销售收入\n" + "".join(f"{uscc},{year},{revenue}\n" for uscc, year, revenue in said)
    delivery = load_text(made, "tax", text)
    assert rows(delivery, "row_no", "revenue") == [(1, 1_000_000), (3, 5_000_000), (6, 3_000_000)]
    assert rejects(delivery) == [
        (2, "", ONE, "duplicate_row"),
        (4, "", TWO, "conflicting_rows"),
        (5, "", TWO, "conflicting_rows"),
    ]
    doubtful = pl.read_parquet(delivery.doubtful_path).select("row_no", "uscc", "revenue").rows()
    assert doubtful == [(4, TWO, 1_000_000), (5, TWO, 2_000_000)]
    assert (delivery.loaded_rows, delivery.rejected_rows, delivery.unattributable_rows) == (3, 3, 0)


def test_events_may_repeat(made: Workspace) -> None:
    delivery = load_text(made, "penalties", f"uscc,决定日期\n{ONE},2024-01-01\n{ONE},2024-01-01\n")
    assert delivery.loaded_rows == 2


def test_rows_of_regions_repeat_by_region_and_period(made: Workspace) -> None:
    delivery = load_text(
        made, "city", "年度,地区,增速\n2023,济南市,5\n2023,370100,6\n2023,青岛市,7\n2022,济南市,1\n2023,,2\n"
    )
    assert [row[3] for row in rejects(delivery)] == ["conflicting_rows", "conflicting_rows", "required_missing"]
    assert delivery.loaded_rows == 2
    assert delivery.unattributable_rows == 0


def test_a_row_of_another_shape_still_names_its_firm_if_the_code_is_in_its_place(made: Workspace) -> None:
    text = f"uscc,决定日期,罚款,备注\n{ONE},2024-01-01,1,000,x\n甲公司,{TWO}\n"
    delivery = load_text(made, "penalties", text)
    assert [row[3] for row in rejects(delivery)] == ["bad_row_shape"] * 2
    assert pl.read_parquet(delivery.doubtful_path)["uscc"].to_list() == [ONE]
    assert delivery.unattributable_rows == 1
    (concern,) = delivery.concerns(made.catalogue().datasets["penalties"])
    assert "1 rejected row names no firm" in concern
    assert "speaks against" in concern


def test_blank_rows_are_no_rows_but_count_in_row_numbers(made: Workspace) -> None:
    delivery = load_text(made, "tax", f"uscc,period,销售收入\n\n{ONE},2023,1\n,,\n ,　,\n{TWO},2023,x\n")
    assert (delivery.input_rows, delivery.blank_rows) == (2, 3)
    assert rejects(delivery) == [(5, "销售收入", "x", "not_a_number")]


CELLS = {
    "uscc": st.sampled_from([ONE, TWO, THREE, "", "x", "9.1E+17", ONE.lower()]),
    "period": st.sampled_from(["2022", "2023", "2023年", "", "二〇二三", "2023-01-01"]),
    "销售收入": st.sampled_from(["1", "1.0", "2", "", "--", "x", "1e5", "1,000", '"1,000"', "9" * 20]),
    "职工人数": st.one_of(st.text(max_size=4), st.integers(-5, 10**11).map(str)),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(*CELLS.values()), max_size=12))
def test_accepted_and_rejected_are_the_input_always(made: Workspace, dirty: list[tuple[str, ...]]) -> None:
    delivery = load_text(made, "tax", ",".join(CELLS) + "\n" + "".join(",".join(row) + "\n" for row in dirty))
    rejected = {reject[0] for reject in rejects(delivery)}
    accepted = {row[0] for row in rows(delivery, "row_no")}
    assert len(accepted) == delivery.loaded_rows
    assert len(rejected) == delivery.rejected_rows
    assert accepted.isdisjoint(rejected)
    assert delivery.input_rows == delivery.loaded_rows + delivery.rejected_rows
    doubtful = pl.read_parquet(delivery.doubtful_path)["row_no"].to_list()
    assert len(doubtful) == len(set(doubtful)) == delivery.doubtful_rows
    assert set(doubtful) <= rejected


# --- sources of other kinds, and the same result each time ------------------------------------------


def test_the_same_rows_come_out_of_every_form_of_file(made: Workspace) -> None:
    frame = pl.DataFrame({"uscc": [ONE, TWO], "期间": ["2023", "2022"], "销售收入": ["1.5", None]})
    csv = load_text(made, "tax", frame.write_csv())
    lines = load_text(made, "tax", frame.write_ndjson(), "a.jsonl")
    frame.write_parquet(made.root / "a.parquet")
    parquet = load(made, "tax", made.root / "a.parquet")
    uri = f"sqlite:///{made.root / 'a.db'}"
    union = " UNION ALL ".join(
        f"SELECT '{a}' AS uscc, '{b}' AS 期间, {repr(c) if c else 'NULL'} AS 销售收入" for a, b, c in frame.rows()
    )
    query = load(made, "tax", Query(uri, union))
    assert len({d.rows_sha256 for d in (csv, lines, parquet, query)}) == 1
    assert query.source.startswith(uri)


def test_the_same_file_gives_the_same_bytes(made: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(5)
    lines = [f"91370100MA3{number:06d}X,2023,{draw.randrange(10**6)}" for number in range(5000)]
    text = "uscc,period,销售收入\n" + "\n".join(lines + lines[:50])
    first = load_text(made, "tax", text)
    second = load_text(made, "tax", text)
    assert first.rows_sha256 == second.rows_sha256
    assert first.id != second.id
    assert first.rejects == {"duplicate_row": 50}
    assert first.rejects_path.read_bytes() == second.rejects_path.read_bytes()


def test_the_day_of_the_data_is_kept_and_is_today_unless_given(
    made: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made.root / "a.csv"
    path.write_text("uscc,period\n", encoding="utf-8")
    assert load(made, "tax", path, data_date=date(2024, 5, 6)).data_date == date(2024, 5, 6)
    monkeypatch.setattr(loading, "_today", lambda: date(2031, 1, 2))
    assert load(made, "tax", path).data_date == date(2031, 1, 2)


REFUSALS = [
    ("taxx", "a.csv", "did you mean `tax`"),
    ("tax", "b.csv", "there is no file"),
    ("tax", "a.doc", "files named .*doc cannot be loaded"),
    ("tax", "postgresql://u:secret@h/d", "give the query"),
]


@pytest.mark.parametrize(("dataset", "source", "message"), REFUSALS)
def test_what_cannot_be_loaded_says_so(made: Workspace, dataset: str, source: str, message: str) -> None:
    for name in ("a.csv", "a.doc"):
        (made.root / name).write_text("uscc,period\n", encoding="utf-8")
    with pytest.raises(MianshenError, match=message) as found:
        load(made, dataset, source if "://" in source else made.root / source)
    assert "secret" not in str(found.value)


# --- failures in mid-load ------------------------------------------------------------------------


def files(deliveries: Deliveries) -> list[str]:
    return sorted(path.name for path in deliveries.folder.rglob("*") if path.name != ".lock")


def big(made: Workspace, count: int) -> Path:
    path = made.root / "big.csv"
    lines = (f"91370100MA3{number:06d}X,2023,{number}" for number in range(count))
    path.write_text("uscc,period,销售收入\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_an_interrupt_leaves_the_old_delivery(made: Workspace) -> None:
    before = load_text(made, "tax", f"uscc,period\n{ONE},2023\n")
    left = files(made.deliveries)

    def interrupt(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(made, "tax", big(made, 10), progress=interrupt)
    assert made.deliveries.current("tax") == before
    assert files(made.deliveries) == left


@pytest.mark.parametrize("step", ["settle", "replace_text"])
def test_a_crash_at_any_step_of_putting_in_force_leaves_the_old_delivery(
    made: Workspace, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = load_text(made, "tax", f"uscc,period\n{ONE},2023\n")

    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(f"enterprise_data.deliveries.{step}", fail)
        with pytest.raises(MianshenError, match="No space left on device; the one in force stays"):
            load(made, "tax", big(made, 10))
    assert made.deliveries.current("tax") == before
    assert load(made, "tax", big(made, 10)).loaded_rows == 10


def _load_with_little_room(root: Path, path: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        load(Workspace.open(root), "tax", path)
    except MianshenError as error:
        os._exit(3 if "the one in force stays" in str(error) else 4)
    os._exit(0)


def _load_slowly(root: Path, path: Path) -> None:
    def wait(_rows: int) -> None:
        (root / "reached").touch()
        time.sleep(60)

    load(Workspace.open(root), "tax", path, progress=wait)


def test_a_full_disk_leaves_the_old_delivery(made: Workspace) -> None:
    before = load_text(made, "tax", f"uscc,period\n{ONE},2023\n")
    left = files(made.deliveries)
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=_load_with_little_room, args=(made.root, big(made, 20_000)))
    child.start()
    child.join(60)
    assert child.exitcode == 3
    assert made.deliveries.current("tax") == before
    assert files(made.deliveries) == left


def test_a_killed_load_leaves_the_old_delivery_and_its_leavings_go(made: Workspace) -> None:
    before = load_text(made, "tax", f"uscc,period\n{ONE},2023\n")
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=_load_slowly, args=(made.root, big(made, 10)))
    child.start()
    deadline = time.monotonic() + 60
    while not (made.root / "reached").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    with pytest.raises(MianshenError, match="being loaded by another process"):
        load(made, "tax", big(made, 10))
    child.kill()
    child.join()
    assert made.deliveries.current("tax") == before
    assert any(name.startswith(".draft-") for name in files(made.deliveries))
    assert load(made, "tax", big(made, 10)).loaded_rows == 10
    assert not any(name.startswith(".draft-") for name in files(made.deliveries))


def test_a_damaged_source_leaves_the_old_delivery(made: Workspace) -> None:
    before = load_text(made, "tax", f"uscc,period\n{ONE},2023\n")
    for name, raw in (("a.parquet", b"PAR1junk"), ("a.xlsx", b"PK junk"), ("a.csv", b"\xff\xfe\xff")):
        (made.root / name).write_bytes(raw)
        with pytest.raises(MianshenError):
            load(made, "tax", made.root / name)
    assert made.deliveries.current("tax") == before


def test_the_newest_deliveries_are_kept(made: Workspace) -> None:
    ids = [load_text(made, "tax", f"uscc,period\n{ONE},{2000 + year}\n").id for year in range(5)]
    kept = sorted(path.name for path in (made.deliveries.folder / "tax").glob("0*"))
    assert kept == ids[-3:]
    current = made.deliveries.current("tax")
    assert current is not None
    assert current.id == ids[-1]


def test_a_record_that_was_tampered_with_is_reported(made: Workspace) -> None:
    delivery = load_text(made, "tax", f"uscc,period\n{ONE},2023\n")
    (delivery.folder / "delivery.json").write_text("{}", encoding="utf-8")
    with pytest.raises(MianshenError, match="load the dataset again"):
        made.deliveries.current("tax")


def test_an_empty_negative_list_is_loaded_but_not_in_silence(made: Workspace) -> None:
    delivery = load_text(made, "penalties", "uscc,决定日期,罚款,备注\n")
    (concern,) = delivery.concerns(made.catalogue().datasets["penalties"])
    assert "clears every firm" in concern
