"""Random steps on a ledger and on a model of dictionaries: both refuse the same, and come to the same."""

import itertools
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import make_url, select

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer
from payouts.batches.approve import approve
from payouts.batches.cancel import cancel
from payouts.batches.draw import draw_plan
from payouts.batches.recheck import recheck
from payouts.batches.record import existing, record_plan
from payouts.batches.refused import plainly
from payouts.batches.seal import release, seal
from payouts.batches.selection import Selection
from payouts.booking import judge
from payouts.booking.book import book
from payouts.booking.reissue import reissue
from payouts.ledger.creation import create
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.keys import payment_id
from payouts.ledger.tables import batch, hold, payment
from payouts.ledger.transfers import balances, grant
from payouts.workflow.holds import DEPARTMENT, hold_one, lift_one
from tests.payouts.batches.scenes import CHANNEL, FIRMS, SETTINGS
from tests.payouts.booking.sent import answers
from tests.payouts.conftest import _command
from tests.payouts.machine.model import Model
from tests.payouts.reopening import in_memory, opened
from tests.payouts.simulation.city import copied
from tests.payouts.stories import CHECKER, LINE, MAKER, act, confirmed, people

START = 800_00
_BY_CODE = {due.uscc: due for due in FIRMS}
_CODES = st.sampled_from(sorted(_BY_CODE))
# How many batches, or attempts, before the newest.
_PLACES = st.sampled_from((0, 0, 0, 0, 1, 2))
_ATTEMPTS = st.sampled_from((0, 0, 0, 1, 2))
Making = Callable[[], AbstractContextManager[Ledger]]


class Machine(RuleBasedStateMachine):
    """Every rule does a thing to both, and both agree whether it can be done."""

    making: Making

    @initialize()
    def begin(self) -> None:
        self.context = type(self).making()
        self.ledger = self.context.__enter__()
        self.model = Model({due.uscc: due.fen for due in FIRMS}, START)
        self.order: list[str] = []
        self.seconds, self.letters = itertools.count(), itertools.count()

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.__exit__(None, None, None)

    @rule(fen=st.integers(-400_00, 900_00).filter(bool))
    def grant(self, fen: int) -> None:
        can = self.model.available + fen >= 0
        at = f"2024-03-01T09:00:00.{next(self.seconds):06d}Z"
        assert self._does(lambda c: grant(c, LINE, "line", fen, act(at=at))) == can
        self.model.available += fen if can else 0

    @rule(who=st.sampled_from((MAKER, MAKER, CHECKER)))
    def plan(self, who: str) -> None:
        with self.ledger.read() as connection:
            drawn = draw_plan(connection, Selection(), SETTINGS, act(who))
        assert {item.uscc: item.attempt for item in drawn.items} == self.model.payable()
        can = bool(drawn.items) and (who == MAKER)
        assert self._does(lambda c: record_plan(c, drawn, act(who))) == can
        if can and drawn.batch_id not in self.order:
            self.order.append(drawn.batch_id)
            self.model.batches[drawn.batch_id] = self.model.payable()
            self.model.states[drawn.batch_id] = "planned"

    @rule(place=_PLACES, who=st.sampled_from((CHECKER, CHECKER, CHECKER, MAKER)))
    def approve(self, place: int, who: str) -> None:
        for name in self._batch(place):
            can = who == CHECKER and self.model.approve(name)
            assert self._does(partial(approve, batch_id=name, officer_id=who, act=act(who))) == can

    @rule()
    def the_whole_way(self) -> None:
        """Plan what is payable, approve it and send it: what random steps seldom do in one go."""
        before = len(self.order)
        self.plan(MAKER)
        if len(self.order) > before:
            self.approve(0, CHECKER)
            self.send(0)

    @rule(place=_PLACES)
    def cancel(self, place: int) -> None:
        for name in self._batch(place):
            can = self.model.cancel(name)
            assert self._does(partial(cancel, batch_id=name, act=act())) == can

    @rule(place=_PLACES)
    def send(self, place: int) -> None:
        def every_step(connection: Any) -> None:
            recheck(connection, name, {}, act())
            if existing(connection, name).state == "approved":
                seal(connection, name, CHANNEL, act())
                release(connection, name, act())

        for name in self._batch(place):
            assert self._does(every_step) == self.model.release(name)

    @rule(code=_CODES, back=_ATTEMPTS, word=st.sampled_from(tuple(Answer)), off=st.sampled_from((0, 0, 0, 1)))
    def answer(self, code: str, back: int, word: Answer, off: int) -> None:
        number = len(self.model.attempts[code]) - back
        if number < 1:
            return
        due = _BY_CODE[code]
        file = answers((payment_id(due.id, number), word, due.fen + off), name=f"letter {next(self.letters)}")
        told = self.model.answer(code, number, word.value, off == 0)
        for again in (False, True):
            with self.ledger.write() as connection:
                booked = book(connection, file, act())
            assert dict(booked.counts) == {told: 1}, again

    @rule(code=_CODES, back=_ATTEMPTS)
    def reissue(self, code: str, back: int) -> None:
        number = len(self.model.attempts[code]) - back
        if number < 1:
            return
        key, can = payment_id(_BY_CODE[code].id, number), self.model.reissue(code, number)
        assert self._does(lambda c: reissue(c, [key], act(), same_account="asked")) == can

    @rule(code=_CODES, rarely=st.integers(0, 3))
    def hold(self, code: str, rarely: int) -> None:
        if rarely:
            return
        can = (code, DEPARTMENT) not in self.model.holds
        assert self._does(lambda c: hold_one(c, _BY_CODE[code].id, DEPARTMENT, act())) == can
        self.model.holds.add((code, DEPARTMENT))

    @rule(code=_CODES, kind=st.sampled_from((DEPARTMENT, "pulled", "returned", "answered_unsent")))
    def lift(self, code: str, kind: str) -> None:
        can = (code, kind) in self.model.holds and kind != "returned"
        assert self._does(lambda c: lift_one(c, _BY_CODE[code].id, kind, act())) == can
        if can:
            self.model.holds.discard((code, kind))

    @invariant()
    def the_same(self) -> None:
        if not hasattr(self, "ledger"):
            return
        with self.ledger.read() as connection:
            assert violations(connection) == []
            rows = connection.execute(select(payment.c.entitlement_id, payment.c.attempt, payment.c.state)).all()
            states = {row.id: row.state for row in connection.execute(select(batch.c.id, batch.c.state))}
            held = connection.execute(select(hold.c.entitlement_id, hold.c.code).where(hold.c.state == "placed")).all()
            money = balances(connection)
        codes = {due.id: due.uscc for due in FIRMS}
        should = {(f, n): s for f, every in self.model.attempts.items() for n, (s, _) in enumerate(every, 1)}
        assert {(codes[key], number): state for key, number, state in rows} == should
        assert states == self.model.states
        assert {(codes[key], code) for key, code in held} == self.model.holds
        assert money.get((LINE, "available"), 0) == self.model.available
        for account in ("committed", "clearing", "paid"):
            assert money.get((LINE, account), 0) == self.model.balance(account)

    def _batch(self, place: int) -> list[str]:
        """Return the batch of a place, the newest first; none where there are fewer."""
        return self.order[::-1][place : place + 1]

    def _does(self, step: Callable[[Any], object]) -> bool:
        try:
            with self.ledger.write() as connection, plainly():
                step(connection)
        except MianshenError:
            return False
        return True


