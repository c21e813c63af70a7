"""What relations tell of branches (分公司): which rows find a branch under its parent's name, and which never do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.identity.branch_cases import (
    LINKS,
    LISTED,
    NEVER,
    OF_OLD,
    OLD,
    PARENT,
    RENAMED,
    SAME,
    YANTAI,
    Case,
    apart,
)
from tests.identity.linking import Firm, Outcome, Relation, Row, link_rows


def _outcomes(cases: Sequence[Case]) -> list[Outcome]:
    """Link the row of each case against one register of all their firms; numbers are those of the case."""
    every = [apart(number, *case) for number, case in enumerate(cases)]
    register = [firm for firms, _, _ in every for firm in firms]
    told = [relation for _, relations, _ in every for relation in relations]
    found = link_rows(register, [row for *_, row in every], relations=told)
    return [
        Outcome(
            None if outcome.firm is None else outcome.firm - 100 * number,
            outcome.why,
            tuple(candidate - 100 * number for candidate in outcome.candidates),
        )
        for number, outcome in enumerate(found)
    ]


@pytest.fixture(scope="module")
def linked() -> dict[str, Outcome]:
    return dict(zip(LINKS, _outcomes([case[:3] for case in LINKS.values()]), strict=True))


@pytest.fixture(scope="module")
def not_linked() -> dict[str, Outcome]:
    return dict(zip(NEVER, _outcomes([case[:3] for case in NEVER.values()]), strict=True))


@pytest.mark.parametrize("case", LINKS)
def test_a_branch_is_found_under_its_parents_name(case: str, linked: dict[str, Outcome]) -> None:
    assert linked[case] == Outcome(LINKS[case][3], "branch_of_parent")


@pytest.mark.parametrize("case", NEVER)
def test_what_is_open_links_no_branch(case: str, not_linked: dict[str, Outcome]) -> None:
    assert not_linked[case] == NEVER[case][3]


def test_a_link_goes_with_its_relation() -> None:
    without = [
        (firms, [relation for relation in relations if relation.firm != firm], row)
        for firms, relations, row, firm in LINKS.values()
    ]
    assert {outcome.firm for outcome in _outcomes(without)} == {None}


def test_better_evidence_goes_before_a_relation() -> None:
    found = _outcomes([case[:3] for case in SAME.values()])
    assert dict(zip(SAME, found, strict=True)) == {case: wanted for case, (*_, wanted) in SAME.items()}


def test_a_row_that_the_branch_may_be_about_leaves_open_whom_it_left_open_without_the_relation() -> None:
    """A relation that is open itself must not make the facts of a likely firm certain."""
    likely = Firm(4, "青岛新诲有限公司烟台分公司", region=YANTAI)
    register, open_relation = [PARENT, OLD, likely], replace(OF_OLD, began_on=None)
    (without,) = link_rows(register, [Row(LISTED)], propose=True)
    (told,) = link_rows(register, [Row(LISTED)], propose=True, relations=[open_relation])
    assert without == Outcome(None, "unknown_name", (2, 4))
    assert told == Outcome(None, "uncertain_name", (2, 4))


def test_an_open_relation_does_not_hide_that_the_name_beside_a_code_is_anothers() -> None:
    branch, likely = (
        replace(OLD, name="青岛百川有限公司烟台分公司"),
        Firm(4, "青岛新诲有限公司烟台分公司", region=YANTAI),
    )
    row, open_relation = Row(LISTED, uscc=OLD.uscc), replace(OF_OLD, began_on=None)
    for told in ([], [open_relation]):
        found = link_rows([PARENT, branch, likely], [row], propose=True, relations=told)
        assert found == [Outcome(None, "code_and_name_disagree", (2, 4))]


def test_what_a_branch_may_be_called_takes_no_likely_firms_place() -> None:
    """Five firms are proposed: a name that is one firm's own brings no other firm that may be called so."""
    parent, told = replace(PARENT, former=(("青岛百川有限公司", RENAMED),)), [OF_OLD, Relation(9, 1)]
    branches = [replace(OLD, name="青岛百川有限公司烟台分公司"), Firm(9, LISTED)]
    likely = [Firm(number, f"青岛新{word}有限公司烟台分公司") for number, word in enumerate("诲侮晦悔", start=3)]
    row = Row("青岛新梅有限公司烟台分公司")
    for relations in ([], told):
        (found,) = link_rows([parent, *branches, *likely], [row], propose=True, relations=relations)
        assert found == Outcome(None, "unknown_name", (3, 4, 5, 6, 9))


def test_a_mistyped_code_beside_a_name_that_a_branch_may_have_hides_no_likely_firm() -> None:
    likely = Firm(4, "青岛新诲有限公司烟台分公司", region=YANTAI)
    row, open_relation = Row(LISTED, uscc="91370200000000001X"), replace(OF_OLD, began_on=None)
    for told in ([], [open_relation]):
        assert link_rows([PARENT, OLD, likely], [row], propose=True, relations=told) == [
            Outcome(None, "invalid_code", (2, 4))
        ]


def test_a_place_written_otherwise_makes_the_branch_a_candidate_no_more() -> None:
    parent = replace(PARENT, former=(("青岛百川有限公司", RENAMED),))
    register = [parent, replace(OLD, name="青岛百川有限公司烟台分公司")]
    otherwise = [
        Row("青岛市新海有限公司烟台分公司"),
        Row("新海（青岛）有限公司烟台分公司"),
        Row("青岛新海有限公可烟台分公司"),
    ]
    assert link_rows(register, otherwise, propose=True) == [Outcome(None, "unknown_name")] * 3
    found = link_rows(register, otherwise, propose=True, relations=[OF_OLD])
    assert found == [Outcome(None, "uncertain_name", (2,))] * 2 + [Outcome(None, "unknown_name")]
