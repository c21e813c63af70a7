"""Readers: every form of file gives the same cells; what is damaged or hostile is refused with a message."""

import json
import random
import resource
import sqlite3
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from enterprise_data.conform.readers import csv_file
from enterprise_data.conform.readers.csv_file import open_csv
from enterprise_data.conform.readers.csv_records import records
from enterprise_data.conform.readers.database import open_query, shown_url
from enterprise_data.conform.readers.json_lines import open_json_lines
from enterprise_data.conform.readers.parquet_file import open_parquet
from enterprise_data.conform.readers.source import BROKEN, Source
from enterprise_data.conform.readers.xlsx_file import XlsxLimits, open_xlsx, refuse_bombs
from enterprise_data.declarations.problems import MianshenError

at = partial(datetime, tzinfo=None)  # what files hold: the time of day on a wall


def cells(source: Source) -> list[tuple[str | None, ...]]:
    """Return the cells of the rows that are whole; an empty cell is None."""
    frames = [read().frame for read in source.chunks()]
    source.close()
    frame = pl.concat(frames).filter(pl.col(BROKEN).is_null()).select(pl.col(r"^\d+$").replace("", None))
    return frame.rows()


def broken(source: Source) -> list[str]:
    return [row for read in source.chunks() for row in read().frame["raw"].drop_nulls()]


def csv_source(folder: Path, raw: bytes) -> Source:
    (folder / "a.csv").write_bytes(raw)
    return open_csv(folder / "a.csv")


def test_csv_in_any_encoding_delimiter_and_line_end_is_the_same(tmp_path: Path) -> None:
    text = '名称,说明,额\n甲,"一,\n二",1\n乙,"说""好""",\n'
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        for delimiter in (",", ";", "\t"):
            for end in ("\n", "\r\n"):
                written = text.replace(",", delimiter).replace("\n", end)
                source = csv_source(tmp_path, written.encode(encoding))
                assert source.headings == ("名称", "说明", "额")
                expected = f"一{delimiter}\n二"
                assert cells(source) == [("甲", expected, "1"), ("乙", '说"好"', None)], (encoding, delimiter, end)


def test_csv_with_the_line_ends_of_old_macintoshes(tmp_path: Path) -> None:
    assert cells(csv_source(tmp_path, "名,额\r甲,1\r乙,2\r".encode())) == [("甲", "1"), ("乙", "2")]


def test_csv_without_a_last_line_end_and_with_one_column(tmp_path: Path) -> None:
    assert cells(csv_source(tmp_path, "名\n甲\n乙".encode())) == [("甲",), ("乙",)]


def test_a_row_of_another_shape_costs_itself_alone(tmp_path: Path) -> None:
    source = csv_source(tmp_path, b"a,b\n1,2\n3\n4,5,6\n7,8,\n9,\n")
    assert cells(source) == [("1", "2"), ("9", None)]
    assert broken(source) == ["3", "4,5,6", "7,8,"]


def test_a_stray_quotation_mark_costs_its_own_row_alone(tmp_path: Path) -> None:
    source = csv_source(tmp_path, b'a,b\n1,"never closed\n2,ok\n"x"y,3\n5" pipe,4\n6,"fine\nhere"\n')
    assert cells(source) == [("2", "ok"), ('5" pipe', "4"), ("6", "fine\nhere")]
    assert broken(source) == ['1,"never closed', '"x"y,3']


@given(st.lists(st.tuples(st.text('a1,\n" ;', max_size=6), st.text('b2"\n,', max_size=6)), min_size=1, max_size=9))
def test_csv_records_are_those_of_the_standard_library(rows: list[tuple[str, str]]) -> None:
    written = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    assert [tuple(found) for found, fault, _ in records(written, ",", 2) if not fault] == rows


def test_small_blocks_give_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(7)
    lines = []
    for number in range(400):
        note = draw.choice(["简", '"引,\n号"', '"引""号"', "", "x" * 30, '"闭"'])
        lines.append(f"{number},{note}")
    raw = ("号,注\r\n" + "\r\n".join(lines)).encode("gb18030")
    whole = cells(csv_source(tmp_path, raw))
    for size in (64, 257, 1000):
        monkeypatch.setattr(csv_file, "BLOCK_BYTES", size)
        assert cells(csv_source(tmp_path, raw)) == whole


def test_stray_quotation_marks_lose_no_row_whatever_the_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = ['"never', "plain", '5"', '"fine"', '"a ""b"" c"']
    raw = "a,b,c\n" + "".join(f"{number},x,{notes[number * 7 % 5]}\n" for number in range(300))
    for size in (1 << 20, 64, 257):
        monkeypatch.setattr(csv_file, "BLOCK_BYTES", size)
        source = csv_source(tmp_path, raw.encode())
        seen = [row[0] for row in cells(source)] + [line.split(",")[0] for line in broken(source)]
        assert sorted(seen, key=lambda text: int(text or 0)) == [str(number) for number in range(300)]


