"""`mianshen policy`: look at policies, check them, format them, and run their worked cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from cli.exit_codes import ExitCode
from cli.failures import counted
from cli.lazy import LazyGroup
from cli.options import Day, common, complete_policies, form_option
from cli.output import Format, write_json, write_lines, write_rows, write_text
from cli.policy_views import LIST_COLUMNS, list_rows, policy_json, rule_lines
from cli.session import Session

if TYPE_CHECKING:
    from policies.load import Library

_FILES = click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, path_type=Path))


@click.group("policy", cls=LazyGroup, later={"diff": "cli.policy_diff:command", "search": "cli.policy_search:search"})
@common
def command() -> None:
    """Find and look at policies, check and format them, run their worked cases."""


@command.command("list")
@form_option
@common
@click.pass_obj
def list_(session: Session, form: Format) -> None:
    """List the policies of the workspace.

    Example: `mianshen policy list --format csv`
    """
    write_rows(form, LIST_COLUMNS, list_rows(_library(session)))


@command.command("show")
@click.argument("policy", shell_complete=complete_policies)
@click.option("--yaml", "as_yaml", is_flag=True, help="The file itself.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@common
@click.pass_obj
def show(session: Session, policy: str, as_yaml: bool, form: str) -> None:
    """Show one POLICY as a guide: what a firm gets, who gets it, by which data, when, where to ask, the source.

    Below the guide stand its conditions and its award as the file writes them, in the policy language.

    Example: `mianshen policy show sd-sme-to-hightech-2021`
    """
    library = _library(session)
    found = library.policy(policy)
    if as_yaml:
        write_text(library.paths[found.id].read_text(encoding="utf-8"))
    elif form == "json":
        write_json(policy_json(found))
    else:
        from cli.policy_guide import Guide

        write_lines([*Guide(found, library, session.workspace().catalogue()).lines(), "", *rule_lines(found)])


@command.command("check")
@click.argument("files", metavar="[FILE|POLICY]...", nargs=-1, shell_complete=complete_policies)
@click.option(
    "--as-of", type=Day(), help="Also tell what ends soon after this day, or is superseded and still in force."
)
@click.option(
    "--ends-within", type=click.IntRange(0, 36_500), metavar="DAYS", default=90, show_default=True, help="What is soon."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@common
@click.pass_obj
@click.pass_context
def check(
    context: click.Context, session: Session, files: tuple[str, ...], as_of: date | None, ends_within: int, form: str
) -> None:
    """Check policies, definitions, parameters and worked cases; report every problem with its place.

    Without FILE the whole library of the workspace is checked. A FILE need not lie in the workspace: it is
    checked against the workspace's catalogue, definitions and parameters, and faults of those it uses are
    reported too. A POLICY is named by its id. Warnings alone do not fail.

    Sound policies are also checked for gaps and overlaps with what they supersede, for words that leave decisions
    to people, for facts that nobody has delivered, for what distorts competition, and for faults of logic, each with
    a firm that shows it.

    Example: `mianshen policy check policies/my-grant.yaml`
    """
    from cli.check_views import check_json
    from cli.policy_check import check, file_of

    space = session.workspace()
    found = check(space, [file_of(space, word) for word in files], as_of, ends_within)
    if form == "json":
        write_json(check_json(found))
        context.exit(ExitCode.PROBLEMS if found.errors else ExitCode.DONE)
    for problem in found.problems:
        click.echo(problem.render() + "\n", err=problem.severity == "error" or not session.quiet)
    for file in found.broken_elsewhere:
        click.echo(f"{file} is broken, so what uses it could not be fully checked", err=True)
    session.note(str(found))
    context.exit(ExitCode.PROBLEMS if found.errors else ExitCode.DONE)


@command.command("fmt")
@_FILES
@click.option("--check", "only_check", is_flag=True, help="Change nothing; list the files that would change, exit 1.")
@common
@click.pass_obj
@click.pass_context
def fmt(context: click.Context, session: Session, files: tuple[Path, ...], only_check: bool) -> None:
    """Rewrite expressions in their canonical form; everything else in the files stays as it is.

    Without FILE the workspace's own policies and definitions are formatted.

    Example: `mianshen policy fmt --check`
    """
    from cli.policy_check import formatted

    changed = formatted(session.workspace(), files, write=not only_check)
    write_lines([str(path) for path in changed])
    session.note(f"{counted(len(changed), 'file')} {'would change' if only_check else 'rewritten'}")
    context.exit(ExitCode.PROBLEMS if only_check and changed else ExitCode.DONE)


@command.command("test")
@click.argument("policies", metavar="[POLICY|FILE]...", nargs=-1, shell_complete=complete_policies)
@common
@click.pass_obj
@click.pass_context
def test(context: click.Context, session: Session, policies: tuple[str, ...]) -> None:
    """Run the worked cases beside the policies through both evaluators.

    A POLICY is named by its id or its FILE; without one every policy of the workspace is tested. A policy that is
    named and has no cases fails.

    Example: `mianshen policy test sd-sme-to-hightech-2021`
    """
    from cli.policy_cases import chosen, run_cases
    from cli.policy_check import file_of

    space = session.workspace()
    library, tested = chosen(space, [file_of(space, word) for word in policies])
    with session.progress() as step:
        tally = run_cases(space.catalogue(), library, tested, step)
    for failure in tally.failures:
        click.echo(failure, err=True)
    untested = bool(tally.without) and (bool(policies) or not tally.cases)
    for path in tally.without:
        if untested or not session.quiet:
            click.echo(f"{path.name.partition('.')[0]} has no worked cases; write them in {path}", err=True)
    session.note(str(tally))
    context.exit(ExitCode.PROBLEMS if tally.failed or untested else ExitCode.DONE)


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of policy files, by which editors complete and check.

    Example: `mianshen policy schema > policy.schema.json`
    """
    from policies.schema import policy_schema

    write_text(policy_schema())


def _library(session: Session) -> Library:
    from policies.load import workspace_library

    return workspace_library(session.workspace())
