"""A ledger of either kind, with a batch of three that was sent."""

import pytest

from payouts.ledger.database import Ledger
from tests.payouts.booking.sent import dues, sent
from tests.payouts.stories import confirmed, money, people

DUES = dues(5)


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """Five confirmed entitlements; the first three were sent in the batch B1."""
    with ledger.write() as connection:
        people(connection)
        money(connection, 10_000_00)
        confirmed(connection, DUES)
        sent(connection, DUES[:3])
    return ledger
