"""What it takes to approve a batch beside many that are approved: SQLite counts its own steps, on any machine alike."""

import sqlite3

from sqlalchemy import Connection

from payouts.batches.approve import approve
from payouts.batches.draw import draw_plan
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from payouts.ledger.database import Ledger
from tests.payouts.batches.scenes import SETTINGS, due
from tests.payouts.stories import CHECKER, Due, act

_EACH = 100  # steps of SQLite between two looks at the count


def approving(connection: Connection, uscc: str) -> int:
    """Approve a batch of one firm; return how often SQLite took so many steps."""
    plan = draw_plan(connection, Selection(firms=(uscc,)), SETTINGS, act())
    name, taken = record_plan(connection, plan, act()), [0]

    def count() -> None:
        taken[0] += 1

    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_progress_handler(count, _EACH)
    approve(connection, name, CHECKER, act(CHECKER))
    driver.set_progress_handler(None, 0)
    return taken[0]


def test_approving_looks_at_others_once(sqlite_ledger: Ledger) -> None:
    firms = [Due(f"91370200{number:010d}", 1_00 + number) for number in range(121)]
    due(sqlite_ledger, firms)
    with sqlite_ledger.write() as connection:
        taken = [approving(connection, one.uscc) for one in firms]
    # Four times as many approved batches take at most four times as much: sixteen times would be each against each.
    assert taken[120] - taken[0] < 5 * (taken[30] - taken[0])
