"""The page about return files says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from payouts.bank.returns.mapping import SAMPLES, Columns, ReturnMapping, read_return_mapping
from payouts.bank.returns.read import read_return
from payouts.bank.returns.statuses import _DUPLICATES, _PAID
from payouts.booking.outcomes import MOVES, Outcome
from tests.docs.pages import files, read

PAGE = "docs/return-files.md"


def table(heading: str) -> list[list[str]]:
    """Return the rows of the first table below a heading; a cell that is one piece of code, without its backticks."""
    section = read(PAGE).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [[re.sub("^`([^`]*)`$", r"\1", cell) for cell in row] for row in rows]


def test_every_key_and_column_is_explained() -> None:
    assert [row[0] for row in table("Keys")] == list(ReturnMapping.model_fields)
    needed = {name: form.is_required() for name, form in Columns.model_fields.items()}
    assert {row[0]: row[2] == "yes" for row in table("Columns")} == needed


def test_every_outcome_is_explained_with_what_it_moves() -> None:
    rows = table("What becomes of a line")
    assert [row[0] for row in rows] == [outcome.value for outcome in Outcome]
    assert {row[0] for row in rows if not row[2].startswith("nothing")} == {outcome.value for outcome in MOVES}


def test_what_is_shipped_is_listed() -> None:
    assert {row[0] for row in table("What is shipped")} == {path.stem for path in SAMPLES.glob("*.yaml")}


def test_the_codes_are_those_that_count() -> None:
    section = read(PAGE).partition("\n## Doubtful codes\n")[2].partition("\n## ")[0]
    assert set(re.findall("`([A-Z]{2,4}[0-9]*)`", section)) == _DUPLICATES
    assert set(re.findall("[A-Z]{4}", table("ISO 20022 reports")[0][0])) == _PAID


def test_the_example_reads_as_shown(tmp_path: Path) -> None:
    shown = files(PAGE)
    path = tmp_path / "our-bank-return.yaml"
    path.write_text(shown[path.name], "utf-8")
    found = read_return(shown["answer.txt"].encode("gb18030"), "answer.txt", read_return_mapping(path))
    assert not found.bad_lines
    told = re.search(r"<!-- read -->\n(.*?)<!-- /read -->", read(PAGE), re.DOTALL)
    assert told
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in told[1].splitlines()[2:]]
    assert rows == [
        [str(line.line), line.payment_id, line.answer.value, str(line.fen), line.code, line.reason, line.said_on]
        for line in found.lines
    ]
