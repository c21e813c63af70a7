"""`mianshen completion`: the script that makes a shell complete commands, datasets and policies."""

from __future__ import annotations

import rich_click as click
from click.shell_completion import get_completion_class

from cli.output import write_text

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for SHELL.

    Example: `mianshen completion bash >> ~/.bashrc`
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  # click knows these three
    root = context.find_root().command
    write_text(kind(root, {}, "mianshen", "_MIANSHEN_COMPLETE").source() + "\n")