def _filled(ledger: Ledger) -> None:
    create(ledger)
    with ledger.write() as connection:
        people(connection)
        grant(connection, LINE, "line", START, act())
        confirmed(connection, FIRMS)


def _sqlite(folder: Path) -> Making:
    made = folder / "made.sqlite"
    ledger = opened(made)
    _filled(ledger)
    ledger.close()

    @contextmanager
    def making() -> Iterator[Ledger]:
        with in_memory() as place:
            ledger = opened(copied(made, place / "ledger.sqlite"))
            yield ledger
            ledger.close()

    return making


def _postgresql(template: str) -> Making:
    url, names = make_url(template), itertools.count()
    made = url.set(database="machine_template").render_as_string(hide_password=False)
    _command(template, f'CREATE DATABASE machine_template TEMPLATE "{url.database}"')
    ledger = opened(made)
    _filled(ledger)
    ledger.close()

    @contextmanager
    def making() -> Iterator[Ledger]:
        name = f"machine_{next(names)}"
        _command(template, f"CREATE DATABASE {name} TEMPLATE machine_template")
        ledger = opened(url.set(database=name).render_as_string(hide_password=False))
        yield ledger
        ledger.close()
        _command(template, f"DROP DATABASE {name}")

    return making


def _run(making: Making, examples: int, steps: int, phases: Collection[Phase] = tuple(Phase)) -> None:
    machine = type("RunMachine", (Machine,), {"making": staticmethod(making)})
    told = settings(max_examples=examples, stateful_step_count=steps, phases=phases)
    run_state_machine_as_test(machine, settings=told)


def test_sqlite(tmp_path: Path) -> None:
    _run(_sqlite(tmp_path), 15, 25)


def test_a_fault_is_found(tmp_path: Path) -> None:
    with mock.patch.object(judge, "_fits", return_value=True), pytest.raises(AssertionError):
        _run(_sqlite(tmp_path), 100, 30, phases=[Phase.generate])


@pytest.mark.postgresql
def test_postgresql(postgresql_template: str) -> None:
    _run(_postgresql(postgresql_template), 3, 25)


@pytest.mark.nightly
def test_sqlite_at_length(tmp_path: Path) -> None:
    _run(_sqlite(tmp_path), 2_000, 50)


@pytest.mark.nightly
@pytest.mark.postgresql
def test_postgresql_at_length(postgresql_template: str) -> None:
    _run(_postgresql(postgresql_template), 200, 50)
