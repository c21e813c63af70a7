"""`mianshen`: the root of the command line, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import rich_click as click

from cli.exit_codes import ExitCode
from cli.failures import exit_code_of
from cli.options import common
from cli.session import Session

# Each command lives in the module of its name and is imported only when it is asked for.
COMMANDS = (
    "init",
    "demo",
    "doctor",
    "data",
    "policy",
    "match",
    "simulate",
    "runs",
    "explain",
    "officer",
    "payout",
    "completion",
    "help",
)
_MODULES = {"init": "cli.initialise", "help": "cli.topics"}


class _Commands(click.RichGroup):
    """A group whose commands are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        if cmd_name not in COMMANDS:
            return None
        command = import_module(_MODULES.get(cmd_name, f"cli.{cmd_name}")).command
        assert isinstance(command, click.Command)  # noqa: S101  # every module above defines one
        return command


click.rich_click.TEXT_PARAGRAPH_LINEBREAKS = "\n\n"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@common
@click.version_option(package_name="mianshen", message="%(prog)s %(version)s")
@click.pass_context
def command(context: click.Context) -> None:
    """Find every firm that a policy already covers, from data the departments already hold (免申即享).

    Begin with `mianshen demo`: the whole job on a synthetic city.
    """
    context.ensure_object(Session)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing a user can cause ends in a traceback."""
    try:
        result: Any = command.main(
            None if arguments is None else list(arguments), prog_name="mianshen", standalone_mode=False
        )
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001  # the last place: what is not understood is reported as a bug
        return exit_code_of(error)
    except KeyboardInterrupt as error:
        return exit_code_of(error)
    return int(result) if isinstance(result, int) else ExitCode.DONE


def main() -> None:
    """Run what the shell said and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its number; no message is lost over it.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # both are text files at the start
    code = run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or ExitCode.PIPE_CLOSED
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
