"""What a plan will meet at the bank's form is told while it can still be mended."""

from sqlalchemy import Connection

from payouts.bank.refusals import Refusal
from payouts.batches.draw import draw_plan
from payouts.batches.foreseen import refused_by
from payouts.ledger.database import Ledger
from payouts.ledger.keys import payment_id
from tests.payouts.batches.scenes import CHANNEL, EVERYTHING, FIRMS, SETTINGS, A, due, hold_back, new_account
from tests.payouts.stories import act


def refused(connection: Connection) -> tuple[Refusal, ...]:
    return refused_by(draw_plan(connection, EVERYTHING, SETTINGS, act()), CHANNEL, act())


def test_what_no_file_can_carry_is_told_by_name(sqlite_ledger: Ledger) -> None:
    due(sqlite_ledger)
    with sqlite_ledger.write() as connection:
        assert refused(connection) == ()
        new_account(connection, A, no="6222-77")
        [one] = refused(connection)
        assert (one.payment_id, "other characters than digits" in one.what) == (payment_id(A.id, 1), True)
        for firm in FIRMS:
            hold_back(connection, firm)
        assert refused(connection) == ()
