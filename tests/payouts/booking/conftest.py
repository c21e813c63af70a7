"""A ledger of either kind, with a batch of three that was sent."""

import pytest

from payouts.ledger.database import Ledger
from tests.payouts.booking.sent import tell


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """Five confirmed entitlements; the first three were sent in the batch B1."""
    tell(ledger)
    return ledger
