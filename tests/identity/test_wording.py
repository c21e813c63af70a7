"""Every rule and every reason is explained in both languages, in the order in which the ladder is climbed."""

from __future__ import annotations

from enterprise_data.identity.rules import CODE_RULES, GAPS, NAME_RULES, RULES, VETOES
from enterprise_data.identity.wording import (
    BY_CODE,
    BY_NAME,
    BY_PERSON,
    NOT_ABOUT_FIRMS,
    REASONS,
    REJECTED,
    in_order,
    kind_of,
    remedy_of,
)
from enterprise_data.identity.wording import RULES as WORDS
from enterprise_data.snapshot.dataset_file import CONFLICT

BESIDE_THE_LADDER = ("decided_none", "decision_outdated", CONFLICT, REJECTED)


def test_every_rule_has_words_in_the_ladders_order() -> None:
    assert list(WORDS) == ["decided", *(rule.name for rule in RULES)]
    assert in_order(["name", "decided", "uscc"], WORDS) == ["decided", "uscc", "name"]


def test_every_reason_has_words_and_a_remedy() -> None:
    names = dict.fromkeys([*(reason.name for reason in (*VETOES, *GAPS)), *BESIDE_THE_LADDER])
    assert sorted(REASONS) == sorted(names)
    assert all(text for reason in REASONS.values() for text in (*reason.means, *reason.remedy))
    assert NOT_ABOUT_FIRMS == (CONFLICT, REJECTED)


def test_rules_rest_on_a_person_a_code_or_a_name() -> None:
    assert kind_of("decided") == BY_PERSON
    assert {kind_of(rule.name) for rule in CODE_RULES} == {BY_CODE}
    assert {kind_of(rule.name) for rule in NAME_RULES} == {BY_NAME}
    assert {kind_of("uscc_and_name"), kind_of("misread_uscc")} == {BY_CODE}


def test_where_no_person_decides_the_delivery_is_to_be_corrected() -> None:
    assert remedy_of("unknown_name", decidable=True) == REASONS["unknown_name"].remedy
    assert "load the file again" in remedy_of("unknown_name", decidable=False).en
    assert remedy_of(REJECTED, decidable=False) == REASONS[REJECTED].remedy
