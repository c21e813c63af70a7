"""A town with relations right and wrong: they move no link, and make only those that they tell of."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identity.branch_cases import RENAMED
from tests.identity.linking import Firm, Relation, Row, link_rows

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
