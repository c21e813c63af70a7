"""Two officers, or the bank, may be wrong. Then a firm is paid twice, and the ledger shows it until it is ended."""

import pytest
from sqlalchemy import select

from enterprise_data.declarations.problems import MianshenError
from payouts.booking.disputes import cases
from payouts.booking.outcomes import Outcome
from payouts.booking.reconcile import reconcile_batch
from payouts.booking.recovery import order, receive
from payouts.booking.reissue import reissue
from payouts.booking.resolve import confirm, propose
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.keys import payment_id
from payouts.ledger.tables import hold
from tests.payouts.booking.sent import DUES, PAID, RETURNED, UNKNOWN, answers, sent, tell
from tests.payouts.booking.test_book import booked
from tests.payouts.booking.test_resolve import decided
from tests.payouts.stories import CHECKER, act

FIRM = DUES[0]
FIRST, SECOND = (payment_id(FIRM.id, attempt) for attempt in (1, 2))


def paid_again(ledger: Ledger) -> None:
    """Reissue the first payment, and let the bank pay the second."""
    with ledger.write() as connection:
        reissue(connection, [FIRST], act(), same_account="it was closed for a day")
        sent(connection, [FIRM], "B2", attempt=2)
    booked(ledger, answers((SECOND, PAID), name="second"))


@pytest.mark.parametrize("by_officers", [True, False], ids=["officers were wrong", "the bank was wrong"])
def test_what_was_paid_twice_is_shown(ledger: Ledger, by_officers: bool) -> None:
    tell(ledger)
    if by_officers:
        booked(ledger, answers((FIRST, UNKNOWN), name="first"))
        decided(ledger, FIRST, "returned")
    else:
        booked(ledger, answers((FIRST, RETURNED), name="first"))
    paid_again(ledger)
    late = booked(ledger, answers((FIRST, PAID), name="late"))
    assert late.counts == {Outcome.CONTRADICTORY: 1}
    with ledger.read() as connection:
        assert violations(connection) == []
        assert [(one.payment_id, one.why) for one in cases(connection)] == [(FIRST, "contradictory")]
        held = select(hold.c.code).where(hold.c.entitlement_id == FIRM.id, hold.c.state == "placed")
        assert connection.execute(held).scalars().all() == ["contradicted"]
        # The bank's own total of the first batch has what the ledger does not.
        shown = reconcile_batch(connection, "B1", FIRM.fen)
        assert shown.difference_fen == FIRM.fen
        assert (FIRST, True) in [(one.id, one.explains) for one in shown.open]
    with ledger.write() as connection:
        proposed = propose(connection, FIRST, "paid", "the bank's book", act())
    with pytest.raises(MianshenError, match="the firm has the money twice: ask it back"), ledger.write() as connection:
        confirm(connection, proposed, act(CHECKER))
    with ledger.write() as connection:
        asked = order(connection, SECOND, FIRM.fen, "paid twice", act())
        assert receive(connection, asked, FIRM.fen, "receipt 1", act()).open_fen == 0


def test_another_name_is_no_other_file(ledger: Ledger) -> None:
    tell(ledger)
    first = booked(ledger, answers((FIRST, PAID), name="letter"))
    file = answers((FIRST, PAID), name="letter")
    again = booked(ledger, type(file)(file.sha256, "renamed.csv", file.lines, file.bad_lines))
    assert (again.number, again.name) == (first.number, first.name)
