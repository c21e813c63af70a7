"""Which kinds of value go together: in comparisons, as alternatives of one value, in arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from enterprise_data.declarations.problems import suggest
from policies.language.literals import DURATIONS, FOREIGN_MONEY, decimal_text
from policies.language.terms import (
    Absolute,
    Arithmetic,
    Choose,
    Constant,
    Definition,
    Extreme,
    Kind,
    Rounded,
    Term,
    Type,
)

_NAMES = {
    Kind.MONEY: "money",
    Kind.SHARE: "a share",
    Kind.POINTS: "percentage points",
    Kind.COUNT: "a count",
    Kind.NUMBER: "a plain number",
    Kind.DATE: "a date",
    Kind.TEXT: "text",
    Kind.REGION: "a region",
    Kind.INDUSTRY: "an industry",
    Kind.BOOL: "a condition",
}
ORDERED = frozenset({Kind.MONEY, Kind.SHARE, Kind.POINTS, Kind.COUNT, Kind.NUMBER, Kind.DATE})


@dataclass(frozen=True)
class Fault:
    """Why two things do not go together, and what to write."""

    code: str
    message: str
    help: str = ""


def describe(kind: Type) -> str:
    """Return a type's name for messages, such as `a count of 人`."""
    unit = kind.unit if kind.kind is Kind.COUNT else None
    return f"a number of {unit}" if unit in DURATIONS else _NAMES[kind.kind] + (f" of {unit}" if unit else "")


def is_ratio(term: Term) -> bool:
    """Return whether a plain number is a quotient, and so may be compared with shares."""
    if term.type.kind is not Kind.NUMBER:
        return False
    if isinstance(term, Arithmetic):
        return term.operator == "/" or is_ratio(term.left) or is_ratio(term.right)
    if isinstance(term, Absolute | Rounded):
        return is_ratio(term.member)
    if isinstance(term, Extreme):
        return any(is_ratio(member) for member in term.members)
    if isinstance(term, Choose):
        return is_ratio(term.then) or is_ratio(term.otherwise)
    # A definition may be a quotient: its own text was checked where it stands.
    return isinstance(term, Definition)


# -- comparison


def disagreement(left: Term, right: Term) -> Fault | None:
    """Return why two terms cannot be compared, or None when they can."""
    kinds = {left.type.kind, right.type.kind}
    if len(kinds) == 1:
        return _same_kind(left, right)
    if kinds == {Kind.COUNT, Kind.NUMBER}:
        return None
    if kinds == {Kind.SHARE, Kind.NUMBER}:
        number = left if left.type.kind is Kind.NUMBER else right
        return None if is_ratio(number) else _needs_percent(number)
    if Kind.MONEY in kinds and kinds <= {Kind.MONEY, Kind.NUMBER, Kind.COUNT}:
        return _needs_money(left if left.type.kind is not Kind.MONEY else right)
    if Kind.POINTS in kinds and kinds <= {Kind.POINTS, Kind.SHARE, Kind.NUMBER, Kind.COUNT}:
        return _needs_points(left if left.type.kind is not Kind.POINTS else right)
    if Kind.TEXT in kinds and kinds & {Kind.REGION, Kind.INDUSTRY}:
        tree = "region" if Kind.REGION in kinds else "industry"
        example = "x within 青岛市" if tree == "region" else "x within industry C27"
        return Fault("LANG027", f"{_NAMES[Kind(tree)]} is not compared with text", f"write `{example}`")
    message = f"{describe(left.type)} cannot be compared with {describe(right.type)}"
    return Fault("LANG020", message, "both sides must be of one kind")


def _same_kind(left: Term, right: Term) -> Fault | None:
    if left.type.kind is Kind.COUNT and _units_clash(left.type, right.type):
        message = f"{describe(left.type)} cannot be compared with {describe(right.type)}"
        return Fault("LANG022", message, "both sides must count the same thing")
    if left.type.kind is Kind.TEXT:
        return _unknown_value(left, right) or _unknown_value(right, left)
    return None


def _units_clash(left: Type, right: Type) -> bool:
    return None not in (left.unit, right.unit) and left.unit != right.unit


def _unknown_value(code: Term, literal: Term) -> Fault | None:
    if not isinstance(literal, Constant) or not code.type.values or literal.value in code.type.values:
        return None
    values, quoted = code.type.values, '"{}"'.format
    known = suggest(str(literal.value), values, quoted) or f"write {' or '.join(map(quoted, values[:12]))}"
    return Fault("LANG026", f'"{literal.value}" is not one of the values of this code', known)


def _number_text(term: Term) -> str | None:
    if isinstance(term, Constant) and isinstance(term.value, Fraction):
        value = term.value * 100 if term.type.kind is Kind.SHARE else term.value
        return decimal_text(value)
    return None


def _needs_money(other: Term) -> Fault:
    if (unit := other.type.unit) in FOREIGN_MONEY:
        help_text = "amounts are in yuan: write 元, 万元 or 亿元, or compare a field that is a plain number"
        return Fault("LANG021", f"{unit} is not a unit of money here", help_text)
    text = _number_text(other)
    help_text = f"write {text}元 or {text}万元" if text else "multiply it by an amount: `x * 100元`"
    shown = f"{text} has no unit of money" if text else f"{describe(other.type)} is not money"
    return Fault("LANG021", shown, help_text)


def _needs_percent(number: Term) -> Fault:
    text = _number_text(number)
    help_text = f"write {text}%" if text else "divide, or write the number with %"
    return Fault("LANG023", "a share is compared with shares, not with a plain number", help_text)


