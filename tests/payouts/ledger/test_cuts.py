"""A line of the budget is cut by no more than it has left, and whoever tries is told how much that is."""

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.database import Ledger
from payouts.ledger.transfers import available, grant
from tests.payouts.stories import LINE, Due, act, approved, confirmed, people


def test_what_is_committed_is_not_cut(ledger: Ledger) -> None:
    firm = Due("91370200AAAAAAAAA1", 100_00)
    with ledger.write() as connection:
        people(connection)
        grant(connection, LINE, "line", 150_00, act())
        confirmed(connection, [firm])
        approved(connection, [firm])
        with pytest.raises(
            MianshenError, match=r"has 50\.00 yuan left that are not committed, and cannot be cut by 50\.01"
        ):
            grant(connection, LINE, "line", -50_01, act())
        grant(connection, LINE, "line", -50_00, act())
        assert available(connection, LINE) == 0
