"""Two processes at the same moment: two approvers, two plans of the same entitlements, two bookings of one file."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.approve import approve
from payouts.batches.draw import draw_plan
from payouts.batches.record import record_plan
from payouts.batches.refused import plainly
from payouts.batches.selection import Selection
from payouts.booking.book import book
from payouts.booking.resolve import confirm, propose
from payouts.ledger.database import Ledger
from payouts.ledger.tables import officer, payment, return_file, transfer
from tests.payouts.batches.scenes import SETTINGS, due, sound, state_of
from tests.payouts.booking.sent import PAID, answers, dues, sent
from tests.payouts.racers import Racers
from tests.payouts.stories import APPROVER, CHECKER, MAKER, Due, act, confirmed, money, people

DONE, REFUSED = "done", "refused"
ONE = [DONE, REFUSED]
Jobs = tuple[str, list[str]]


def signing(ledger: Ledger, who: str, name: str) -> str:
    with ledger.write() as connection:
        approve(connection, name, who, act(who))
    return DONE


def booking(ledger: Ledger, who: str, name: str) -> str:
    with ledger.write() as connection:
        booked = book(connection, answers((name, PAID)), act(who))
    return DONE if booked.booked_by == who else REFUSED


def deciding(ledger: Ledger, who: str, name: str) -> str:
    with ledger.write() as connection, plainly():
        confirm(connection, name, act(who))
    return DONE


def trying(ledger: Ledger, does: Callable[[Ledger, str, str], str], who: str, name: str) -> str:
    try:
        return does(ledger, who, name)
    except MianshenError:
        return REFUSED


def run(racing: Racers, ledger: Ledger, does: Callable[..., str], mine: Jobs, yours: Jobs) -> list[list[str]]:
    """Let two processes race, each an officer with batches, files or resolutions; return what was done, sorted."""
    one, other = ([(trying, (does, who, name)) for name in names] for who, names in (mine, yours))
    return [sorted(told) for told in racing.race(ledger, list(one), list(other))]


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
def test_two_checkers_of_one_batch(ledger: Ledger, racing: Racers, count: int) -> None:
    names = [name for (name,) in _plans(ledger, count, lambda code: [Selection(firms=(code,))])]
    results = run(racing, ledger, signing, (CHECKER, names), ("qian", names))
    assert results == [ONE] * count
    assert {state_of(ledger, name) for name in names} == {"approved"}
    assert _payments(ledger) == count
    assert sound(ledger)


@COUNTS
def test_two_plans_of_one_entitlement(ledger: Ledger, racing: Racers, count: int) -> None:
    def selections(code: str) -> list[Selection]:
        return [Selection(firms=(code,)), Selection(firms=(code,), policies=("synthetic-1",))]

    pairs = _plans(ledger, count, selections)
    assert len({name for pair in pairs for name in pair}) == 2 * count
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    assert run(racing, ledger, signing, (CHECKER, one), ("qian", other)) == [ONE] * count
    assert _payments(ledger) == count
    assert sound(ledger)


@COUNTS
def test_two_bookings_of_one_file(ledger: Ledger, racing: Racers, count: int) -> None:
    names = _sent(ledger, count)
    results = run(racing, ledger, booking, (MAKER, names), (CHECKER, names))
    assert results == [ONE] * count
    with ledger.read() as connection:
        assert len(connection.execute(select(return_file.c.sha256)).all()) == count
        settled = select(transfer.c.id).where(transfer.c.kind == "settle")
        assert len(connection.execute(settled).all()) == count
    assert sound(ledger)


@COUNTS
def test_two_officers_decide_one_resolution(ledger: Ledger, racing: Racers, count: int) -> None:
    names = _sent(ledger, count)
    with ledger.write() as connection:
        found = [propose(connection, name, "returned", "a statement", act()) for name in names]
    results = run(racing, ledger, deciding, (CHECKER, found), (APPROVER, found))
    assert results == [ONE] * count
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