def test_gb18030_is_told_from_damaged_utf8_even_where_its_bytes_are_latin_letters(tmp_path: Path) -> None:
    text = "名称,额\n" + "某某,1\n" * 1000  # 某 is C4 B3, which is a letter in UTF-8
    assert cells(csv_source(tmp_path, text.encode("gb18030")))[-1] == ("某某", "1")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    refusals = {
        "名称,额\n甲,1\n".encode("utf-16"): "UTF-16",
        "名称,额\n".encode() + "济南市".encode() * 50 + b"\xff" + "市".encode() * 50: "line 2.*damaged",
        b"a,b\n\xff\xff\xff\xff\n": "neither UTF-8 .line 2. nor GB18030 .line 2.",
        b"": "is empty",
        b"\n\n": "is empty",
    }
    for raw, message in refusals.items():
        with pytest.raises(MianshenError, match=message):
            csv_source(tmp_path, raw)
    with pytest.raises(MianshenError, match="cannot read"):
        open_csv(tmp_path / "missing.csv")


def test_json_lines_keep_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"名": "甲", "额": 90071992547409.93, "是": true}\n\n{"额": 1.10, "名": null, "新": "x"}\n', encoding="utf-8"
    )
    source = open_json_lines(path)
    assert source.headings == ("名", "额", "是", "新")
    assert cells(source) == [
        ("甲", "90071992547409.93", "true", None),
        (None, None, None, None),
        (None, "1.10", None, "x"),
    ]


def test_a_bad_json_line_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    halves = [r'{"a": "青\ud800岛"}', r'{"a": "1", "\udfff": "2"}']
    bad = ['{"a": 1', "[1]", '{"a": {"b": 1}}', '{"a": 1},{"a": 2}', "[" * 100_000, *halves]
    path.write_text("\n".join(['{"a": 1}', *bad, '{"a": 2}']), encoding="utf-8")
    source = open_json_lines(path)
    assert [row[0] for row in cells(source)] == ["1", "2"]
    assert broken(source) == bad


def test_parquet_values_are_written_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "额": pl.Series([Decimal("1.10"), None], dtype=pl.Decimal(38, 2)),
            "浮": [0.1, 5.0],
            "日": [date(2024, 3, 5), None],
            "时": [at(2024, 3, 5), at(2024, 3, 5, 1, 2, 3)],
            "是": [True, None],
            "号": [2**60, 1],
        }
    ).write_parquet(path)
    assert cells(open_parquet(path)) == [
        ("1.10", "0.1", "2024-03-05", "2024-03-05 00:00:00", "true", str(2**60)),
        (None, "5", None, "2024-03-05 01:02:03", None, "1"),
    ]


def test_damaged_and_nested_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [[1]]}).write_parquet(path)
    with pytest.raises(MianshenError, match="column `a` holds List"):
        cells(open_parquet(path))
    raw = path.read_bytes()
    for damaged in (b"PAR1", raw[: len(raw) // 2], b"name\n", b""):
        path.write_bytes(damaged)
        with pytest.raises(MianshenError, match="not a Parquet file"):
            open_parquet(path)


# --- XLSX --------------------------------------------------------------------------------------


def is_heading(row: Sequence[str]) -> bool:
    return "名称" in row


def workbook(path: Path, rows: Sequence[Sequence[object]], *more: str) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("名单")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
        for name in more:
            book.add_worksheet(name).write(0, 0, "名称")
    return path


def test_xlsx_cells_say_what_they_hold(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["2024年度名单"],
            ["名称", "额", "日", "是", "码"],
            ["甲", 0.1234567890123456, at(2024, 3, 5), True, 913701000000000000],
            [],
            ["乙", 12, None, False, "007"],
        ],
    )
    source = open_xlsx(path, is_heading)
    assert source.headings == ("名称", "额", "日", "是", "码")
    assert source.form == "XLSX, sheet 名单"
    (read,) = source.chunks()
    chunk = read()
    source.close()
    assert chunk.binary_noise == {1: 1}
    assert chunk.frame.select(pl.col(r"^\d+$").replace("", None)).rows() == [
        ("甲", "0.123456789012346", "2024-03-05 00:00:00", "true", "9.137010E+17"),
        (None, None, None, None, None),
        ("乙", "12", None, "false", "007"),
    ]


def test_the_sheet_must_be_named_when_several_hold_data(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["名称"], ["甲"]], "附表")
    with pytest.raises(MianshenError, match=r"several sheets hold data .名单, 附表."):
        open_xlsx(path, is_heading)
    with pytest.raises(MianshenError, match="there is no sheet 表; there are 名单, 附表"):
        open_xlsx(path, is_heading, "表")
    assert cells(open_xlsx(path, is_heading, "名单")) == [("甲",)]


