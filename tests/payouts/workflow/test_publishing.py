"""Public notices: what stands in them, how long they last, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from enterprise_data.declarations.problems import MianshenError
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, notice, notice_item
from payouts.notice_lists.notice import NoticeItem
from payouts.workflow.current import notice_ended
from payouts.workflow.notices import published_notice
from payouts.workflow.publishing import Published, publish
from policies.award_form import Payout
from policies.policy import Policy
from tests.payouts.intake.said import GRANT, Said, run_file, states
from tests.payouts.stories import act
from tests.payouts.workflow.town import HEADING, OWN, POLICIES, POLICY, at, brought
from tests.snapshot.city import uscc


def test_a_notice(ledger: Ledger) -> None:
    with ledger.write() as connection:
        ids = brought(connection, 2, "reconfirmed")
        made = publish(connection, OWN, HEADING, POLICIES, act(at=at("2024-04-01")), published_on=date(2024, 4, 1))
        assert states(connection) == dict.fromkeys(ids, "published")
        # From Tuesday: the 4th to the 6th of April are off, Sunday the 7th is worked.
        assert (made.notice.ends_on, made.notice.working_days) == (date(2024, 4, 9), 5)
        assert {item.uscc: item for item in made.notice.items}[uscc(1)] == NoticeItem(
            policy_id="grant",
            policy_title="虚构奖励",
            document="虚构文件1号",
            clause="第一条",
            department="虚构市工信局",
            phone="0000-1111111",
            firm="虚构1公司",
            uscc=uscc(1),
            item="",
            part="",
            amount_fen=100_00,
        )
        row = connection.execute(select(notice)).one()
        assert (row.id, row.sha256, row.ends_on) == (made.id, made.sha256, "2024-04-09")
        assert set(connection.execute(select(notice_item.c.entitlement_id)).scalars()) == set(ids)
        for day, over in (("2024-04-09", False), ("2024-04-10", True)):
            ended = connection.execute(select(entitlement.c.id).where(notice_ended(day))).scalars().all()
            assert sorted(ended) == (sorted(ids) if over else [])


def _publish(
    ledger: Ledger, policy: Policy, days: int | None = None, on: str = "2024-03-01", usual: int | None = None
) -> Published:
    with ledger.write() as connection:
        brought(connection, 1, "reconfirmed")
        by = act(at=at("2024-03-01"))
        day = date.fromisoformat(on)
        return publish(connection, OWN, HEADING, {"grant": policy}, by, published_on=day, days=days, usual_days=usual)


SAYS_NOTHING = replace(POLICY, payout=None)


@pytest.mark.parametrize(
    ("policy", "days", "usual", "ends"),
    [
        (POLICY, None, None, "2024-03-08"),
        (POLICY, None, 7, "2024-03-08"),
        (POLICY, 7, 3, "2024-03-12"),
        (SAYS_NOTHING, 7, 5, "2024-03-12"),
        (SAYS_NOTHING, None, 5, "2024-03-08"),
    ],
)
def test_how_long(sqlite_ledger: Ledger, policy: Policy, days: int | None, usual: int | None, ends: str) -> None:
    assert _publish(sqlite_ledger, policy, days, usual=usual).notice.ends_on.isoformat() == ends


def test_no_shorter_than_the_bureau_wants(sqlite_ledger: Ledger) -> None:
    with pytest.raises(MianshenError, match=r"settings .* want a notice of 5 working days; 3 are too few"):
        _publish(sqlite_ledger, SAYS_NOTHING, 3, usual=5)


@pytest.mark.parametrize(
    ("policy", "days", "on", "message"),
    [
        (POLICY, 4, "2024-03-01", "wants a notice of 5 working days; 4 are too few"),
        (SAYS_NOTHING, None, "2024-03-01", "does not say how long its notice lasts"),
        (SAYS_NOTHING, 0, "2024-03-01", "at least one working day"),
        (replace(POLICY, payout=Payout()), None, "2024-03-01", "does not say how long"),
        (POLICY, None, "2024-02-29", "that day is past"),
        (POLICY, None, "2199-03-01", "the working days of 2199 are not known"),
    ],
)
def test_what_is_refused(sqlite_ledger: Ledger, policy: Policy, days: int | None, on: str, message: str) -> None:
    with pytest.raises(MianshenError, match=message):
        _publish(sqlite_ledger, policy, days, on)


def test_a_policy_that_is_gone(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.write() as connection:
        brought(connection, 1, "reconfirmed")
        with pytest.raises(MianshenError, match="policy grant is not in the library"):
            publish(connection, OWN, HEADING, {}, act(at=at("2024-03-01")), published_on=date(2024, 3, 1))


def test_other_content_is_another_hash(ledger: Ledger) -> None:
    found = set()
    for heading in (HEADING, replace(HEADING, phone="0000-2222222"), HEADING):
        with pytest.raises(RuntimeError), ledger.write() as connection:  # undoes the notice
            brought(connection, 2, "reconfirmed")
            day = date(2024, 3, 1)
            found.add(publish(connection, OWN, heading, POLICIES, act(at=at("2024-03-01")), published_on=day).sha256)
            raise RuntimeError
    assert len(found) == 2


def test_a_changed_amount_is_published_again(ledger: Ledger) -> None:
    with ledger.write() as connection:
        first, _ = brought(connection, 2, "published")
        later = [Said(1, 7), Said(2, 100_00)]
        take_in(connection, run_file("r2", later, "2024-01-31", policies=(GRANT,)), act())
        move(connection, entitlement, entitlement.c.state == "proposed", "reconfirmed", act("dept"))
        by = act(at=at("2024-03-11"))
        made = publish(connection, OWN, HEADING, POLICIES, by, published_on=date(2024, 3, 11))
        assert [item.amount_fen for item in made.notice.items] == [7]
        ended = connection.execute(select(entitlement.c.id).where(notice_ended("2024-03-12"))).scalars().all()
        assert first not in ended
        assert len(ended) == 1


def test_the_files_of_a_notice_can_be_made_again(ledger: Ledger) -> None:
    with ledger.write() as connection:
        brought(connection, 2, "reconfirmed")
        by = act(at=at("2024-03-01", 3))
        made = publish(connection, OWN, HEADING, POLICIES, by, published_on=date(2024, 3, 4), days=7)
        later = run_file("r2", [Said(1, 7)], "2024-01-31", policies=(GRANT,))
        take_in(connection, later, act(at=at("2024-03-05")))
        assert published_notice(connection, made.id, HEADING, POLICIES) == made
        with pytest.raises(MianshenError, match="said something else when it was published"):
            published_notice(connection, made.id, replace(HEADING, title="另一标题"), POLICIES)
        with pytest.raises(MianshenError, match="no notice X"):
            published_notice(connection, "X", HEADING, POLICIES)


def test_several_periods_in_one_notice(ledger: Ledger) -> None:
    with ledger.write() as connection:
        for period in ("2022", "2023"):
            run = run_file(f"r{period}", [Said(1, 5)], "2023-12-31", period, policies=(GRANT,))
            take_in(connection, run, act())
        move(connection, entitlement, OWN, "reconfirmed", act("dept"))
        by = act(at=at("2024-03-11"))
        made = publish(connection, OWN, HEADING, POLICIES, by, published_on=date(2024, 3, 11))
        assert sorted(item.part for item in made.notice.items) == ["2022", "2023"]
