"""What nobody can do behind the functions' back, by SQL alone: on both databases, with the ledger's own connection."""

import pytest
from sqlalchemy.exc import DBAPIError

from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from tests.payouts.stories import Due, approved, confirmed, money, people

_DUES = [Due("91370200AAAAAAAAA1", 100_00), Due("91370200AAAAAAAAA2", 250_01)]
_TRANSFER = "INSERT INTO transfer (id, kind, line, debit, credit, fen, payment_id, actor, at, reason) SELECT 'x', "
_OF = ", id, 'a', 't', '' FROM payment WHERE amount_fen = 10000"

_ATTEMPTS = {
    "another graph": "INSERT INTO transition VALUES ('payment', 'paid', 'batched')",
    "a move that nobody tells": "UPDATE entitlement SET state = 'refused'",
    "a payment voided in silence": "UPDATE payment SET state = 'voided'",
    "a hold that nobody tells": "INSERT INTO hold (id, entitlement_id, code, detail, state) "
    "SELECT 'h', id, 'c', '', 'placed' FROM entitlement",
    "money returned of no payment": f"{_TRANSFER}'return', 'line-1', 'available', 'clearing', 5, NULL, 'a', 't', ''",
    "money granted out of what is paid": f"{_TRANSFER}'grant', 'line-1', 'paid', 'appropriated', 5, NULL, 'a', 't', ''",
    "money asked back of nobody": f"{_TRANSFER}'claim', 'line-1', 'receivable', 'claimed', 5, NULL, 'a', 't', ''",
    "money sent of what waits": f"{_TRANSFER}'send', 'line-1', 'clearing', 'committed', 10000{_OF}",
    "another amount": f"{_TRANSFER}'uncommit', 'line-1', 'available', 'committed', 10001{_OF}",
    "another line": f"{_TRANSFER}'uncommit', 'line-2', 'available', 'committed', 10000{_OF}",
}
_REPLACED = {
    "account": "INSERT OR REPLACE INTO payee SELECT id, uscc, account_name, '666', bank_name, bank_code, source, "
    "entered_by, entered_at, reason FROM payee",
    "event": "INSERT OR REPLACE INTO event SELECT seq, kind, subject, from_state, to_state, 'nobody', at, code, "
    "reason FROM event",
    "grant": "INSERT OR REPLACE INTO transfer SELECT id, kind, line, debit, credit, fen + 1, payment_id, "
    "recovery_id, actor, at, reason FROM transfer WHERE kind = 'grant'",
}
_UNDONE = {
    "account": ("UPDATE officer SET disabled_at = 't'", "UPDATE officer SET disabled_at = NULL"),
    "login": (
        "INSERT INTO login (token_sha256, officer_id, at, expires_at, ended_at) VALUES ('x', 'lihua', 't', 't', 't')",
        "UPDATE login SET ended_at = NULL",
    ),
}


def _told(ledger: Ledger) -> Ledger:
    with ledger.write() as connection:
        people(connection)
        money(connection, 1_000_00)
        confirmed(connection, _DUES)
        approved(connection, _DUES)
        connection.exec_driver_sql("INSERT INTO budget_line VALUES ('line-2', 't')")
    return ledger


def _refused(ledger: Ledger, *statements: str) -> None:
    with pytest.raises(DBAPIError), ledger.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    with ledger.read() as connection:
        assert violations(connection) == []


@pytest.mark.parametrize("name", _ATTEMPTS)
def test_what_sql_alone_cannot_do(ledger: Ledger, name: str) -> None:
    _refused(_told(ledger), _ATTEMPTS[name])


@pytest.mark.parametrize("name", _REPLACED)
def test_replacing_is_deleting(sqlite_ledger: Ledger, name: str) -> None:
    _refused(_told(sqlite_ledger), _REPLACED[name])


@pytest.mark.parametrize("name", _UNDONE)
def test_what_has_ended_stays_so(ledger: Ledger, name: str) -> None:
    _told(ledger)
    ends, again = _UNDONE[name]
    with ledger.write() as connection:
        connection.exec_driver_sql(ends)
    _refused(ledger, again)


@pytest.mark.postgresql
def test_a_writer_sees_what_the_one_before_it_wrote(postgresql_ledger: Ledger) -> None:
    """A server whose default is another level, and that does not wait for its disk, is told otherwise."""
    name = postgresql_ledger.engine.url.database
    with postgresql_ledger.write() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    postgresql_ledger.close()
    with postgresql_ledger.write() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
