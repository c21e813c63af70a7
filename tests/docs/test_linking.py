"""The page about linking: its tables are those of the code, its commands print what it shows."""

from __future__ import annotations

import re

import pytest

from cli.links_figures import MEANT
from enterprise_data.identity.wording import REASONS, RULES
from tests.docs.pages import Command, commands, files, is_shown, printed, read, write

PAGE, CITY = "docs/linking.md", "docs/review.md"


def table(name: str) -> list[list[str]]:
    """Return the cells of a marked table, without its head."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", read(PAGE), re.DOTALL)
    assert found is not None
    return [line.strip("| \n").split(" | ") for line in found[1].splitlines()[2:]]


def test_the_ladder_is_the_one_that_is_climbed() -> None:
    assert table("rules") == [[f"`{name}`", said.zh, said.en] for name, said in RULES.items()]


def test_every_reason_is_explained() -> None:
    wanted = [[f"`{name}`", w.means.zh, w.means.en, w.remedy.en] for name, w in REASONS.items()]
    assert table("reasons") == wanted


def test_every_kind_of_suspicious_code_is_explained() -> None:
    assert all(f"`{kind}`" in read(PAGE) for kind in MEANT)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make the city of the page about review up to its first match, then run this page's commands."""
    folder = tmp_path_factory.mktemp("linking")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("COLUMNS", "MIANSHEN_WORKSPACE"):
            environment.delenv(name, raising=False)
        for command in commands(CITY):
            printed(command, folder)
            if " init " in command.line:
                write(folder, files(CITY))
            if " match " in command.line:
                break
        return {command.line: printed(command, folder) for command in commands(PAGE)}


@pytest.mark.parametrize("command", list(commands(PAGE)), ids=lambda command: command.line)
def test_a_session_shows_what_is_printed(command: Command, outputs: dict[str, str]) -> None:
    if not is_shown(command.shown, outputs[command.line]):
        pytest.fail(f"the page shows\n{command.shown}\nbut printed is\n{outputs[command.line]}", pytrace=False)
