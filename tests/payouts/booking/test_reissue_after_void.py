"""What came back is paid again even if an attempt after it was voided: nobody who is owed money is forgotten."""

from sqlalchemy import select

from payouts.booking.reissue import reissue
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import batch, hold, payment
from payouts.ledger.transfers import transfer_payments
from tests.payouts.booking.sent import DUES, PAID, RETURNED, answers, approved
from tests.payouts.booking.test_book import A, booked
from tests.payouts.booking.test_resolve import decided
from tests.payouts.stories import act


def test_a_voided_attempt_is_not_in_the_way(told: Ledger) -> None:
    booked(told, answers((A, RETURNED), name="first"))
    with told.write() as connection:
        reissue(connection, [A], act(), same_account="it was closed for a day")
        approved(connection, DUES[:1], "B2", attempt=2)
        second = payment.c.batch_id == "B2"
        transfer_payments(connection, "uncommit", second, act())
        move(connection, payment, second, "voided", act())
        move(connection, batch, batch.c.id == "B2", "cancelled", act())
    booked(told, answers((A, PAID), name="second"))
    decided(told, A, "paid")
    booked(told, answers((A, RETURNED), name="third"))
    decided(told, A, "returned")
    with told.write() as connection:
        assert reissue(connection, [A], act(), same_account="it is right") == 1
        placed = select(hold.c.code).where(hold.c.entitlement_id == DUES[0].id, hold.c.state == "placed")
        assert connection.execute(placed).all() == []
