"""Functions of values: `min max abs whole ceil round growth months_between days_between`, one table row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from enterprise_data.declarations.problems import suggest
from policies.language import tree as s
from policies.language.build import ROW_FUNCTIONS
from policies.language.check.checker import Checker, checks
from policies.language.check.periods import moved, read_period
from policies.language.kinds import common_type, describe, disagreement, misfit
from policies.language.terms import (
    BOOL,
    Absolute,
    Arithmetic,
    Between,
    Choose,
    Compare,
    Constant,
    Extreme,
    Fact,
    Kind,
    Rounded,
    Term,
    Type,
)

MAX_DIGITS = 8

# One of each kind as people write it: a yuan, a per cent, a percentage point.
_QUANTA = {Kind.MONEY: Fraction(100), Kind.SHARE: Fraction(1, 100), Kind.POINTS: Fraction(1, 100)}


@dataclass(frozen=True)
class Function:
    """A function: how it is written (shown in messages), how many arguments, which options, and its check."""

    form: str
    arguments: tuple[int, int]
    check: Callable[[Checker, s.Call], Term | None]
    options: tuple[str, ...] = ()


FUNCTIONS: dict[str, Function] = {}


def function(form: str, least: int, most: int, *options: str) -> Callable[
    [Callable[[Checker, s.Call], Term | None]], Callable[[Checker, s.Call], Term | None]
]:  # fmt: skip
    """Register the check of a function; its name is what stands before the parenthesis of `form`."""

    def register(check: Callable[[Checker, s.Call], Term | None]) -> Callable[[Checker, s.Call], Term | None]:
        FUNCTIONS[form.partition("(")[0]] = Function(form, (least, most), check, options)
        return check

    return register


@checks(s.Call)
def _call(checker: Checker, node: s.Call) -> Term | None:
    name = node.function.text
    known = FUNCTIONS.get(name)
    if known is None and name in ROW_FUNCTIONS:
        target = "dataset" if name in ("exists", "count", "streak") else "dataset.field"
        help_text = f"write `{name}({target} where condition)`"
        checker.fault("LANG019", f"`{name}` reads the rows of one dataset", node, help_text)
        return None
    if known is None:
        help_text = suggest(name, [*FUNCTIONS, *ROW_FUNCTIONS])
        checker.fault("LANG019", f"there is no function `{name}`", node.function, help_text)
        return None
    least, most = known.arguments
    if not least <= len(node.arguments) <= most:
        message = f"`{name}` does not take {len(node.arguments)} argument{'s' * (len(node.arguments) != 1)}"
        checker.fault("LANG019", message, node, f"write `{known.form}`")
        return None
    words = [option.word for option in node.options]
    for option in node.options:
        if option.word not in known.options or words.count(option.word) > 1:
            checker.fault("LANG019", f"`{option.word}` cannot stand here", option, f"write `{known.form}`")
            return None
    return known.check(checker, node)


# -- of numbers


@function("min(a, b)", 2, 50)
@function("max(a, b)", 2, 50)
def _extreme(checker: Checker, node: s.Call) -> Term | None:
    members = checker.terms(node.arguments)
    if members is None:
        return None
    kind = members[0].type
    for member, written in zip(members, node.arguments, strict=True):
        if not (member.type.numeric or member.type.kind is Kind.DATE):
            checker.fault("LANG024", f"{describe(member.type)} has no order", written)
            return None
        if fault := disagreement(members[0], member):
            checker.refuse(fault, written)
            return None
        kind = common_type(Constant(kind, None), member) or kind
    function_name: Literal["min", "max"] = "min" if node.function.text == "min" else "max"
    return Extreme(kind, function_name, members)


@function("abs(x)", 1, 1)
def _absolute(checker: Checker, node: s.Call) -> Term | None:
    member = checker.numeric(node.arguments[0])
    return Absolute(member.type, member) if member else None


@function("whole(x)", 1, 1)
@function("ceil(x)", 1, 1)
def _whole(checker: Checker, node: s.Call) -> Term | None:
    member = checker.numeric(node.arguments[0])
    if member is None:
        return None
    return Rounded(member.type, "down" if node.function.text == "whole" else "up", member, _quantum(member, 0))


@function("round(x, digits)", 2, 2)
def _round(checker: Checker, node: s.Call) -> Term | None:
    member, digits = checker.numeric(node.arguments[0]), checker.term(node.arguments[1])
    if member is None or digits is None:
        return None
    number = digits.value if isinstance(digits, Constant) and digits.type.kind is Kind.NUMBER else None
    if not isinstance(number, Fraction) or number.denominator != 1 or abs(number) > MAX_DIGITS:
        help_text = f"write a whole number from -{MAX_DIGITS} to {MAX_DIGITS}; of money, 2 means fen, 0 yuan, -4 万元"
        checker.fault("LANG019", "`round` needs a literal number of digits", node.arguments[1], help_text)
        return None
    return Rounded(member.type, "half_up", member, _quantum(member, int(number)))


def _quantum(member: Term, digits: int) -> Fraction:
    return _QUANTA.get(member.type.kind, Fraction(1)) * Fraction(10) ** -digits


# -- of dates


@function("months_between(start, end)", 2, 2)
@function("days_between(start, end)", 2, 2)
def _between(checker: Checker, node: s.Call) -> Term | None:
    start, end = (checker.date(argument) for argument in node.arguments)
    unit: Literal["months", "days"] = "months" if node.function.text == "months_between" else "days"
    return Between(Type(Kind.COUNT, unit), unit, start, end) if start and end else None


# -- growth


@function("growth(dataset.field, period, over 1 year, otherwise 0%)", 2, 2, "over", "otherwise")
def _growth(checker: Checker, node: s.Call) -> Term | None:
    """Say `(f[p] - f[p - 1]) / f[p - 1]` where the base is positive; else what the policy says, or unknown."""
    options = {option.word: option.value for option in node.options}
    read = node.arguments[0]
    if not isinstance(read, s.Field) or read.index:
        help_text = "write `growth(tax.revenue, period - 1)`"
        checker.fault("LANG019", "`growth` takes a field without a period, then the period", read, help_text)
        return None
    if read_period(checker, node.arguments[1]) is None:
        return None
    fact = checker.term(s.Field(read.span, read.dataset, read.field, (node.arguments[1],)))
    years = _years(checker, options["over"]) if "over" in options else 0
    otherwise = _otherwise(checker, options.get("otherwise"))
    if not isinstance(fact, Fact) or fact.period is None or years is None or otherwise is None:
        return None
    if not fact.type.numeric:
        checker.fault("LANG024", f"a number is needed here, not {describe(fact.type)}", read)
        return None
    before = moved(fact.period, years=-years) if years else moved(fact.period, periods=-1)
    base = Fact(fact.type, fact.dataset, fact.field, before)
    grown = Arithmetic(SHARE, "/", Arithmetic(fact.type, "-", fact, base), base)
    return Choose(SHARE, Compare(BOOL, ">", base, Constant(fact.type, Fraction(0))), grown, otherwise)


SHARE = Type(Kind.SHARE)


def _years(checker: Checker, node: s.Node) -> int | None:
    if isinstance(node, s.Quantity) and node.unit == "years" and node.value > 0:
        return int(node.value)
    checker.fault("LANG019", "`over` needs a number of years", node, "write `over 1 year`")
    return None


def _otherwise(checker: Checker, node: s.Node | None) -> Term | None:
    if node is None:
        return Constant(SHARE, None)
    term = checker.term(node)
    fault = misfit(term, SHARE) if term else None
    if fault:
        checker.refuse(fault, node)
        return None
    return term
