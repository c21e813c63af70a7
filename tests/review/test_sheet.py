"""The sheet, filled as a clerk would fill it: decisions come back, every fault is told with its row and column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.identity.candidates.patterns import PATTERNS
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.identity.journal.ledger import Ledger
from enterprise_data.identity.review.deciding import record
from enterprise_data.identity.review.queue import Queue
from enterprise_data.identity.review.sheet import write_sheet
from enterprise_data.identity.review.sheet_reading import Filled, read_sheet
from enterprise_data.identity.review.sheet_rows import DECISION, HEADINGS, REASON, SHEET
from enterprise_data.settings import ReviewSettings
from tests.review.files import SHA, Unlinked, catalogue, firm_name, queue
from tests.snapshot.city import uscc

ODD = "+1\x07\x00\n名_x0041_称\u3000甲" + "长" * 600
ROWS = [
    Unlinked("dishonesty", 9, "企业一有限公司", [(1, 95.0, "numeral"), (2, 80.0, "one_character")], uscc="91"),
    Unlinked("tax", 7, "=HYPERLINK(1)", [(3, 70.0, "form")], day=None),
    Unlinked("tax", 8, ODD, [(number, 70.0, "other") for number in range(1, 8)]),
    Unlinked("penalties", 1, "无候选"),
    Unlinked("penalties", 2, None, registration_no="-370202600000017"),
]
FIRST = 3  # below the hint and the headings


def made(folder: Path, rows: Sequence[Unlinked] = ROWS, ledger: Ledger | None = None) -> tuple[Queue, Path]:
    built = queue(folder, rows, ledger)
    path = folder / "review.xlsx"
    path.unlink(missing_ok=True)
    assert write_sheet(built, catalogue(), path) == len(built)
    return built, path


def fill(path: Path, *filled: tuple[int, str, Any]) -> None:
    """Fill cells, given by their entry from 0, heading and value, and save as a sheet program would."""
    book = openpyxl.load_workbook(path)
    for at, heading, value in filled:
        book[SHEET].cell(FIRST + at, HEADINGS.index(heading) + 1).value = value
    book.save(path)


def read(folder: Path, path: Path, built: Queue, reason: str | None = "按年报核对") -> Filled:
    return read_sheet(path, built, Journal(folder / "identity").ledger(), reason)


def sheet(path: Path) -> Any:
    return openpyxl.load_workbook(path)[SHEET]


def test_the_sheet_is_ready_to_be_filled_and_to_nothing_else(tmp_path: Path) -> None:
    _, path = made(tmp_path)
    shown = sheet(path)
    assert [cell.value for cell in shown[2]] == list(HEADINGS)
    assert shown.freeze_panes == "E3"
    assert shown.protection.sheet
    open_ = {
        HEADINGS[cell.column - 1]
        for row in shown.iter_rows(min_row=FIRST)
        for cell in row
        if not cell.protection.locked
    }
    assert open_ == {DECISION, REASON}
    (offered,) = shown.data_validations.dataValidation
    assert offered.formula1 == '"1,2,3,4,5,无"'
    assert str(offered.sqref) == "H3:H7"
    hidden = [HEADINGS[ord(letter) - ord("A")] for letter, column in shown.column_dimensions.items() if column.hidden]
    assert hidden == ["标识", "名册", "校验"]
    first = [cell.value for cell in shown[FIRST]][:12]
    assert first[:8] == ["dishonesty", "失信名单", "9", "企业一有限公司", "91", "2024-03-01", "名册中没有此名称", None]
    code, name, differs = first[9].split("\n")
    assert (code, name) == (uscc(1), f"{firm_name(1)}（市南区）")
    assert differs.startswith(PATTERNS["numeral"].zh)
    assert first[10].startswith(f"{uscc(2)}\n{firm_name(2)}（市南区）\n")
    assert first[11] is None


def test_texts_that_begin_like_formulas_stay_texts(tmp_path: Path) -> None:
    _, path = made(tmp_path)
    cells = [cell for row in sheet(path).iter_rows(min_row=FIRST) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    quoted = [cell.value[:5] for cell in cells if cell.quotePrefix]
    assert quoted == ["=HYPE", "+1\ufffd\ufffd ", "-3702"]


def test_what_a_clerk_fills_in_comes_back_as_decisions(tmp_path: Path) -> None:
    built, path = made(tmp_path)
    fill(
        path,
        (0, DECISION, 2),
        (0, REASON, "电话核实"),
        (1, DECISION, " 无 "),
        (2, DECISION, "５"),
        (3, DECISION, uscc(8).lower()),
    )
    found = read(tmp_path, path, built)
    assert (found.problems, found.unchanged, found.empty) == ((), 0, 1)
    names = [row.name for row in ROWS]
    assert [(choice.entry.subject.name, choice.firm, choice.reason) for choice in found.choices] == [
        (names[0], uscc(2), "电话核实"),
        (names[1], None, "按年报核对"),
        (names[2], uscc(5), "按年报核对"),
        (names[3], uscc(8), "按年报核对"),
    ]
    assert found.choices[0].shown == (uscc(1), uscc(2))
    assert {choice.register_sha256 for choice in found.choices} == {SHA}


def test_reading_the_same_sheet_again_changes_nothing_also_after_the_next_freeze(tmp_path: Path) -> None:
    built, path = made(tmp_path)
    fill(path, (0, DECISION, 1), (1, DECISION, "无"))
    book = Journal(tmp_path / "identity")
    record(book, read(tmp_path, path, built).choices, "甲", ReviewSettings.model_validate({"two_person_from": 1}))
    for rows in (ROWS, ROWS[2:]):
        again = read(tmp_path, path, queue(tmp_path, rows, book.ledger()))
        assert (again.choices, again.unchanged, again.problems) == ((), 2, ())


def swap(folder: Path, path: Path) -> None:
    fill(path, (0, "企业名称", "别的企业"))


def swap_candidate(folder: Path, path: Path) -> None:
    fill(path, (0, "候选1", f"{uscc(9)}\n{firm_name(9)}（市南区）\n数字写法不同"))


def nothing(folder: Path, path: Path) -> None:
    """Leave all as it is."""


def copy_line(folder: Path, path: Path) -> None:
    book = openpyxl.load_workbook(path)
    line = [cell.value for cell in book[SHEET][FIRST]]
    for column, value in enumerate(line, 1):
        book[SHEET].cell(FIRST + 1, column).value = value
    book.save(path)


def decide_otherwise(folder: Path, path: Path) -> None:
    built = queue(folder, ROWS)
    fill(path, (0, DECISION, 2))
    found = read(folder, path, built)
    record(Journal(folder / "identity"), found.choices, "乙", ReviewSettings())


FAULTS: dict[str, tuple[Callable[[Path, Path], None], Any, list[tuple[str, str, int, int]]]] = {
    "a changed name": (swap, 1, [("REV001", "标识", 3, 15)]),
    "a changed candidate": (swap_candidate, 1, [("REV001", "标识", 3, 15)]),
    "a word": (nothing, "是", [("REV002", "`是` decides nothing", 3, 8)]),
    "a candidate that is not there": (nothing, 3, [("REV002", "`3` decides nothing", 3, 8)]),
    "a code that became a number": (nothing, 913702000000000000, [("REV002", "decides nothing", 3, 8)]),
    "a firm the register lacks": (nothing, uscc(77), [("REV006", uscc(77), 3, 8)]),
    "the same line twice": (copy_line, 1, [("REV003", "decides again what row 3 decides", 4, 8)]),
    "what someone else decided": (decide_otherwise, 1, [("REV004", "乙 decided otherwise", 3, 8)]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_row_and_column(tmp_path: Path, fault: str) -> None:
    spoil, decision, expected = FAULTS[fault]
    _, path = made(tmp_path)
    fill(path, (0, DECISION, decision))
    spoil(tmp_path, path)
    fill(path, (0, DECISION, decision), (3, DECISION, "无"))
    found = read(tmp_path, path, queue(tmp_path, ROWS, Journal(tmp_path / "identity").ledger()))
    told = [(problem.code, problem.place.line, problem.place.column) for problem in found.problems]
    assert told == [(code, line, column) for code, _, line, column in expected]
    for problem, (_, words, _, _) in zip(found.problems, expected, strict=True):
        assert words in problem.message
        assert problem.help
        assert str(problem.place).startswith(f"{path}:")
    assert "无候选" in [choice.entry.subject.name for choice in found.choices]


def test_all_faults_of_a_sheet_are_told_together(tmp_path: Path) -> None:
    _, path = made(tmp_path)
    fill(path, (0, DECISION, "?"), (1, DECISION, 1), (3, DECISION, "无"), (4, DECISION, 4))
    later = queue(tmp_path, [ROWS[0], *ROWS[2:]])
    found = read_sheet(path, later, Ledger(), None)
    assert [(problem.code, problem.place.line) for problem in found.problems] == [
        ("REV002", 3),
        ("REV005", 4),
        ("REV007", 6),
        ("REV002", 7),
    ]
    assert found.choices == ()


def test_a_candidate_whose_firm_is_gone_is_a_fault(tmp_path: Path) -> None:
    _, path = made(tmp_path)
    fill(path, (1, DECISION, 1))
    found = read(tmp_path, path, queue(tmp_path, [ROWS[0]], firms=2))
    assert [(problem.code, problem.place.line) for problem in found.problems] == [("REV006", 4)]


def test_a_sheet_that_a_program_saved_anew_is_still_the_same(tmp_path: Path) -> None:
    built, path = made(tmp_path)
    book = openpyxl.load_workbook(path)
    for row in book[SHEET].iter_rows(min_row=FIRST):
        for cell in row:
            if isinstance(cell.value, str) and "\n" in cell.value:
                cell.value = cell.value.replace("\n", "\r\n")
        row[HEADINGS.index(DECISION)].value = "无"
    book.save(path)
    found = read(tmp_path, path, built)
    assert (len(found.choices), found.problems) == (len(ROWS), ())


@pytest.mark.parametrize("spoil", ["no sheet", "no column", "no workbook", "nothing"])
def test_what_is_no_review_sheet_is_refused(tmp_path: Path, spoil: str) -> None:
    built, path = made(tmp_path)
    book = openpyxl.load_workbook(path)
    if spoil == "no sheet":
        book[SHEET].title = "x"
        book.save(path)
    elif spoil == "no column":
        book[SHEET].delete_cols(4)
        book.save(path)
    elif spoil == "no workbook":
        path.write_bytes(b"PK\x03\x04 broken")
    else:
        path.unlink()
    with pytest.raises(MianshenError, match=r"review\.xlsx"):
        read(tmp_path, path, built)


def test_a_queue_without_entries_gives_an_empty_sheet(tmp_path: Path) -> None:
    built, path = made(tmp_path, [])
    assert read(tmp_path, path, built) == Filled((), 0, 0, ())
