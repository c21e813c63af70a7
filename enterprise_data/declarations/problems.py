"""What is wrong, where it stands, and what to do about it.

A problem is a value, so that one run reports all of them; `ProblemsFound` carries them to whoever prints.

    MianshenError                 anything this project refuses to do, with a message fit for a user
      ProblemsFound               one or more `Problem`s in files that people wrote
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rich.cells import cell_len


@dataclass(frozen=True, order=True)
class Place:
    """A place in a text file; `line` and `column` count from 1, `length` in characters."""

    file: str
    line: int = 1
    column: int = 1
    length: int = 1

    def __str__(self) -> str:
        """Render as `file:line:column`, the form editors jump to."""
        return f"{self.file}:{self.line}:{self.column}"

    def shifted(self, columns: int, length: int = 1) -> Place:
        """Return the place `columns` characters further along the same line."""
        return Place(self.file, self.line, self.column + columns, length)


@dataclass(frozen=True)
class Problem:
    """One finding: a stable code (`POL010`), a message, its place, and what to do (`help`)."""

    code: str
    message: str
    place: Place
    help: str = ""
    severity: str = "error"  # error | warning

    def render(self, source_line: str | None = None) -> str:
        """Render with the offending line and a caret under it; Chinese counts two cells."""
        lines = [f"{self.place}: {self.severity}[{self.code}]: {self.message}"]
        text = source_line if source_line is not None else _line_of(self.place)
        if text is not None:
            gutter = " " * len(str(self.place.line))
            before = cell_len(text[: self.place.column - 1])
            marked = text[self.place.column - 1 : self.place.column - 1 + self.place.length]
            carets = "^" * max(1, cell_len(marked))
            lines += [
                f"{gutter} |",
                f"{self.place.line} | {text}",
                f"{gutter} | {' ' * before}{carets}",
            ]
            if self.help:
                lines.append(f"{gutter} = help: {self.help}")
        elif self.help:
            lines.append(f"  = help: {self.help}")
        return "\n".join(lines)


class MianshenError(Exception):
    """Anything that stops the work for a reason the user can act on."""


class ProblemsFound(MianshenError):
    """Raised with every problem of one run; catch it to print them or to return them as data."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of their places."""
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda p: (p.place, p.code)))
        super().__init__("\n".join(p.render() for p in self.problems))


def suggest(word: str, known: Iterable[str], wrap: Callable[[str], str] = "`{}`".format) -> str:
    """Return `did you mean ...?` for the nearest known words, or an empty string if none is near."""
    found = process.extract(word, list(known), limit=3, score_cutoff=70)
    return f"did you mean {' or '.join(wrap(match) for match, _, _ in found)}?" if found else ""


def raise_if_any(problems: Sequence[Problem]) -> None:
    """Raise `ProblemsFound` when at least one of the problems is an error."""
    if any(p.severity == "error" for p in problems):
        raise ProblemsFound(problems)


def _line_of(place: Place) -> str | None:
    try:
        lines = re.split(r"\r\n|\r|\n", Path(place.file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return lines[place.line - 1] if place.line <= len(lines) else None
