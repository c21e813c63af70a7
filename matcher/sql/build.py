"""The few ways in which expressions are put together here, none of which copies its parts.

sqlglot's own builders copy every argument, which makes large expressions quadratic. Nothing here changes a node once
it is built, so a part may stand in several places.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

Expr = exp.Expr

_TYPES = {
    name: exp.DataType.build(name, dialect="duckdb")
    for name in ("BIGINT", "HUGEINT", "INTEGER", "UTINYINT", "DATE", "BOOLEAN", "VARCHAR")
}


def paren(expr: Expr) -> Expr:
    """Return `(expr)`."""
    return exp.Paren(this=expr)


def cast(expr: Expr, to: str) -> Expr:
    """Return `CAST(expr AS to)`; `to` is one of the types above."""
    return exp.Cast(this=expr, to=_TYPES[to].copy())


def cast_or_null(expr: Expr, to: str) -> Expr:
    """Return `TRY_CAST(expr AS to)`: NULL where the value does not fit."""
    return exp.TryCast(this=expr, to=_TYPES[to].copy())


def all_hold(*conditions: Expr) -> Expr:
    """Return `(a AND b AND ...)`, TRUE of nothing."""
    return paren(exp.and_(*conditions, copy=False)) if conditions else exp.true()


def some_hold(*conditions: Expr) -> Expr:
    """Return `(a OR b OR ...)`, FALSE of nothing."""
    return paren(exp.or_(*conditions, copy=False)) if conditions else exp.false()


def negated(condition: Expr) -> Expr:
    """Return `(NOT (condition))`."""
    return paren(exp.Not(this=paren(condition)))


def is_null(expr: Expr) -> Expr:
    """Return `(expr IS NULL)`."""
    return paren(exp.Is(this=expr, expression=exp.Null()))


def is_true(condition: Expr) -> Expr:
    """Return `(condition IS TRUE)`, which is never NULL."""
    return paren(exp.Is(this=condition, expression=exp.true()))


def is_not_false(condition: Expr) -> Expr:
    """Return `(condition IS NOT FALSE)`: true or unknown."""
    return negated(exp.Is(this=condition, expression=exp.false()))


def case(*branches: tuple[Expr, Expr], otherwise: Expr | None = None) -> Expr:
    """Return `CASE WHEN a THEN b ... ELSE otherwise END`; without `otherwise`, NULL where no branch is true."""
    return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches], default=otherwise)


def choice(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    """Return one value where the condition is true, another where it is false, NULL where it is unknown.

    The simple form of CASE names the condition once, which keeps nested choices from doubling at every level.
    """
    branches = [exp.If(this=exp.true(), true=then), exp.If(this=exp.false(), true=otherwise)]
    return exp.Case(this=paren(condition), ifs=branches)


def select(columns: Iterable[Expr], source: Expr, where: Expr | None = None) -> exp.Select:
    """Return `SELECT columns FROM source WHERE where`."""
    condition = exp.Where(this=where) if where is not None else None
    return exp.Select(expressions=[*columns], from_=exp.From(this=source), where=condition)


def number(value: int) -> Expr:
    """Return an integer literal."""
    literal = exp.Literal.number(abs(value))
    return literal if value >= 0 else exp.Neg(this=literal)


def text(value: str) -> Expr:
    """Return a text literal."""
    return exp.Literal.string(value)


def column(name: str, table: str | None = None) -> Expr:
    """Return a quoted column."""
    return exp.Column(
        this=exp.Identifier(this=name, quoted=True),
        table=exp.Identifier(this=table, quoted=True) if table else None,
    )


def named(expr: Expr, name: str) -> Expr:
    """Return `expr AS "name"`."""
    return exp.Alias(this=expr, alias=exp.Identifier(this=name, quoted=True))
