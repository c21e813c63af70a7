"""`mianshen help`: topics that belong to no single command."""

from __future__ import annotations

import rich_click as click

from cli.exit_codes import ExitCode
from cli.options import form_option
from cli.output import Column, Format, count_column, write_rows, write_text


@click.group("help")
def command() -> None:
    """Explain what belongs to no single command."""


@command.command("exit-codes")
@form_option
def exit_codes(form: Format) -> None:
    """Print what each exit code says.

    Example: `mianshen help exit-codes`
    """
    rows = [{"code": code.value, "meaning": code.meaning} for code in ExitCode]
    write_rows(form, (count_column("code", "Code"), Column("meaning", "Meaning")), rows)


@command.command("reference")
@click.pass_context
def reference(context: click.Context) -> None:
    """Print the reference of all commands, in Markdown.

    Example: `mianshen help reference > docs/cli.md`
    """
    from cli.reference import reference as page

    write_text(page(context.find_root().command))
