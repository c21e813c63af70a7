"""One entry of the queue as a person at the keyboard sees it: the row, what is at stake, the firms it may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from cli.failures import counted
from cli.money import money
from cli.review_views import called, short
from cli.session import console
from enterprise_data.identity.review import wording
from enterprise_data.identity.review.sheet_rows import place_name

_PLACE_WIDTH = 12

if TYPE_CHECKING:
    from enterprise_data.catalogue.load import Catalogue
    from enterprise_data.identity.review.entries import Entry


def show(entry: Entry, catalogue: Catalogue, progress: str, *, second_person: bool) -> None:
    """Show an entry on stderr."""
    screen = console(stderr=True)
    lines = ["", headline(entry, catalogue, progress), *_facts(entry), *_stake(entry, second_person)]
    for text in (*lines, *_candidates(entry)):
        screen.print(text.rstrip(), markup=False, highlight=False, soft_wrap=True)


def show_sample(entries: Sequence[Entry], *, none: bool) -> None:
    """Show on stderr what a choice would make of a few entries, one a line."""
    names = [called(entry.subject) for entry in entries]
    width = max(map(cell_len, names), default=0)
    for entry, name in zip(entries, names, strict=True):
        firm = "—" if none else f"{entry.candidates[0].uscc} {short(entry.candidates[0].name or '')}"
        text = f"  {set_cell_size(name, width)}  →  {firm}"
        console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


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
    again = f" (fact {entry.fact_id})" if entry.fact_id is not None else ""
    given = [f"{label} {short(text)}" for label, text in said.items() if text]
    where = f" · in {place_name(entry.region)}" if entry.region else ""
    return [f"  {' · '.join(given) or 'no key'}{where}", f"  not linked: {wording.reason(entry.reason).en}{again}"]


def _stake(entry: Entry, second_person: bool) -> list[str]:
    parts = [
        f"at stake {money(entry.stake)}" if entry.stake else "",
        "a row speaks against the firm" if entry.negative else "",
        "needs a second person" if second_person else "",
        f"{counted(entry.rows, 'row')} at once" if entry.rows > 1 else "",
    ]
    text = " · ".join(part for part in parts if part)
    return [f"  {text}"] if text else []


def _candidates(entry: Entry) -> list[str]:
    """Two lines a candidate, aligned; a Chinese character is two cells wide."""
    (comparisons,) = wording.compared([entry])
    names = [short(candidate.name or "—") for candidate in entry.candidates]
    width = max(map(cell_len, names), default=0)
    lines = []
    for number, (candidate, comparison) in enumerate(zip(entry.candidates, comparisons, strict=True), 1):
        name = set_cell_size(names[number - 1], width)
        where = set_cell_size(short(place_name(candidate.region)), _PLACE_WIDTH)
        agreed = short(" ".join(comparison.agreeing.values())) if comparison else ""
        lines.append(f"  {number}  {candidate.uscc}  {name}  {where}  {candidate.score:.0f}")
        lines.append(f"     {f'agrees: {agreed} · ' if agreed else ''}{wording.difference(candidate, comparison).en}")
    return lines or ["  no candidate"]
