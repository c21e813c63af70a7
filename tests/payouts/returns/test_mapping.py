"""Mapping files of returns: strict, each fault with its place; samples say that they are samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from payouts.bank.returns.mapping import SAMPLES, find_return_mapping, read_return_mapping

COMMA = (SAMPLES / "sample-comma-return.yaml").read_text(encoding="utf-8")
PIPE = (SAMPLES / "sample-pipe-return.yaml").read_text(encoding="utf-8")
WORKBOOK = (SAMPLES / "sample-workbook-return.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_samples_are_marked_and_named_after_their_files(path: Path) -> None:
    mapping = find_return_mapping(path.stem)
    assert mapping.mapping == path.stem
    assert mapping.sample
    assert "样例" in mapping.title


FAULTS = [
    (COMMA, "paid: [交易成功]", "paid: []", "needs at least one entry"),
    (COMMA, "paid: [交易成功]", "paid: [已退汇]", "`已退汇` stands under `paid` and under `returned`"),
    (COMMA, "paid: [交易成功]", 'paid: [" 交易成功"]', "spaces around it"),
    (COMMA, "encoding: utf-8\n", "", "needs `encoding` and `delimiter`"),
    (COMMA, "encoding: utf-8", "encoding: latin-1", "encoding"),
    (COMMA, 'delimiter: ","', 'delimiter: "ab"', "write one sign"),
    (COMMA, "  amount: 金额\n", "", "`control: total` needs a column `amount`"),
    (COMMA, "  amount: 金额", "  amount: 业务流水号", "column `业务流水号` is mapped twice"),
    (COMMA, "  amount: 金额", "  amount: 5", "columns are named by them"),
    (COMMA, "  status: 处理结果\n", "", "`status` is missing"),
    (COMMA, "  status:", "  state:", "unknown key `state`"),
    (COMMA, "heading_row: 1", "heading_row: 0", "columns are numbers from 1 up to `width`"),
    (COMMA, "days: YYYY-MM-DD", "days: DD.MM.YYYY", "days"),
    (PIPE, "width: 8", "width: 7", "columns are numbers from 1 up to `width`"),
    (PIPE, "width: 8\n", "", "columns are numbers from 1 up to `width`"),
    (WORKBOOK, "heading_row: 3", "heading_row: 0", "a workbook needs a `heading_row`"),
    (WORKBOOK, "heading_row: 3", "heading_row: 21", "heading_row"),
    (WORKBOOK, "form: xlsx", "form: xlsx\nencoding: utf-8\ndelimiter: tab", "`form: xlsx` has neither"),
]


@pytest.mark.parametrize(("text", "before", "after", "why"), FAULTS)
def test_a_fault_is_reported_where_it_stands(tmp_path: Path, text: str, before: str, after: str, why: str) -> None:
    assert before in text
    file = tmp_path / "bank.yaml"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        read_return_mapping(file)
    assert any(why in problem.message for problem in found.value.problems), found.value.problems
    assert all(problem.place.file == str(file) for problem in found.value.problems)


def test_an_unknown_name_gets_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(MianshenError, match=r"did you mean `sample-comma-return`"):
        find_return_mapping("sample-coma-return")
    with pytest.raises(ProblemsFound, match="cannot read the file"):
        find_return_mapping(str(tmp_path / "none.yaml"))
