"""The reference page `docs/cli.md`, made from what `--help` says, so that it cannot differ from it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from cli.exit_codes import ExitCode

_HEAD = """\
# The command line

This page is made by `mianshen help reference`, from the text that `--help` shows.

Data goes to stdout, progress and notes to stderr. Where `--format` is offered, `json`, `ndjson` and `csv` write
amounts as integer fen and dates as 2024-12-31, in UTF-8. `-w` and `-q` may stand before or after the command.
Errors in files are shown as `file:line:column` with a caret and what to do.

| exit code | meaning |
|---|---|
"""


def reference(root: click.Command) -> str:
    """Return the page in Markdown: every command with its usage, what it does, its options and an example."""
    codes = "".join(f"| {code.value} | {code.meaning} |\n" for code in ExitCode)
    with click.Context(root, info_name="mianshen") as context:
        return _HEAD + codes + "".join(_section(command) for command in leaves(context))


def leaves(context: click.Context) -> Iterator[click.Context]:
    """Yield a context for every command that does something, in the order `--help` lists them."""
    group = context.command
    if not isinstance(group, click.Group):
        yield context
        return
    if group.invoke_without_command:
        yield context
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101  # it was listed
        with click.Context(command, parent=context, info_name=name) as inner:
            yield from leaves(inner)


def example_of(command: click.Command) -> str:
    """Return the example in a command's help, on one line, without its quotes."""
    return " ".join(_text(command).rpartition("Example: `")[2].rstrip("`").split())


def _text(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "")


def _section(context: click.Context) -> str:
    command = context.command
    described = _text(command).rpartition("\n\nExample:")[0]
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"\n## {context.command_path}\n", f"    {usage}\n", described + "\n", _options(context)]
    return "\n".join([*(part for part in parts if part), f"    {example_of(command)}\n"])


def _record(option: click.Option, context: click.Context) -> tuple[str, str]:
    return option.get_help_record(context) or ("", "")


def _options(context: click.Context) -> str:
    options = [param for param in context.command.get_params(context) if isinstance(param, click.Option)]
    records = [(names.replace("|", "\\|"), text) for param in options for names, text in [_record(param, context)]]
    rows = [f"| `{names}` | {text} |\n" for names, text in records if "--help" not in names]
    return "| option | |\n|---|---|\n" + "".join(rows) if rows else ""
