"""Patterns: the truths of a policy's leaves for one firm, as digits that SQL can group and compare.

A digit is 0 for true, 1 for false, 2 for unknown. A pattern's digits also make one number a *word* of 31 leaves (two
bits a leaf), which is how a kept decision remembers its pattern. Conditions that several policies share are digits of
the facts table, worked out once; the others are worked out where their policy is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from matcher.interpreter.intervals import Truth
from matcher.outcomes import Verdict
from matcher.run.scope import Stretch
from matcher.sql.build import Expr, cast, column, named, number, select
from matcher.sql.compile import Compiler
from policies.language import terms as t

LEAVES_A_WORD = 31
WORDS = ("w0", "w1")
_DIGITS: dict[Truth, int] = {True: 0, False: 1, None: 2}
_TRUTHS: tuple[Truth, ...] = (True, False, None)


@dataclass(frozen=True)
class Pattern:
    """One distinct combination of truths that a policy met, its verdict, and how many firms show it."""

    policy_no: int
    words: tuple[int, int]
    truths: tuple[Truth, ...]
    verdict: Verdict
    firms: int
    kept: bool


def truths_of(digits: Iterable[int]) -> tuple[Truth, ...]:
    """Return the truths that digits stand for."""
    return tuple(_TRUTHS[digit] for digit in digits)


def words_of(digits: Sequence[int]) -> tuple[int, int]:
    """Return the words of a pattern; see `_words` for the same in SQL."""
    first, second = (
        sum(digit << 2 * place for place, digit in enumerate(digits[start : start + LEAVES_A_WORD]))
        for start in (0, LEAVES_A_WORD)
    )
    return first, second


def digit(condition: Expr) -> Expr:
    """Return the digit of a condition, in one byte."""
    zero, one, two = (cast(number(value), "UTINYINT") for value in (0, 1, 2))
    branches = [exp.If(this=exp.true(), true=zero), exp.If(this=exp.false(), true=one)]
    return exp.Case(this=condition, ifs=branches, default=two)


@dataclass(frozen=True)
class Decider:
    """Builds the queries of one policy over its stretches of the facts table; leaf 0 is the scope itself."""

    leaves: Sequence[t.Term]
    scope: Sequence[Stretch]
    compiler: Compiler
    shared: Mapping[t.Term, str]

    def patterns(self) -> exp.Query:
        """Return the distinct patterns: the digits of each, and how many firms show it."""
        digits = [column(name) for name in self._names]
        counted = select([*digits, exp.Count(this=exp.Star())], self._digits())
        return counted.group_by(*digits, copy=False).order_by(*digits, copy=False)

    def firms(self, policy_no: int, where: Expr | None) -> exp.Select:
        """Return `policy_no, firm_no, w0, w1` of the firms for which `where` holds over their digits and words."""
        firms = select([column("firm_no"), *_words(self._names), *map(column, self._names)], self._digits())
        kept = [named(number(policy_no), "policy_no"), column("firm_no"), *map(column, WORDS)]
        return select(kept, firms.subquery("firms", copy=False), where)

    @property
    def few_false(self) -> Expr:
        """Return whether at most one leaf is false."""
        false = (exp.EQ(this=column(name), expression=number(_DIGITS[False])) for name in self._names[1:])
        total: Expr = number(0)
        for test in false:
            total = exp.Add(this=total, expression=cast(test, "UTINYINT"))
        return exp.LTE(this=total, expression=number(1))

    @property
    def _names(self) -> list[str]:
        return [f"c{place}" for place in range(len(self.leaves))]

    def _digits(self) -> Expr:
        """Return `firm_no, c0, c1, ...` for the firms in scope, as a FROM clause."""
        query: exp.Query = self._stretch(self.scope[0])
        for stretch in self.scope[1:]:
            query = query.union(self._stretch(stretch), distinct=False, copy=False)
        return query.subquery("digits", copy=False)

    def _stretch(self, stretch: Stretch) -> exp.Select:
        digits = [cast(number(_DIGITS[stretch.truth]), "UTINYINT"), *map(self._digit, self.leaves[1:])]
        columns = [named(expr, name) for name, expr in zip(self._names, digits, strict=True)]
        firm_no = column("firm_no")
        between = exp.Between(this=firm_no, low=number(stretch.first), high=number(stretch.last))
        return select([firm_no, *columns], exp.to_table("facts"), where=between)

    def _digit(self, leaf: t.Term) -> Expr:
        name = self.shared.get(leaf)
        return column(name) if name is not None else digit(self.compiler.condition(leaf))


def _words(names: Sequence[str]) -> list[Expr]:
    words = []
    for start, word in zip((0, LEAVES_A_WORD), WORDS, strict=True):
        total: Expr = cast(number(0), "BIGINT")
        for place, name in enumerate(names[start : start + LEAVES_A_WORD]):
            weighed = exp.Mul(this=cast(column(name), "BIGINT"), expression=number(1 << 2 * place))
            total = exp.Add(this=total, expression=weighed)
        words.append(named(total, word))
    return words
