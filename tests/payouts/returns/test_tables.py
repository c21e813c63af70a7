"""Mapped CSV and XLSX returns: what a row says, which rows are bad, which files are refused whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer, AnswerFile
from payouts.bank.returns.mapping import find_return_mapping
from payouts.bank.returns.read import read_return
from tests.payouts.returns.files import COMMA_HEADINGS, comma, pid, pipe, workbook

PAID, RETURNED, UNKNOWN = Answer.PAID, Answer.RETURNED, Answer.UNKNOWN
ROWS = [
    (pid(1), "1200.50", "交易成功", "0000", ""),
    (pid(2), "88.00", "交易失败", "E1001", "户名不符"),
    (pid(3), "10.00", "处理中", "", ""),
]


def read(data: bytes, form: str = "comma") -> AnswerFile:
    return read_return(data, "r.csv", find_return_mapping(f"sample-{form}-return"))


def test_a_comma_file_is_read_by_its_headings() -> None:
    file = read(comma(ROWS))
    told = [(line.line, line.payment_id, line.answer, line.fen, line.code, line.reason) for line in file.lines]
    assert told == [
        (2, pid(1), PAID, 120_050, "0000", ""),
        (3, pid(2), RETURNED, 8_800, "E1001", "户名不符"),
        (4, pid(3), UNKNOWN, 1_000, "处理中", ""),
    ]
    assert {line.said_on for line in file.lines} == {"2024-03-05"}
    assert (file.bad_lines, file.batch_id, file.whole_batch) == ((), "", None)


def test_a_pipe_file_is_read_by_position_and_in_fen() -> None:
    file = read(pipe([(pid(1), "120050", "00", "", ""), (pid(2), "8800", "E1", "A1", '户名"不符')]), "pipe")
    told = [(line.line, line.payment_id, line.answer, line.fen, line.code, line.reason) for line in file.lines]
    assert told == [(2, pid(1), PAID, 120_050, "00", ""), (3, pid(2), RETURNED, 8_800, "A1", '户名"不符')]


def test_a_workbook_is_read_below_its_titles_with_the_numbers_of_its_rows() -> None:
    rows: list[Sequence[object]] = [
        (pid(1), 1200.5, "成功", "", "2024-03-05"),
        (),
        (pid(2), "88.00", "退票", "账号不存在", "2024-03-05"),
        (1.2e15, 10, "成功", "", "2024-03-05"),
        (pid(3), 10.005, "成功", "", "2024-03-05"),
    ]
    file = read(workbook(rows), "workbook")
    assert [(line.line, line.payment_id, line.answer, line.fen) for line in file.lines] == [
        (4, pid(1), PAID, 120_050),
        (6, pid(2), RETURNED, 8_800),
    ]
    assert [bad.line for bad in file.bad_lines] == [7, 8]
    assert "the payment's id became a number in a spreadsheet (1.200000E+15)" in file.bad_lines[0].why
    assert "at most two decimals" in file.bad_lines[1].why


WORDS = [
    ("交易成功", "", PAID),
    ("\u3000交易成功 ", "", PAID),
    ("已退汇", "", RETURNED),
    ("交易失败", "E0009", UNKNOWN),  # 重复提交: what was sent before may have been paid
    *((word, "", UNKNOWN) for word in ("", "成功", "交易成功!", "交 易 成 功", "SUCCESS", "交易成功交易失败", "０")),
]


@pytest.mark.parametrize(("word", "code", "answer"), WORDS)
def test_only_listed_words_are_answers(word: str, code: str, answer: Answer) -> None:
    (line,) = read(comma([(pid(1), "5.00", word, code, "")])).lines
    assert line.answer is answer


def row(name: str = pid(2), amount: str = "5.00", day: str = "2024-03-05", account: str = "6222020000000000002") -> str:
    return f"2,{name},{account},样例,{amount},交易成功,0000,,{day}"


BAD_ROWS = [
    (row(name=""), "names no payment"),
    (row(name="1.2E+15"), "the payment's id became a number in a spreadsheet (1.2E+15)"),
    (row(account="6.22202E+18"), "the payee's account became a number in a spreadsheet (6.22202E+18)"),
    (row(amount="1.2E+06"), "the amount became a number in a spreadsheet"),
    (row(name=pid(2) + "\x00"), "do not print"),
    *((row(amount=amount), f"the amount is `{amount}`") for amount in ("", "-5.00", "0", "5.001", "5元", "+5")),
    (row(amount='"1,200,50"'), "the amount is `1,200,50`"),
    (row(day="2024-02-30"), "the day is `2024-02-30`"),
    (row(day="20240305"), "the day is `20240305`"),
    (row() + ",", "it has 10 cells, and a line has 9"),
    (row().rpartition(",")[0], "it has 8 cells, and a line has 9"),
    (row().replace("样例", '"样例'), "quotation marks do not match"),
    (row().replace("样例", '"样例"号店'), "quotation marks do not match"),
]


@pytest.mark.parametrize(("bad", "why"), BAD_ROWS)
def test_a_row_that_cannot_be_read_costs_itself_alone(bad: str, why: str) -> None:
    good = comma([ROWS[0]]).decode().splitlines()
    data = "\n".join([*good[:2], bad, good[1].replace(pid(1), pid(3)), "合计,3,9999.99"]) + "\n"
    file = read(data.encode())
    assert [(line.line, line.payment_id) for line in file.lines] == [(2, pid(1)), (4, pid(3))]
    (found,) = file.bad_lines
    assert found.line == 3
    assert why in found.why
    assert "6222020000000000002" not in found.text
    assert file.line_count == 3


def test_amounts_with_thousands_and_a_byte_order_mark_are_read() -> None:
    data = comma([(pid(1), "5.00", "交易成功", "", "")], control='"合计","1","1,200.50"')
    (line,) = read(b"\xef\xbb\xbf" + data.replace(b"5.00", b'"1,200.5"')).lines
    assert line.fen == 120_050


def test_blank_lines_are_no_lines_and_doubled_lines_are_two() -> None:
    data = comma([ROWS[0], ROWS[0]]).replace(b"\r\n", b"\r\n\r\n , ,,\r\n", 1)
    assert [(line.line, line.payment_id) for line in read(data).lines] == [(4, pid(1)), (5, pid(1))]


GOOD = comma(ROWS)
PIPE = pipe([(pid(1), "120050", "00", "", ""), (pid(2), "8800", "E1", "A1", "户名不符")])
REFUSED = [
    ("cut after a line", "comma", GOOD[: GOOD.index(b"3," + pid(3).encode())], "is not the control row"),
    ("cut in the control row", "comma", GOOD[:-5], "states 129800 fen in all, not 129850"),
    ("a line less", "comma", comma(ROWS, "合计,4,1298.50"), "states `4` lines, not 3"),
    ("another sum", "comma", comma(ROWS, "合计,3,1298.51"), "states 129851 fen in all, not 129850"),
    ("no count", "comma", comma(ROWS, "合计,,1298.50"), "states `` lines"),
    ("no sum", "comma", comma(ROWS, "合计,3"), "total of its control row cannot be read"),
    ("two files in one", "comma", GOOD + GOOD, "a control row stands on line 5, too"),
    ("only a heading", "comma", COMMA_HEADINGS.encode() + b"\r\n", "is not the control row"),
    ("another encoding", "comma", GOOD.decode().encode("gb18030"), "a byte on line 1 is not utf-8"),
    ("a damaged byte", "comma", GOOD.replace("不符".encode(), b"\xe6\xff\xb7"), "a byte on line 3 is not utf-8"),
    ("UTF-16", "comma", GOOD.decode().encode("utf-16"), "a byte on line 1 is not utf-8"),
    ("a heading less", "comma", GOOD.replace("金额".encode(), b"x"), "heading `金额` is missing in row 1"),
    ("a heading twice", "comma", GOOD.replace("收款户名".encode(), "金额".encode()), "stands more than once"),
    ("no line end", "pipe", PIPE[:-1], "no line end: it may be cut off"),
    ("cut in a cell", "pipe", PIPE[:-3], "no line end: it may be cut off"),
    ("a line less by the first row", "pipe", PIPE[: PIPE.index(b"2|MS")], "states `2` lines, not 1"),
    ("no control row", "pipe", PIPE.partition(b"\n")[2], "is not the control row"),
    ("the wrong form", "workbook", GOOD, "not an XLSX workbook"),
    ("cut", "workbook", workbook([(pid(1), "5.00", "成功")])[:-30], "not an XLSX workbook"),
    ("headings elsewhere", "workbook", workbook([(pid(1), "5.00", "成功")], above=3), "holds no headings"),
    ("a heading less", "workbook", workbook([(pid(1), "5.00")], ["客户流水号", "交易金额（元）"]), "`状态` is missing"),
    ("only titles", "workbook", workbook([], above=30), "holds no headings"),
]


@pytest.mark.parametrize(
    ("name", "form", "data", "why"), REFUSED, ids=[f"{form}: {name}" for name, form, *_ in REFUSED]
)
def test_a_file_that_is_cut_damaged_or_of_another_form_is_refused_whole(
    name: str, form: str, data: bytes, why: str
) -> None:
    with pytest.raises(MianshenError, match=r"^r\.csv cannot be read by the mapping.*nothing of it was read") as found:
        read(data, form)
    assert why in str(found.value)


def test_a_bomb_is_refused_before_it_is_parsed() -> None:
    buffer = io.BytesIO(workbook([(pid(1), "5.00", "成功")]))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (300 << 20))
    with pytest.raises(MianshenError, match="unpacks to more than"):
        read(buffer.getvalue(), "workbook")


def test_a_damaged_part_of_a_workbook_is_refused() -> None:
    data = bytearray(workbook([(pid(n), "5.00", "成功") for n in range(200)]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    for at in range(info.header_offset + 60, info.header_offset + 90):
        data[at] ^= 0xFF
    with pytest.raises(MianshenError, match=r"damaged workbook|not an XLSX workbook"):
        read(bytes(data), "workbook")


def test_formulas_without_a_value_pay_nobody() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 0, ["客户流水号", "交易金额（元）", "状态", "失败原因", "交易日期"])
        sheet.write_row(3, 0, [pid(1), 5, "", "", "2024-03-05"])
        sheet.write_formula(3, 2, '=IF(1,"成功","失败")', value="")
    (line,) = read(buffer.getvalue(), "workbook").lines
    assert line.answer is UNKNOWN
