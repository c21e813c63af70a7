"""The page about simulation shows what is printed, over the town of the README."""

from __future__ import annotations

import pytest

from matcher.simulate.changes import MEANINGS
from tests.docs.pages import Command, commands, files, is_shown, printed, read, town, write

PAGE = "docs/simulate.md"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run every command of the page once, in order and in one folder."""
    folder = tmp_path_factory.mktemp("simulate")
    town(folder)
    write(folder, files(PAGE))
    with pytest.MonkeyPatch.context() as environment:
        for name in ("COLUMNS", "MIANSHEN_WORKSPACE"):
            environment.delenv(name, raising=False)
        return {command.line: printed(command, folder) for command in commands(PAGE)}


@pytest.mark.parametrize("command", list(commands(PAGE)), ids=lambda command: command.line)
def test_a_session_shows_what_is_printed(command: Command, outputs: dict[str, str]) -> None:
    if not is_shown(command.shown, outputs[command.line]):
        pytest.fail(f"the page shows\n{command.shown}\nbut printed is\n{outputs[command.line]}", pytrace=False)


def test_every_kind_of_change_is_explained() -> None:
    assert all(f"`{kind}`" in read(PAGE) for kind in MEANINGS)
