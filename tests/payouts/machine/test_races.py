"""Two processes at the same moment: two approvers, two plans of the same entitlements, two bookings of one file."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.approve import approve
from payouts.batches.plan import draw_plan
from payouts.batches.record import record_plan
from payouts.batches.refused import plainly
from payouts.batches.selection import Selection
from payouts.booking.book import book
from payouts.booking.resolve import confirm, propose
from payouts.ledger.database import Ledger, open_ledger
from payouts.ledger.tables import officer, payment, return_file, transfer
from tests.payouts.batches.scenes import SETTINGS, due, sound, state_of
from tests.payouts.booking.sent import PAID, answers, dues, sent
from tests.payouts.stories import APPROVER, CHECKER, MAKER, Due, act, confirmed, money, people

_SPAWN = multiprocessing.get_context("spawn")
# What a racer does, with whom and with what: (kind, officer, name).
Job = tuple[str, str, str]
Results = list[tuple[int, str, str]]


def signing(ledger: Ledger, who: str, name: str) -> None:
    with ledger.write() as connection:
        approve(connection, name, who, act(who))


def booking(ledger: Ledger, who: str, name: str) -> None:
    with ledger.write() as connection:
        booked = book(connection, answers((name, PAID)), act(who))
    if booked.booked_by != who:
        raise MianshenError(f"{booked.booked_by} booked it")


def deciding(ledger: Ledger, who: str, name: str) -> None:
    with ledger.write() as connection, plainly():
        confirm(connection, name, act(who))


_KINDS: dict[str, Callable[[Ledger, str, str], None]] = {"sign": signing, "book": booking, "decide": deciding}


def race(place: str, number: int, jobs: list[Job], start: Barrier, told: "Queue[Results]") -> None:
    """Do each job at the same moment as the other racer; tell which were done, and what was said of the rest."""
    ledger = open_ledger(place)
    found: Results = []
    for at, (kind, who, name) in enumerate(jobs):
        start.wait()
        try:
            _KINDS[kind](ledger, who, name)
            found.append((at, "done", who))
        except MianshenError as error:
            found.append((at, "refused", str(error)))
    ledger.close()
    told.put(found)


def run(ledger: Ledger, mine: list[Job], yours: list[Job]) -> list[list[str]]:
    """Let two processes race; return, job by job, what was done and what was refused, sorted."""
    place = ledger.engine.url.render_as_string(hide_password=False)
    start, told = _SPAWN.Barrier(2), _SPAWN.Queue()
    racers = [_SPAWN.Process(target=race, args=(place, n, jobs, start, told)) for n, jobs in enumerate((mine, yours))]
    for racer in racers:
        racer.start()
    found = [line for _ in racers for line in told.get(timeout=3_000)]
    for racer in racers:
        racer.join()
        assert racer.exitcode == 0
    return [sorted(word for at, word, _ in found if at == job) for job in range(len(mine))]


def _plans(ledger: Ledger, count: int, selections: Callable[[str], list[Selection]]) -> list[list[str]]:
    """Let firms be confirmed, and plan each by the selections; return the batches of each firm."""
    firms = [Due(f"91370200{number:010d}", 1_00 + number) for number in range(count)]
    due(ledger, firms)
    found = []
    with ledger.write() as connection:
        row = {"id": "qian", "name": "q", "roles": "checker", "password_hash": "-", "totp_step": 0, "failures": 0}
        connection.execute(officer.insert(), [{**row, "created_at": "2024-01-01", "created_by": "machine"}])
        for one in firms:
            plans = [draw_plan(connection, selection, SETTINGS, act()) for selection in selections(one.uscc)]
            found.append([record_plan(connection, plan, act()) for plan in plans])
    return found


COUNTS = pytest.mark.parametrize("count", [20, pytest.param(2_000, marks=pytest.mark.nightly)])


@COUNTS
def test_two_checkers_of_one_batch(ledger: Ledger, count: int) -> None:
    names = [name for (name,) in _plans(ledger, count, lambda code: [Selection(firms=(code,))])]
    results = run(ledger, [("sign", CHECKER, name) for name in names], [("sign", "qian", name) for name in names])
    assert results == [["done", "refused"]] * count
    assert {state_of(ledger, name) for name in names} == {"approved"}
    assert _payments(ledger) == count
    assert sound(ledger)


@COUNTS
def test_two_plans_of_one_entitlement(ledger: Ledger, count: int) -> None:
    def selections(code: str) -> list[Selection]:
        return [Selection(firms=(code,)), Selection(firms=(code,), policies=("synthetic-1",))]

    pairs = _plans(ledger, count, selections)
    assert len({name for pair in pairs for name in pair}) == 2 * count
    one, other = [("sign", CHECKER, a) for a, _ in pairs], [("sign", "qian", b) for _, b in pairs]
    assert run(ledger, one, other) == [["done", "refused"]] * count
    assert _payments(ledger) == count
    assert sound(ledger)


@COUNTS
def test_two_bookings_of_one_file(ledger: Ledger, count: int) -> None:
    names = _sent(ledger, count)
    results = run(ledger, [("book", MAKER, name) for name in names], [("book", CHECKER, name) for name in names])
    assert results == [["done", "refused"]] * count
    with ledger.read() as connection:
        assert len(connection.execute(select(return_file.c.sha256)).all()) == count
        settled = select(transfer.c.id).where(transfer.c.kind == "settle")
        assert len(connection.execute(settled).all()) == count
    assert sound(ledger)


@COUNTS
def test_two_officers_decide_one_resolution(ledger: Ledger, count: int) -> None:
    names = _sent(ledger, count)
    with ledger.write() as connection:
        found = [propose(connection, name, "returned", "a statement", act()) for name in names]
    results = run(ledger, [("decide", CHECKER, one) for one in found], [("decide", APPROVER, one) for one in found])
    assert results == [["done", "refused"]] * count
    assert sound(ledger)


def _sent(ledger: Ledger, count: int) -> list[str]:
    some = dues(count)
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, some)
        return sent(connection, some)


def _payments(ledger: Ledger) -> int:
    with ledger.read() as connection:
        return len(connection.execute(select(payment.c.id)).all())