def test_a_workbook_with_damaged_bytes_is_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    good = workbook(tmp_path / "good.xlsx", [["名称"], ["甲"]]).read_bytes()
    refused = 0
    for at in range(0, len(good), 53):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :])
        try:
            refuse_bombs(path, XlsxLimits())
        except MianshenError:
            refused += 1
    assert refused > 20


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    good = workbook(tmp_path / "good.xlsx", [["名称"], ["甲"]]).read_bytes()
    for raw, message in (
        (b"name,amount\n", "not an XLSX workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted or in the old XLS form"),
        (good[: len(good) // 2], "not an XLSX workbook"),
        (b"", "not an XLSX workbook"),
    ):
        path.write_bytes(raw)
        with pytest.raises(MianshenError, match=message):
            open_xlsx(path, is_heading)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(MianshenError, match="ZIP file but not an XLSX workbook"):
        open_xlsx(path, is_heading)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<broken")
    with pytest.raises(MianshenError, match="not an XLSX workbook that can be read"):
        open_xlsx(path, is_heading)


def test_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(MianshenError, match="unpacks to more than"):
        open_xlsx(path, is_heading)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


def test_the_child_keeps_to_its_memory_and_time(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["名称"], ["甲"]])
    with pytest.raises(MianshenError, match="cannot be parsed within 40 MiB"):
        open_xlsx(path, is_heading, limits=XlsxLimits(memory=40 << 20))
    with pytest.raises(MianshenError, match="took more than 0 seconds"):
        open_xlsx(path, is_heading, limits=XlsxLimits(seconds=0))


# --- databases ---------------------------------------------------------------------------------

QUERY = "SELECT name, amount, day FROM tax ORDER BY name"
EXPECTED = [("乙", None, "2024-03-05"), ("甲", "1234567890123.45", None)]


def test_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE tax (name TEXT, amount TEXT, day TEXT)")
        connection.execute("INSERT INTO tax VALUES ('甲', '1234567890123.45', NULL), ('乙', NULL, '2024-03-05')")
    connection.close()
    source = open_query(f"sqlite:///{tmp_path / 'a.db'}", QUERY)
    assert source.headings == ("name", "amount", "day")
    assert cells(source) == EXPECTED
    again = open_query(f"sqlite:///{tmp_path / 'a.db'}", QUERY)
    again.close()
    assert again.sha256 == source.sha256


@pytest.mark.postgresql
def test_postgresql(postgresql_url: str) -> None:
    engine = sqlalchemy.create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE tax (name text, amount numeric(20, 2), day date)"))
        insert = "INSERT INTO tax VALUES ('甲', 1234567890123.45, NULL), ('乙', NULL, '2024-03-05')"
        connection.execute(sqlalchemy.text(insert))
    try:
        query = "SELECT name, amount, day FROM tax ORDER BY amount NULLS FIRST"
        assert cells(open_query(postgresql_url, query)) == EXPECTED
        many = "SELECT i AS n FROM generate_series(1, 120000) AS i"
        assert len(cells(open_query(postgresql_url, many))) == 120_000
        with pytest.raises(MianshenError, match='relation "nowhere" does not exist'):
            open_query(postgresql_url, "SELECT * FROM nowhere")
    finally:
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("DROP TABLE tax"))
        engine.dispose()


DATABASE_FAULTS = [
    ("postgresql+psycopg://clerk:hunter2@127.0.0.1:1/tax", "SELECT 1", "check that the database runs"),
    ("nosuch://clerk:hunter2@db/tax", "SELECT 1", "is not a database URL"),
    ("oracle://clerk:hunter2@db/tax", "SELECT 1", "driver|database URL"),
    ("sqlite:///:memory:?password=hunter2", "CREATE TABLE a (b)", "returns no rows|did not answer"),
    ("postgresql+psycopg://clerk:hunter2@[/tax", "SELECT 1", "is not a database URL|did not answer"),
]


@pytest.mark.parametrize(("url", "query", "message"), DATABASE_FAULTS)
def test_a_database_that_fails_never_shows_the_password(url: str, query: str, message: str) -> None:
    with pytest.raises(MianshenError, match=message) as found:
        open_query(url, query)
    assert "hunter2" not in str(found.value)
    assert found.value.__cause__ is None or "hunter2" not in str(found.value.__cause__)


def test_a_url_is_shown_without_secrets() -> None:
    assert shown_url("mysql://u:p@ss@h/d") == "mysql://u:***@ss@h/d" or "p@ss" not in shown_url("mysql://u:p@ss@h/d")
    assert json.dumps(shown_url("postgresql://h/d?user=u&password=abc&sslmode=on")).count("***") == 1
