"""The queue: one entry a subject, what matters most first, decided ones marked."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from enterprise_data.identity.journal.facts import Statement, Subject
from enterprise_data.identity.journal.journal import Journal
from enterprise_data.identity.journal.ledger import Ledger
from enterprise_data.identity.review.deciding import Choice, needs_second_person, record
from enterprise_data.identity.review.entries import Entry, State, subject_id
from enterprise_data.settings import ReviewSettings
from tests.journal.saying import undo
from tests.review.files import SHA, Unlinked, firm_name, queue
from tests.snapshot.city import uscc

ONE = [(1, 95.0, "one_character")]
ROWS = [
    Unlinked("penalties", 1, "无候选"),
    Unlinked("penalties", 2, "近", [(1, 99.0, "numeral"), (2, 98.0, "place")]),
    Unlinked("penalties", 3, "远", [(1, 90.0, "numeral"), (2, 60.0, "place"), (3, 50.0, "other")]),
    Unlinked("penalties", 4, "远两个", [(1, 90.0, "numeral"), (2, 60.0, "place")]),
    Unlinked("penalties", 5, "同样远两个", [(1, 90.0, "numeral"), (2, 60.0, "place")]),
    Unlinked("tax", 7, "大额", ONE),
    Unlinked("dishonesty", 9, "黑名单", [(4, 70.0, "form")]),
    Unlinked("dishonesty", 10, "黑名单无候选"),
]


def names(entries: object) -> list[str | None]:
    return [entry.subject.name for entry in entries.entries()]  # type: ignore[attr-defined]  # a queue


def test_negative_lists_come_first_then_stake_margin_and_rarity_and_what_has_no_candidates_last(tmp_path: Path) -> None:
    expected = ["黑名单", "大额", "远两个", "同样远两个", "远", "近", "黑名单无候选", "无候选"]
    assert names(queue(tmp_path, ROWS)) == expected
    shuffled = ROWS[:]
    random.Random(1).shuffle(shuffled)
    assert names(queue(tmp_path, shuffled)) == expected


def test_an_entry_says_all_that_a_person_must_see(tmp_path: Path) -> None:
    (entry,) = queue(tmp_path, [ROWS[2]]).entries()
    assert entry.subject == Subject(dataset="penalties", name="远")
    assert (entry.rows, entry.row_nos, entry.reason, entry.region) == (1, (3,), "unknown_name", "370200")
    assert (entry.first_day, entry.last_day) == (date(2024, 3, 1), date(2024, 3, 1))
    assert (entry.negative, entry.stake, entry.margin, entry.pattern) == (False, 10_000_000, 30.0, "numeral")
    assert (entry.state, entry.fact_id) == (State.OPEN, None)
    best = entry.candidates[0]
    assert (best.uscc, best.name, best.near_name) == (uscc(1), firm_name(1), firm_name(1))
    assert (best.region, best.score, best.pattern, best.plausible) == ("370202", 90.0, "numeral", True)
    assert [candidate.score for candidate in entry.candidates] == [90.0, 60.0, 50.0]


def test_rows_with_the_same_keys_are_one_entry_with_the_best_of_their_candidates(tmp_path: Path) -> None:
    rows = [
        Unlinked("penalties", 12, "甲", [(1, 60.0, "place"), (2, 50.0, "form")], day=date(2023, 1, 1)),
        Unlinked("penalties", 4, "甲", [(2, 90.0, "numeral")], day=date(2024, 1, 1), reason="ambiguous_name"),
        *(Unlinked("penalties", 20 + i, "甲", day=None) for i in range(5)),
        Unlinked("tax", 4, "甲"),
        Unlinked("penalties", 5, "甲 "),
        Unlinked("penalties", 6, "甲", uscc="91"),
        Unlinked("penalties", 7, "甲", organisation_code="91"),
        Unlinked("penalties", 8, None, registration_no="甲"),
    ]
    built = list(queue(tmp_path, rows).entries())
    assert len(built) == len({entry.id for entry in built}) == 6
    (entry,) = [entry for entry in built if entry.rows == 7]
    assert entry.row_nos == (4, 12, 20, 21, 22)
    assert (entry.first_day, entry.last_day, entry.reason) == (date(2023, 1, 1), date(2024, 1, 1), "ambiguous_name")
    assert [(c.uscc, c.score, c.pattern) for c in entry.candidates] == [
        (uscc(2), 90.0, "numeral"),
        (uscc(1), 60.0, "place"),
    ]
    assert entry.margin == 30.0


@pytest.mark.parametrize("name", ["甲有限公司", "", "a" * 10_000, "\x00\x01\t\n", "𠮷野家", "5:甲"])
def test_an_entry_is_known_by_the_same_name_in_the_database_and_outside(tmp_path: Path, name: str) -> None:
    rows = [Unlinked("penalties", 1, name), Unlinked("penalties", 2, None, uscc=name)]
    entries = list(queue(tmp_path, rows).entries())
    assert len(entries) == 2
    assert [entry.id for entry in entries] == [subject_id(entry.subject) for entry in entries]


def test_what_no_decision_mends_is_not_asked(tmp_path: Path) -> None:
    rows = [Unlinked("tax", 1, "甲", reason=reason) for reason in ("conflicting_rows", "rejected_when_loaded")]
    rows += [Unlinked("firms", 1, "甲", reason="invalid_code"), Unlinked("no_longer_known", 1, "甲")]
    assert len(queue(tmp_path, rows)) == 0


def test_at_most_five_candidates_and_a_firm_that_is_gone_is_none(tmp_path: Path) -> None:
    many = [(number, 100.0 - number, "other") for number in range(1, 9)]
    (entry,) = queue(tmp_path, [Unlinked("tax", 1, "甲", many)]).entries()
    assert [candidate.uscc for candidate in entry.candidates] == [uscc(number) for number in range(1, 6)]


def decided(folder: Path, entry: Entry, firm: str | None, settings: ReviewSettings | None = None) -> Ledger:
    book = Journal(folder / "identity")
    record(book, [Choice.about(entry, firm, "核对过", SHA)], "甲", settings or ReviewSettings())
    return book.ledger()


def test_decided_and_waiting_entries_are_marked_and_left_out_unless_asked_for(tmp_path: Path) -> None:
    first, second, *_ = queue(tmp_path, ROWS).entries()
    decided(tmp_path, first, uscc(4))
    ledger = decided(tmp_path, second, None, ReviewSettings.model_validate({"two_person_from": 1}))
    built = queue(tmp_path, ROWS, ledger)
    states = {entry.subject.name: (entry.state, entry.fact_id) for entry in built.entries()}
    assert states.pop("黑名单") == (State.DECIDED, 1)
    assert states.pop("大额") == (State.WAITING, 2)
    assert set(states.values()) == {(State.OPEN, None)}
    assert len(built.chosen()) == len(ROWS) - 2
    assert len(built.chosen(states=list(State))) == len(ROWS)


def test_a_decision_that_the_evidence_speaks_against_opens_the_entry_until_it_is_made_anew(tmp_path: Path) -> None:
    (entry,) = queue(tmp_path, [ROWS[3]]).entries()
    ledger = decided(tmp_path, entry, uscc(9))
    outdated = [replace(ROWS[3], reason="decision_outdated")]
    assert len(queue(tmp_path, outdated, ledger).chosen()) == 0
    (again,) = queue(tmp_path, outdated, ledger, used=[1]).chosen().entries()
    assert (again.state, again.fact_id) == (State.OPEN, 1)
    ledger = decided(tmp_path, again, uscc(8))
    assert [fact.what.kind for fact in ledger.facts.values()] == ["link", "undo", "link"]
    assert len(queue(tmp_path, outdated, ledger, used=[1]).chosen()) == 0


def test_an_undone_decision_opens_the_entry_again(tmp_path: Path) -> None:
    (entry,) = queue(tmp_path, [ROWS[3]]).entries()
    decided(tmp_path, entry, None)
    book = Journal(tmp_path / "identity")
    book.append([Statement(author="乙", reason="看错了", what=undo(1))])
    (again,) = queue(tmp_path, [ROWS[3]], book.ledger()).chosen().entries()
    assert again == entry


def test_a_decision_keeps_what_was_shown(tmp_path: Path) -> None:
    (entry,) = queue(tmp_path, [ROWS[3]]).entries()
    ledger = decided(tmp_path, entry, uscc(7))
    what = ledger.facts[1].what
    assert what.model_dump() == {
        "kind": "link",
        "subject": entry.subject.model_dump(),
        "firm": uscc(7),
        "first_day": date(2024, 3, 1),
        "last_day": date(2024, 3, 1),
        "candidates": (uscc(1), uscc(2)),
        "register_sha256": SHA,
        "second_person": False,
    }


def test_the_queue_can_be_narrowed(tmp_path: Path) -> None:
    built = queue(tmp_path, ROWS)
    assert names(built.chosen(dataset="tax")) == ["大额"]
    assert names(built.chosen(pattern="numeral", limit=2)) == ["远两个", "同样远两个"]
    assert names(built.chosen(pattern="no_candidate")) == ["黑名单无候选", "无候选"]
    assert names(built.chosen(reason="ambiguous_name")) == []
    assert built.patterns().rows() == [
        ("numeral", 4, 4),
        ("no_candidate", 2, 2),
        ("form", 1, 1),
        ("one_character", 1, 1),
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, []),
        ({"two_person_from": "300000"}, ["大额"]),
        ({"two_person_from": "300000.01"}, []),
        ({"two_person_negative": True}, ["黑名单"]),
        ({"two_person_from": 0}, ["黑名单", "大额", "近"]),
    ],
)
def test_a_second_person_is_needed_from_the_amount_on_or_for_negative_lists(
    tmp_path: Path, settings: dict[str, object], expected: list[str]
) -> None:
    built = queue(tmp_path, [ROWS[1], *ROWS[-3:-1]])
    asked = ReviewSettings.model_validate(settings)
    assert [entry.subject.name for entry in built.entries() if needs_second_person(entry, asked)] == expected
