"""What relations tell of branches (分公司): which rows find a branch under its parent's name, and which never do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identity.linking import DAY, Firm, Outcome, Relation, Row, link_rows
from tests.snapshot.city import uscc

RENAMED = date(2018, 3, 31)
BEFORE, AFTER = date(2015, 6, 1), DAY
YANTAI, WUHAN = "370600", "420100"

# 青岛新海有限公司 was 青岛老海有限公司 until 2018. The register has one branch under either name.
PARENT = Firm(1, "青岛新海有限公司", former=(("青岛老海有限公司", RENAMED),))
OLD = Firm(2, "青岛老海有限公司烟台分公司", region=YANTAI)
NEW = Firm(3, "青岛新海有限公司潍坊第一分公司")
OF_OLD, OF_NEW = Relation(2, 1), Relation(3, 1)
LISTED = "青岛新海有限公司烟台分公司"

# What the register has beside the parent; the relations; the row.
Case = tuple[list[Firm], list[Relation], Row]

LINKS: dict[str, tuple[list[Firm], list[Relation], Row, int]] = {
    "the parent's new name": ([OLD], [OF_OLD], Row(LISTED), 2),
    "the parent's old name, in its time": ([NEW], [OF_NEW], Row("青岛老海有限公司潍坊第一分公司", day=BEFORE), 3),
    "traditional script and brackets": ([OLD], [OF_OLD], Row("青島新海有限公司（煙臺分公司）"), 2),
    "责任 added": ([OLD], [OF_OLD], Row("青岛新海有限责任公司烟台分公司"), 2),
    "責任 in the branch's registered name": (
        [replace(OLD, name="青岛老海有限责任公司烟台分公司")],
        [OF_OLD],
        Row(LISTED),
        2,
    ),
    "a number in other digits": ([NEW], [OF_NEW], Row("青岛老海有限公司潍坊第1分公司", day=BEFORE), 3),
    "branches by number": (
        [OLD, replace(OLD, number=4, name="青岛老海有限公司第一分公司"), Firm(5, "青岛老海有限公司第二分公司")],
        [OF_OLD, Relation(4, 1), Relation(5, 1)],
        Row("青岛新海有限公司第二分公司"),
        5,
    ),
    "the list is of the branch's province": ([OLD], [OF_OLD], Row(LISTED, region="370000"), 2),
    "names given, as the register has them": (
        [OLD],
        [replace(OF_OLD, name="青岛老海有限公司烟台分公司", parent_name="青岛新海有限公司")],
        Row(LISTED),
        2,
    ),
    "the parent's former name given": ([OLD], [replace(OF_OLD, parent_name="青岛老海有限公司")], Row(LISTED), 2),
    "the row is told twice": ([OLD], [OF_OLD, OF_OLD], Row(LISTED), 2),
    "another parent before": (
        [OLD, Firm(6, "青岛海外有限公司")],
        [replace(OF_OLD, began_on=date(2016, 1, 1)), Relation(2, 6, ended_on=date(2016, 1, 1))],
        Row(LISTED),
        2,
    ),
    "another of the same place that was closed before": (
        [OLD, Firm(4, "青岛老海有限公司烟台分公司")],
        [replace(OF_OLD, began_on=date(2020, 1, 1)), Relation(4, 1, ended_on=date(2019, 12, 31))],
        Row(LISTED),
        2,
    ),
    "relations tell of a branch in another place that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1, name="青岛新海有限公司潍坊分公司")],
        Row(LISTED),
        2,
    ),
    "relations tell of a subsidiary that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1, kind="全资子公司")],
        Row(LISTED),
        2,
    ),
    "branches of other firms in the same place": (
        [OLD, Firm(6, "青岛海外有限公司"), Firm(7, "青岛海中有限公司烟台分公司")],
        [OF_OLD, Relation(7, 6)],
        Row(LISTED),
        2,
    ),
}

# The same, and the reason with the firms that the row may be.
NEVER: dict[str, tuple[list[Firm], list[Relation], Row, Outcome]] = {
    "no relation": ([OLD], [], Row(LISTED), Outcome(None, "unknown_name")),
    "a subsidiary": ([OLD], [replace(OF_OLD, kind="全资子公司")], Row(LISTED), Outcome(None, "unknown_name")),
    "two branches in one place": (
        [OLD, replace(OLD, number=4)],
        [OF_OLD, Relation(4, 1)],
        Row(LISTED),
        Outcome(None, "ambiguous_name", (2, 4)),
    ),
    "two branches in one place, of one no relation is told": (
        [OLD, replace(OLD, number=4)],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "ambiguous_name", (2, 4)),
    ),
    "two branches, a 市 apart": (
        [OLD, Firm(4, "青岛老海有限公司烟台市分公司")],
        [OF_OLD, Relation(4, 1)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "two branches, a 第 apart": (
        [Firm(2, "青岛老海有限公司第一分公司"), Firm(4, "青岛老海有限公司一分公司")],
        [OF_OLD],
        Row("青岛新海有限公司一分公司"),
        Outcome(None, "uncertain_name", (4,)),
    ),
    "another number": (
        [Firm(2, "青岛老海有限公司第一分公司")],
        [OF_OLD],
        Row("青岛新海有限公司第二分公司"),
        Outcome(None, "unknown_name"),
    ),
    "another place": ([OLD], [OF_OLD], Row("青岛新海有限公司潍坊分公司"), Outcome(None, "unknown_name")),
    "a branch without a place of its own": (
        [Firm(2, "青岛老海有限公司分公司")],
        [OF_OLD],
        Row("青岛新海有限公司分公司"),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent itself": ([OLD], [OF_OLD], Row("青岛新海有限公司烟台公司"), Outcome(None, "unknown_name")),
    "the relation has ended": (
        [OLD],
        [replace(OF_OLD, ended_on=date(2021, 1, 1))],
        Row(LISTED),
        Outcome(None, "former_name_out_of_date", (2,)),
    ),
    "the relation begins later": (
        [OLD],
        [replace(OF_OLD, began_on=date(2023, 1, 1))],
        Row(LISTED),
        Outcome(None, "former_name_out_of_date", (2,)),
    ),
    "the parent did not bear the name yet": (
        [OLD],
        [OF_OLD],
        Row(LISTED, day=BEFORE),
        Outcome(None, "former_name_out_of_date", (2,)),
    ),
    "the parent bore the name no longer": (
        [NEW],
        [OF_NEW],
        Row("青岛老海有限公司潍坊第一分公司", day=AFTER),
        Outcome(None, "former_name_out_of_date", (3,)),
    ),
    "a row without a day": ([OLD], [OF_OLD], Row(LISTED, day=None), Outcome(None, "uncertain_name", (2,))),
    "the list is of another province": (
        [OLD],
        [OF_OLD],
        Row(LISTED, region=WUHAN),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "a parent of equal name elsewhere": (
        [OLD, Firm(6, "青岛新海有限责任公司", region=WUHAN)],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the name was another's before": (
        [OLD, Firm(6, "青岛海外有限公司", former=(("青岛新海有限公司", date(2012, 1, 1)),))],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the branch is registered under a name that its parent is not known to have borne": (
        [Firm(2, "青岛旧海有限公司烟台分公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent's name is another's but for 市": (
        [OLD, Firm(6, "青岛市新海有限公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations have another firm of the parent's name, which the register lacks": (
        [OLD, Firm(6, "青岛百川有限公司莱州分公司")],
        [OF_OLD, Relation(6, 88, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the branch is registered under a name that is now another's": (
        [OLD, Firm(6, "青岛老海有限公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the name of a firm that the parent took over, which had branches of its own": (
        [
            Firm(6, "青岛江海有限公司", took_over=((uscc(88), "青岛旧海有限公司", RENAMED),)),
            Firm(2, "青岛江海有限公司烟台分公司"),
        ],
        [Relation(2, 6)],
        Row("青岛旧海有限公司烟台分公司", day=BEFORE),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations tell of a branch of that name that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1, name=LISTED)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the same under the parent's former name, a 市 apart, and without its parent's code": (
        [OLD],
        [OF_OLD, Relation(None, None, name="青岛老海有限公司烟台市分公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the same by its own part and its parent's name": (
        [OLD],
        [OF_OLD, Relation(88, None, name="烟台分公司", parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations tell of a branch without a name that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations give another branch the name that is asked for": (
        [OLD, NEW],
        [OF_OLD, replace(OF_NEW, name=LISTED)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "two branches, a 市 apart, of one the parent is told by name": (
        [OLD, Firm(4, "青岛百川有限公司烟台市分公司")],
        [OF_OLD, Relation(4, None, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "another branch had the part at that time": (
        [OLD, Firm(4, "青岛老海有限公司济南分公司", former=(("青岛老海有限公司烟台分公司", date(2023, 1, 1)),))],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "ambiguous_name", (2, 4)),
    ),
    "two branches, a 第 apart in other digits": (
        [Firm(2, "青岛老海有限公司第一分公司"), Firm(4, "青岛老海有限公司1分公司")],
        [OF_OLD, Relation(4, 1)],
        Row("青岛新海有限公司一分公司"),
        Outcome(None, "uncertain_name", (4,)),
    ),
    "two branches, a 市 apart in other script": (
        [OLD, Firm(4, "青岛老海有限公司煙臺市分公司")],
        [OF_OLD, Relation(4, 1)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "two parents at once": (
        [OLD, Firm(6, "青岛海外有限公司")],
        [OF_OLD, Relation(2, 6)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "branch and subsidiary at once": (
        [OLD],
        [OF_OLD, replace(OF_OLD, kind="全资子公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent by name only": (
        [OLD],
        [Relation(2, None, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent's code is not in the register": (
        [OLD],
        [Relation(2, 99, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent's code is mistyped": (
        [OLD],
        [Relation(2, "91370200000000001X", parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "code and name of the parent disagree": (
        [OLD],
        [replace(OF_OLD, parent_name="青岛海外有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "code and name of the branch disagree": (
        [OLD],
        [replace(OF_OLD, name="青岛老海有限公司潍坊分公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "both ends the same": ([OLD], [Relation(2, 2)], Row(LISTED), Outcome(None, "unknown_name")),
    "a parent for its own branch": ([OLD], [Relation(1, 2)], Row(LISTED), Outcome(None, "unknown_name")),
    "the code of the branch is not in the register": (
        [OLD],
        [Relation(98, 1)],
        Row(LISTED),
        Outcome(None, "unknown_name"),
    ),
    "ended before it began": (
        [OLD],
        [replace(OF_OLD, began_on=date(2022, 1, 1), ended_on=date(2012, 1, 1))],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "no day on which it began": (
        [OLD],
        [replace(OF_OLD, began_on=None)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the row of relations was rejected when loaded": (
        [OLD],
        [replace(OF_OLD, doubtful=True)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the register's rows disagree on the branch's name": (
        [OLD, replace(OLD, name="青岛老海有限公司潍坊分公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "a mistyped code beside it": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="91370200000000001X"),
        Outcome(None, "invalid_code", (2,)),
    ),
    "a code that the register lacks": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="97"),
        Outcome(None, "code_not_in_register", (2,)),
    ),
    "the code of the parent": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="1"),
        Outcome(None, "code_of_parent", (1, 2)),
    ),
    "the code of the parent beside the registered name": (
        [OLD],
        [OF_OLD],
        Row("青岛老海有限公司烟台分公司", uscc="1"),
        Outcome(None, "code_of_parent", (1, 2)),
    ),
    "the code of the branch, the name of the parent": (
        [OLD],
        [OF_OLD],
        Row("青岛新海有限公司", uscc="2"),
        Outcome(None, "code_of_branch", (1, 2)),
    ),
    "the same before the relation began": (
        [OLD],
        [replace(OF_OLD, began_on=date(2023, 1, 1))],
        Row("青岛新海有限公司", uscc="2"),
        Outcome(None, "code_and_name_disagree", (1, 2)),
    ),
    "a misread code of the branch, the relation open": (
        [OLD],
        [replace(OF_OLD, began_on=None)],
        Row(LISTED, uscc="-2"),
        Outcome(None, "invalid_code", (2,)),
    ),
    "the code of a branch in another place, the relation open": (
        [Firm(2, "潍坊老海有限公司烟台分公司")],
        [Relation(2, None, parent_name="青岛新海有限公司")],
        Row(LISTED, uscc="2"),
        Outcome(None, "code_and_name_disagree", (2,)),
    ),
    "the code of another branch": (
        [OLD, NEW],
        [OF_OLD, OF_NEW],
        Row(LISTED, uscc="3"),
        Outcome(None, "code_and_name_disagree", (2, 3)),
    ),
}

# A row that was linked, or that is, without any relation: relations change nothing about it.
SAME: dict[str, tuple[list[Firm], list[Relation], Row, Outcome]] = {
    "another firm is registered so": ([OLD, Firm(4, LISTED)], [OF_OLD], Row(LISTED), Outcome(4, "name")),
    "another firm was called so": (
        [OLD, Firm(4, "青岛海上有限公司", former=((LISTED, date(2024, 1, 1)),))],
        [OF_OLD],
        Row(LISTED),
        Outcome(4, "former_name"),
    ),
    "another firm is called so but for 市": (
        [OLD, Firm(4, "青岛市新海有限公司烟台分公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(4, "place"),
    ),
    "the branch's registered name": ([OLD], [OF_OLD], Row("青岛老海有限公司烟台分公司"), Outcome(2, "name")),
    "a misread code beside the parent's name of the day": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="-2"),
        Outcome(2, "misread_uscc"),
    ),
    "the branch's code beside its parent's name of the day": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="2"),
        Outcome(2, "uscc_and_name"),
    ),
}


# In one register the firms of every case have an own word in place of 海, and numbers of their own.
_OWN_WORDS = list(product("昕睿琪婷雯彤妍菲", "曦晗瑜萱琳璐珊娜"))


def _apart(case: int, firms: list[Firm], relations: list[Relation], row: Row) -> Case:
    word, offset = "".join(_OWN_WORDS[case]), 100 * case

    def named(name: str | None) -> str | None:
        return name and name.replace("海", word)

    def numbered(code: int | str | None) -> int | str | None:
        return code + offset if isinstance(code, int) else code

    apart = [
        replace(
            firm,
            number=firm.number + offset,
            name=named(firm.name),
            former=tuple((past[0].replace("海", word), past[1]) for past in firm.former),
            took_over=tuple((code, named(name), day) for code, name, day in firm.took_over),
        )
        for firm in (PARENT, *firms)
    ]
    told = [
        replace(
            relation,
            firm=numbered(relation.firm),
            parent=numbered(relation.parent),
            name=named(relation.name),
            parent_name=named(relation.parent_name),
        )
        for relation in relations
    ]
    # Short codes are numbers of firms; with a dash, their codes are misread.
    code = uscc(abs(int(row.uscc)) + offset) if row.uscc and len(row.uscc) < 18 else row.uscc
    code = code.replace("1", "I") if code and row.uscc and row.uscc.startswith("-") else code
    return apart, told, replace(row, name=named(row.name), uscc=code)


def _outcomes(cases: Sequence[Case]) -> list[Outcome]:
    """Link the row of each case against one register of all their firms; numbers are those of the case."""
    apart = [_apart(number, *case) for number, case in enumerate(cases)]
    register = [firm for firms, _, _ in apart for firm in firms]
    told = [relation for _, relations, _ in apart for relation in relations]
    found = link_rows(register, [row for *_, row in apart], relations=told)
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


# A town as it should be, with a renamed parent and its branches, and what may go wrong: firms with names that meet, and
# relations of any kind.
DAYS = [date(year, 1, 1) for year in (2012, 2016, 2019, 2023)]
PARENTS = ("青岛甲有限公司", "青岛乙有限公司")
PARTS = ("烟台分公司", "烟台市分公司", "第一分公司", "分公司")
BRANCHES = [parent + part for parent in PARENTS for part in PARTS]
TOWN = [
    Firm(1, PARENTS[0], former=((PARENTS[1], DAYS[1]),)),
    Firm(2, PARENTS[1] + PARTS[0]),
    Firm(3, PARENTS[1] + PARTS[2]),
]
TOLD = [Relation(2, 1), Relation(3, 1)]
days = st.none() | st.sampled_from(DAYS)
former = st.lists(st.tuples(st.sampled_from(PARENTS), days), max_size=1).map(tuple)
more_firms = st.lists(
    st.builds(Firm, st.integers(4, 7), st.sampled_from([*PARENTS, *BRANCHES]), former=former),
    max_size=3,
    unique_by=lambda firm: firm.number,
)
more_relations = st.lists(
    st.builds(
        Relation,
        st.integers(1, 8),
        st.none() | st.integers(1, 8),
        days,
        days,
        st.sampled_from(["分公司", "分公司", "全资子公司", None]),
        st.none() | st.sampled_from(BRANCHES),
        st.none() | st.sampled_from(PARENTS),
        st.booleans(),
    ),
    max_size=3,
)
ASKED = [Row(name, day=day) for name in (*PARENTS, *BRANCHES) for day in (None, *DAYS)]
a_few = settings(max_examples=max(10, settings().max_examples // 10))


# What has nothing to do with the rows asked for.
ELSEWHERE = [Firm(9, "烟台戊有限公司", former=(("烟台己有限公司", RENAMED),)), Firm(10, "烟台己有限公司莱州分公司")]
TOLD_ELSEWHERE = [Relation(10, 9), Relation(10, None, parent_name="烟台庚有限公司")]


@a_few
@given(more_firms, more_relations, st.randoms(use_true_random=False))
def test_relations_move_no_link_and_make_only_links_that_they_tell_of(
    more: list[Firm], others: list[Relation], random: Random
) -> None:
    register, told = [*TOWN, *more, *ELSEWHERE], [*TOLD, *others, *TOLD_ELSEWHERE]
    before = link_rows(register, ASKED, propose=True)
    after = link_rows(register, ASKED, propose=True, relations=random.sample(told, len(told)), threads=2)
    for row, old, new in zip(ASKED, before, after, strict=True):
        if old.firm is not None:
            assert new == old
        elif new.firm is None:
            assert set(old.candidates) <= set(new.candidates)
        else:
            assert new.why == "branch_of_parent"
            assert any(_tells(relation, new.firm, row.day) for relation in [*TOLD, *others])


def test_relations_make_links_where_nothing_is_wrong() -> None:
    found = link_rows(TOWN, ASKED, relations=TOLD)
    linked = [(row.name, row.day) for row, one in zip(ASKED, found, strict=True) if one.why == "branch_of_parent"]
    assert linked == [(PARENTS[0] + part, day) for part in (PARTS[0], PARTS[2]) for day in DAYS[1:]]


def _tells(relation: Relation, firm: int, day: date | None) -> bool:
    """Say whether a row of relations tells for sure that the firm was a branch on that day."""
    began, ended = relation.began_on or date.max, relation.ended_on or date.max
    told = relation.firm == firm and relation.parent not in (None, firm) and relation.kind == "分公司"
    return told and not relation.doubtful and day is not None and began <= day <= ended
