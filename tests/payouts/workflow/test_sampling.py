"""Spot checks and reconfirmation: who is drawn, and when a department may stand by the rest."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from enterprise_data.declarations.problems import MianshenError
from payouts.intake.take_in import take_in
from payouts.ledger.creation import create
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.tables import event
from payouts.workflow.reconfirming import Reconfirmed, reconfirm
from payouts.workflow.sampling import draw_sample, open_checks, record_check
from tests.payouts.intake.said import GRANT, Said, run_file, states
from tests.payouts.stories import act
from tests.payouts.workflow.town import proposed

DEPT = act("dept")


def test_the_seed_alone_says_who_is_drawn(ledger: Ledger) -> None:
    with ledger.write() as connection:
        ids = proposed(connection, 50)
    drawn: dict[str, set[tuple[str, ...]]] = {}
    for seed in ("1", "1", "2"):
        with pytest.raises(RuntimeError), ledger.write() as connection:  # undoes the drawing
            found = draw_sample(connection, "grant", DEPT, seed=seed, share=Fraction(1, 20))
            assert (found.population, len(found.entitlements)) == (50, 3)  # 2.5, rounded up
            assert set(found.entitlements) <= set(ids)
            drawn.setdefault(seed, set()).add(found.entitlements)
            raise RuntimeError
    assert len(drawn["1"]) == 1
    assert drawn["1"] != drawn["2"]


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ({}, "a number, or a share"),
        ({"n": 1, "share": Fraction(1, 2)}, "a number, or a share"),
        ({"n": 0}, "at least one"),
        ({"share": Fraction(0)}, "at least one"),
    ],
)
def test_sizes_that_are_none(sqlite_ledger: Ledger, size: dict[str, object], message: str) -> None:
    with sqlite_ledger.write() as connection:
        proposed(connection, 3)
        with pytest.raises(MianshenError, match=message):
            draw_sample(connection, "grant", DEPT, seed="1", **size)  # type: ignore[arg-type]


def test_a_department_reconfirms_after_every_check(ledger: Ledger) -> None:
    with ledger.write() as connection:
        ids = proposed(connection, 10)
        with pytest.raises(MianshenError, match="no sample of the 10 proposals"):
            reconfirm(connection, "grant", DEPT)
        first, second = draw_sample(connection, "grant", DEPT, seed="1", n=2).entitlements
        record_check(connection, first, ok=True, act=DEPT)
        with pytest.raises(MianshenError, match=f"1 of the sample .* not checked yet, such as {second}"):
            reconfirm(connection, "grant", DEPT)
        with pytest.raises(MianshenError, match="was not drawn, or was checked"):
            record_check(connection, first, ok=False, act=DEPT)
        record_check(connection, second, ok=True, act=DEPT)
        assert reconfirm(connection, "grant", DEPT) == Reconfirmed(10, 0)
        assert states(connection) == dict.fromkeys(ids, "reconfirmed")
        with pytest.raises(MianshenError, match="nothing proposed"):
            reconfirm(connection, "grant", DEPT)


def test_a_wrong_one_asks_for_a_second_sample(ledger: Ledger) -> None:
    with ledger.write() as connection:
        proposed(connection, 10)
        (wrong,) = draw_sample(connection, "grant", DEPT, seed="1", n=1).entitlements
        with pytest.raises(MianshenError, match="needs a reason"):
            record_check(connection, wrong, ok=False, act=act("dept", reason=""))
        record_check(connection, wrong, ok=False, act=act("dept", reason="营业收入不实"))
        told = select(event.c.actor, event.c.reason).where(event.c.to_state == "refused")
        assert tuple(connection.execute(told).one()) == ("dept", "营业收入不实")
        with pytest.raises(MianshenError, match="1 of the last sample of policy grant were wrong: draw another"):
            reconfirm(connection, "grant", DEPT)
        (other,) = draw_sample(connection, "grant", DEPT, seed="1", n=1).entitlements
        assert other != wrong
        assert open_checks(connection, "grant") == [other]
        record_check(connection, other, ok=True, act=DEPT)
        assert reconfirm(connection, "grant", DEPT) == Reconfirmed(9, 0)
        assert states(connection)[wrong] == "refused"


def test_a_department_may_stand_by_the_rest_with_a_reason(ledger: Ledger) -> None:
    with ledger.write() as connection:
        proposed(connection, 3)
        (wrong,) = draw_sample(connection, "grant", DEPT, seed="1", n=1).entitlements
        record_check(connection, wrong, ok=False, act=DEPT)
        assert reconfirm(connection, "grant", DEPT, despite="个案，已核") == Reconfirmed(2, 0)
        told = select(event.c.code, event.c.reason).where(event.c.to_state == "reconfirmed").distinct()
        assert tuple(connection.execute(told).one()) == ("despite", "个案，已核")


def test_when_all_were_looked_at_the_right_ones_are_reconfirmed(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.write() as connection:
        proposed(connection, 3)
        wrong, *right = draw_sample(connection, "grant", DEPT, seed="1", n=99).entitlements
        record_check(connection, wrong, ok=False, act=DEPT)
        for one in right:
            record_check(connection, one, ok=True, act=DEPT)
        assert reconfirm(connection, "grant", DEPT) == Reconfirmed(2, 0)


def test_a_sample_is_of_what_was_there(ledger: Ledger) -> None:
    with ledger.write() as connection:
        old, changed = proposed(connection, 2)
        for one in draw_sample(connection, "grant", DEPT, seed="1", n=1).entitlements:
            record_check(connection, one, ok=True, act=DEPT)
        later = [Said(1, 100_00), Said(2, 5), Said(3, 100_00)]
        take_in(connection, run_file("r2", later, "2024-01-31", policies=(GRANT,)), act())
        assert reconfirm(connection, "grant", DEPT) == Reconfirmed(1, 2)
        assert states(connection) == {old: "reconfirmed", changed: "proposed", later[2].id: "proposed"}
        with pytest.raises(MianshenError, match="no sample of the 2 proposals"):
            reconfirm(connection, "grant", DEPT)


def test_a_check_of_what_has_changed_since_is_void(ledger: Ledger) -> None:
    with ledger.write() as connection:
        (id_,) = proposed(connection, 1)
        draw_sample(connection, "grant", DEPT, seed="1", n=1)
        proposed(connection, 1, "r2", fen=7, as_of="2024-01-31")
        assert open_checks(connection, "grant") == []
        with pytest.raises(MianshenError, match="has changed since it was drawn"):
            record_check(connection, id_, ok=True, act=DEPT)
        draw_sample(connection, "grant", DEPT, seed="1", n=1)
        record_check(connection, id_, ok=True, act=DEPT)
        assert reconfirm(connection, "grant", DEPT) == Reconfirmed(1, 0)


@settings(max_examples=20)
@given(st.integers(1, 30), st.fractions(Fraction(1, 100), 1), st.text(max_size=5))
def test_samples_never_overlap_and_end(firms: int, share: Fraction, seed: str) -> None:
    ledger = open_ledger("sqlite://")
    create(ledger)
    seen: list[str] = []
    with ledger.write() as connection:
        ids = proposed(connection, firms)
        while len(seen) < firms:
            found = draw_sample(connection, "grant", DEPT, seed=seed, share=share)
            assert found.population == firms - len(seen)
            assert len(found.entitlements) == -(-found.population * share.numerator // share.denominator)
            for one in found.entitlements:
                record_check(connection, one, ok=True, act=DEPT)
            seen += found.entitlements
        assert sorted(seen) == sorted(ids)
        with pytest.raises(MianshenError, match="no proposal left to draw from"):
            draw_sample(connection, "grant", DEPT, seed=seed, share=share)
    ledger.close()
