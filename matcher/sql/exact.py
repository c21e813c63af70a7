"""Exact numbers in SQL: integers of proven size, and ratios of them.

Nothing here divides. A quotient stays a pair of integers until it is compared (by cross-multiplying) or rounded (by
integer division), so that no result ever passes through a binary float or a rounded decimal. Every integer carries
the largest absolute value it can reach, from the ranges the catalogue declares: what fits 64 bits is BIGINT, what fits
128 bits is HUGEINT, and anything larger is refused when the policy is compiled, not when one firm overflows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from enterprise_data.declarations.problems import MianshenError
from matcher.sql.build import Expr, case, cast, number, paren

BIGINT_LIMIT = 2**63 - 1
HUGEINT_LIMIT = 10**38 - 1  # of 2**127 - 1: Parquet keeps what was computed as DECIMAL(38, 0)


class Overflow(MianshenError):
    """Raised when an expression could exceed 128 bits for values within the declared ranges."""


@dataclass(frozen=True)
class Whole:
    """An integer expression (BIGINT or HUGEINT) whose absolute value is at most `bound`; NULL is unknown."""

    expr: Expr
    bound: int
    constant: int | None = None

    @staticmethod
    def of(value: int) -> Whole:
        """Return a constant, typed so that DuckDB never computes in 32 bits."""
        _refuse_over_limit(abs(value))
        kind = "HUGEINT" if abs(value) > BIGINT_LIMIT else "BIGINT"
        return Whole(cast(number(value), kind), abs(value), value)

    @property
    def fits_bigint(self) -> bool:
        """Return whether 64 bits always suffice."""
        return self.bound <= BIGINT_LIMIT

    def times(self, other: Whole) -> Whole:
        """Return the product."""
        if other.constant == 1:
            return self
        if self.constant == 1:
            return other
        if self.constant is not None and other.constant is not None:
            return Whole.of(self.constant * other.constant)
        return self._combined(exp.Mul, other, self.bound * other.bound)

    def plus(self, other: Whole) -> Whole:
        """Return the sum."""
        return self._combined(exp.Add, other, self.bound + other.bound)

    def minus(self, other: Whole) -> Whole:
        """Return the difference."""
        return self._combined(exp.Sub, other, self.bound + other.bound)

    def _combined(self, operator: type[exp.Binary], other: Whole, bound: int) -> Whole:
        _refuse_over_limit(bound)
        left, right = (widened(side, bound) for side in (self, other))
        return Whole(paren(operator(this=left, expression=right)), bound)


def _refuse_over_limit(bound: int) -> None:
    if bound > HUGEINT_LIMIT:
        raise Overflow(
            f"a number of up to {len(str(bound))} digits could arise here; at most 38 can be computed exactly: "
            "declare narrower `range`s in the catalogue, or multiply fewer facts with each other"
        )


def widened(number: Whole, bound: int) -> Expr:
    """Return the expression in the type that holds `bound`, so that the operation itself cannot overflow."""
    needs_more = bound > BIGINT_LIMIT and (number.bound <= BIGINT_LIMIT or number.constant is not None)
    return cast(number.expr, "HUGEINT") if needs_more else number.expr


@dataclass(frozen=True)
class Ratio:
    """`numerator / (denominator * scale)`; the denominator is positive or NULL (unknown), `scale` positive."""

    numerator: Whole
    denominator: Whole | None = None
    scale: int = 1

    @staticmethod
    def of(value: Fraction) -> Ratio:
        """Return a constant."""
        return Ratio(Whole.of(value.numerator), None, value.denominator)

    @property
    def constant(self) -> Fraction | None:
        """Return the value of a constant ratio, else None."""
        if self.denominator is not None or self.numerator.constant is None:
            return None
        return Fraction(self.numerator.constant, self.scale)

    @property
    def nullable(self) -> Expr:
        """Return an expression that is NULL exactly where the ratio is unknown."""
        if self.denominator is None:
            return self.numerator.expr
        return self.numerator.times(self.denominator).expr

    def plus(self, other: Ratio) -> Ratio:
        """Return the sum, over the common denominator."""
        left, right, denominator, scale = _common(self, other)
        return Ratio(left.plus(right), denominator, scale)

    def minus(self, other: Ratio) -> Ratio:
        """Return the difference, over the common denominator."""
        left, right, denominator, scale = _common(self, other)
        return Ratio(left.minus(right), denominator, scale)

    def times(self, other: Ratio) -> Ratio:
        """Return the product."""
        a, b = self.scale, other.scale
        if self.numerator.constant and math.gcd(self.numerator.constant, b) > 1:
            return _reduced(self, other)
        if other.numerator.constant and math.gcd(other.numerator.constant, a) > 1:
            return _reduced(other, self)
        return Ratio(self.numerator.times(other.numerator), _product(self.denominator, other.denominator), a * b)

    def divided_by(self, other: Ratio) -> Ratio:
        """Return the quotient; NULL (unknown) where `other` is zero."""
        if other.constant is not None:
            return self.times(Ratio.of(1 / other.constant)) if other.constant else _null()
        divisor = other.numerator
        sign = Whole(exp.Sign(this=divisor.expr.copy()), 1)
        positive = Whole(exp.Nullif(this=exp.Abs(this=divisor.expr.copy()), expression=number(0)), divisor.bound)
        numerator = self.numerator.times(Whole(cast(sign.expr, "BIGINT"), 1))
        if other.denominator is not None:
            numerator = numerator.times(other.denominator)
        common = math.gcd(self.scale, other.scale)
        return Ratio(
            numerator.times(Whole.of(other.scale // common)),
            _product(self.denominator, positive),
            self.scale // common,
        )


def compared(operator: type[exp.Binary], left: Ratio, right: Ratio) -> Expr:
    """Return the exact test of two ratios: denominators are positive, so cross-multiplying keeps the order."""
    a, b, _, _ = _common(left, right)
    bound = max(a.bound, b.bound)
    return operator(this=widened(a, bound), expression=widened(b, bound))


def rounded_to(value: Ratio, quantum: Fraction, mode: str) -> Ratio:
    """Return the multiple of `quantum` below (`down`), above (`up`) or nearest to the value (`half_up`)."""
    steps = value.times(Ratio.of(1 / quantum))
    divisor = (steps.denominator or Whole.of(1)).times(Whole.of(steps.scale))
    top = steps.numerator
    if mode == "half_up":
        doubled = top.times(Whole.of(2))
        magnitude = Whole(exp.Abs(this=doubled.expr), doubled.bound).plus(divisor)
        quotient = _truncated(magnitude, divisor.times(Whole.of(2)), magnitude.bound)
        sign = Whole(cast(exp.Sign(this=top.expr.copy()), "BIGINT"), 1)
        return Ratio(quotient.times(sign)).times(Ratio.of(quantum))
    if divisor.constant == 1:
        return Ratio(top).times(Ratio.of(quantum))
    # Integer division truncates toward zero; the remainder's sign says where the floor or ceiling is one step away.
    quotient = _truncated(top, divisor, top.bound)
    remainder = exp.Mod(this=widened_for(top, divisor), expression=widened_for(divisor, top))
    off, step = (exp.LT, -1) if mode == "down" else (exp.GT, 1)
    correction = case((off(this=paren(remainder), expression=number(0)), number(step)), otherwise=number(0))
    corrected = quotient.plus(Whole(cast(correction, "BIGINT"), 1))
    return Ratio(corrected).times(Ratio.of(quantum))


def widened_for(number: Whole, other: Whole) -> Expr:
    """Return `number` in the wider of the two types."""
    return widened(number, max(number.bound, other.bound))


def _truncated(top: Whole, divisor: Whole, bound: int) -> Whole:
    return Whole(exp.IntDiv(this=widened_for(top, divisor), expression=widened_for(divisor, top)), bound)


def _common(left: Ratio, right: Ratio) -> tuple[Whole, Whole, Whole | None, int]:
    """Bring two ratios to one denominator and scale; return both numerators, then these."""
    scale = math.lcm(left.scale, right.scale)
    a = left.numerator.times(Whole.of(scale // left.scale))
    b = right.numerator.times(Whole.of(scale // right.scale))
    if left.denominator == right.denominator:
        return a, b, left.denominator, scale
    a = a.times(right.denominator) if right.denominator else a
    b = b.times(left.denominator) if left.denominator else b
    return a, b, _product(left.denominator, right.denominator), scale


def alike(left: Ratio, right: Ratio) -> tuple[Ratio, Ratio]:
    """Give both ratios one scale, and either both a denominator or neither."""
    scale = math.lcm(left.scale, right.scale)
    one = Whole.of(1) if left.denominator or right.denominator else None
    a, b = (
        Ratio(side.numerator.times(Whole.of(scale // side.scale)), side.denominator or one, scale)
        for side in (left, right)
    )
    return a, b


def _reduced(constant: Ratio, other: Ratio) -> Ratio:
    """Multiply by a constant whose numerator shares a factor with the other's scale, cancelling it first."""
    factor = Fraction(constant.numerator.constant or 0, constant.scale) / other.scale
    return Ratio(other.numerator.times(Whole.of(factor.numerator)), other.denominator, factor.denominator)


def _product(left: Whole | None, right: Whole | None) -> Whole | None:
    if left is None or right is None:
        return left or right
    return left.times(right)


def _null() -> Ratio:
    return Ratio(Whole(cast(exp.null(), "BIGINT"), 0))
