"""The text of one expression and where it stands in its file, so that every fault points at its characters."""

from __future__ import annotations

from dataclasses import dataclass

from enterprise_data.declarations.problems import Place, Problem
from policies.language.tree import Span


@dataclass(frozen=True)
class Source:
    """An expression's text; `place` is where its first character stands, and further lines begin at that column."""

    text: str
    place: Place

    def at(self, span: Span) -> Place:
        """Return the place of some characters; what runs over a line's end is marked up to that end."""
        first, past = span
        line = self.text.count("\n", 0, first)
        start = self.text.rfind("\n", 0, first) + 1
        end = self.text.find("\n", first)
        past = min(past, end) if end >= 0 else past
        length = max(1, past - first)
        return Place(self.place.file, self.place.line + line, self.place.column + first - start, length)

    def problem(self, code: str, message: str, span: Span, help_text: str = "") -> Problem:
        """Return a fault at some characters of the text."""
        return Problem(code, message, self.at(span), help_text)
