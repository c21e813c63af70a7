"""Compiling ground terms to DuckDB expressions, with exactly the interpreter's meaning.

Numbers and dates compile to `Ends`, conditions to a BOOLEAN whose NULL is unknown, everything else to one expression.
The rules stand by family in `logic`, `numbers` and `dates`. Nothing is pasted from text: every expression is built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlglot import exp

from matcher.interpreter.evaluate import has_bounds
from matcher.sql import dates, logic, numbers
from matcher.sql.build import Expr, cast, text
from matcher.sql.columns import Columns, Compiling, point
from matcher.sql.exact import Ratio, Whole
from policies.language import terms as t


@dataclass(frozen=True)
class Compiler:
    """Compiles terms over one set of columns."""

    columns: Columns

    def compile(self, term: t.Term) -> Any:
        """Return the SQL of `term`; see the module's first lines for its form.

        Raises:
            Overflow: when values within their declared ranges could exceed 128 bits.
        """
        return _RULES[type(term)](self, term)

    def condition(self, term: t.Term) -> Expr:
        """Return the BOOLEAN expression of a condition; NULL is unknown."""
        expr: Expr = self.compile(term)
        return expr


def unknown(type_: t.Type) -> Any:
    """Return the value nobody knows, as a typed NULL."""
    if type_.kind is t.Kind.DATE:
        return point(cast(exp.null(), "DATE"))
    if has_bounds(type_):
        return point(Ratio(Whole(cast(exp.null(), "BIGINT"), 0)))
    return cast(exp.null(), "BOOLEAN" if type_.kind is t.Kind.BOOL else "VARCHAR")


def _constant(at: Compiling, term: t.Constant) -> Any:
    value = term.value
    if isinstance(value, Fraction):
        return point(Ratio.of(value))
    if isinstance(value, date):
        return point(cast(text(value.isoformat()), "DATE"))
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    return unknown(term.type) if value is None else text(value)


def _column(at: Compiling, term: t.Fact | t.Aggregate | t.RowField | t.Defined) -> Any:
    return at.columns.of(term)


_RULES: dict[type[t.Term], Callable[[Compiling, Any], Any]] = {
    t.Constant: _constant,
    t.Fact: _column,
    t.Aggregate: _column,
    t.RowField: _column,
    t.Defined: _column,
    **logic.RULES,
    **numbers.RULES,
    **dates.RULES,
}
