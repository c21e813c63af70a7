"""What is known of a number or a date: it lies between two bounds, either of which may be missing.

Ordinary values have equal bounds. Uncertain rows and uncovered data widen them; an unknown value has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.bind import calculate
from policies.language.terms import Value

Truth = bool | None
Bound = Fraction | date | None


@dataclass(frozen=True)
class Interval:
    """Lowest and highest possible value (of one type), both included; None is no bound."""

    low: Any = None
    high: Any = None

    @property
    def value(self) -> Any:
        """Return the value where it is certain, else None."""
        return self.low if self.low is not None and self.low == self.high else None


UNKNOWN = Interval()


def exactly(value: Value) -> Interval:
    """Return the interval of a known value, or the unknown one for None."""
    return Interval(value, value)


def less(left: Interval, right: Interval, *, or_equal: bool) -> Truth:
    """Return `left < right` (or `<=`), decided only if it is so over the whole intervals."""
    if left.high is not None and right.low is not None and _below(left.high, right.low, or_equal):
        return True
    if left.low is not None and right.high is not None and not _below(left.low, right.high, or_equal):
        return False
    return None


def _below(left: Any, right: Any, or_equal: bool) -> bool:
    return bool(left <= right) if or_equal else bool(left < right)


def equal(left: Interval, right: Interval) -> Truth:
    """Return whether both are the same value; false as soon as the intervals are apart."""
    if left.value is not None and left.value == right.value:
        return True
    apart = less(left, right, or_equal=False) or less(right, left, or_equal=False)
    return False if apart else None


def arithmetic(operator: str, left: Interval, right: Interval, scale: Fraction | None) -> Interval:
    """Apply `+ - * /`; `scale` is the right side of `*` or `/` when the policy writes it as a constant.

    Sums, differences and constant factors keep intervals; any other product or quotient needs certain values.
    """
    if operator == "+":
        return Interval(calculate("+", left.low, right.low), calculate("+", left.high, right.high))
    if operator == "-":
        return Interval(calculate("-", left.low, right.high), calculate("-", left.high, right.low))
    if scale is not None:
        ends = [calculate(operator, left.low, scale), calculate(operator, left.high, scale)]
        return Interval(*(ends if scale >= 0 else reversed(ends)))
    return exactly(calculate(operator, left.value, right.value))


def rounded(mode: str, value: Fraction, quantum: Fraction) -> Fraction:
    """Return the multiple of `quantum` at or below (`down`), at or above (`up`) or nearest (`half_up`) the value."""
    steps = value / quantum
    if mode == "down":
        return (steps.numerator // steps.denominator) * quantum
    if mode == "up":
        return -(-steps.numerator // steps.denominator) * quantum
    away = (abs(steps) + Fraction(1, 2)).__floor__()
    return (away if steps >= 0 else -away) * quantum
