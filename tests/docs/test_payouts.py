"""The page for finance officers shows what really happens: its days are lived through, its tables are the code's."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import run
from enterprise_data.settings import PayoutSettings
from payouts.batches.settings import _SettingsFile
from payouts.calendar.stated_years import read_stated_years
from payouts.officers.roles import ACTS, Role, may
from payouts.workflow.heading_file import _HeadingFile
from tests.cli.payout_days import Days, begun
from tests.docs.pages import files, is_shown, read, write

PAGE = "docs/payouts.md"
_SESSION = re.compile(r"^On (\d{4}-\d\d-\d\d), (\w+),[^\n]*:\n\n```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What a word of a command line stands for: what an earlier command printed.
_NAMED = {
    "BATCH": ("payout plan --record", re.compile(r"^Plan (\w{26})", re.MULTILINE)),
    "OBJECTION": ("payout object raise", re.compile(r"^(\w{26})$", re.MULTILINE)),
    "RESOLUTION": ("payout resolve propose", re.compile(r"^(\w{26})$", re.MULTILINE)),
    "RECOVERY": ("payout recover order", re.compile(r"^(\w{26}) ", re.MULTILINE)),
}


@dataclass(frozen=True)
class Act:
    """One command line of the page: when, whose, and what it is shown to print."""

    day: str
    who: str
    line: str
    shown: str


def acts() -> Iterator[Act]:
    for day, who, block in _SESSION.findall(read(PAGE)):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            yield Act(day, who, line, shown)


ACTED = list(acts())


def test_every_session_has_a_day_and_an_officer() -> None:
    assert len(_SESSION.findall(read(PAGE))) == read(PAGE).count("```console\n")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Live through the days of the page once."""
    folder = tmp_path_factory.mktemp("payouts")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("COLUMNS", "MIANSHEN_WORKSPACE"):
            environment.delenv(name, raising=False)
        days = begun(folder / "bureau", environment)
        environment.setenv("MIANSHEN_WORKSPACE", "bureau")
        write(folder, files(PAGE))
        return _lived(days, folder)


def _lived(days: Days, folder: Path) -> list[str]:
    found: list[str] = []
    named: dict[str, str] = {}
    for act in ACTED:
        if str(days.now.date()) != act.day:
            days.on(act.day)
        days.act_as(act.who)
        found.append(_printed([named.get(word, word) for word in shlex.split(act.line)], folder))
        for name, (command, pattern) in _NAMED.items():
            if command in act.line and (told := pattern.search(found[-1])):
                named[name] = told[1]
    return found


def _printed(words: list[str], folder: Path) -> str:
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
    with chdir(folder), redirect_stdout(terminal), redirect_stderr(terminal):
        run(words[1:])
    return raw.getvalue().decode()


@pytest.mark.parametrize("at", range(len(ACTED)), ids=[f"{act.day} {act.line[9:60]}" for act in ACTED])
def test_a_session_shows_what_is_printed(at: int, outputs: list[str]) -> None:
    if not is_shown(ACTED[at].shown, outputs[at]):
        pytest.fail(f"the page shows\n{ACTED[at].shown}\nbut printed is\n{outputs[at]}", pytrace=False)


def table(heading: str) -> list[list[str]]:
    """Return the rows of the first table below a heading, without backticks."""
    section = read(PAGE).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in lines]


def test_every_act_is_listed_with_its_roles() -> None:
    told = {row[0]: row[1] for row in table("Who may do what")}
    assert told == {
        act: "everybody" if all(may((role,), act) for role in Role) else ", ".join(r for r in Role if may((r,), act))
        for act in ACTS
    }


def test_every_setting_is_explained() -> None:
    assert {row[0] for row in table("Settings")} == set(_SettingsFile.model_fields)
    section = read(PAGE).partition("\n## Settings\n")[2].partition("\n## ")[0]
    for name in (*_HeadingFile.model_fields, *PayoutSettings.model_fields):
        assert f"`{name}`" in section, name


def test_the_stated_year_is_one(tmp_path: Path) -> None:
    write(tmp_path, files(PAGE))
    (year,) = read_stated_years(tmp_path / "calendar")
    assert year.year == 2031


def test_every_hold_is_explained() -> None:
    named = set()
    for path in ("payouts/workflow", "payouts/booking", "payouts/batches", "payouts/intake"):
        for file in (Path(__file__).parents[2] / path).glob("*hold*.py"):
            text = file.read_text("utf-8")
            named |= set(re.findall(r"^[A-Z_]+(?:: Final)? = \"([a-z_]+)\"$", text, re.MULTILINE))
    assert named <= {row[0] for row in table("Holds")}
