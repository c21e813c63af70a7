"""The funnel: every entitlement stands in exactly one stage, with its money."""

import pytest
from sqlalchemy import func, select

from payouts.booking.recovery import order, receive
from payouts.booking.reissue import reissue
from payouts.ledger.database import Ledger
from payouts.ledger.moves import begin, move
from payouts.ledger.states import GRAPHS
from payouts.ledger.tables import entitlement, hold, objection
from payouts.status import STAGES, Status, status
from tests.payouts.booking.sent import DUES, PAID, RETURNED, UNKNOWN, answers, approved
from tests.payouts.booking.test_book import FEN, A, B, C, booked
from tests.payouts.stories import LINE, act


def shown(ledger: Ledger) -> Status:
    with ledger.read() as connection:
        found = status(connection)
        every = connection.execute(select(func.count()).select_from(entitlement)).scalar_one()
    assert sum(stage.entitlements for stage in found.stages) == every
    return found


def stages(ledger: Ledger) -> dict[str, tuple[int, int]]:
    return {one.stage: (one.entitlements, one.fen) for one in shown(ledger).stages}


def test_each_stage_of_a_batch(told: Ledger) -> None:
    rest = sum(due.fen for due in DUES[3:])
    sent = sum(due.fen for due in DUES[:3])
    assert stages(told) == {"confirmed": (2, rest), "sent": (3, sent)}
    booked(told, answers((A, PAID), (B, RETURNED), (C, UNKNOWN)))
    expected = {"confirmed": (2, rest), "paid": (1, FEN[A]), "returned": (1, FEN[B]), "unknown": (1, FEN[C])}
    assert stages(told) == expected
    with told.write() as connection:
        reissue(connection, [B], act(), same_account="yes")
        approved(connection, DUES[3:4], "B2")
    assert stages(told) == {
        "confirmed": (2, FEN[B] + DUES[4].fen),
        "batched": (1, DUES[3].fen),
        "paid": (1, FEN[A]),
        "unknown": (1, FEN[C]),
    }
    assert shown(told).balances[LINE, "paid"] == FEN[A]


def test_recovered_whole_and_in_part(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.write() as connection:
        first = order(connection, A, 100, "basis", act())
        receive(connection, first, 100, "r1", act())
    assert shown(told).total("paid") == (1, FEN[A])
    with told.write() as connection:
        receive(connection, order(connection, A, FEN[A] - 100, "basis", act()), FEN[A] - 100, "r2", act())
    assert shown(told).total("recovered") == (1, FEN[A])


def test_held_and_objected(told: Ledger) -> None:
    with told.write() as connection:
        rows = [{"id": "H", "entitlement_id": DUES[3].id, "code": "no_account", "detail": ""}]
        begin(connection, hold, "placed", rows, act())
        row = {"id": "O", "entitlement_id": DUES[4].id, "raised_by": "某人", "contact": "1", "raised_on": "2024-03-01"}
        begin(connection, objection, "open", [{**row, "grounds": "g"}], act())
    assert stages(told)["held:no_account"] == (1, DUES[3].fen)
    assert stages(told)["objected"] == (1, DUES[4].fen)
    assert shown(told).total("held") == (1, DUES[3].fen)


@pytest.mark.parametrize("state", ["declined", "refused", "withdrawn", "undetermined"])
def test_what_is_out_says_so_even_when_held(told: Ledger, state: str) -> None:
    with told.write() as connection:
        rows = [{"id": "H", "entitlement_id": DUES[3].id, "code": "no_account", "detail": ""}]
        begin(connection, hold, "placed", rows, act())
        move(connection, entitlement, entitlement.c.id == DUES[3].id, state, act())
    assert stages(told)[state] == (1, DUES[3].fen)


def test_a_selection(told: Ledger) -> None:
    with told.read() as connection:
        found = status(connection, entitlement.c.uscc == DUES[4].uscc)
    assert [(one.policy, one.line, one.stage, one.entitlements) for one in found.stages] == [
        ("synthetic-1", LINE, "confirmed", 1)
    ]


def test_every_state_has_its_stage() -> None:
    states = {state for kind in ("entitlement", "payment") for graph in GRAPHS[kind].values() for state in graph}
    assert states - {"voided"} <= set(STAGES)
