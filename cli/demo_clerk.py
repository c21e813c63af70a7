"""The part of `mianshen demo` about lists that carry only names: how they link, and what a clerk's decisions change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl

from cli.demo_city import AS_OF, PERIODS, Demo, matched
from cli.failures import counted
from cli.output import Column, Row, count_column, write_lines, write_table
from cli.review_desk import Desk, open_desk
from cli.session import Session
from enterprise_data.identity.review.deciding import record
from enterprise_data.identity.review.entries import Entry
from enterprise_data.identity.review.sheet import write_sheet
from enterprise_data.identity.review.sheet_reading import read_sheet
from enterprise_data.identity.review.sheet_rows import DECISION, ID, NONE
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.linking_report import links_of, open_firms
from matcher.run.store import Run

SHEET = "review.xlsx"
_CLERK = "示例·办事员"
_REASON = "示例：按合成城市的底账核对"
_LIST_COLUMNS = (
    Column("title", "List"),
    Column("department", "Department"),
    count_column("delivered", "Rows"),
    count_column("as_registered", "By code or name"),
    count_column("by_key", "By another spelling"),
    count_column("unlinked", "Not linked"),
    count_column("open_firms", "Firms left open"),
)
_EFFECT_COLUMNS = (
    Column("what", ""),
    count_column("before", "Before"),
    count_column("after", "After"),
)
# How a row links whose code or name is the register's own; all other rules tolerate something.
_AS_REGISTERED = frozenset(
    {"uscc_and_name", "uscc", "organisation_code", "registration_no", "name", "former_name", "predecessor_code"}
)


@dataclass(frozen=True)
class Worked:
    """What the scripted clerk did: entries in the queue, those decided, and the run that followed."""

    entries: int
    links: int
    none: int
    demo: Demo
    run: Run


def list_rows(demo: Demo) -> list[Row]:
    """Return a row for each list of the city that carries only names."""
    lists = sorted(set(pl.read_parquet(demo.city.truth, columns=["dataset"])["dataset"]))
    return [
        {
            "title": links.title,
            "department": links.department,
            "delivered": links.delivered,
            "as_registered": sum(rows for rule, rows in links.linked if rule in _AS_REGISTERED),
            "by_key": sum(rows for rule, rows in links.linked if rule not in _AS_REGISTERED),
            "unlinked": links.unlinked_rows,
            "open_firms": links.open_firms,
        }
        for links in links_of(demo.snapshot, lists)
    ]


def work_queue(session: Session, demo: Demo) -> Worked:
    """Let a scripted clerk fill the first half of the review sheet, then freeze and match the last period anew.

    The clerk knows the truth about the synthetic city, as a real one knows the firms' papers.
    """
    desk = open_desk(session)
    sheet = demo.space.root / SHEET
    sheet.unlink(missing_ok=True)
    entries = write_sheet(desk.queue.chosen(), desk.snapshot.catalogue, sheet)
    session.note(f"a scripted clerk decides half of {counted(entries, 'entry')} in {sheet} ...")
    _fill(sheet, _decisions(desk, demo, (entries + 1) // 2))
    filled = read_sheet(sheet, desk.queue, desk.journal.ledger(), _REASON)
    record(desk.journal, filled.choices, _CLERK, demo.space.settings.review)
    with session.progress() as step:
        snapshot = freeze(demo.space, lambda name: step(f"linking {name}"))
    run = matched(session, demo.space, snapshot, demo.library, PERIODS[-1])
    links = sum(choice.firm is not None for choice in filled.choices)
    after = Demo(demo.space, demo.city, snapshot, demo.library, (*demo.runs[:-1], run))
    return Worked(entries, links, len(filled.choices) - links, after, run)


def tell_lists(session: Session, demo: Demo) -> None:
    """Write how lists linked that carry only names, and what a clerk's decisions about the rest change."""
    write_table(_LIST_COLUMNS, list_rows(demo))
    worked = work_queue(session, demo)
    write_lines(
        [
            "",
            f"What no rule links waits for a person: {counted(worked.entries, 'entry')}, what has most at stake first.",
            f"A scripted clerk decided half of them in a workbook: {worked.links:,} mean a firm of the register,",
            f"{worked.none:,} mean none. The same rows will be linked so in every later delivery.",
            "",
        ]
    )
    before = demo.runs[-1]
    write_table(
        _EFFECT_COLUMNS,
        [
            {
                "what": "firms that a row may or may not mean",
                "before": open_firms(demo.snapshot),
                "after": open_firms(worked.demo.snapshot),
            },
            {
                "what": f"decisions of {PERIODS[-1]} that are undetermined, as of {AS_OF}",
                "before": _undetermined(before),
                "after": _undetermined(worked.run),
            },
        ],
    )


def _undetermined(run: Run) -> int:
    return sum(result.undetermined for result in run.manifest.policies)


def _decisions(desk: Desk, demo: Demo, most: int) -> dict[str, str]:
    """Return what the clerk writes, by the entry's id; where rows of one name mean several firms, nothing."""
    truth = pl.read_parquet(demo.city.truth, columns=["dataset", "row_no", "uscc"])
    meant = {(dataset, row_no): uscc for dataset, row_no, uscc in truth.iter_rows()}
    registered = set(pl.read_parquet(demo.snapshot.firms_path, columns=["uscc"])["uscc"])
    decided: dict[str, str] = {}
    for entry in desk.queue.chosen(limit=most).entries():
        firms = {meant.get((entry.subject.dataset, row_no), "") for row_no in entry.row_nos}
        if entry.rows == len(entry.row_nos) and len(firms) == 1 and firms != {""}:
            (firm,) = firms
            decided[entry.id] = _written(entry, firm if firm in registered else None)
    return decided


def _written(entry: Entry, firm: str | None) -> str:
    ranks = {candidate.uscc: str(rank) for rank, candidate in enumerate(entry.candidates, 1)}
    return NONE if firm is None else ranks.get(firm, firm)


def _fill(sheet: Path, decisions: Mapping[str, str]) -> None:
    book = openpyxl.load_workbook(sheet)
    lines = book.active
    assert lines is not None  # noqa: S101  # the sheet was just written
    headings = {str(cell.value): number for number, cell in enumerate(lines[2], 1)}
    for row in range(3, lines.max_row + 1):
        decision = decisions.get(str(lines.cell(row, headings[ID]).value))
        if decision is not None:
            lines.cell(row, headings[DECISION]).value = decision
    book.save(sheet)
