"""`mianshen data review export` and `import`: the queue as a workbook for a clerk, and back."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from cli.failures import counted
from cli.options import common, form_option
from cli.output import Column, Format, count_column, write_rows
from cli.review_desk import author_option, narrowing_options, reason_option
from cli.session import Session
from enterprise_data.declarations.problems import MianshenError, ProblemsFound

_EXPORT_COLUMNS = (Column("file", "File"), count_column("entries", "Entries"))


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@narrowing_options
@form_option
@common
@click.pass_obj
def export(
    session: Session,
    file: Path,
    dataset: str | None,
    why: str | None,
    pattern: str | None,
    limit: int | None,
    form: Format,
) -> None:
    """Write the open entries to FILE, an XLSX workbook in which a clerk fills the columns 决定 and 理由.

    A file that is there already is left as it is: it may have been filled.

    Example: `mianshen data review export review.xlsx --dataset hightech --limit 500`
    """
    from cli.review_desk import open_desk
    from enterprise_data.identity.review.sheet import write_sheet

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"the file is an XLSX workbook: call it {file.stem}.xlsx")
    if file.exists():
        raise MianshenError(f"{file} is there already, and may have been filled; choose another name, or remove it")
    desk = open_desk(session)
    chosen = desk.queue.chosen(dataset=dataset, reason=why, pattern=pattern, limit=limit)
    written = write_sheet(chosen, desk.snapshot.catalogue, file)
    write_rows(form, _EXPORT_COLUMNS, [{"file": str(file), "entries": written}])
    session.note(f"when it is filled: `mianshen data review import{session.option()} {file}`")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@author_option
@reason_option("The reason of lines that give none.")
@click.option("--partial", is_flag=True, help="Take the lines without faults although others have some.")
@form_option
@common
@click.pass_obj
def import_(session: Session, file: Path, author: str, reason: str | None, partial: bool, form: Format) -> None:
    """Take the decisions that a clerk filled into FILE; write what was decided.

    If any line has a fault, all faults are listed by cell and nothing is decided, but with --partial. Taking the same
    file again changes nothing.

    Example: `mianshen data review import review.xlsx --as 王芳 --reason 按营业执照核对`
    """
    from cli.review_desk import open_desk, told
    from cli.review_views import write_facts
    from enterprise_data.identity.review.deciding import record
    from enterprise_data.identity.review.sheet_reading import read_sheet

    desk = open_desk(session)
    filled = read_sheet(file, desk.queue, desk.journal.ledger(), reason)
    if filled.problems and not partial:
        session.note("nothing was decided")
        raise ProblemsFound(filled.problems)
    facts = record(desk.journal, filled.choices, author, desk.space.settings.review)
    write_facts(form, facts, desk.journal.ledger())
    session.note(
        f"{counted(len(facts), 'line')} decided, {filled.unchanged:,} decided so before, {filled.empty:,} left empty"
    )
    told(session, facts)
    if filled.problems:
        raise ProblemsFound(filled.problems)
