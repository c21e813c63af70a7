"""Patterns: the truths of a policy's leaves for one firm as digits of a number, so that SQL can group firms by them.

Digit k is 0, 1 or 2 (true, false, unknown) for leaf k, in base 4, 31 leaves a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from matcher.interpreter.intervals import Truth
from matcher.outcomes import Verdict
from matcher.run.scope import Stretch
from matcher.sql.build import Expr, cast, column, named, number, select
from matcher.sql.compile import Compiler
from policies.language import terms as t

LEAVES_A_WORD = 31
_DIGITS: dict[Truth, int] = {True: 0, False: 1, None: 2}
_TRUTHS: tuple[Truth, ...] = (True, False, None)


@dataclass(frozen=True)
class Pattern:
    """One distinct combination of truths that a policy met, its verdict, and how many firms show it."""

    number: int
    policy_no: int
    words: tuple[int, ...]
    truths: tuple[Truth, ...]
    verdict: Verdict
    firms: int
    kept: bool


def words(leaves: int) -> int:
    """Return how many words the truths of so many leaves take."""
    return -(-leaves // LEAVES_A_WORD)


def truths(pattern: Sequence[int], leaves: int) -> tuple[Truth, ...]:
    """Return the truths that the words of a pattern stand for."""
    places = (divmod(leaf, LEAVES_A_WORD) for leaf in range(leaves))
    return tuple(_TRUTHS[pattern[word] >> 2 * place & 3] for word, place in places)


def pattern_query(leaves: Sequence[t.Term], scope: Sequence[Stretch], compiler: Compiler) -> exp.Query | None:
    """Return `firm_no, w0, w1, ...` for the firms in scope; None when there are none. Leaf 0 is the scope itself."""
    parts = [_stretch(leaves, stretch, compiler) for stretch in scope]
    if not parts:
        return None
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = query.union(part, distinct=False, copy=False)
    return query


def _stretch(leaves: Sequence[t.Term], stretch: Stretch, compiler: Compiler) -> exp.Select:
    """Return the pattern of each firm of a stretch, each leaf computed once."""
    names = [f"c{place}" for place in range(1, len(leaves))]
    conditions = [compiler.condition(term) for term in leaves[1:]]
    truths = [named(condition, name) for condition, name in zip(conditions, names, strict=True)]
    firms = select([column("firm_no"), *truths], exp.to_table("facts"), where=_in(stretch))
    sums = [_word(word, names, _DIGITS[stretch.truth]) for word in range(words(len(leaves)))]
    return select([column("firm_no"), *sums], firms.subquery("c", copy=False))


def _in(stretch: Stretch) -> Expr:
    return exp.Between(this=column("firm_no"), low=number(stretch.first), high=number(stretch.last))


def _word(word: int, names: Sequence[str], scope_digit: int) -> Expr:
    total: Expr = cast(number(scope_digit if word == 0 else 0), "BIGINT")
    for leaf, name in enumerate(names, start=1):
        if leaf // LEAVES_A_WORD == word:
            total = exp.Add(this=total, expression=_digit(column(name), 1 << 2 * (leaf % LEAVES_A_WORD)))
    return named(total, f"w{word}")


def _digit(truth: Expr, weight: int) -> Expr:
    fails, unknown = (cast(number(_DIGITS[digit] * weight), "BIGINT") for digit in (False, None))
    branches = [exp.If(this=exp.true(), true=cast(number(0), "BIGINT")), exp.If(this=exp.false(), true=fails)]
    return exp.Case(this=truth, ifs=branches, default=unknown)
