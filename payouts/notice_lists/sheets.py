"""A notice as tables for people: a workbook with nothing but texts, and a CSV file that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from enterprise_data.declarations.problems import MianshenError
from payouts.notice_lists.notice import Notice, NoticeItem, in_chinese, yuan

_COLUMNS = {
    "序号": 6,
    "政策": 34,
    "文号": 22,
    "依据条款": 18,
    "企业名称": 34,
    "统一社会信用代码": 22,
    "兑付事项": 26,
    "金额（元）": 16,
    "主管部门": 20,
    "咨询电话": 16,
}
HEADINGS = tuple(_COLUMNS)
_MONEY = HEADINGS.index("金额（元）")
_HEAD_ROW = 3
_SHADE = "#F6F2EE"
# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection), the full-width signs as well.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def csv_file(notice: Notice) -> bytes:
    """Return the items as CSV: UTF-8 with a byte order mark, all cells quoted.

    A cell that a spreadsheet would run as a formula gets a `'` in front: the file is for people, no bank reads it.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in _rows(notice):
        writer.writerow(f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell for cell in row)
    return buffer.getvalue().encode("utf-8-sig")


def xlsx_file(notice: Notice) -> bytes:
    """Return the items as a workbook; every cell is a text, so that no code loses digits and no formula runs.

    Raises:
        MianshenError: a text or the number of items is more than a worksheet holds.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        # The hour of writing would make every file another one.
        day = datetime.combine(notice.published_on, time())
        book.set_properties({"title": notice.title, "author": notice.issuer, "created": day})
        sheet = book.add_worksheet("公示名单")
        _lay_out(sheet)
        _write_head(book, sheet, notice)
        _write_body(book, sheet, notice)
    return buffer.getvalue()


def _write_head(book: xlsxwriter.Workbook, sheet: Worksheet, notice: Notice) -> None:
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    plain = book.add_format({"text_wrap": True, "valign": "vcenter"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": _SHADE, "align": "center"})
    for row, (text, style) in enumerate(
        [(notice.title, title), (_period(notice), plain), (_objections(notice), plain)]
    ):
        sheet.merge_range(row, 0, row, len(HEADINGS) - 1, "", style)
        _write(sheet, row, 0, text, style)
    for column, heading in enumerate(HEADINGS):
        _write(sheet, _HEAD_ROW, column, heading, head)


def _write_body(book: xlsxwriter.Workbook, sheet: Worksheet, notice: Notice) -> None:
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    money = book.add_format({"border": 1, "align": "right", "valign": "top", "num_format": "@"})
    total = book.add_format({"bold": True, "border": 1, "bg_color": _SHADE, "num_format": "@"})
    total_money = book.add_format({"bold": True, "border": 1, "bg_color": _SHADE, "num_format": "@", "align": "right"})
    row = _HEAD_ROW
    for rows, plain, right in ((_rows(notice), cell, money), (_totals(notice), total, total_money)):
        for texts in rows:
            row += 1
            for column, text in enumerate(texts):
                _write(sheet, row, column, text, right if column == _MONEY else plain)


def _lay_out(sheet: Worksheet) -> None:
    for column, width in enumerate(_COLUMNS.values()):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 32)
    sheet.set_row(2, 48)
    sheet.freeze_panes(_HEAD_ROW + 1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _write(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if sheet.write_string(row, column, text, style) != 0:
        raise MianshenError("the notice is more than a worksheet holds; publish it by policy, or as a web page or CSV")


def _rows(notice: Notice) -> Iterator[tuple[str, ...]]:
    for number, item in notice.rows():
        yield _cells(number, item)


def _cells(number: int, item: NoticeItem) -> tuple[str, ...]:
    return (
        str(number), item.policy_title, item.document, item.clause, item.firm, item.uscc, item.subject,
        yuan(item.amount_fen), item.department, item.phone,
    )  # fmt: skip


def _totals(notice: Notice) -> Iterator[tuple[str, ...]]:
    """Yield a row of sums for each policy, and one for all."""
    for part in notice.lists:
        yield _total("小计", part.policy.policy_title, part.firms, len(part.items), part.total_fen)
    yield _total("合计", f"{len(notice.lists)} 项政策", notice.firms, len(notice.items), notice.total_fen)


def _total(word: str, of: str, firms: int, items: int, fen: int) -> tuple[str, ...]:
    return (word, of, "", "", f"{firms} 家企业", "", f"{items} 笔", yuan(fen), "", "")


def _period(notice: Notice) -> str:
    published, ends = in_chinese(notice.published_on), in_chinese(notice.ends_on)
    return f"发布机构：{notice.issuer}　发布日期：{published}　公示期：{notice.working_days} 个工作日，至{ends}止"


def _objections(notice: Notice) -> str:
    contact = f"受理部门：{notice.department}　联系电话：{notice.phone}　通信地址：{notice.address}"
    email = f"　电子邮箱：{notice.email}" if notice.email else ""
    return f"{notice.how_to_object}\n{contact}{email}"
