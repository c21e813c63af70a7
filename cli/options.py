"""Options that many commands share, and values typed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click
from click.shell_completion import CompletionItem

from cli.output import Format
from cli.session import Session

if TYPE_CHECKING:
    from enterprise_data.periods import Period

Function = TypeVar("Function", bound=Callable[..., Any])


def common(function: Function) -> Function:
    """Give a command `-w/--workspace` and `--quiet`, which may also stand before the command's name."""

    def keep_folder(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            context.ensure_object(Session).folder = value

    def keep_quiet(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            context.ensure_object(Session).quiet = True

    quiet = click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, callback=keep_quiet, help="Say nothing but data and errors."
    )
    workspace = click.option(
        "-w",
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        is_eager=True,
        callback=keep_folder,
        help="The workspace folder.  [default: $MIANSHEN_WORKSPACE, else the current folder]",
    )
    return workspace(quiet(function))


def form_option(function: Function) -> Function:
    """Give a command `--format`."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(Format, case_sensitive=False),
        default=Format.TABLE,
        show_default="table",
        help="How to write the data; amounts are integer fen but in the table.",
    )
    return option(function)


class Day(click.ParamType[date]):
    """A calendar day, written 2024-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2024-12-31", param, ctx)


class PeriodText(click.ParamType["Period"]):
    """A period, written 2024, 2024H1, 2024Q1 or 2024-03."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read the period."""
        from enterprise_data.periods import Period

        if isinstance(value, Period):
            return value
        try:
            return Period.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def complete_datasets(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a dataset of the workspace's catalogue; nothing where it cannot be read."""
    from enterprise_data.declarations.problems import MianshenError

    try:
        datasets = _session(context).workspace().catalogue().datasets
    except MianshenError:
        return []
    return [CompletionItem(name, help=d.title.zh) for name, d in datasets.items() if name.startswith(incomplete)]


def complete_policies(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the id of a policy, by file name: fast, and possible while a file is broken."""
    from enterprise_data.declarations.problems import MianshenError
    from policies.files import policy_files
    from policies.load import directories

    try:
        space = _session(context).workspace()
    except MianshenError:
        return []
    found = {path.stem for folder in directories(space) for path in policy_files(folder)}
    return [CompletionItem(name) for name in sorted(found) if name.startswith(incomplete)]


def _session(context: click.Context) -> Session:
    return context.find_object(Session) or Session()
