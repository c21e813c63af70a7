"""Public notices: complete, in order, the same bytes each time, and nothing in them that must not be public."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import fields
from html.parser import HTMLParser
from itertools import permutations

import openpyxl
import pytest
from markupsafe import escape

from enterprise_data.declarations.problems import MianshenError
from payouts.notice_lists.notice import Notice, NoticeItem, yuan
from payouts.notice_lists.page import html
from payouts.notice_lists.sheets import HEADINGS, csv_file, xlsx_file
from tests.payouts.notice_lists.sample import PLAIN, code, item, notice, with_texts

SUBJECT = "2023年度产值首次突破1亿元，第一期（共两期）"
FORMS = {"html": html, "csv": csv_file, "xlsx": xlsx_file}


class _Cells(HTMLParser):
    """The rows of all tables, as texts, and every tag there is."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: Counter[str] = Counter()
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._within = True

    def handle_endtag(self, tag: str) -> None:
        self._within &= tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._within:
            self.rows[-1][-1] += data


def page(of: Notice) -> _Cells:
    cells = _Cells()
    cells.feed(html(of).decode())
    return cells


def sheet(of: Notice) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(of)))
    return [[cell.value for cell in row] for row in book["公示名单"].iter_rows()]


def table(of: Notice) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_file(of).decode("utf-8-sig"), newline="")))


def test_a_page_lists_policies_and_firms_in_order_with_sums() -> None:
    assert page(PLAIN).rows == [
        ["序号", "企业名称", "统一社会信用代码", "依据条款", "兑付事项", "金额（元）"],
        ["1", "样例市中心区老街便民五金店（个体工商户）", code(11), "第五条", "2023年度新增入库", "300,000.00"],
        [
            "2",
            "样例市第2机械制造有限公司",
            code(2),
            "第五条",
            "2023年度产值首次突破1亿元，第一期（共两期）",
            "1,234,567.89",
        ],
        ["小计：2 家企业，2 笔", "1,534,567.89"],
        ["序号", "企业名称", "统一社会信用代码", "依据条款", "金额（元）"],
        ["3", "样例市第2机械制造有限公司", code(2), "第三条第（一）项", "100,000.00"],
        ["4", "样例市第7机械制造有限公司", code(7), "第三条第（一）项", "100,000.00"],
        ["小计：2 家企业，2 笔", "200,000.00"],
    ]
    text = html(PLAIN).decode()
    for part in (
        "<b>2 项</b>",
        "<b>3 家</b>",
        "<b>4 笔</b>",
        "<b>1,734,567.89 元</b>",
        "2024年3月29日",
        "0000-1000002",
    ):
        assert part in text
    assert "公示期为 5 个工作日，自发布次日起计算，至2024年4月8日止" in text


def test_a_page_needs_nothing_from_elsewhere() -> None:
    text = html(PLAIN).decode()
    assert not re.search(r"\b(src|href)=|url\(|@import", text)
    assert "//" not in text
    assert page(PLAIN).tags["script"] == 0


def test_a_table_has_every_item_with_its_department() -> None:
    rows = table(PLAIN)
    assert tuple(rows[0]) == HEADINGS
    assert len(rows) == 5
    assert rows[2] == [
        "2", "样例市工业企业上台阶奖励办法", "样例工信〔2024〕8号", "第五条", "样例市第2机械制造有限公司", code(2),
        SUBJECT, "1,234,567.89", "样例市工业和信息化局", "0000-1000002",
    ]  # fmt: skip
    assert csv_file(PLAIN).startswith(b"\xef\xbb\xbf")


