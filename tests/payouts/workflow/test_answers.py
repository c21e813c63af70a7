"""Answers, reminders, lapse and reopening, day by day."""

import pytest
from sqlalchemy import func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.tables import hold, reminder
from payouts.workflow.accounts import Account, enter_account
from payouts.workflow.answers import confirm, confirm_by_machine, decline
from payouts.workflow.reminders import lapse, remind, reopen, unanswered
from tests.payouts.intake.said import GRANT, Said, pay, run_file, states
from tests.payouts.stories import act
from tests.payouts.workflow.town import POLICY, SILENT, at, brought
from tests.snapshot.city import uscc


def account(firm: int) -> Account:
    return Account(uscc(firm), f"虚构{firm}公司", f"6222{firm}", "虚构银行")


def test_firms_answer_for_themselves(ledger: Ledger) -> None:
    with ledger.write() as connection:
        first, second = brought(connection, 2, "published")
        own = act(f"firm:{uscc(1)}", at("2024-03-04"))
        with pytest.raises(MianshenError, match="a firm answers for itself only"):
            confirm(connection, [first, second], own)
        with pytest.raises(MianshenError, match="a firm answers for itself only"):
            decline(connection, [second], own)
        enter_account(connection, account(1), "firm", own)
        assert confirm(connection, [first], own) == 1
        assert confirm(connection, [second], act(at=at("2024-03-04"))) == 1
        assert states(connection) == {first: "confirmed", second: "confirmed"}
        held = connection.execute(select(hold.c.entitlement_id, hold.c.code, hold.c.state)).all()
        assert [tuple(row) for row in held] == [(second, "no_account", "placed")]
        enter_account(connection, account(2), "officer", act())
        assert connection.execute(select(hold.c.state)).scalar_one() == "lifted"


def test_all_or_none(ledger: Ledger) -> None:
    with ledger.write() as connection:
        first, second = brought(connection, 2, "published")
        decline(connection, [second], act(reason="不需要"))
        with pytest.raises(MianshenError, match=f"{second} .* is declined and cannot be confirmed: the firm does not"):
            confirm(connection, [first, second], act())
        with pytest.raises(MianshenError, match="there is no entitlement X"):
            confirm(connection, [first, "X"], act())
        with pytest.raises(MianshenError, match="no entitlement was named"):
            confirm(connection, [], act())
        with pytest.raises(MianshenError, match="declining needs a reason"):
            decline(connection, [first], act(reason=""))
        assert states(connection) == {first: "published", second: "declined"}


def test_what_is_on_its_way_cannot_be_declined(ledger: Ledger) -> None:
    said = Said(1, 100_00)
    with ledger.write() as connection:
        take_in(connection, run_file("r1", [said], policies=(GRANT,)), act())
        pay(connection, said)
        with pytest.raises(MianshenError, match="a payment of it is on its way or paid"):
            decline(connection, [said.id], act())


def test_the_machine_confirms_where_no_answer_is_needed(ledger: Ledger) -> None:
    with ledger.write() as connection:
        first, second = brought(connection, 2, "published")
        enter_account(connection, account(1), "officer", act())
        assert confirm_by_machine(connection, [POLICY], act("machine")) == 0
        assert confirm_by_machine(connection, [SILENT], act("machine")) == 1
        assert states(connection) == {first: "confirmed", second: "published"}
        assert connection.execute(select(hold.c.entitlement_id)).scalars().all() == [second]
        enter_account(connection, account(2), "officer", act())
        assert confirm_by_machine(connection, [SILENT], act("machine")) == 1


# Published on Friday the 1st of March 2024, the notice ends on Friday the 8th; 3 working days more end on the 13th.
def test_silence(ledger: Ledger) -> None:
    with ledger.write() as connection:
        first, second = brought(connection, 2, "published")
        assert lapse(connection, act(at=at("2024-03-14")), days=3) == []  # nobody was reminded
        found = remind(connection, act(at=at("2024-03-11")))
        assert [(one.entitlement_id, one.ends_on, one.reminded_on) for one in found] == [
            (id_, "2024-03-08", "2024-03-11") for id_ in (first, second)
        ]
        assert remind(connection, act(at=at("2024-03-11", 5))) == []
        assert connection.execute(select(func.count()).select_from(reminder)).scalar_one() == 2
        confirm(connection, [second], act(at=at("2024-03-12")))
        assert lapse(connection, act(at=at("2024-03-13")), days=3) == []
        assert [one.entitlement_id for one in lapse(connection, act(at=at("2024-03-14")), days=3)] == [first]
        assert states(connection) == {first: "lapsed", second: "confirmed"}
        reopen(connection, first, act(at=at("2024-03-18"), reason="企业来函"))
        (one,) = unanswered(connection)
        assert (one.entitlement_id, one.published_at, one.reminded_on) == (first, at("2024-03-18"), "")
        remind(connection, act(at=at("2024-03-19")))
        assert lapse(connection, act(at=at("2024-03-21")), days=3) == []
        assert len(lapse(connection, act(at=at("2024-03-22")), days=3)) == 1


def test_not_reminded_and_lapsed_on_one_day(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.write() as connection:
        brought(connection, 1, "published")
        remind(connection, act(at=at("2024-04-30")))
        assert lapse(connection, act(at=at("2024-04-30", 9)), days=1) == []
        with pytest.raises(MianshenError, match="at least one working day"):
            lapse(connection, act(at=at("2024-05-31")), days=0)


@pytest.mark.parametrize(
    ("actor", "reason", "message"), [("firm:x", "r", "an officer reopens"), ("o", "", "needs a reason")]
)
def test_who_may_not_reopen(sqlite_ledger: Ledger, actor: str, reason: str, message: str) -> None:
    with sqlite_ledger.write() as connection:
        (id_,) = brought(connection, 1, "published")
        decline(connection, [id_], act())
        with pytest.raises(MianshenError, match=message):
            reopen(connection, id_, act(actor, reason=reason))
