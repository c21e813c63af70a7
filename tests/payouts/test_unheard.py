"""A policy or firm that nobody has heard of is not an empty answer."""

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.ledger.database import Ledger
from payouts.overview import refuse_unheard
from tests.payouts.stories import Due, confirmed, money, people

_DUE = Due("91370200AAAAAAAAA1", 100_00)


def test_what_is_mistyped_is_refused_with_what_was_meant(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, [_DUE])
    with ledger.read() as connection:
        refuse_unheard(connection)
        refuse_unheard(connection, [_DUE.policy], [_DUE.uscc])
        with pytest.raises(MianshenError, match="policy `synthetic-2`; did you mean `synthetic-1`"):
            refuse_unheard(connection, ["synthetic-2"])
        with pytest.raises(MianshenError, match=r"firm `x`$"):
            refuse_unheard(connection, firms=["x"])
