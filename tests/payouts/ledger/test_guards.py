"""What the database refuses by itself, on both kinds."""

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from payouts.ledger.database import Ledger
from payouts.ledger.moves import begin, move
from payouts.ledger.states import GRAPHS
from payouts.ledger.tables import METADATA, approval, batch, entitlement, event, objection, payment
from payouts.ledger.transfers import available, balances
from tests.payouts.stories import CHECKER, LINE, MAKER, NOW, Due, act, approved, confirmed, money, people

_DUES = [Due("91370200AAAAAAAAA1", 100_00), Due("91370200AAAAAAAAA2", 250_01)]


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    with ledger.write() as connection:
        people(connection)
        money(connection, 1_000_00)
        confirmed(connection, _DUES)
        approved(connection, _DUES)
    return ledger


def test_a_batch_is_committed_money(told: Ledger) -> None:
    with told.read() as connection:
        assert available(connection, LINE) == 1_000_00 - 350_01
        assert balances(connection)[LINE, "committed"] == 350_01
        assert sum(balances(connection).values()) == 0


def test_no_second_live_payment(told: Ledger) -> None:
    with pytest.raises(IntegrityError), told.write() as connection:
        connection.execute(
            insert(payment),
            [
                {
                    "id": "X",
                    "batch_id": "B1",
                    "entitlement_id": _DUES[0].id,
                    "attempt": 2,
                    "amount_fen": 1,
                    "state": "batched",
                }
            ],
        )


@pytest.mark.parametrize("name", sorted(METADATA.tables))
def test_rows_are_never_deleted(told: Ledger, name: str) -> None:
    table = METADATA.tables[name]
    with told.read() as connection:
        empty = connection.execute(select(table)).first() is None
    if empty and told.is_sqlite:
        pytest.skip("SQLite asks a row's trigger only where there is a row")
    with pytest.raises(DBAPIError, match="never deleted"), told.write() as connection:
        connection.execute(delete(table))


def test_amounts_are_never_changed(told: Ledger) -> None:
    with pytest.raises(DBAPIError, match="never changed"), told.write() as connection:
        connection.execute(update(payment).values(amount_fen=1))


def test_events_are_never_changed(told: Ledger) -> None:
    with pytest.raises(DBAPIError, match="never changed"), told.write() as connection:
        connection.execute(update(event).values(actor="nobody"))


def test_only_moves_of_the_graph(told: Ledger) -> None:
    for state in {state for graph in GRAPHS["payment"].values() for state in graph} - {"sent", "voided"}:
        with pytest.raises(DBAPIError), told.write() as connection:
            move(connection, payment, payment.c.state == "batched", state, act())


def test_sent_only_with_a_released_batch(told: Ledger) -> None:
    with pytest.raises(DBAPIError, match="when its batch is released"), told.write() as connection:
        move(connection, payment, payment.c.state == "batched", "sent", act())


def test_not_released_without_files(told: Ledger) -> None:
    with pytest.raises(DBAPIError, match="do not come to"), told.write() as connection:
        move(connection, batch, batch.c.id == "B1", "sealed", act())
        move(connection, batch, batch.c.id == "B1", "released", act())


def test_a_maker_cannot_check(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, _DUES)
    with pytest.raises(DBAPIError), ledger.write() as connection:
        made = {"id": "B1", "content_sha256": "h", "channel": "c", "channel_sha256": "c", "terms": ""}
        made |= {"payer_account": "1", "payer_bank_code": "", "made_by": MAKER, "made_at": NOW, "cooling_since": NOW}
        made |= {"payer_name": "p"}
        begin(connection, batch, "planned", [{**made, "signatures": 2, "items": 1, "total_fen": 1}], act())
        row = {"batch_id": "B1", "officer_id": MAKER, "role": "checker", "content_sha256": "h", "at": NOW}
        connection.execute(insert(approval), [row])


def test_a_signature_is_of_the_content(told: Ledger) -> None:
    with pytest.raises(DBAPIError), told.write() as connection:
        row = {"batch_id": "B1", "officer_id": "zhaolei", "role": "approver", "content_sha256": "other", "at": NOW}
        connection.execute(insert(approval), [row])


def test_an_open_objection_stops_a_payment(ledger: Ledger) -> None:
    with ledger.write() as connection:
        people(connection)
        money(connection)
        confirmed(connection, _DUES)
        told = {"raised_by": "某人", "contact": "1", "raised_on": "2024-03-01", "grounds": "g"}
        begin(connection, objection, "open", [{"id": "O1", "entitlement_id": _DUES[0].id, **told}], act())
    with pytest.raises(DBAPIError, match="objection is open"), ledger.write() as connection:
        approved(connection, _DUES)
    with ledger.read() as connection:
        assert connection.execute(select(payment)).first() is None


def test_the_events_tell_every_move(told: Ledger) -> None:
    with told.read() as connection:
        rows = connection.execute(
            select(event.c.from_state, event.c.to_state)
            .where(event.c.kind == "entitlement", event.c.subject == _DUES[0].id)
            .order_by(event.c.seq)
        ).all()
        states = set(connection.execute(select(entitlement.c.state)).scalars())
    assert [row.to_state for row in rows] == ["proposed", "reconfirmed", "published", "confirmed"]
    assert states == {"confirmed"}
    assert CHECKER != MAKER
