"""What every check works with: the scope, the place in it, the faults so far; and the table of checks by node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from enterprise_data.catalogue.model import Dataset
from enterprise_data.declarations.problems import Problem
from enterprise_data.periods import PeriodKind
from policies.language.kinds import Fault, describe
from policies.language.scope import Scope
from policies.language.source import Source
from policies.language.terms import Kind, Term
from policies.language.tree import Name, Node


@dataclass(frozen=True)
class Checker:
    """Turns nodes into terms; None stands for what has a fault, so that its surroundings stay silent.

    `row` is the dataset whose rows a filter reads; `variables` are the quantifiers' around, with their periods' kind.
    """

    source: Source
    scope: Scope
    row: Dataset | None = None
    variables: Mapping[str, PeriodKind] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def term(self, node: Node) -> Term | None:
        """Return the term of a node, or None after a fault."""
        return CHECKS[type(node)](self, node)

    def terms(self, nodes: Sequence[Node]) -> tuple[Term, ...] | None:
        """Return the terms of all nodes, or None after a fault in any; every node is checked."""
        terms = [self.term(node) for node in nodes]
        found = tuple(term for term in terms if term is not None)
        return found if len(found) == len(terms) else None

    def condition(self, node: Node) -> Term | None:
        """Return the term of a node that must be true or false."""
        term = self.term(node)
        if term is None or term.type.kind is Kind.BOOL:
            return term
        help_text = "compare it with something: `x >= 1`"
        self.fault("LANG029", f"a condition is needed here, not {describe(term.type)}", node, help_text)
        return None

    def date(self, node: Node) -> Term | None:
        """Return the term of a node that must be a date."""
        term = self.term(node)
        if term is None or term.type.kind is Kind.DATE:
            return term
        self.fault("LANG028", f"a date is needed here, not {describe(term.type)}", node, "write 2021-06-09")
        return None

    def numeric(self, node: Node) -> Term | None:
        """Return the term of a node that must be a number of some kind."""
        term = self.term(node)
        if term is None or term.type.numeric:
            return term
        self.fault("LANG024", f"a number is needed here, not {describe(term.type)}", node)
        return None

    def fault(self, code: str, message: str, node: Node, help_text: str = "") -> None:
        """Keep a fault at a node; returns None, to be returned in place of a term."""
        self.problems.append(self.source.problem(code, message, node.span, help_text))

    def refuse(self, fault: Fault, node: Node) -> None:
        """Keep a disagreement of kinds at a node."""
        self.fault(fault.code, fault.message, node, fault.help)

    def in_rows_of(self, dataset: Dataset) -> Checker:
        """Return the checker for a filter over a dataset's rows."""
        return replace(self, row=dataset)

    def with_variable(self, variable: Name, kind: PeriodKind) -> Checker:
        """Return the checker for a quantifier's body."""
        return replace(self, variables={**self.variables, variable.text: kind})

    def written(self, node: Node) -> str:
        """Return a node as its author wrote it."""
        return self.source.text[node.span[0] : node.span[1]]


Check = Callable[[Checker, Any], Term | None]
CHECKS: dict[type[Node], Check] = {}
Checked = TypeVar("Checked", bound=Callable[[Checker, Any], Term | None])


def checks(*kinds: type[Node]) -> Callable[[Checked], Checked]:
    """Register the check of one or more kinds of node."""

    def register(check: Checked) -> Checked:
        CHECKS.update(dict.fromkeys(kinds, check))
        return check

    return register