def _needs_points(other: Term) -> Fault:
    text = _number_text(other)
    help_text = f"write {text} pp" if text else "write 10 pp, or subtract a share"
    return Fault("LANG023", "a difference of shares is measured in percentage points", help_text)


def misfit(term: Term, expected: Type) -> Fault | None:
    """Return why a term cannot stand where a type is expected, or None when it can."""
    kind, wanted = term.type.kind, expected.kind
    if kind is wanted:
        clash = kind is Kind.COUNT and _units_clash(term.type, expected)
        return Fault("LANG022", f"{describe(expected)} is needed here, not {describe(term.type)}") if clash else None
    if {kind, wanted} == {Kind.COUNT, Kind.NUMBER} or (wanted is Kind.SHARE and is_ratio(term)):
        return None
    if wanted is Kind.MONEY and kind in (Kind.NUMBER, Kind.COUNT):
        return _needs_money(term)
    if wanted is Kind.SHARE and kind is Kind.NUMBER:
        return _needs_percent(term)
    message = f"{describe(expected)} is needed here, not {describe(term.type)}"
    return Fault("LANG029" if wanted is Kind.BOOL else "LANG020", message)


# -- alternatives


def common_type(left: Term, right: Term) -> Type | None:
    """Return the type of a value that is one of two terms, or None when they do not go together."""
    kinds = {left.type.kind, right.type.kind}
    if kinds == {Kind.COUNT, Kind.NUMBER}:
        return left.type if left.type.kind is Kind.COUNT else right.type
    if kinds == {Kind.SHARE, Kind.NUMBER} and (is_ratio(left) or is_ratio(right)):
        return Type(Kind.SHARE)
    if len(kinds) > 1 or (left.type.kind is Kind.COUNT and _units_clash(left.type, right.type)):
        return None
    if left.type.kind is Kind.TEXT:
        return Type(Kind.TEXT, values=_united_values(left, right))
    return left.type if left.type.unit else right.type


def _united_values(left: Term, right: Term) -> tuple[str, ...]:
    sides = [(str(t.value),) if isinstance(t, Constant) else t.type.values for t in (left, right)]
    return tuple(dict.fromkeys(sides[0] + sides[1])) if all(sides) else ()


# -- arithmetic

_M, _S, _P, _C, _N = Kind.MONEY, Kind.SHARE, Kind.POINTS, Kind.COUNT, Kind.NUMBER

_SUMS = {(_M, _M): _M, (_S, _S): _S, (_P, _P): _P, (_S, _P): _S, (_P, _S): _S} | {
    (a, b): _N if a is b is _N else _C for a in (_C, _N) for b in (_C, _N)
}
_PRODUCTS = (
    {(_M, other): _M for other in (_S, _P, _C, _N)}
    | {(_S, _S): _S, (_S, _P): _S, (_P, _P): _N, (_S, _N): _S, (_P, _N): _P}
    | {(_C, _S): _C, (_C, _P): _C, (_C, _N): _C, (_C, _C): _N, (_N, _N): _N}
)
_QUOTIENTS = {(kind, kind): _N for kind in (_M, _S, _P, _C, _N)} | {
    (_M, _N): _M, (_M, _C): _M, (_M, _S): _M, (_C, _N): _C, (_C, _S): _C, (_S, _N): _S, (_P, _N): _P,
    (_N, _C): _N, (_N, _S): _N, (_S, _P): _N, (_P, _S): _N,
}  # fmt: skip
RESULTS = {
    "+": _SUMS,
    "-": _SUMS | {(_S, _S): _P},
    "*": _PRODUCTS | {(b, a): kind for (a, b), kind in _PRODUCTS.items()},
    "/": _QUOTIENTS,
}


def result_type(operator: str, left: Term, right: Term) -> Type | Fault:
    """Return the type of `left operator right`, or why the two do not go together."""
    a, b = left.type, right.type
    if operator == "-" and is_ratio(left) and is_ratio(right):
        return Type(Kind.POINTS)
    # A quotient among shares is a share: growth(f, p) - x / y.
    kinds = (
        _S if b.kind is _S and is_ratio(left) else a.kind,
        _S if a.kind is _S and is_ratio(right) else b.kind,
    )
    kind = RESULTS[operator].get(kinds)
    if kind is None:
        return _impossible(operator, left, right)
    if kind is Kind.COUNT:
        if operator in "+-" and _units_clash(a, b):
            message = f"{describe(a)} and {describe(b)} do not add up"
            return Fault("LANG022", message, "both sides must count the same thing")
        return replace(a if a.kind is Kind.COUNT and (a.unit or b.kind is not Kind.COUNT) else b, values=())
    return Type(kind)


def _impossible(operator: str, left: Term, right: Term) -> Fault:
    kinds = (left.type.kind, right.type.kind)
    if operator in "+-" and Kind.MONEY in kinds and set(kinds) <= {Kind.MONEY, Kind.NUMBER, Kind.COUNT}:
        return _needs_money(left if kinds[1] is Kind.MONEY else right)
    if operator in "+-" and set(kinds) == {Kind.SHARE, Kind.NUMBER}:
        return _needs_percent(left if kinds[0] is Kind.NUMBER else right)
    words = {"+": "added to", "-": "reduced by", "*": "multiplied by", "/": "divided by"}
    message = f"{describe(left.type)} cannot be {words[operator]} {describe(right.type)}"
    if kinds == (Kind.MONEY, Kind.MONEY):
        return Fault("LANG024", message, "one of the two must be a share, a count or a plain number")
    return Fault("LANG024", message)
