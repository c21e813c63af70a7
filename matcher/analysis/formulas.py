"""The solver's formulas, folded while they are built: Python's True and False stand for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from policies.language.terms import Comparison

Formula = Any  # z3.BoolRef or bool
Number = Any  # z3.ArithRef: an integer or a real


@dataclass(frozen=True)
class Truth:
    """When a condition is true and when it is false; it is unknown where it is neither."""

    yes: Formula
    no: Formula

    def negated(self) -> Truth:
        """Return the opposite."""
        return Truth(self.no, self.yes)


@dataclass(frozen=True)
class Known:
    """A value and when it is known; a ratio keeps its denominator, which may be zero (unknown) or negative."""

    value: Any
    known: Formula = True
    denominator: Number | None = None
    constant: Fraction | None = None


MIRRORED: dict[Comparison, Comparison] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def conjunction(members: Iterable[Formula]) -> Formula:
    """Return whether all of the members hold."""
    rest = []
    for member in members:
        if member is False:
            return False
        if member is not True:
            rest.append(member)
    return True if not rest else rest[0] if len(rest) == 1 else z3.And(*rest)


def disjunction(members: Iterable[Formula]) -> Formula:
    """Return whether any of the members holds."""
    rest = []
    for member in members:
        if member is True:
            return True
        if member is not False:
            rest.append(member)
    return False if not rest else rest[0] if len(rest) == 1 else z3.Or(*rest)


def negation(member: Formula) -> Formula:
    """Return whether the member does not hold."""
    return not member if isinstance(member, bool) else z3.Not(member)


def either(condition: Formula, then: Any, otherwise: Any) -> Any:
    """Return one of two values."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3.If(condition, then, otherwise)


def decided(known: Formula, holds: Formula) -> Truth:
    """Return a condition that is `holds` where it is known."""
    return Truth(conjunction([known, holds]), conjunction([known, negation(holds)]))


def flag_of(found: Known) -> Truth:
    """Return the condition that a value of yes or no is."""
    return decided(found.known, found.value)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene conjunction."""
    members = list(truths)
    return Truth(conjunction(m.yes for m in members), disjunction(m.no for m in members))


def some_of(truths: Iterable[Truth]) -> Truth:
    """Kleene disjunction."""
    members = list(truths)
    return Truth(disjunction(m.yes for m in members), conjunction(m.no for m in members))


def literal(value: Fraction, context: z3.Context) -> Number:
    """Return an exact number."""
    if value.denominator == 1:
        return z3.IntVal(value.numerator, context)
    return z3.RealVal(f"{value.numerator}/{value.denominator}", context)


def compared(operator: str, left: Any, right: Any) -> Formula:
    """Return the comparison of two values of one sort."""
    if operator == "=":
        return left == right
    if operator == "!=":
        return left != right
    if operator == "<":
        return left < right
    if operator == "<=":
        return left <= right
    return left > right if operator == ">" else left >= right


def possible(solver: z3.Solver | None, formula: Formula) -> bool:
    """Return False only if the formula certainly contradicts what the solver knows."""
    if isinstance(formula, bool) or solver is None:
        return bool(formula is not False)
    solver.push()
    solver.add(formula)
    answer = solver.check()
    solver.pop()
    return bool(answer != z3.unsat)
