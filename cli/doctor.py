"""`mianshen doctor`: find out what is wrong with the installation or the workspace before it costs an afternoon."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import rich_click as click

from cli.exit_codes import ExitCode
from cli.failures import counted
from cli.options import Day, common, form_option
from cli.output import Column, Format, Row, write_rows
from cli.session import Session

if TYPE_CHECKING:
    from cli.doctor_checks import Finding

_MARKS = {"ok": "✓", "note": "-", "wrong": "✗"}
_COLUMNS = (
    Column("state", "", lambda value: _MARKS[value]),
    Column("what", "Check"),
    Column("found", "Found", wrap=True),
    Column("remedy", "What to do", lambda value: value or "", wrap=True),
)


@click.command("doctor")
@click.option("--as-of", type=Day(), help="The day to judge the age of deliveries by.  [default: today]")
@form_option
@common
@click.pass_obj
@click.pass_context
def command(context: click.Context, session: Session, as_of: date | None, form: Format) -> None:
    """Check the installation, the workspace, its catalogue, its policies and the age of its data.

    Leaves with 1 when something is wrong.

    Example: `mianshen doctor -w mianshen-demo --as-of 2025-06-30`
    """
    from cli.doctor_checks import installation, of_workspace
    from cli.doctor_ledger import of_ledger

    found = [*installation(session.root), *of_workspace(session, as_of), *of_ledger(session)]
    write_rows(form, _COLUMNS, [_row(finding) for finding in found])
    wrong = sum(finding.state == "wrong" for finding in found)
    session.note(f"{counted(wrong, 'thing')} wrong" if wrong else "nothing wrong")
    context.exit(ExitCode.PROBLEMS if wrong else ExitCode.DONE)


def _row(finding: Finding) -> Row:
    return {"state": finding.state, "what": finding.what, "found": finding.found, "remedy": finding.remedy}
