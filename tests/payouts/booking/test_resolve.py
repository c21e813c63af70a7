"""What the bank leaves open is decided by two officers upon evidence, and by nobody else."""

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.answer import Answer
from payouts.booking.book import book
from payouts.booking.disputes import cases
from payouts.booking.outcomes import Outcome
from payouts.booking.recovery import cancel, order, receive
from payouts.booking.reissue import reissue
from payouts.booking.resolve import confirm, proposals, propose, reject
from payouts.ledger.database import Ledger
from payouts.ledger.invariants import violations
from payouts.ledger.moves import move
from payouts.ledger.tables import batch, officer, payee, payment, resolution
from payouts.ledger.transfers import available, balances, grant
from tests.payouts.booking.sent import DUES, PAID, RETURNED, UNKNOWN, answers, sent
from tests.payouts.booking.test_book import FEN, A, B, C, booked, holds, states
from tests.payouts.stories import CHECKER, LINE, MAKER, NOW, act

_SHEET = "statement of 2024-03-07, folder 12"


def decided(ledger: Ledger, one: str, to_state: str) -> None:
    with ledger.write() as connection:
        proposed = propose(connection, one, to_state, _SHEET, act(MAKER))
    with ledger.write() as connection:
        confirm(connection, proposed, act(CHECKER))
    with ledger.read() as connection:
        assert violations(connection) == []


def open_cases(ledger: Ledger) -> list[tuple[str, str]]:
    with ledger.read() as connection:
        return [(case.payment_id, case.why) for case in cases(connection)]


@pytest.mark.parametrize("said", [None, UNKNOWN])
@pytest.mark.parametrize("to_state", ["paid", "returned"])
def test_what_waits_is_decided(told: Ledger, said: Answer | None, to_state: str) -> None:
    if said is not None:
        booked(told, answers((A, said)))
    decided(told, A, to_state)
    assert states(told)[A] == to_state
    assert holds(told) == ({(DUES[0].id, "returned", _SHEET)} if to_state == "returned" else set())
    late = booked(told, answers((A, PAID if to_state == "paid" else RETURNED), name="late"))
    assert late.counts == {Outcome.LATE: 1}
    other = booked(told, answers((A, RETURNED if to_state == "paid" else PAID), name="other"))
    assert other.counts == {Outcome.CONTRADICTORY: 1}
    assert states(told)[A] == to_state


@pytest.mark.parametrize(("first", "then"), [(PAID, RETURNED), (RETURNED, PAID)])
@pytest.mark.parametrize("to_state", ["paid", "returned"])
def test_a_contradiction_is_decided_either_way(told: Ledger, first: Answer, then: Answer, to_state: str) -> None:
    booked(told, answers((A, first), name="first"))
    booked(told, answers((A, then), name="then"))
    assert open_cases(told) == [(A, "contradictory")]
    decided(told, A, to_state)
    assert states(told)[A] == to_state
    assert open_cases(told) == []
    assert {code for _, code, _ in holds(told)} == ({"returned"} if to_state == "returned" else set())
    with told.read() as connection:
        assert balances(connection).get((LINE, "paid"), 0) == (FEN[A] if to_state == "paid" else 0)


def test_decided_again_when_the_bank_goes_on(told: Ledger) -> None:
    booked(told, answers((A, PAID), name="1"))
    booked(told, answers((A, RETURNED), name="2"))
    decided(told, A, "returned")
    booked(told, answers((A, PAID), name="3"))
    assert open_cases(told) == [(A, "contradictory")]
    decided(told, A, "paid")
    assert states(told)[A] == "paid"
    assert open_cases(told) == []
    assert holds(told) == set()


def test_a_wrong_amount_waits_until_the_right_one_comes(told: Ledger) -> None:
    booked(told, answers((A, PAID, 1)))
    assert open_cases(told) == [(A, "wrong_amount")]
    booked(told, answers((A, PAID, FEN[A]), name="right"))
    assert open_cases(told) == []
    booked(told, answers((A, PAID, 2), name="later"))
    assert open_cases(told) == [(A, "wrong_amount")]
    decided(told, A, "paid")
    assert open_cases(told) == []


def test_the_batch_is_closed_by_the_last_decision(told: Ledger) -> None:
    booked(told, answers((A, PAID), (B, PAID), (C, UNKNOWN)))
    decided(told, C, "paid")
    with told.read() as connection:
        assert connection.execute(select(batch.c.state)).scalar_one() == "closed"


def test_nobody_confirms_alone(told: Ledger) -> None:
    with told.write() as connection:
        proposed = propose(connection, A, "paid", _SHEET, act(MAKER))
        assert [row.id for row in proposals(connection)] == [proposed]
    with pytest.raises(MianshenError, match="another officer"), told.write() as connection:
        confirm(connection, proposed, act(MAKER))
    for by in (None, MAKER):
        with pytest.raises(DBAPIError), told.write() as connection:
            connection.execute(update(resolution).values(decided_by=by))
            move(connection, resolution, resolution.c.id == proposed, "confirmed", act(MAKER))
    assert states(told)[A] == "sent"


