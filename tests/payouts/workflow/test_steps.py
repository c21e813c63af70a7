"""Every step from every state: those of the way are taken, the others are refused in words, and nothing moves."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection

from enterprise_data.declarations.problems import MianshenError
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement
from payouts.workflow.answers import confirm, confirm_by_machine, decline
from payouts.workflow.objections import Wrong, raise_objection, uphold
from payouts.workflow.publishing import publish
from payouts.workflow.reconfirming import reconfirm, refuse
from payouts.workflow.reminders import lapse, reopen
from payouts.workflow.sampling import draw_sample, record_check
from tests.payouts.intake.said import Said, run_file, states
from tests.payouts.intake.test_take_in import OPEN
from tests.payouts.stories import act
from tests.payouts.workflow.town import HEADING, OWN, POLICIES, POLICY, at, brought, published

DAY = "2024-03-04"
NOW = at(DAY)
Step = Callable[[Connection, str], object]


def _objected(connection: Connection, id_: str) -> None:
    told = {"raised_by": "虚构公民", "contact": "0000", "grounds": "不属实", "raised_on": date(2024, 3, 4)}
    found = raise_objection(connection, id_, act=act("clerk", NOW), **told)  # type: ignore[arg-type]
    uphold(connection, found, Wrong.DATUM, act("judge", NOW))


def _checked(connection: Connection, id_: str, ok: bool) -> None:
    draw_sample(connection, "grant", act("dept", NOW), seed="1", n=1)
    record_check(connection, id_, ok=ok, act=act("dept", NOW))


def _reconfirmed(connection: Connection, id_: str) -> None:
    _checked(connection, id_, True)
    reconfirm(connection, "grant", act("dept", NOW))


STEPS: dict[str, Step] = {
    "check": lambda connection, id_: _checked(connection, id_, False),
    "reconfirm": _reconfirmed,
    "refuse": lambda connection, id_: refuse(connection, id_, act("dept", NOW)),
    "publish": lambda connection, _: publish(
        connection, OWN, HEADING, POLICIES, act(at=NOW), published_on=date(2024, 3, 4)
    ),
    "object": _objected,
    "confirm": lambda connection, id_: confirm(connection, [id_], act(at=NOW)),
    "decline": lambda connection, id_: decline(connection, [id_], act(at=NOW)),
    "reopen": lambda connection, id_: reopen(connection, id_, act(at=NOW)),
}
INTO = {
    "proposed": {"check": "refused", "reconfirm": "reconfirmed", "refuse": "refused"},
    "reconfirmed": {"refuse": "refused", "publish": "published"},
    "published": {"refuse": "refused", "object": "refused", "confirm": "confirmed", "decline": "declined"},
    "confirmed": {"refuse": "refused", "object": "refused", "decline": "declined"},
    "declined": {"object": "withdrawn", "reopen": "published"},
    "lapsed": {"object": "withdrawn", "reopen": "published"},
    "refused": {"object": "refused"},
    "withdrawn": {"object": "withdrawn"},
    "undetermined": {"object": "undetermined"},
}


class Undone(Exception):
    """Ends a transaction that shall leave nothing."""


def _bring(connection: Connection, state: str) -> str:
    if state == "undetermined":
        take_in(connection, run_file("r1", [OPEN]), act())
        return OPEN.id
    before = {"declined": "published", "lapsed": "published", "refused": "proposed", "withdrawn": "proposed"}
    (id_,) = brought(connection, 1, before.get(state, state))
    if state in before:
        move(connection, entitlement, OWN, state, act("dept"))
    return id_


@pytest.mark.parametrize("step", STEPS)
def test_every_state(ledger: Ledger, step: str) -> None:
    for state, steps in INTO.items():
        with pytest.raises(Undone), ledger.write() as connection:
            id_ = _bring(connection, state)
            into = steps.get(step)
            if into is None:
                with pytest.raises(MianshenError, match=rf"\b{state}\b|nothing proposed"):
                    STEPS[step](connection, id_)
            else:
                STEPS[step](connection, id_)
            assert states(connection) == {id_: into or state}, (state, step)
            assert violations(connection) == []
            raise Undone


@pytest.mark.parametrize("step", ["refuse", "confirm", "decline", "reopen", "check", "object"])
def test_what_is_not_there(sqlite_ledger: Ledger, step: str) -> None:
    with sqlite_ledger.write() as connection:
        brought(connection, 1, "proposed")
    with pytest.raises(MianshenError), sqlite_ledger.write() as connection:
        STEPS[step](connection, Said(9, 1).id)


def test_the_machine_and_time_leave_other_states_alone(sqlite_ledger: Ledger) -> None:
    for state in INTO.keys() - {"published"}:
        with pytest.raises(Undone), sqlite_ledger.write() as connection:
            id_ = _bring(connection, state)
            assert confirm_by_machine(connection, [POLICY], act(at=NOW)) == 0
            assert lapse(connection, act(at=at("2025-03-03")), days=1) == []
            assert states(connection) == {id_: state}
            raise Undone


def test_a_notice_is_made_once(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.write() as connection:
        brought(connection, 1, "published")
        with pytest.raises(MianshenError, match="1 published"):
            published(connection, "2024-03-04")
