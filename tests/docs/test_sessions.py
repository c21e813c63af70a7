"""The READMEs show what really happens: their sessions are run, in both languages the same ones."""

from __future__ import annotations

import pytest

from tests.docs.pages import Command, commands, files, is_shown, printed, write
from tests.made_once import DEMO, Demo

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"


@pytest.fixture(scope="module")
def outputs(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run every command of the README once, in order and in one folder; `init` first finds no files there."""
    folder = tmp_path_factory.mktemp("readme")
    found = {}
    with pytest.MonkeyPatch.context() as environment:
        for name in ("COLUMNS", "MIANSHEN_WORKSPACE"):
            environment.delenv(name, raising=False)
        for command in commands(ENGLISH):
            found[command.line] = demo.told.shown if command.line == DEMO else printed(command, folder)
            if " init " in command.line:
                write(folder, files(ENGLISH))
    return found


def shown_by(page: str) -> list[object]:
    return [pytest.param(command, id=command.line[:60]) for command in commands(page)]


@pytest.mark.parametrize("command", [*shown_by(ENGLISH), *shown_by(CHINESE)])
def test_a_session_shows_what_is_printed(command: Command, outputs: dict[str, str]) -> None:
    output = outputs[command.line]
    if not is_shown(command.shown, output):
        pytest.fail(f"the page shows\n{command.shown}\nbut printed is\n{output}", pytrace=False)


def test_both_languages_walk_the_same_way() -> None:
    assert files(ENGLISH)
    assert files(ENGLISH) == files(CHINESE)
    assert [command.line for command in commands(ENGLISH)] == [command.line for command in commands(CHINESE)]


@pytest.mark.parametrize(
    ("shown", "output", "matches"),
    [
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nd\n", True),
        ("a\n…\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("…\nb\na\n", "a\nb\n", False),
        ("a … c\n", "a long way to c  \n", True),
        ("a.c\n", "abc\n", False),
    ],
)
def test_only_what_is_marked_may_be_left_out(shown: str, output: str, matches: bool) -> None:
    assert is_shown(shown, output) is matches
