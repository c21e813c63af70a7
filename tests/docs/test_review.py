"""The page for clerks shows what really happens: its commands are run, its keys pressed, its workbook filled."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from enterprise_data.identity.review import sheet_reading
from tests.docs.pages import Command, commands, files, is_shown, printed, read, write

PAGE = "docs/review.md"
_ANSWERED = re.compile(r"(?:quit|back|USCC\)): (\S+)$|\[y/n\] (\S+)$", re.MULTILINE)
_FILLED = re.compile(r"^\| ([A-Z][0-9]+) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run every command of the page once, in order and in one folder."""
    folder = tmp_path_factory.mktemp("review")
    found = []
    with pytest.MonkeyPatch.context() as environment:
        for name in ("COLUMNS", "MIANSHEN_WORKSPACE", "MIANSHEN_USER"):
            environment.delenv(name, raising=False)
        for command in commands(PAGE):
            pressed = ["".join(answer) for answer in _ANSWERED.findall(command.shown)]
            environment.setattr("sys.stdin", io.StringIO("".join(f"{key}\n" for key in pressed)))
            found.append(printed(command, folder))
            if " init " in command.line:
                write(folder, files(PAGE))
            if " export " in command.line:
                fill(folder / "review.xlsx")
    return found


def fill(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    filled = _FILLED.findall(read(PAGE))
    assert filled
    for cell, text in filled:
        book.worksheets[0][cell] = text
    book.save(path)


SHOWN = [pytest.param(at, command, id=f"{at} {command.line[:60]}") for at, command in enumerate(commands(PAGE))]


@pytest.mark.parametrize(("at", "command"), SHOWN)
def test_a_session_shows_what_is_printed(at: int, command: Command, outputs: list[str]) -> None:
    if not is_shown(command.shown, outputs[at]):
        pytest.fail(f"the page shows\n{command.shown}\nbut printed is\n{outputs[at]}", pytrace=False)


def test_every_fault_of_a_workbook_is_explained() -> None:
    source = Path(sheet_reading.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r"REV\d+", source)) == set(re.findall(r"^\| (REV\d+) \|", read(PAGE), re.MULTILINE))
