"""Reading the expressions of one declared file; faults are collected, so that one run reports all of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from fractions import Fraction

from enterprise_data.declarations.problems import Problem, ProblemsFound
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from policies.language.compile import compile_expression
from policies.language.scope import Scope
from policies.language.terms import Constant, Kind, Term, Type

MONEY = Type(Kind.MONEY)
SHARE = Type(Kind.SHARE)


_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|“[^”]*”")


def names_in(text: str, names: Collection[str]) -> tuple[str, ...]:
    """Return which of `names` an expression uses, alone or after `param.`, in alphabetical order."""
    bare = _QUOTED.sub(" ", text)
    return tuple(name for name in sorted(names) if re.search(rf"(?<![\w.])(?:param\.)?{name}\b", bare))


@dataclass
class Reader:
    """Turns the text at a path of the document into a term, in the names that `scope` knows."""

    document: Document
    scope: Scope
    broken: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    def term(self, text: str, path: YamlPath, expect: Type | None, rows_of: str | None = None, skip: int = 0) -> Term:
        """Return the term at `path`; after a fault, which is kept, an unknown of the expected type.

        `rows_of` is the dataset whose row fields may be named; the first `skip` characters are passed over.
        An expression that uses a broken definition or parameter is passed over: the fault is reported there.
        """
        unknown = Constant(expect or Type(Kind.NUMBER), None)
        if names_in(text, self.broken):
            return unknown
        scope = replace(self.scope, row_dataset=rows_of) if rows_of else self.scope
        text = self.document.text_as_laid_out(*path) or text
        text = re.sub(r"\S", " ", text[:skip]) + text[skip:]  # blanks, so that places stay right
        try:
            return compile_expression(text, self.document.text_place(*path), scope, expect)
        except ProblemsFound as found:
            self.problems += found.problems
            return unknown

    def constant(self, text: str, path: YamlPath, expect: Type) -> Fraction | None:
        """Return the number a literal states, or None after a fault."""
        faults = len(self.problems)
        term = self.term(text, path, expect)
        if isinstance(term, Constant) and isinstance(term.value, Fraction):
            return term.value
        if len(self.problems) == faults:
            self.problem("POL010", f"`{text}` must be a plain value, not something to compute", path)
        return None

    def problem(self, code: str, message: str, path: YamlPath, help_text: str = "", severity: str = "error") -> None:
        """Keep a fault found at `path`."""
        self.problems.append(Problem(code, message, self.document.place(*path), help_text, severity))
