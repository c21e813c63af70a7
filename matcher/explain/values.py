"""Values as people read them: exact amounts, percentages and dates, with what is unknown said as such."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from enterprise_data.codes import industries, regions
from matcher.interpreter.evaluate import has_bounds
from matcher.interpreter.intervals import Interval
from policies.language import terms as t

_FEN_PER_YUAN = 100
_YUAN_PER_WAN = 10_000


def shown(value: Any, type_: t.Type) -> str:
    """Return a value of the interpreter for people; an interval tells both bounds."""
    if not has_bounds(type_):
        return "unknown" if value is None else _plain(value, type_)
    assert isinstance(value, Interval)
    if value.value is not None:
        return one(value.value, type_)
    low, high = (None if end is None else one(end, type_) for end in (value.low, value.high))
    if low is None or high is None:
        return f"at least {low}" if low else f"at most {high}" if high else "unknown"
    return f"{low} to {high}"


def one(value: Fraction | date, type_: t.Type) -> str:
    """Return one certain number or date for people."""
    if isinstance(value, date):
        return value.isoformat()
    if type_.kind is t.Kind.MONEY:
        return money(value)
    if type_.kind is t.Kind.SHARE:
        return f"{_decimal(value * 100)}%"
    if type_.kind is t.Kind.POINTS:
        return f"{_decimal(value * 100)} pp"
    unit = type_.unit or ""
    return f"{_decimal(value)}{' ' if unit.isascii() and unit else ''}{unit}"


def money(fen: Fraction | int) -> str:
    """Return an amount of fen in 万元 from 10,000 yuan on, else in 元.

    >>> money(1_234_500_000), money(6_000_00)
    ('1,234.5万元', '6,000元')
    """
    yuan = Fraction(fen) / _FEN_PER_YUAN
    if abs(yuan) >= _YUAN_PER_WAN:
        return f"{_decimal(yuan / _YUAN_PER_WAN)}万元"
    return f"{_decimal(yuan)}元"


def due(payments: Iterable[tuple[bool | None, int | None]]) -> str:
    """Return what is due in all, to stand behind an outcome: payments are (whether it counts, fen or None if held)."""
    sure = [fen for counts, fen in payments if counts]
    if not sure:
        return ""
    if None in sure:
        return ", amount held until it is known"
    return f", {money(sum(fen or 0 for fen in sure))}"


def _decimal(value: Fraction) -> str:
    """Return the exact decimal, or, where it never ends, six digits marked as near."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"≈{float(value):,.6g}"
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Any, type_: t.Type) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    names = {t.Kind.REGION: regions.name_of, t.Kind.INDUSTRY: industries.name_of}
    if type_.kind in names:
        try:
            return f"{names[type_.kind](value)} ({value})"
        except LookupError:
            return str(value)
    return str(value)
