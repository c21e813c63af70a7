"""Reading a filled review sheet: every fault with its row and column, and the decisions that are left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from enterprise_data.conform.readers.source import Source
from enterprise_data.conform.readers.xlsx_file import open_xlsx
from enterprise_data.declarations.problems import MianshenError, Place, Problem
from enterprise_data.identity.journal.facts import Decision, Fact, Link
from enterprise_data.identity.journal.ledger import Ledger
from enterprise_data.identity.review.deciding import Choice
from enterprise_data.identity.review.entries import State, subject_id
from enterprise_data.identity.review.queue import Queue
from enterprise_data.identity.review.sheet_rows import (
    CANDIDATES,
    DECISION,
    HEADINGS,
    ID,
    NONE,
    REASON,
    REGISTER,
    SEAL,
    SHEET,
    seal,
)

_NONE_OF_THEM = frozenset({NONE, "没有", "none"})
_EXPORT = "export it anew with `mianshen data review export`"


@dataclass(frozen=True)
class Line:
    """One line of the sheet, by its number there, with its cells by heading."""

    number: int
    cells: Mapping[str, str]

    @property
    def decision(self) -> str:
        """Return what stands in the column of decisions, in plain letters."""
        return unicodedata.normalize("NFKC", self.cells[DECISION]).strip()


@dataclass(frozen=True)
class Filled:
    """What a sheet decides: new `choices`, how many lines said again what is decided, and the faults of others."""

    choices: tuple[Choice, ...]
    unchanged: int
    empty: int
    problems: tuple[Problem, ...]


def read_sheet(path: Path, queue: Queue, ledger: Ledger, reason: str | None) -> Filled:
    """Read a filled sheet against the whole queue as it is now; `reason` for lines that give none.

    Raises:
        MianshenError: the file is no review sheet, or cannot be read.
    """
    lines = _lines(path)
    filled = [line for line in lines if line.decision]
    return _Reading(path, queue, ledger, reason).read(filled, len(lines) - len(filled))


def _lines(path: Path) -> list[Line]:
    source = open_xlsx(path, lambda row: {DECISION, ID, SEAL} <= {cell.strip() for cell in row}, SHEET)
    try:
        return list(_body(path, source))
    finally:
        source.close()


def _body(path: Path, source: Source) -> Iterator[Line]:
    headings = [heading.strip() for heading in source.headings]
    if missing := [heading for heading in HEADINGS if headings.count(heading) != 1]:
        raise MianshenError(f"{path} is not a review sheet: {', '.join(missing)} missing or twice; {_EXPORT}")
    body = pl.concat([read().frame for read in source.chunks()]).select(map(str, range(len(headings))))
    first = source.size - body.height + 1
    for number, row in enumerate(body.iter_rows(), first):
        yield Line(number, dict(zip(headings, (cell or "" for cell in row), strict=True)))


@dataclass
class _Reading:
    path: Path
    queue: Queue
    ledger: Ledger
    reason: str | None
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def read(self, lines: Sequence[Line], empty: int) -> Filled:
        ids = [line.cells[ID] for line in lines]
        entries = {entry.id: entry for entry in _among(self.queue, ids).entries()}
        decided = self._live_decisions()
        firms = self.queue.sources.firms_among([code for line in lines if (code := _code_in(line))])
        choices, unchanged = [], 0
        for line in lines:
            firm = self._firm(line, firms)
            if isinstance(firm, Problem):
                self.problems.append(firm)
                continue
            earlier = decided.get(line.cells[ID])
            entry = entries.get(line.cells[ID])
            if earlier is not None and (entry is None or entry.state is not State.OPEN):
                unchanged += self._says_the_same(line, firm, earlier)
            elif entry is None:
                self._fault(line, ID, "REV005", "is no longer open: its row was linked or replaced", _EXPORT)
            elif (why := line.cells[REASON].strip() or self.reason) is None:
                self._fault(line, REASON, "REV007", "gives no reason", "fill it in, or give one for all with --reason")
            else:
                shown = tuple(cell[:18] for heading in CANDIDATES if (cell := line.cells[heading]))
                choices.append(Choice(entry, firm, why, shown, line.cells[REGISTER]))
        return Filled(tuple(choices), unchanged, empty, tuple(self.problems))

    def _live_decisions(self) -> dict[str, Fact]:
        holds = self.ledger.active()
        facts = (*holds.decisions, *holds.waiting)
        return {subject_id(fact.what.subject): fact for fact in facts if isinstance(fact.what, Decision)}

    def _firm(self, line: Line, firms: Mapping[str, str | None]) -> str | Problem | None:
        """Return the firm that a line decides on, None for none, or what is wrong with the line."""
        if line.cells[SEAL].strip() != seal(line.cells):
            return self._problem(
                line, ID, "REV001", "other cells than the decision and the reason were changed", _EXPORT
            )
        if (first := self.seen.setdefault(line.cells[ID], line.number)) != line.number:
            return self._problem(
                line, DECISION, "REV003", f"decides again what row {first} decides", "empty one of them"
            )
        if line.decision.lower() in _NONE_OF_THEM:
            return None
        if (code := _code_in(line)) is None:
            known = f"fill in 1 to 5, {NONE}, or a USCC of 18 characters; cells with codes must be text"
            return self._problem(line, DECISION, "REV002", f"`{line.decision}` decides nothing", known)
        if code not in firms:
            return self._problem(line, DECISION, "REV006", f"the register has no firm {code} (any more)", _EXPORT)
        return code

    def _says_the_same(self, line: Line, firm: str | None, earlier: Fact) -> bool:
        decided = earlier.what.firm if isinstance(earlier.what, Link) else None
        if decided == firm:
            return True
        said = decided or NONE
        undo = f"`mianshen data review undo {earlier.id}` before, if that was wrong"
        message = f"{earlier.author} decided otherwise ({said}, fact {earlier.id})"
        self._fault(line, DECISION, "REV004", message, undo)
        return False

    def _fault(self, line: Line, heading: str, code: str, message: str, remedy: str) -> None:
        self.problems.append(self._problem(line, heading, code, message, remedy))

    def _problem(self, line: Line, heading: str, code: str, message: str, remedy: str) -> Problem:
        column = HEADINGS.index(heading) + 1
        where = f"{chr(ord('A') + column - 1)}{line.number}"
        return Problem(code, f"{where} {heading}: {message}", Place(str(self.path), line.number, column), remedy)


def _among(queue: Queue, ids: Sequence[str]) -> Queue:
    return Queue(queue.frame.filter(pl.col("id").is_in(sorted(set(ids)))), queue.sources)


def _code_in(line: Line) -> str | None:
    """Return the USCC that a line decides on: typed, or that of the candidate it chooses."""
    said = line.decision.upper()
    if re.fullmatch("[1-5]", said):
        return line.cells[CANDIDATES[int(said) - 1]][:18] or None
    return said if re.fullmatch("[0-9A-Z]{18}", said) else None
