"""What must hold for any register and any rows."""

from dataclasses import replace
from datetime import date
from random import Random

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from enterprise_data.identity.names.keys import KEYS, with_keys
from enterprise_data.identity.names.spelling import normalised
from tests.identity.corrupted import PLACES, named, spelled
from tests.identity.linking import Firm, Row, link_rows
from tests.snapshot.city import uscc

# One example links a whole list of rows several times over.
a_few = settings(max_examples=max(10, settings().max_examples // 10))

# Few names and codes, so that they meet.
NAMES = [f"青岛{word}有限公司" for word in "甲乙丙丁"] + ["青岛甲有限公司分公司"]
DAYS = [date(year, 1, 1) for year in (2012, 2015, 2018, 2022)]

names = st.sampled_from(NAMES)
days = st.sampled_from(DAYS)
numbers = st.integers(1, 5)
registration_nos = st.none() | st.sampled_from(["3702001234567", "3702007654321"])
codes = st.none() | st.builds(uscc, st.integers(1, 8)) | st.just("91370200000000001X")
past = st.lists(st.tuples(names, days) | st.tuples(names, st.none() | days, days), max_size=2).map(tuple)
firms = st.lists(
    st.builds(Firm, numbers, st.none() | names, registration_nos, past),
    max_size=5,
    unique_by=lambda firm: firm.number,
)
rows = st.builds(
    Row,
    st.none() | names,
    codes,
    st.none() | st.builds(lambda number: uscc(number)[8:17], st.integers(1, 8)),
    registration_nos,
    st.none() | days,
)
some_rows = st.lists(rows, min_size=1, max_size=40)


@a_few
@given(firms, some_rows)
def test_adding_unrelated_firms_never_creates_or_moves_a_link(register: list[Firm], asked: list[Row]) -> None:
    unrelated = [Firm(100, "烟台无关有限公司", "3702009999999", (("烟台旧无关有限公司", DAYS[2]),)), Firm(101)]
    assert link_rows([*register, *unrelated], asked) == link_rows(register, asked)


@a_few
@given(firms, some_rows)
def test_removing_the_right_firm_never_moves_its_rows_to_another(register: list[Firm], asked: list[Row]) -> None:
    before = link_rows(register, asked)
    linked = {outcome.firm for outcome in before}
    for firm in [firm for firm in register if firm.number in linked]:
        after = link_rows([other for other in register if other is not firm], asked)
        moved = [b for b, a in zip(before, after, strict=True) if b.firm == firm.number and a.firm is not None]
        assert not moved


@a_few
@given(firms, some_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_firms_and_the_threads_change_nothing(
    register: list[Firm], asked: list[Row], random: Random
) -> None:
    order = list(range(len(asked)))
    random.shuffle(order)
    shuffled = link_rows(register[::-1], [asked[i] for i in order], threads=2)
    expected = link_rows(register, asked)
    assert shuffled == [expected[i] for i in order]


@a_few
@given(firms, some_rows)
def test_a_doubtful_row_never_links_and_may_be_all_that_the_sure_row_may_be(
    register: list[Firm], asked: list[Row]
) -> None:
    sure = link_rows(register, asked)
    doubtful = link_rows(register, [replace(row, doubtful=True) for row in asked])
    for a, b in zip(sure, doubtful, strict=True):
        assert b.firm is None
        assert b.candidates == ((a.firm,) if a.firm is not None else a.candidates)


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[Firm], list[Row]]:
    """Draw a register of realistic names, and a list of corrupted ones, of these firms and others."""
    drawn = draw(st.lists(named(), min_size=1, max_size=12, unique_by=lambda pair: pair[0]))
    register = [Firm(number, name, region=region) for number, (name, region) in enumerate(drawn, start=1)]
    listed_in = st.none() | st.sampled_from(sorted(set(PLACES.values())))
    asked = st.builds(Row, spelled([name for name, _ in drawn]), region=listed_in)
    return register, draw(st.lists(asked, min_size=1, max_size=40))


def _keys(register: list[Firm]) -> dict[int, set[str]]:
    """Return all texts by which each firm's name may be found."""
    frame = pl.DataFrame({"number": [f.number for f in register], "raw": [f.name for f in register]})
    keyed = with_keys(frame.with_columns(name=normalised(pl.col("raw")))).select("number", *KEYS)
    return {number: {key for key in keys if key} for number, *keys in keyed.rows()}


@a_few
@given(towns(), st.sampled_from(sorted(PLACES)))
def test_unrelated_names_never_create_or_move_a_link(town: tuple[list[Firm], list[Row]], place: str) -> None:
    register, asked = town
    unrelated = [
        Firm(100 + number, f"{place}无关{word}", region=PLACES[place])
        for number, word in enumerate(("商贸有限公司", "超市", "专业合作社"))
    ]
    assert link_rows([*register, *unrelated], asked) == link_rows(register, asked)


@a_few
@given(towns(), st.randoms(use_true_random=False))
def test_without_the_right_firm_a_corrupted_name_links_to_none(
    town: tuple[list[Firm], list[Row]], random: Random
) -> None:
    register, asked = town
    before = link_rows(register, asked)
    linked = sorted({outcome.firm for outcome in before if outcome.firm is not None})
    assume(linked)
    keys = _keys(register)
    gone = random.choice(linked)
    after = link_rows([firm for firm in register if firm.number != gone], asked)
    for row, old, new in zip(asked, before, after, strict=True):
        if old.firm == gone and new.firm is not None:
            assert old.why in ("name", "spelling"), row
            assert keys[gone] & keys[new.firm], row


@a_few
@given(towns(), st.randoms(use_true_random=False))
def test_order_and_threads_change_nothing_for_corrupted_names(
    town: tuple[list[Firm], list[Row]], random: Random
) -> None:
    register, asked = town
    order = random.sample(range(len(asked)), len(asked))
    shuffled = link_rows(random.sample(register, len(register)), [asked[i] for i in order], threads=2)
    expected = link_rows(register, asked)
    assert shuffled == [expected[i] for i in order]
