"""Objections: who may raise and decide them, and what becomes of the entitlement."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, event, hold, objection
from payouts.workflow.objections import Upheld, Wrong, dismiss, raise_objection, take_back, uphold
from tests.payouts.intake.said import GRANT, Said, pay, run_file, states
from tests.payouts.stories import CHECKER, MAKER, act, people
from tests.payouts.workflow.town import at, brought

NOW = at("2024-03-05")
SOUND = {"raised_by": "虚构公民", "contact": "0000-0000000", "grounds": "该企业不在本区"}


def raised(connection: Connection, id_: str, **other: str) -> str:
    told = {**SOUND, **other}
    return raise_objection(connection, id_, **told, raised_on=date(2024, 3, 5), act=act("clerk", NOW))


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"raised_by": " "}, "real name"),
        ({"raised_by": "匿名"}, "real name"),
        ({"raised_by": "Anonymous"}, "real name"),
        ({"contact": ""}, "contact"),
        ({"grounds": " "}, "grounds"),
    ],
)
def test_what_an_objection_needs(sqlite_ledger: Ledger, other: dict[str, str], message: str) -> None:
    with sqlite_ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        with pytest.raises(MianshenError, match=message):
            raised(connection, id_, **other)


def test_not_ahead_of_its_day(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        with pytest.raises(MianshenError, match="is dated 2024-03-06, and today is 2024-03-05"):
            raise_objection(connection, id_, **SOUND, raised_on=date(2024, 3, 6), act=act("clerk", NOW))


@pytest.mark.parametrize("end", [dismiss, take_back])
def test_the_same_words_after_a_decision_are_another_objection(ledger: Ledger, end: Callable[..., None]) -> None:
    with ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        found = []
        for _ in range(3):
            found.append(raised(connection, id_))
            assert raised(connection, id_) == found[-1]
            end(connection, found[-1], act("judge", NOW, reason="looked at"))
        last = raised(connection, id_, grounds="another ground")
        rows = connection.execute(select(objection.c.id, objection.c.state))
        states = {row.id: row.state for row in rows}
    assert [states[one] == "open" for one in (*found, last)] == [False, False, False, True]
    assert len(states) == 4


def test_upheld(ledger: Ledger) -> None:
    with ledger.write() as connection:
        id_, other = brought(connection, 2, "published")
        found = raised(connection, id_)
        assert raised(connection, id_) == found
        by = act("judge", NOW, reason="税务局：营业收入")
        assert uphold(connection, found, Wrong.DATUM, by) == Upheld("refused", paid=False)
        told = select(event.c.kind, event.c.code, event.c.reason).where(event.c.actor == "judge").order_by(event.c.seq)
        assert [tuple(row) for row in connection.execute(told)] == [
            ("objection", "datum", "税务局：营业收入"),
            ("entitlement", "objection", "税务局：营业收入"),
        ]
        with pytest.raises(MianshenError, match="is upheld already"):
            dismiss(connection, found, by)
        again = run_file("r2", [Said(1, 5), Said(2, 100_00)], "2024-01-31", policies=(GRANT,))
        take_in(connection, again, act())
        assert states(connection) == {id_: "proposed", other: "published"}


def test_upheld_after_a_later_run_said_something_else(ledger: Ledger) -> None:
    with ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        found = raised(connection, id_)
        take_in(connection, run_file("r2", [Said(1, 7_00)], "2024-01-31", policies=(GRANT,)), act())
        assert uphold(connection, found, Wrong.DECISION, act("judge", NOW)) == Upheld("refused", paid=False)
        assert states(connection) == {id_: "refused"}


@pytest.mark.parametrize("state", ["declined", "lapsed", "withdrawn", "undetermined"])
def test_what_was_upheld_is_not_forgotten_when_a_run_lists_the_firm_again(ledger: Ledger, state: str) -> None:
    with ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        move(connection, entitlement, entitlement.c.id == id_, state, act())
        after = uphold(connection, raised(connection, id_), Wrong.DATUM, act("judge", NOW)).state
        assert after == ("withdrawn" if state in {"declined", "lapsed"} else state)
        take_in(connection, run_file("r2", [Said(1, 7_00)], "2024-01-31", policies=(GRANT,)), act())
        assert states(connection) == {id_: "proposed"}
        assert connection.execute(select(hold.c.code, hold.c.state)).one() == ("objection", "placed")


def test_dismissed_or_taken_back(ledger: Ledger) -> None:
    with ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        dismiss(connection, raised(connection, id_), act("judge", NOW, reason="数据无误"))
        take_back(connection, raised(connection, id_, grounds="另一理由"), act("clerk", NOW, reason="本人撤回"))
        assert sorted(connection.execute(select(objection.c.state)).scalars()) == ["dismissed", "withdrawn"]
        assert states(connection) == {id_: "published"}


@pytest.mark.parametrize(
    ("actor", "reason", "message"),
    [
        ("clerk", "r", "raised or took down"),
        ("dept", "r", "reconfirmed the entitlement"),
        (MAKER, "r", "raised or took down"),
        ("judge", " ", "needs a reason"),
    ],
)
def test_who_may_not_decide(ledger: Ledger, actor: str, reason: str, message: str) -> None:
    with ledger.write() as connection:
        people(connection)
        (id_,) = brought(connection, 1, "published")
        found = raised(connection, id_, raised_by=MAKER)  # the officer under their own name, taken down by a clerk
        by = act(actor, NOW, reason)
        with pytest.raises(MianshenError, match=message):
            uphold(connection, found, Wrong.DECISION, by)
        with pytest.raises(MianshenError, match=message):
            dismiss(connection, found, by)
        dismiss(connection, found, act(CHECKER, NOW))


def test_one_that_is_not_there(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.write() as connection, pytest.raises(MianshenError, match="no objection X"):
        dismiss(connection, "X", act("judge", NOW))


def test_what_is_on_its_way_is_held(ledger: Ledger) -> None:
    said = Said(1, 100_00)
    with ledger.write() as connection:
        take_in(connection, run_file("r1", [said], policies=(GRANT,)), act())
        pay(connection, said)
        found = raised(connection, said.id)
        assert uphold(connection, found, Wrong.DECISION, act("judge", NOW)) == Upheld("confirmed", paid=True)
        assert connection.execute(select(hold.c.code, hold.c.state)).one() == ("objection", "placed")
