"""Membership: `in [...]`, and `within` the trees of regions (GB/T 2260) and industries (GB/T 4754)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from enterprise_data.codes import industries, regions
from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.kinds import describe, disagreement
from policies.language.terms import BOOL, All, Constant, Kind, Not, OneOf, Term, Within


@checks(s.Listed)
def _listed(checker: Checker, node: s.Listed) -> Term | None:
    member = checker.term(node.member)
    values = [_listed_value(checker, value, member) for value in node.values]
    if not values:
        checker.fault("LANG027", "the list is empty, so nothing is in it", node, "write `in [a, b]`")
        return None
    found = tuple(value for value in values if value is not None)
    if member is None or len(found) < len(values):
        return None
    one_of = OneOf(BOOL, member, found)
    return Not(BOOL, one_of) if node.negated else one_of


def _listed_value(checker: Checker, node: s.Node, member: Term | None) -> Fraction | date | str | None:
    term = checker.term(node)
    if term is None or member is None:
        return None
    if not isinstance(term, Constant) or isinstance(term.value, bool) or term.value is None:
        checker.fault("LANG027", "a list holds literals only", node, "join comparisons by `or` instead")
        return None
    fault = disagreement(member, term)
    if fault:
        checker.refuse(fault, node)
        return None
    return term.value


@checks(s.Placed)
def _placed(checker: Checker, node: s.Placed) -> Term | None:
    member = checker.term(node.member)
    lookup = _region_prefixes if node.tree == "region" else _industry_prefixes
    inside = _prefixes(checker, node.codes, lookup)
    outside = _prefixes(checker, node.excepted, lookup)
    if member is None or inside is None or outside is None:
        return None
    if member.type.kind is not Kind(node.tree):
        _wrong_tree(checker, node, member)
        return None
    for code, prefixes in zip(node.excepted, outside, strict=True):
        if not all(prefix.startswith(_flat(inside)) for prefix in prefixes):
            message = f"`{checker.written(code)}` does not lie within what it is an exception from"
            checker.fault("LANG018", message, code, "except only parts of the whole")
            return None
    term: Term = Within(BOOL, member, _flat(inside))
    if outside:
        term = All(BOOL, (term, Not(BOOL, Within(BOOL, member, _flat(outside)))))
    return Not(BOOL, term) if node.negated else term


def _flat(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(prefix for group in groups for prefix in group)


def _wrong_tree(checker: Checker, node: s.Placed, member: Term) -> None:
    wanted = "a region" if node.tree == "region" else "an industry"
    help_text = "write `within industry C27`" if member.type.kind is Kind.INDUSTRY else ""
    help_text = "write `within 山东省`" if member.type.kind is Kind.REGION else help_text
    checker.fault("LANG027", f"{describe(member.type)} is not {wanted}", node.member, help_text)


def _prefixes(
    checker: Checker, codes: Sequence[s.Code], lookup: Callable[[s.Code], tuple[str, ...]]
) -> list[tuple[str, ...]] | None:
    found = []
    for code in codes:
        try:
            found.append(lookup(code))
        except LookupError as error:
            checker.fault("LANG016" if lookup is _region_prefixes else "LANG017", str(error), code)
    return found if len(found) == len(codes) else None


def _region_prefixes(code: s.Code) -> tuple[str, ...]:
    return (regions.prefix_of(code.first),)


def _industry_prefixes(code: s.Code) -> tuple[str, ...]:
    if code.last is None:
        return (industries.prefix_of(code.first),)
    return industries.prefixes(code.first, code.last)
