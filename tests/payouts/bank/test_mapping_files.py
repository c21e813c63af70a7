"""Mapping files: every fault with its line and column; editors know the keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from enterprise_data.declarations.strict_yaml import parse
from payouts.bank.mapping_file import (
    SCHEMA_PATH,
    checked,
    find_mapping,
    mapping_schema,
    read_mapping,
    shipped_mappings,
)

GOOD = """\
mapping: our-bank
title: 本行
form: csv
encoding: gbk
delimiter: ","
line_ending: crlf
columns:
  - {title: 流水号, value: payment_id}
  - {title: 账号, value: account_no}
  - {title: 户名, value: payee_name, max_bytes: 60}
  - {title: 联行号, value: bank_code}
  - {title: 金额, value: amount}
"""
XLSX = GOOD.replace('form: csv\nencoding: gbk\ndelimiter: ","\nline_ending: crlf', "form: xlsx\nsheet: 付款")
SAME_BANK = "same_bank: {own: '102', same: '0', other: '1'}\n"
FLAG = "  - {title: 同行, value: same_bank}\n"
FAULTS = [
    (GOOD, "form: csv", "form: cvs", "BANK001", "3:7"),
    (GOOD, "gbk", "big5", "BANK001", "4:11"),
    (GOOD, "title: 本行\n", "", "BANK001", "1:1"),
    (GOOD, "line_ending", "line_endings", "BANK001", "6:1"),
    (GOOD, '","', '",;"', "BANK001", "5:12"),
    (GOOD, '","', '"="', "BANK001", "5:12"),
    (GOOD, '","', "a", "BANK001", "5:12"),
    (GOOD, "value: amount", "value: amout", "BANK001", "12:24"),
    (GOOD, "value: amount", "value: amount, fixed: x", "BANK001", "12:5"),
    (GOOD, "max_bytes: 60", "max_bytes: 0", "BANK001", "10:47"),
    (GOOD, "our-bank", "Our Bank", "BANK001", "1:10"),
    (GOOD, "columns:", "row_limit: 0\ncolumns:", "BANK001", "7:12"),
    (GOOD, "columns:", "max_amount: 1.005\ncolumns:", "BANK001", "7:13"),
    (GOOD, "columns:", "max_amount: -1\ncolumns:", "BANK001", "7:13"),
    (GOOD, "columns:", "before: [[]]\ncolumns:", "BANK001", "7:10"),
    (GOOD, "columns:", "sheet: x\ncolumns:", "BANK002", "7:1"),
    (GOOD, "form: csv", "form: pain.001.001.09", "BANK002", "4:1"),
    (XLSX, "sheet: 付款\n", "", "BANK003", "3:7"),
    (GOOD, "encoding: gbk\n", "", "BANK003", "3:7"),
    (GOOD, "columns:", "charset: utf-8-bom\ncolumns:", "BANK004", "7:10"),
    (GOOD, "columns:", "charset: gb18030\ncolumns:", "BANK013", "7:10"),
    (GOOD, "  - {title: 流水号, value: payment_id}\n", "", "BANK005", "7:1"),
    (GOOD, "  - {title: 金额, value: amount}\n", "  - {title: 金额, value: amount}\n" * 2, "BANK005", "7:1"),
    (GOOD + FLAG, "", "", "BANK006", "7:1"),
    (SAME_BANK + GOOD, "", "", "BANK006", "8:1"),
    (GOOD, "  - {title: 联行号, value: bank_code}\n", "", "BANK007", "7:1"),
    (GOOD, "columns:", "after:\n  - [{value: payee_name}]\ncolumns:", "BANK008", "8:14"),
    (GOOD, "title: 金额", "title: '=金额'", "BANK009", "12:13"),
    (GOOD, "title: 金额", "title: '金,额'", "BANK009", "12:13"),
    (GOOD, "title: 金额", "title: 金𠮷", "BANK009", "12:13"),
    (GOOD, "columns:", "after:\n  - [{fixed: '@'}]\ncolumns:", "BANK009", "8:14"),
    (SAME_BANK.replace("'0'", "'1'") + GOOD + FLAG, "", "", "BANK010", "1:43"),
    (SAME_BANK.replace("'0'", "'+'") + GOOD + FLAG, "", "", "BANK009", "1:31"),
    (XLSX, "sheet: 付款", "sheet: 付[款]", "BANK011", "4:8"),
    (GOOD, "value: amount", "value: amount, max_bytes: 12", "BANK012", "12:32"),
]


@pytest.mark.parametrize(("text", "old", "new", "code", "place"), FAULTS)
def test_a_fault_is_told_with_its_place_and_what_to_do(text: str, old: str, new: str, code: str, place: str) -> None:
    with pytest.raises(ProblemsFound) as caught:
        checked(parse(text.replace(old, new, 1).encode(), "bank.yaml"))
    (first, *_) = [problem for problem in caught.value.problems if problem.code == code]
    assert str(first.place) == f"bank.yaml:{place}", first.render()
    assert code == "BANK001" or first.help


@pytest.mark.parametrize("text", [GOOD, XLSX, SAME_BANK + GOOD + FLAG])
def test_what_the_faults_were_put_into_has_none(text: str) -> None:
    assert checked(parse(text.encode(), "bank.yaml")).mapping == "our-bank"


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bank.yaml"
    wrong = (
        GOOD.replace("title: 金额", "title: '=金额'")
        .replace("payment_id", "uscc")
        .replace("max_bytes", "required: yes, max_bytes")
    )
    path.write_text(wrong + "after: [[{value: amount}]]\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as caught:
        read_mapping(path)
    assert [problem.code for problem in caught.value.problems] == ["BANK005", "BANK009", "BANK008"]


def test_a_bureau_can_give_its_own_file(tmp_path: Path) -> None:
    path = tmp_path / "our.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert find_mapping(str(path)).mapping == "our-bank"
    assert find_mapping(str(path)) == read_mapping(path)
    with pytest.raises(MianshenError, match="cannot read the file"):
        find_mapping(str(tmp_path / "none.yaml"))
    with pytest.raises(MianshenError, match="did you mean `sample-workbook`"):
        find_mapping("sample-workbok")
    with pytest.raises(MianshenError, match="shipped are pain-001, sample-comma-utf8"):
        find_mapping("zzz")


def test_a_mappings_hash_changes_with_what_it_says_and_not_with_how(tmp_path: Path) -> None:
    path = tmp_path / "our.yaml"
    path.write_text(GOOD, encoding="utf-8")
    before = read_mapping(path).sha256
    path.write_text("# a comment\n" + GOOD.replace('","', "','"), encoding="utf-8")
    assert read_mapping(path).sha256 == before
    path.write_text(GOOD.replace("60", "61"), encoding="utf-8")
    assert read_mapping(path).sha256 != before


def test_shipped_mappings_are_named_as_their_files() -> None:
    for name, path in shipped_mappings().items():
        assert read_mapping(path).mapping == name


def test_the_schema_for_editors_is_up_to_date() -> None:
    assert SCHEMA_PATH.read_text(encoding="utf-8") == mapping_schema()
    assert re.search(r'"payment_id"', mapping_schema())
