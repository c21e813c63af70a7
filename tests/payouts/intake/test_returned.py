"""A run that says something else of what is on its way or paid: if it comes back, the old amount is not paid again."""

import pytest
from sqlalchemy import Connection, insert, select, true

from payouts.batches.approve import approve
from payouts.batches.draw import draw_plan
from payouts.batches.record import record_plan
from payouts.batches.seal import release, seal
from payouts.batches.selection import Selection
from payouts.booking.book import book
from payouts.booking.reissue import reissue
from payouts.booking.resolve import confirm, propose
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, payee, payment
from payouts.ledger.transfers import grant
from payouts.overview import open_holds
from tests.payouts.batches.scenes import CHANNEL, SETTINGS
from tests.payouts.booking.sent import PAID, RETURNED, answers
from tests.payouts.intake.said import GRANT, Said, run_file
from tests.payouts.stories import CHECKER, NOW, act, people

LATER = pytest.mark.parametrize(
    "later", [[Said(1, 80_00)], [Said(1, None, unknown="staff")], []], ids=["less", "open", "gone"]
)


def sent(connection: Connection) -> str:
    """Send one payment of what the run r1 says; return its id."""
    first = Said(1, 100_00)
    where = {"uscc": first.key[2], "account_name": "虚构公司", "account_no": "6222", "bank_name": "虚构银行"}
    how = {"bank_code": "102100099996", "source": "dataset", "entered_by": "machine", "entered_at": NOW, "reason": ""}
    people(connection)
    take_in(connection, run_file("r1", [first]), act())
    grant(connection, GRANT.line, "line", 1_000_00, act())
    connection.execute(insert(payee), [{**where, **how}])
    for state in ("reconfirmed", "published", "confirmed"):
        move(connection, entitlement, entitlement.c.id == first.id, state, act())
    name = record_plan(connection, draw_plan(connection, Selection(), SETTINGS, act()), act())
    approve(connection, name, CHECKER, act(CHECKER))
    seal(connection, name, CHANNEL, act())
    release(connection, name, act())
    return str(connection.execute(select(payment.c.id)).scalar_one())


def refuse_the_old_amount(connection: Connection, key: str) -> None:
    reissue(connection, [key], act(), same_account="it was closed for a day")
    plan = draw_plan(connection, Selection(), SETTINGS, act())
    assert plan.items == ()
    (why,) = [reason.detail for one in plan.left_out for reason in one.reasons]
    assert why.startswith("run_differs: run r2 says something else than what is paid;")
    assert why.endswith("lifting this hold alone pays the old one again")


@LATER
def test_what_comes_back_is_held(ledger: Ledger, later: list[Said]) -> None:
    with ledger.write() as connection:
        key = sent(connection)
        assert take_in(connection, run_file("r2", later, "2024-01-31"), act()).count("paid_differs") == 1
        book(connection, answers((key, RETURNED)), act())
        refuse_the_old_amount(connection, key)


@LATER
def test_what_was_paid_and_comes_back_by_two_officers_is_held(ledger: Ledger, later: list[Said]) -> None:
    with ledger.write() as connection:
        key = sent(connection)
        book(connection, answers((key, PAID)), act())
        assert take_in(connection, run_file("r2", later, "2024-01-31"), act()).count("paid_differs") == 1
        assert open_holds(connection, true()) == []
        assert [one.code for one in open_holds(connection, true(), paid=True)] == ["run_differs"]
        book(connection, answers((key, RETURNED), name="late"), act())
        confirm(connection, propose(connection, key, "returned", "the bank's book", act()), act(CHECKER))
        assert [one.code for one in open_holds(connection, true())] == ["returned", "run_differs"]
        refuse_the_old_amount(connection, key)
