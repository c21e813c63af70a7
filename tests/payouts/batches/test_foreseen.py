"""What a plan will meet at the bank's form is told while it can still be mended."""

from sqlalchemy import Connection, insert, select

from payouts.batches.foreseen import Foreseen, foreseen
from payouts.batches.plan import draw_plan
from payouts.ledger.database import Ledger
from payouts.ledger.keys import payment_id
from payouts.ledger.tables import payee
from tests.payouts.batches.scenes import CHANNEL, EVERYTHING, FIRMS, SETTINGS, A, due, hold_back, new_account
from tests.payouts.stories import act


def seen(connection: Connection) -> Foreseen:
    return foreseen(draw_plan(connection, EVERYTHING, SETTINGS, act()), CHANNEL, act())


def _newest(connection: Connection) -> dict[str, object]:
    row = connection.execute(select(payee).order_by(payee.c.id.desc()).limit(1)).mappings().one()
    return {key: value for key, value in row.items() if key != "id"}


def test_a_plan_that_fits_is_refused_nothing_and_doubts_are_told(sqlite_ledger: Ledger) -> None:
    due(sqlite_ledger)
    with sqlite_ledger.write() as connection:
        assert seen(connection) == Foreseen((), ())
        new_account(connection, A, no="6222-77")
        [refused] = seen(connection).refused
        assert (refused.payment_id, "other characters than digits" in refused.what) == (payment_id(A.id, 1), True)
        new_account(connection, A)
        connection.execute(insert(payee), [{**_newest(connection), "bank_code": "102100099995"}])
        [doubted] = seen(connection).doubted
        assert "check digit" in doubted.what
        for one in FIRMS:
            hold_back(connection, one)
        assert seen(connection) == Foreseen((), ())
