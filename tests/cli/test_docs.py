"""The reference page says what `--help` says, and every example in it is a command line that is understood."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from cli.main import command
from cli.reference import example_of, leaves, reference
from tests.cli.running import mianshen, ok

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def commands() -> list[str]:
    with click.Context(command, info_name="mianshen") as root:
        return [context.command_path for context in leaves(root)]


def test_the_page_is_what_help_says_now() -> None:
    stale = "docs/cli.md is stale: run `mianshen help reference > docs/cli.md`"
    assert PAGE.read_text(encoding="utf-8") == reference(command), stale
    assert ok("help", "reference").out == reference(command)


def test_every_command_of_the_house_is_there() -> None:
    assert [path.removeprefix("mianshen ") for path in commands()] == [
        "init", "demo", "doctor",
        "data catalog", "data freeze", "data links", "data load", "data rejects", "data review", "data review confirm",
        "data review correct branch", "data review correct former-name", "data review correct succession",
        "data review export", "data review import", "data review list", "data review log", "data review undo",
        "data status",
        "policy check", "policy diff", "policy fmt", "policy list", "policy schema", "policy search",
        "policy show", "policy test",
        "match", "simulate", "runs", "explain",
        "officer add", "officer close", "officer list", "officer log", "officer login", "officer logout",
        "officer password", "officer roles",
        "payout account enter", "payout account list", "payout account load", "payout approve", "payout backup",
        "payout budget", "payout cancel", "payout confirm accept", "payout confirm decline", "payout confirm lapse",
        "payout confirm machine", "payout confirm remind", "payout confirm reopen", "payout confirm waiting",
        "payout export", "payout history", "payout hold lift", "payout hold list", "payout hold place", "payout list",
        "payout notice list", "payout notice publish", "payout notice write", "payout object dismiss",
        "payout object list", "payout object raise", "payout object take-back", "payout object uphold", "payout plan",
        "payout pull", "payout reconcile", "payout reconfirm check", "payout reconfirm policy",
        "payout reconfirm refuse", "payout reconfirm sample", "payout reconfirm waiting", "payout recover cancel",
        "payout recover list", "payout recover order", "payout recover receive", "payout recover write-off",
        "payout reissue", "payout resolve confirm", "payout resolve list", "payout resolve propose",
        "payout resolve reject", "payout restore", "payout return", "payout show", "payout status", "payout take",
        "payout upgrade",
        "completion", "help exit-codes", "help reference",
    ]  # fmt: skip


@pytest.mark.parametrize("path", commands())
def test_every_command_has_help_and_an_example_that_is_understood(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "what was typed")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/my-grant.yaml").touch()
    (tmp_path / "ledger-2024-03-01.sqlite").touch()
    with click.Context(command, info_name="mianshen") as root:
        (context,) = [context for context in leaves(root) if context.command_path == path]
        example = example_of(context.command)
        assert example.startswith(path)
        words = shlex.split(example.split(">")[0])[len(path.split()) :]
        # Parsed as it would be run, with all its checks, but not run.
        context.command.make_context(path, list(words), parent=root)
    shown = ok(*path.split()[1:], "--help").out
    assert "Usage:" in shown
    assert example.split()[0] in shown


def test_exit_codes_are_documented() -> None:
    rows = ok("help", "exit-codes", "--format", "ndjson").rows
    assert [row["code"] for row in rows] == [0, 1, 2, 3, 4, 130, 141]
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| {row['code']} | {row['meaning']} |" in page for row in rows)


def test_the_root_without_arguments_shows_help_and_an_unknown_command_is_a_usage_error() -> None:
    assert "demo" in ok("--help").out
    unknown = mianshen("demmo")
    assert (unknown.code, unknown.out) == (2, "")
    assert "demmo" in unknown.err
    assert ok("--version").out.startswith("mianshen ")
