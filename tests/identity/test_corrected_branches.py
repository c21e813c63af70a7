"""What people say of a branch and its parent is told besides what relations tell, and a contradiction links nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from enterprise_data.identity.journal.facts import BranchOf
from tests.identity.branch_cases import LINKS, LISTED, OF_OLD, OLD, PARENT, WUHAN, apart
from tests.identity.linking import DAY, Firm, Outcome, Relation, Row, link_rows
from tests.snapshot.city import uscc

OTHER = Firm(6, "青岛海外有限公司")
OF_OTHER = Relation(2, 6)
LINKED, UNKNOWN = Outcome(2, "branch_of_parent"), Outcome(None, "unknown_name")
OPEN, OUTDATED = Outcome(None, "uncertain_name", (2,)), Outcome(None, "former_name_out_of_date", (2,))
DATED = date(2010, 1, 1)


def of(
    parent: int, firm: int = 2, since: date | None = DATED, until: date | None = None, name: str | None = None
) -> Relation:
    """Return what a person says, in the form of a relation; `since` None: that it never was."""
    return Relation(firm, parent, began_on=since, ended_on=until, name=name)


def never(parent: int, firm: int = 2) -> Relation:
    return of(parent, firm, since=None)


def fact(said: Relation) -> BranchOf:
    assert isinstance(said.firm, int)
    assert isinstance(said.parent, int)
    return BranchOf(
        firm=uscc(said.firm),
        firm_name=said.name,
        parent=uscc(said.parent),
        parent_name=said.parent_name,
        since=said.began_on,
        until=said.ended_on,
        never=said.began_on is None,
    )


def outcomes(cases: Iterable[tuple[list[Firm], list[Relation], list[Relation], Row]]) -> list[Outcome]:
    """Link the row of each case against one register of all their firms; numbers are those of the case."""
    register: list[Firm] = []
    told: list[Relation] = []
    said: list[BranchOf] = []
    rows: list[Row] = []
    for number, (firms, relations, corrections, row) in enumerate(cases):
        own_firms, own, own_row = apart(number, firms, [*relations, *corrections], row)
        register += own_firms
        told += own[: len(relations)]
        said += [fact(one) for one in own[len(relations) :]]
        rows.append(own_row)
    found = link_rows(register, rows, relations=told, said=said)
    return [
        Outcome(one.firm and one.firm - 100 * number, one.why, tuple(no - 100 * number for no in one.candidates))
        for number, one in enumerate(found)
    ]


ENDED = date(2021, 1, 1)
# What relations tell, what a person says, what becomes of the row without it, and with it.
CASES: dict[str, tuple[list[Relation], list[Relation], Outcome, Outcome]] = {
    "relations lack it": ([], [of(1)], UNKNOWN, LINKED),
    "they tell it as well": ([OF_OLD], [of(1)], LINKED, LINKED),
    "they give no day": ([replace(OF_OLD, began_on=None)], [of(1)], OPEN, LINKED),
    "they give an end alone": ([replace(OF_OLD, began_on=None, ended_on=ENDED)], [of(1)], OUTDATED, OPEN),
    "they give the end that is said, and no first day": (
        [replace(OF_OLD, began_on=None, ended_on=date(2023, 1, 1))],
        [of(1, until=date(2023, 1, 1))],
        OPEN,
        LINKED,
    ),
    "they say too late a day": ([replace(OF_OLD, began_on=date(2023, 1, 1))], [of(1)], OUTDATED, OPEN),
    "they say that it ended": ([replace(OF_OLD, ended_on=ENDED)], [of(1)], OUTDATED, OPEN),
    "their row was rejected": ([replace(OF_OLD, doubtful=True, ended_on=ENDED)], [of(1)], OUTDATED, LINKED),
    "their row ends before it begins": ([replace(OF_OLD, ended_on=date(2009, 1, 1))], [of(1)], OPEN, LINKED),
    "they name another parent beside the code": ([replace(OF_OLD, parent_name=OTHER.name)], [of(1)], OPEN, LINKED),
    "they tell of earlier days": ([replace(OF_OLD, ended_on=ENDED)], [of(1, since=ENDED)], OUTDATED, LINKED),
    "they tell of later days": ([replace(OF_OLD, began_on=ENDED)], [of(1, until=ENDED)], LINKED, LINKED),
    "they tell of two spells, of which one is said": (
        [replace(OF_OLD, ended_on=date(2019, 1, 1)), replace(OF_OLD, began_on=date(2020, 1, 1))],
        [of(1, until=date(2019, 1, 1))],
        LINKED,
        LINKED,
    ),
    "they say that it is a subsidiary": ([replace(OF_OLD, kind="全资子公司")], [of(1)], UNKNOWN, OPEN),
    "it ended": ([OF_OLD], [of(1, until=DAY - timedelta(days=1))], LINKED, OPEN),
    "it began later": ([OF_OLD], [of(1, since=DAY + timedelta(days=1))], LINKED, OPEN),
    "it never was": ([OF_OLD], [never(1)], LINKED, OPEN),
    "it never was, and nobody tells that it was": ([], [never(1)], UNKNOWN, UNKNOWN),
    "another parent never was": ([OF_OLD, OF_OTHER], [never(6)], OPEN, OPEN),
    "another parent, and nobody says which is wrong": ([OF_OTHER], [of(1)], UNKNOWN, OPEN),
    "another parent until that day": ([replace(OF_OTHER, ended_on=ENDED)], [of(1, since=ENDED)], UNKNOWN, LINKED),
    "what is said contradicts itself": ([], [of(1), of(6)], UNKNOWN, OPEN),
    "of another parent it is said that it never was": ([OF_OLD], [never(6)], LINKED, LINKED),
    "of another firm it is said that it never was": ([OF_OLD], [never(1, firm=6)], LINKED, LINKED),
    "the parent by name only is another firm's": (
        [replace(OF_OLD, parent=None, parent_name=PARENT.name)],
        [of(1)],
        OPEN,
        OPEN,
    ),
    "a row with a wrong code, whose name is that of a branch that the register lacks": (
        [OF_OLD, replace(OF_OTHER, firm=6, parent=1, name=LISTED)],
        [never(1, firm=6)],
        OPEN,
        OPEN,
    ),
    "such a row, and since when the code's firm is a branch": (
        [OF_OLD, replace(OF_OTHER, firm=6, parent=1, name=LISTED)],
        [of(1, firm=6)],
        OPEN,
        OPEN,
    ),
    "a branch of that part that has left the register": ([OF_OLD], [of(1, 88, name=OLD.name)], LINKED, OPEN),
    "a branch that has left the register, without a name": ([OF_OLD], [of(1, 88)], LINKED, OPEN),
    "a branch of another part that has left the register": (
        [OF_OLD],
        [of(1, 88, name="青岛老海有限公司潍坊分公司")],
        LINKED,
        LINKED,
    ),
    "the register called both otherwise": (
        [],
        [replace(of(1, name="青岛百川有限公司烟台分公司"), parent_name="青岛百川有限公司")],
        UNKNOWN,
        LINKED,
    ),
    "another parent, which has left the register": ([OF_OLD], [of(99)], LINKED, OPEN),
}


def test_what_is_said_links_where_nothing_contradicts_it() -> None:
    firms, row = [OLD, OTHER], Row(LISTED)
    without = outcomes((firms, told, [], row) for told, *_ in CASES.values())
    corrected = outcomes((firms, told, said, row) for told, said, *_ in CASES.values())
    turned = outcomes((firms, told[::-1], said[::-1], row) for told, said, *_ in CASES.values())
    wanted = {case: (before, after, after) for case, (*_, before, after) in CASES.items()}
    assert dict(zip(CASES, zip(without, corrected, turned, strict=True), strict=True)) == wanted


_DAYS = st.sampled_from([DATED, ENDED, date(2023, 1, 1)])
_TOLD = st.builds(
    Relation,
    st.sampled_from([2, 2, 2, 6, 88]),
    st.sampled_from([1, 1, 1, 99]),
    st.just(DATED) | st.none() | _DAYS,
    st.none() | st.none() | _DAYS,
    st.sampled_from(["分公司", "分公司", "全资子公司"]),
    st.sampled_from([None, None, None, LISTED, OLD.name]),
)
_NEVER = st.builds(never, st.sampled_from([1, 6, 99]), st.just(2)) | st.builds(never, st.just(1), st.just(6))
_DATED = st.builds(of, st.sampled_from([1, 1, 99]), st.sampled_from([2, 6, 88]), _DAYS)
_SAID = st.lists(_NEVER | _DATED, max_size=3, unique_by=lambda one: (one.firm, one.parent))


@settings(max_examples=4, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(st.tuples(st.lists(_TOLD, max_size=2), _SAID), min_size=30, max_size=40))
def test_what_is_said_links_its_own_branch_or_nobody(cases: list[tuple[list[Relation], list[Relation]]]) -> None:
    firms, row = [OLD, OTHER], Row(LISTED)
    without = outcomes((firms, told, [], row) for told, _ in cases)
    corrected = outcomes((firms, told, said, row) for told, said in cases)
    for (_, said), before, after in zip(cases, without, corrected, strict=True):
        branches = {one.firm for one in said if one.began_on is not None}
        assert after.firm in {before.firm, None} | (branches if before.firm is None else set())
        assert {*before.candidates, before.firm} <= {*after.candidates, after.firm, None}


def gaps(code: str) -> str:
    return f" {code[:4]} {code[4:]}\u3000".lower()


@pytest.mark.parametrize("firm", [uscc(2), gaps(uscc(2))])
@pytest.mark.parametrize("parent", [uscc(1), gaps(uscc(1))])
def test_a_pair_is_known_however_its_codes_are_written(firm: str, parent: str) -> None:
    firms, told = [PARENT, OLD, OTHER], [Relation(firm, parent)]
    assert link_rows(firms, [Row(LISTED)], relations=told, said=[fact(of(1))]) == [LINKED]
    assert link_rows(firms, [Row(LISTED)], relations=told, said=[fact(never(1))]) == [OPEN]
    assert link_rows(firms, [Row(LISTED)], relations=told, said=[fact(of(1, since=ENDED))]) == [OPEN]


def test_a_branch_is_found_by_what_is_said_as_by_what_is_delivered() -> None:
    found = outcomes(
        (
            firms,
            [told for told in relations if told.name or told.kind != "分公司"],
            [replace(told, parent_name=None) for told in set(relations) if not told.name and told.kind == "分公司"],
            row,
        )
        for firms, relations, row, _ in LINKS.values()
    )
    wanted = {case: Outcome(firm, "branch_of_parent") for case, (*_, firm) in LINKS.items()}
    assert dict(zip(LINKS, found, strict=True)) == wanted


def test_that_it_never_was_links_nothing_and_leaves_open_whose_the_row_is() -> None:
    denied = outcomes((firms, told, [never(1, firm)], row) for firms, told, row, firm in LINKS.values())
    wanted = dict.fromkeys(LINKS, (None, True))
    found = [(one.firm, firm in one.candidates) for one, (*_, firm) in zip(denied, LINKS.values(), strict=True)]
    assert dict(zip(LINKS, found, strict=True)) == wanted


def test_a_parent_that_has_left_the_register_proposes_under_its_name_and_links_nothing() -> None:
    named = replace(of(1), parent_name=PARENT.name)
    assert link_rows([OLD, OTHER], [Row(LISTED)], said=[fact(named)]) == [OPEN]
    assert link_rows([OLD, OTHER], [Row(LISTED)], said=[fact(of(1))]) == [UNKNOWN]


def test_what_forbids_a_link_forbids_it_whoever_told_of_the_branch() -> None:
    twins, alone = ([OLD, replace(OLD, number=4)], [of(1), of(1, 4)]), ([OLD], [of(1)])
    rows = [(twins, Row(LISTED)), (alone, Row(LISTED, region=WUHAN)), (alone, Row(LISTED, day=None))]
    delivered = outcomes((firms, told, [], row) for (firms, told), row in rows)
    assert outcomes((firms, [], said, row) for (firms, said), row in rows) == delivered
    assert {outcome.firm for outcome in delivered} == {None}
