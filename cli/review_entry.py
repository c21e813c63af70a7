"""One entry of the queue as a person at the keyboard sees it: the row, what is at stake, the firms it may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.failures import counted
from cli.money import money
from cli.review_views import called, short
from cli.session import console
from enterprise_data.identity.review import wording
from enterprise_data.identity.review.sheet import place_name

if TYPE_CHECKING:
    from rich.table import Table

    from enterprise_data.catalogue.load import Catalogue
    from enterprise_data.identity.review.entries import Candidate, Entry


def show(entry: Entry, catalogue: Catalogue, progress: str, *, second_person: bool) -> None:
    """Show an entry on stderr."""
    screen = console(stderr=True)
    lines = ["", headline(entry, catalogue, progress), *_facts(entry), *_stake(entry, second_person)]
    for text in lines:
        screen.print(text, markup=False, highlight=False, soft_wrap=True)
    if entry.candidates:
        screen.print(_table(entry))
    else:
        screen.print("  no candidate", markup=False)


def show_sample(entries: Sequence[Entry], *, none: bool) -> None:
    """Show on stderr what a choice would make of a few entries, one a line."""
    table = _grid(3)
    for entry in entries:
        firm = "—" if none else f"{entry.candidates[0].uscc} {short(entry.candidates[0].name or '')}"
        table.add_row(called(entry.subject), "→", firm)
    console(stderr=True).print(table, markup=False)


def headline(entry: Entry, catalogue: Catalogue, progress: str) -> str:
    """Return where an entry's rows are: list, department, row numbers, days; before it how many are open."""
    dataset = catalogue.datasets.get(entry.subject.dataset)
    listed = f"{dataset.title.zh} ({dataset.dataset}), {dataset.department}" if dataset else entry.subject.dataset
    numbers = ", ".join(f"{number:,}" for number in entry.row_nos)
    more = f" and {entry.rows - len(entry.row_nos):,} more" if entry.rows > len(entry.row_nos) else ""
    days = " to ".join(dict.fromkeys(day.isoformat() for day in (entry.first_day, entry.last_day) if day is not None))
    noun = "row" if entry.rows == 1 else "rows"
    return " · ".join(part for part in (f"[{progress}] {listed}", f"{noun} {numbers}{more}", days) if part)


def _facts(entry: Entry) -> list[str]:
    subject = entry.subject
    said = {
        "name": subject.name,
        "USCC": subject.uscc,
        "organisation code": subject.organisation_code,
        "registration number": subject.registration_no,
    }
    given = [f"{label} {short(text)}" for label, text in said.items() if text]
    where = f" · in {place_name(entry.region)}" if entry.region else ""
    return [f"  {' · '.join(given) or 'no key'}{where}", f"  not linked: {wording.reason(entry.reason).en}"]


def _stake(entry: Entry, second_person: bool) -> list[str]:
    parts = [
        f"at stake {money(entry.stake)}" if entry.stake else "",
        "a row speaks against the firm" if entry.negative else "",
        "needs a second person" if second_person else "",
        f"{counted(entry.rows, 'row')} at once" if entry.rows > 1 else "",
    ]
    text = " · ".join(part for part in parts if part)
    return [f"  {text}"] if text else []


def _table(entry: Entry) -> Table:
    table = _grid(5)
    for number, candidate in enumerate(entry.candidates, 1):
        table.add_row(*_cells(number, candidate))
    return table


def _cells(number: int, candidate: Candidate) -> tuple[str, ...]:
    said = wording.difference(candidate)
    return (
        f"  {number}",
        candidate.uscc,
        short(candidate.name or "—"),
        place_name(candidate.region),
        f"{said.en} ({said.zh})",
    )


def _grid(columns: int) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(columns):
        table.add_column(overflow="fold")
    return table
