"""Truth: `and`, `or`, `not`, comparisons, ranges, `is known`, `if`."""

from __future__ import annotations

from policies.language import tree as s
from policies.language.check.checker import Checker, checks
from policies.language.kinds import ORDERED, common_type, describe, disagreement
from policies.language.terms import (
    BOOL,
    All,
    Choose,
    Compare,
    Comparison,
    Constant,
    Kind,
    Known,
    Not,
    Some,
    Term,
)


@checks(s.Joined)
def _joined(checker: Checker, node: s.Joined) -> Term | None:
    members = [checker.condition(member) for member in node.members]
    found = tuple(member for member in members if member is not None)
    if len(found) < len(members):
        return None
    return All(BOOL, found) if node.operator == "and" else Some(BOOL, found)


@checks(s.Negated)
def _negated(checker: Checker, node: s.Negated) -> Term | None:
    member = checker.condition(node.member)
    return Not(BOOL, member) if member else None


@checks(s.Present)
def _present(checker: Checker, node: s.Present) -> Term | None:
    member = checker.term(node.member)
    if member is None:
        return None
    return Not(BOOL, Known(BOOL, member)) if node.negated else Known(BOOL, member)


@checks(s.Compared)
def _compared(checker: Checker, node: s.Compared) -> Term | None:
    sides = checker.terms((node.left, node.right))
    if sides is None:
        return None
    left, right = sides
    fault = disagreement(left, right)
    if fault:
        checker.refuse(fault, node.left if isinstance(left, Constant) else node.right)
        return None
    if left.type.kind not in ORDERED and node.operator not in ("=", "!="):
        help_text = "only `=`, `!=`, `in` and, for regions and industries, `within` apply to it"
        checker.fault("LANG025", f"{describe(left.type)} has no order", node, help_text)
        return None
    if left.type.kind is Kind.BOOL:
        return _same_truth(node.operator, left, right)
    return Compare(BOOL, node.operator, left, right)


def _same_truth(operator: Comparison, left: Term, right: Term) -> Term:
    """Say `first_time = true` and the like by logic alone."""
    if isinstance(left, Constant):
        left, right = right, left
    if isinstance(right, Constant):
        return left if right.value is (operator == "=") else Not(BOOL, left)
    both = All(BOOL, (left, right)), All(BOOL, (Not(BOOL, left), Not(BOOL, right)))
    return Some(BOOL, both) if operator == "=" else Not(BOOL, Some(BOOL, both))


@checks(s.Ranged)
def _ranged(checker: Checker, node: s.Ranged) -> Term | None:
    terms = checker.terms((node.member, node.low, node.high))
    if terms is None:
        return None
    member, low, high = terms
    for end, end_node in ((low, node.low), (high, node.high)):
        if fault := disagreement(member, end):
            checker.refuse(fault, end_node)
            return None
    if member.type.kind not in ORDERED:
        checker.fault("LANG025", f"{describe(member.type)} has no order", node, "write `x in [a, b]`")
        return None
    within = All(BOOL, (Compare(BOOL, ">=", member, low), Compare(BOOL, "<=", member, high)))
    return Not(BOOL, within) if node.negated else within


@checks(s.Choice)
def _choice(checker: Checker, node: s.Choice) -> Term | None:
    condition = checker.condition(node.condition)
    branches = checker.terms((node.then, node.otherwise))
    if condition is None or branches is None:
        return None
    then, otherwise = branches
    kind = common_type(then, otherwise)
    if kind is None:
        message = f"one branch is {describe(then.type)}, the other {describe(otherwise.type)}"
        checker.fault("LANG020", message, node.otherwise, "both branches must be of one kind")
        return None
    return Choose(kind, condition, then, otherwise)
