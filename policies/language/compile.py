"""The way in: expression text to a term, and to its canonical text."""

from __future__ import annotations

from typing import cast

from enterprise_data.declarations.problems import Place, raise_if_any
from policies.language.check import Checker
from policies.language.format import format_tree
from policies.language.kinds import misfit
from policies.language.names import canonical_names
from policies.language.parse import parse
from policies.language.scope import Scope
from policies.language.source import Source
from policies.language.terms import Term, Type


def compile_expression(text: str, place: Place, scope: Scope, expect: Type | None) -> Term:
    """Return the term that `text` means in `scope`; it is of the type `expect` when one is given.

    `place` is where the first character of the text stands in its file.

    Raises:
        ProblemsFound: every fault of the text that can be told apart, each at its characters.
    """
    source = Source(text, place)
    node = parse(source)
    row = scope.catalogue.find(scope.row_dataset) if scope.row_dataset else None
    checker = Checker(source, scope, row)
    term = checker.term(node)
    if term is not None and expect is not None and (fault := misfit(term, expect)):
        checker.refuse(fault, node)
    raise_if_any(checker.problems)
    return cast(Term, term)  # a missing term has told its fault


def format_expression(text: str, scope: Scope) -> str:
    """Return the canonical text: English names and keywords, single spaces, no needless parentheses.

    Raises:
        ProblemsFound: the text does not parse. Its names need not be known: unknown ones stay as they are.
    """
    return format_tree(canonical_names(parse(Source(text, Place("expression"))), scope))
