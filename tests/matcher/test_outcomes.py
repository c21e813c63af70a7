"""From the truths of leaves to outcome, failed and unknown conditions: nested groups, by a table."""

from __future__ import annotations

import itertools

import pytest

from matcher.interpreter.intervals import Truth
from matcher.outcomes import Outcome, verdict
from matcher.plan import BoundLeaf, BoundPolicy
from policies.language.terms import BOOL, Constant
from policies.policy import Group, Leaf
from tests.matcher.deciding import leaf, policy

YES = Constant(BOOL, value=True)
MARKS: dict[str, Truth] = {"T": True, "F": False, "?": None}


def parsed(text: str) -> Leaf | Group:
    """Read `any(a none(b c))`; a word is a leaf."""
    found, rest = _parsed(text.replace("(", " ( ").replace(")", " ) ").split())
    assert not rest
    return found


def _parsed(words: list[str]) -> tuple[Leaf | Group, list[str]]:
    name, *rest = words
    if not rest or rest[0] != "(":
        return leaf(name, YES), rest
    rest, members = rest[1:], []
    while rest[0] != ")":
        member, rest = _parsed(rest)
        members.append(member)
    assert name in ("all", "any", "none")
    return Group(name, tuple(members)), rest[1:]  # type: ignore[arg-type]  # one of the three, as seen just above


def bound(conditions: str, *more: str) -> BoundPolicy:
    """Return a policy whose leaves are `applies`, those of the conditions, and `more`."""
    found = policy("p", [parsed(part) for part in conditions.split("; ")])
    names = ["applies", *(each.id for each in found.conditions.leaves()), *more]
    return BoundPolicy(found, tuple(BoundLeaf(name, YES) for name in names), None)


def told(conditions: str, truths: str, *more: str) -> tuple[str, str, str]:
    """Return outcome, failed and unknown as words; the truths begin with that of `applies`."""
    found = verdict(bound(conditions, *more), [MARKS[mark] for mark in truths])
    assert found is not None
    return found.outcome.value, " ".join(found.failed), " ".join(found.unknown)


PAID, NOT, OPEN = "eligible", "ineligible", "undetermined"


@pytest.mark.parametrize(
    ("conditions", "truths", "expected"),
    [
        ("a; b", "TTT", (PAID, "", "")),
        ("a; b", "TTF", (NOT, "b", "")),
        ("a; b", "T?F", (NOT, "b", "a")),  # one surely fails; what is unknown is told all the same
        ("a; b", "T??", (OPEN, "", "a b")),
        ("a; b", "?TT", (OPEN, "", "applies")),
        ("a; b", "?FT", (NOT, "a", "applies")),
        ("any(a b)", "TFT", (PAID, "", "")),
        ("any(a b)", "T?T", (PAID, "", "")),
        ("any(a b)", "TF?", (OPEN, "", "b")),  # a does not fail the policy: b may still save it
        ("any(a b)", "TFF", (NOT, "a b", "")),
        ("none(a b)", "TFF", (PAID, "", "")),
        ("none(a b)", "TTF", (NOT, "a", "")),
        ("none(a b)", "TT?", (NOT, "a", "")),
        ("none(a b)", "TF?", (OPEN, "", "b")),
        ("all(a b)", "TT?", (OPEN, "", "b")),
        ("all(a b)", "TF?", (NOT, "a", "")),
        ("any(a all(b c))", "TFTF", (NOT, "a c", "")),
        ("any(a all(b c))", "TFT?", (OPEN, "", "c")),
        ("any(a all(b c))", "TFF?", (NOT, "a b", "")),
        ("any(a none(b c))", "TFTF", (NOT, "a b", "")),
        ("any(a none(b c))", "TFFF", (PAID, "", "")),
        ("none(all(a b))", "TTF", (PAID, "", "")),
        ("none(all(a b))", "TTT", (NOT, "a b", "")),
        ("none(all(a b))", "TT?", (OPEN, "", "b")),
        ("none(any(a b) c)", "TFFF", (PAID, "", "")),
        ("none(any(a b) c)", "TTFF", (NOT, "a", "")),
        ("none(any(a b) c)", "T?F?", (OPEN, "", "a c")),
        ("none(none(a b))", "TFF", (NOT, "a b", "")),
        ("none(none(a b))", "TTF", (PAID, "", "")),
        ("none(none(a b))", "T?F", (OPEN, "", "a")),
        ("none(all(a none(b)))", "TTF", (NOT, "a b", "")),
        ("none(all(a none(b)))", "TTT", (PAID, "", "")),
        ("a; any(b c); none(d)", "TTFTF", (PAID, "", "")),
        ("a; any(b c); none(d)", "TFFFT", (NOT, "a b c d", "")),
        ("a; any(b c); none(d)", "T?F??", (OPEN, "", "a c d")),
        ("a; any(b c); none(d)", "TT?F?", (OPEN, "", "b d")),
    ],
)
def test_outcome_failed_and_unknown(conditions: str, truths: str, expected: tuple[str, str, str]) -> None:
    assert told(conditions, truths) == expected


def test_items_come_last_and_count_like_any_condition() -> None:
    assert told("a", "TTT", "items") == (PAID, "", "")
    assert told("a", "TTF", "items") == (NOT, "items", "")
    assert told("a", "TF?", "items") == (NOT, "a", "items")
    assert told("a", "TT?", "items") == (OPEN, "", "items")


def test_out_of_scope_there_is_no_verdict() -> None:
    assert verdict(bound("a"), [False, True]) is None


@pytest.mark.parametrize(
    ("truths", "near"),
    [("TTTT", False), ("TFTT", True), ("TFFF", False), ("T?FF", True), ("TTFF", True), ("TTF?", False)],
)
def test_a_near_miss_has_exactly_one_false_condition_or_group(truths: str, near: bool) -> None:
    found = verdict(bound("a; any(b c)"), [MARKS[mark] for mark in truths])
    assert found is not None
    assert found.near_miss is near


CONDITIONS = ["a; any(b none(c)); none(all(d e))", "none(any(a none(b c)) d); e", "any(all(a b) none(c d) e)"]


@pytest.mark.parametrize("conditions", CONDITIONS)
def test_unknown_leaves_are_what_could_turn_the_outcome_either_way(conditions: str) -> None:
    """Filling in unknown leaves never contradicts a certain outcome; failed and unknown leaves are truly so."""
    policy_of = bound(conditions)
    names = [each.id for each in policy_of.leaves]
    for truths in itertools.product((True, False, None), repeat=5):
        found = verdict(policy_of, [True, *truths])
        assert found is not None
        open_places = [place for place, truth in enumerate(truths) if truth is None]
        outcomes = set()
        for filling in itertools.product((True, False), repeat=len(open_places)):
            full = list(truths)
            for place, truth in zip(open_places, filling, strict=True):
                full[place] = truth
            whole = verdict(policy_of, [True, *full])
            assert whole is not None
            outcomes.add(whole.outcome)
        assert found.outcome is Outcome.UNDETERMINED or outcomes == {found.outcome}
        assert bool(found.failed) is (found.outcome is Outcome.INELIGIBLE)
        assert all(truths[names.index(name) - 1] is None for name in found.unknown)
        assert all(truths[names.index(name) - 1] is not None for name in found.failed)