@pytest.mark.parametrize("values", [{"disabled_at": NOW}, {"roles": "checker"}], ids=["closed", "another role"])
def test_what_was_proposed_by_who_has_left_is_not_confirmed(told: Ledger, values: dict[str, str]) -> None:
    with told.write() as connection:
        proposed = propose(connection, A, "paid", _SHEET, act(MAKER))
        connection.execute(update(officer).where(officer.c.id == MAKER).values(**values))
    with pytest.raises(MianshenError, match="lihua signed as maker, and"), told.write() as connection:
        confirm(connection, proposed, act(CHECKER))
    with pytest.raises(DBAPIError, match="proposed or confirms it"), told.write() as connection:
        connection.execute(update(resolution).values(decided_by=CHECKER))
        move(connection, resolution, resolution.c.id == proposed, "confirmed", act(CHECKER))
    assert states(told)[A] == "sent"
    with told.write() as connection:
        reject(connection, proposed, act(CHECKER))


@pytest.mark.parametrize("by", [MAKER, CHECKER])
def test_what_is_rejected_moves_nothing(told: Ledger, by: str) -> None:
    with told.write() as connection:
        proposed = propose(connection, A, "paid", _SHEET, act(MAKER))
        reject(connection, proposed, act(by))
    assert states(told)[A] == "sent"
    with pytest.raises(MianshenError, match="is rejected already"), told.write() as connection:
        confirm(connection, proposed, act(CHECKER))
    decided(told, A, "paid")


def test_what_was_proposed_before_the_bank_said_more_is_not_confirmed(told: Ledger) -> None:
    with told.write() as connection:
        proposed = propose(connection, A, "returned", _SHEET, act(MAKER))
    booked(told, answers((A, PAID)))
    with pytest.raises(MianshenError, match="has said more"), told.write() as connection:
        confirm(connection, proposed, act(CHECKER))
    assert states(told)[A] == "paid"


@pytest.mark.parametrize(
    ("one", "to_state", "evidence", "told_why"),
    [
        (A, "paid", _SHEET, "nothing to decide"),
        (B, "lost", _SHEET, "paid or returned"),
        (B, "paid", " ", "what shows it"),
        ("X" * 26, "paid", _SHEET, "no payment"),
        (C, "paid", _SHEET, "waits for an officer"),
    ],
)
def test_what_cannot_be_proposed(told: Ledger, one: str, to_state: str, evidence: str, told_why: str) -> None:
    booked(told, answers((A, PAID)))
    with told.write() as connection:
        propose(connection, C, "paid", _SHEET, act(MAKER))
    with pytest.raises(MianshenError, match=told_why), told.write() as connection:
        propose(connection, one, to_state, evidence, act(MAKER))


@pytest.mark.parametrize(("now", "then"), [("paid", "returned"), ("returned", "paid")])
def test_no_end_is_undone_without_two_officers(told: Ledger, now: str, then: str) -> None:
    booked(told, answers((A, Answer(now))))
    with pytest.raises(DBAPIError, match="two officers"), told.write() as connection:
        move(connection, payment, payment.c.id == A, then, act())