def test_a_workbook_holds_texts_only_and_ends_with_the_sums() -> None:
    rows = sheet(PLAIN)
    assert tuple(rows[3]) == HEADINGS
    assert [[str(cell or "") for cell in row] for row in rows[4:8]] == table(PLAIN)[1:]
    assert [(row[0], row[1], row[7]) for row in rows[8:]] == [
        ("小计", "样例市工业企业上台阶奖励办法", "1,534,567.89"),
        ("小计", "样例市首次认定高新技术企业奖励", "200,000.00"),
        ("合计", "2 项政策", "1,734,567.89"),
    ]
    assert {type(cell) for row in rows for cell in row} <= {str, type(None)}


@pytest.mark.parametrize("form", FORMS)
def test_the_order_of_the_items_does_not_change_a_byte(form: str) -> None:
    written = {FORMS[form](notice(*items)) for items in permutations(PLAIN.items)}
    assert len(written) == 1


def test_a_workbook_holds_no_hour_of_writing() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_file(PLAIN))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2024-03-29T00:00:00Z" in archive.read("docProps/core.xml")


HOSTILE = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", '=HYPERLINK("x")', '","=1', "a\n=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text: str) -> None:
    of = notice(item(1, 100, firm=text, item=text))
    (_, row) = table(of)
    assert row[4].removeprefix("'") == text
    assert not row[4].startswith(tuple("=+-@\t\r＝＋－＠"))
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(of)))
    cells = [cell for row in book["公示名单"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


MARKUP = ["<script>alert(1)</script>", "</td><td>0.01", "&amp;", '"><img src=x onerror=1>', "{{ 7*7 }}"]
TEXTS = [f.name for f in fields(NoticeItem) if f.name not in ("uscc", "amount_fen", "policy_id")]


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_becomes_a_part_of_the_page(name: str, text: str) -> None:
    plain = notice(with_texts(1, 100, {"item": "样例", name: "样例"}))
    marked = notice(with_texts(1, 100, {"item": "样例", name: text}))
    assert page(marked).tags == page(plain).tags
    assert str(escape(text)) in html(marked).decode()


PRIVATE = [
    (item(1, 100, uscc="11010519491231002X"), "not a unified social credit code"),
    (item(1, 100, uscc=code(1)[:-1] + "?"), "not a unified social credit code"),
    (item(1, 100, item="申请人11010519491231002X"), "holds an identity number"),
    (item(1, 100, part="11010519491231002x"), "holds an identity number"),
    (item(1, 100, firm="张三（13800000000）"), "holds a mobile number"),
    (item(1, 0), "the amount is 0 fen"),
    (item(1, -5), "the amount is -5 fen"),
]


@pytest.mark.parametrize(("private", "why"), PRIVATE)
def test_what_must_not_be_public_is_refused(private: NoticeItem, why: str) -> None:
    with pytest.raises(MianshenError, match=why) as found:
        notice(item(2, 100), private)
    assert "11010519491231002" not in str(found.value)


def test_what_only_looks_private_is_published() -> None:
    of = notice(item(1, 100, item="专利ZL202310123456.7，合同2023-110105194912310021", uscc=""))
    assert "ZL202310123456.7" in html(of).decode()


def test_a_notice_must_say_something_once_and_have_a_period() -> None:
    with pytest.raises(MianshenError, match="no items"):
        notice()
    with pytest.raises(MianshenError, match="stands twice under sample-hightech"):
        notice(item(1, 100), item(1, 200))
    with pytest.raises(MianshenError, match="would end on 2024-03-29"):
        notice(item(1, 100), ends_on=PLAIN.published_on)


def test_a_text_longer_than_a_cell_is_not_lost_in_silence() -> None:
    with pytest.raises(MianshenError, match="more than a worksheet holds"):
        xlsx_file(notice(item(1, 100, item="长" * 40_000)))


AMOUNTS = [(1, "0.01"), (100, "1.00"), (99_999, "999.99"), (10**13, "100,000,000,000.00")]


@pytest.mark.parametrize(("fen", "written"), AMOUNTS)
def test_amounts_are_written_as_people_write_them(fen: int, written: str) -> None:
    assert yuan(fen) == written