def test_an_old_attempt_cannot_be_paid_beside_a_new_one(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    with told.write() as connection:
        reissue(connection, [A], act(), same_account="the bank was closed")
        sent(connection, DUES[:1], "B2", attempt=2)
    booked(told, answers((A, PAID), name="other"))
    with told.write() as connection:
        proposed = propose(connection, A, "paid", _SHEET, act(MAKER))
    with pytest.raises(MianshenError, match="the firm has the money twice"), told.write() as connection:
        confirm(connection, proposed, act(CHECKER))
    assert states(told)[A] == "returned"


def test_what_came_back_and_was_cut_from_its_line_is_granted_again_before_it_is_paid(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    with told.write() as connection:
        left = available(connection, LINE)
        grant(connection, LINE, "", -left, act())
    booked(told, answers((A, PAID), name="other"))
    with told.write() as connection:
        proposed = propose(connection, A, "paid", _SHEET, act(MAKER))
    with pytest.raises(MianshenError, match=f"line {LINE}, which has 0.00 yuan left"), told.write() as connection:
        confirm(connection, proposed, act(CHECKER))
    assert states(told)[A] == "returned"
    with told.write() as connection:
        grant(connection, LINE, "", FEN[A], act())
        confirm(connection, proposed, act(CHECKER))
    assert states(told)[A] == "paid"
    with told.read() as connection:
        assert available(connection, LINE) == 0
        assert violations(connection) == []


@pytest.mark.parametrize(
    ("first", "then", "instead"), [(RETURNED, PAID, "cut from line"), (PAID, RETURNED, "a recovery")]
)
def test_a_bank_that_turns_a_third_time_is_not_followed(
    told: Ledger, first: Answer, then: Answer, instead: str
) -> None:
    booked(told, answers((A, first), name="1"))
    for number, answer in enumerate((then, first), start=2):
        booked(told, answers((A, answer), name=str(number)))
        decided(told, A, answer.value)
    booked(told, answers((A, then), name="4"))
    with pytest.raises(MianshenError, match=instead):
        decided(told, A, then.value)
    assert states(told)[A] == first.value
    with told.write() as connection:
        reject(connection, proposals_of(told)[0], act(CHECKER))
    assert open_cases(told) == [(A, "contradictory")]


def test_a_contradiction_stops_a_new_attempt_before_it_is_sent(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    with told.write() as connection:
        reissue(connection, [A], act(), same_account="the bank was closed")
    booked(told, answers((A, PAID), name="other"))
    with pytest.raises(DBAPIError, match="is held"), told.write() as connection:
        sent(connection, DUES[:1], "B2", attempt=2)


def test_what_the_firm_was_asked_for_is_not_returned_by_the_bank(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.write() as connection:
        asked = order(connection, A, 100, "basis", act(MAKER))
    booked(told, answers((A, RETURNED), name="other"))
    with pytest.raises(MianshenError, match="cancel that recovery"):
        decided(told, A, "returned")
    with told.write() as connection:
        cancel(connection, asked, act())
        reject(connection, proposals_of(told)[0], act(CHECKER))
    decided(told, A, "returned")


def test_what_is_refused_leaves_nothing_in_the_callers_transaction(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.write() as connection:
        order(connection, A, 100, "basis", act(MAKER))
    booked(told, answers((A, RETURNED), name="other"))
    with told.write() as connection:
        proposed = propose(connection, A, "returned", _SHEET, act(MAKER))
        with pytest.raises(MianshenError, match="cancel that recovery"):
            confirm(connection, proposed, act(CHECKER))
        row = connection.execute(select(resolution.c.state, resolution.c.decided_by)).one()
        assert tuple(row) == ("proposed", None)


def test_what_the_firm_gave_back_is_not_returned_by_the_bank(told: Ledger) -> None:
    booked(told, answers((A, PAID)))
    with told.write() as connection:
        asked = order(connection, A, 100, "basis", act(MAKER))
        receive(connection, asked, 40, "r1", act())
        cancel(connection, asked, act())
    booked(told, answers((A, RETURNED), name="other"))
    with pytest.raises(MianshenError, match=r"asked for 0\.40 yuan"):
        decided(told, A, "returned")


def proposals_of(ledger: Ledger) -> list[str]:
    with ledger.read() as connection:
        return [str(row.id) for row in proposals(connection)]


def new_account(ledger: Ledger, uscc: str) -> None:
    with ledger.write() as connection:
        row = {"uscc": uscc, "account_name": "n", "account_no": "62220000000000000999", "bank_name": "虚构银行"}
        row |= {"bank_code": "", "source": "officer", "entered_by": MAKER, "entered_at": NOW, "reason": "new"}
        connection.execute(insert(payee), [row])


def test_reissue_lifts_the_hold_of_what_came_back(told: Ledger) -> None:
    booked(told, answers((A, RETURNED), (B, RETURNED)))
    new_account(told, DUES[0].uscc)
    with told.write() as connection:
        assert reissue(connection, [A], act(reason="account was closed; another one was entered")) == 1
    assert {one for one, _, _ in holds(told)} == {DUES[1].id}
    with told.write() as connection:
        (second,) = sent(connection, DUES[:1], "B2", attempt=2)
    booked(told, answers((second, PAID), name="second"))
    assert states(told)[second] == "paid"


def test_reissue_to_the_same_account_needs_a_reason(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    with pytest.raises(MianshenError, match="still has"), told.write() as connection:
        reissue(connection, [A], act())
    with told.write() as connection:
        assert reissue(connection, [A], act(), same_account="the bank's system was down") == 1


def test_what_cannot_be_reissued_is_all_named(told: Ledger) -> None:
    booked(told, answers((A, RETURNED), (B, UNKNOWN)))
    with told.write() as connection:
        reissue(connection, [A], act(), same_account="yes")
    with pytest.raises(MianshenError) as caught, told.write() as connection:
        reissue(connection, [A, B, C, "X"], act(), same_account="yes")
    for part in (f"{A}: it was reissued", f"{B}: it is unknown", f"{C}: it is sent", "X: there is no such payment"):
        assert part in str(caught.value)


def test_what_is_contradicted_is_not_reissued(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    booked(told, answers((A, PAID), name="other"))
    with pytest.raises(MianshenError, match="two officers"), told.write() as connection:
        reissue(connection, [A], act(), same_account="yes")


def test_a_superseded_attempt_is_not_reissued(told: Ledger) -> None:
    booked(told, answers((A, RETURNED)))
    with told.write() as connection:
        reissue(connection, [A], act(), same_account="yes")
        (second,) = sent(connection, DUES[:1], "B2", attempt=2)
        book(connection, answers((second, RETURNED), name="second"), act())
    with pytest.raises(MianshenError, match="a later attempt"), told.write() as connection:
        reissue(connection, [A], act(), same_account="yes")
    with told.write() as connection:
        assert reissue(connection, [second], act(), same_account="yes") == 1
