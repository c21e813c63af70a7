"""Who may sign what, what moved since the plan, and that no line of the budget can be overdrawn."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.approve import approve
from payouts.batches.cancel import cancel
from payouts.batches.moved import PlanMoved
from payouts.batches.settings import ThirdSignature
from payouts.ledger.database import Ledger
from payouts.ledger.moves import begin, move, record
from payouts.ledger.tables import approval, batch, batch_item, entitlement, event, officer, transfer
from payouts.ledger.transfers import available, balances, grant
from tests.payouts.batches.scenes import (
    FIRMS,
    SETTINGS,
    TOTAL,
    A,
    B,
    cancelled,
    drawn,
    due,
    hold_back,
    lift_holds,
    move_to_an_empty_line,
    move_to_another_line,
    new_account,
    object_to,
    payments,
    planned,
    ready,
    say_again,
    sign,
    sound,
    state_of,
)
from tests.payouts.stories import APPROVER, CHECKER, LINE, MAKER, NOW, Due, act, approved

_THREE = SETTINGS.model_copy(update={"third_signature": ThirdSignature(batch_above=Decimal(1))})

# What happens between plan and approval → what the refusal says.
_MOVED: dict[str, tuple[Callable[[Connection], object], str]] = {
    "amount": (lambda c: say_again(c, A, 7_00), "changed: 91370200AAAAAAAAA1 .* amount 100.00 yuan, now 7.00 yuan"),
    "account": (lambda c: new_account(c, A), "changed: .* account …0000, now …2277"),
    "same account again": (lambda c: new_account(c, A, no="6222000000000000"), "changed: .* entered anew"),
    "hold": (lambda c: hold_back(c, A), "gone: .* department: asked to wait"),
    "objection": (lambda c: object_to(c, A), "gone: .* an objection is open"),
    "unknown": (lambda c: say_again(c, A, None), "gone: .* the amount is not known"),
    "refused": (
        lambda c: move(c, entitlement, entitlement.c.id == A.id, "refused", act()),
        "gone: .* it is not confirmed any more",
    ),
    "budget": (lambda c: grant(c, LINE, "", TOTAL - 1 - 10**12, act()), "gone: .* lacks 0.01 yuan"),
    "line": (lambda c: move_to_another_line(c, A), "changed: .* budget line line-1, now other"),
    "another line, empty": (lambda c: move_to_an_empty_line(c, A), "gone: .* line empty lacks 99.99 yuan"),
    "added": (lift_holds, "added: 91370200AAAAAAAAA2 .* 250.01 yuan became payable"),
}


@pytest.mark.parametrize("name", _MOVED)
def test_a_plan_that_moved_is_not_approved(ledger: Ledger, name: str) -> None:
    happens, said = _MOVED[name]
    due(ledger)
    if name == "added":
        with ledger.write() as connection:
            hold_back(connection, B)
    plan = planned(ledger)
    with ledger.write() as connection:
        happens(connection)
    with pytest.raises(PlanMoved, match=said) as refused:
        sign(ledger, plan)
    concerned = {"added": [B], "budget": FIRMS}.get(name, [A])
    assert sorted(one.uscc for one in refused.value.moved) == [one.uscc for one in concerned]
    assert (state_of(ledger, plan), payments(ledger)) == ("planned", {})


def test_the_last_signature_commits(ledger: Ledger) -> None:
    due(ledger)
    plan = planned(ledger)
    assert sign(ledger, plan) == "approved"
    assert set(payments(ledger).values()) == {"batched"}
    with ledger.read() as connection:
        assert balances(connection)[LINE, "committed"] == TOTAL
        assert available(connection, LINE) == 10**12 - TOTAL
        told = select(event.c.actor, event.c.to_state).where(event.c.kind == "payment")
        assert connection.execute(told).all() == [(CHECKER, "batched")] * 3
    assert sound(ledger)


def test_three_signatures(ledger: Ledger) -> None:
    due(ledger)
    plan = planned(ledger, _THREE)
    assert sign(ledger, plan, APPROVER) == "planned"
    assert payments(ledger) == {}
    assert sign(ledger, plan) == "approved"
    assert sound(ledger)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (MAKER, "lihua signed batch .* already, as its maker"),
        (APPROVER, "needs checker, and zhaolei is approver"),
        ("closed", "no officer closed with an open account"),
        ("nobody", "no officer nobody with an open account"),
    ],
)
def test_who_may_not_sign(ledger: Ledger, who: str, said: str) -> None:
    due(ledger)
    plan = planned(ledger)
    with ledger.write() as connection:
        told = {"password_hash": "-", "totp_step": 0, "failures": 0, "created_at": NOW, "created_by": "machine"}
        row = {"id": "closed", "name": "c", "roles": "checker", "disabled_at": NOW}
        connection.execute(insert(officer), [{**row, **told}])
    with pytest.raises(MianshenError, match=said):
        sign(ledger, plan, who)
    with pytest.raises(DBAPIError), ledger.write() as connection:  # nor by going around the function
        sha256 = drawn(ledger).content_sha256
        row = {"batch_id": plan, "officer_id": who, "role": "checker", "content_sha256": sha256, "at": NOW}
        connection.execute(insert(approval), [row])
    assert state_of(ledger, plan) == "planned"


def test_nobody_signs_for_another(ledger: Ledger) -> None:
    due(ledger)
    plan = planned(ledger)
    with pytest.raises(ValueError, match="cannot sign for"), ledger.write() as connection:
        approve(connection, plan, CHECKER, act(MAKER))


_GONE = {"closed": {"disabled_at": NOW}, "another role": {"roles": "department"}}


@pytest.mark.parametrize("who", [MAKER, APPROVER])
@pytest.mark.parametrize("how", _GONE)
def test_who_left_before_the_last_signature_signs_nothing(ledger: Ledger, who: str, how: str) -> None:
    due(ledger)
    plan = planned(ledger, _THREE)
    sign(ledger, plan, APPROVER)
    with ledger.write() as connection:
        connection.execute(update(officer).where(officer.c.id == who).values(**_GONE[how]))
    role = {MAKER: "maker", APPROVER: "approver"}[who]
    said = f"{who} signed as {role}, and .*Cancel the batch.*anew by maker and checker and approver"
    with pytest.raises(MianshenError, match=said):
        sign(ledger, plan)
    with pytest.raises(DBAPIError, match="has no open account any more"), ledger.write() as connection:
        connection.execute(insert(approval), [_signature(plan, drawn(ledger, _THREE).content_sha256)])
        move(connection, batch, batch.c.id == plan, "approved", act(CHECKER))
    assert (state_of(ledger, plan), payments(ledger)) == ("planned", {})
    assert cancelled(ledger, plan) == "cancelled"


def test_who_leaves_after_the_last_signature_has_signed(ledger: Ledger) -> None:
    plan = ready(ledger)
    with ledger.write() as connection:
        connection.execute(update(officer).values(disabled_at=NOW))
    assert state_of(ledger, plan) == "approved"
    assert sound(ledger)


@pytest.mark.parametrize(
    ("entered_at", "refused"),
    [
        ("2024-02-22T15:59:59.999999Z", False),  # 23:59 in China, on the day before
        ("2024-02-22T16:00:00.000000Z", True),  # seven days before the plan's day begins
        ("2024-03-01T07:00:00.000000Z", True),
    ],
)
def test_who_entered_an_account_lately_does_not_approve(ledger: Ledger, entered_at: str, refused: bool) -> None:
    due(ledger)
    with ledger.write() as connection:
        new_account(connection, A, CHECKER, entered_at)
    plan = planned(ledger)
    if not refused:
        assert sign(ledger, plan) == "approved"
        return
    with pytest.raises(MianshenError, match=f"wangfang entered the account of .*{A.uscc}, {entered_at[:10]}"):
        sign(ledger, plan)


_DAY = "2024-02-29T08:00:00.000000Z"


def let_in(connection: Connection, by: str, who: str, at: str = _DAY) -> None:
    record(connection, "officer", who, ("open", "open"), act(by, at, reason="a new password"))


@pytest.mark.parametrize(("by", "who"), [(MAKER, CHECKER), (CHECKER, MAKER)])
@pytest.mark.parametrize(("at", "refused"), [(_DAY, True), ("2024-02-22T15:59:59.999999Z", False)])
def test_who_let_another_in_lately_does_not_sign_with_them(
    ledger: Ledger, by: str, who: str, at: str, refused: bool
) -> None:
    due(ledger)
    with ledger.write() as connection:
        let_in(connection, by, who, at)
        let_in(connection, CHECKER, CHECKER)  # the first admin enters themselves
    plan = planned(ledger)
    if not refused:
        assert sign(ledger, plan) == "approved"
        return
    with pytest.raises(MianshenError, match=rf"{by} gave {who} .* on 2024-02-29 \(a new password\)"):
        sign(ledger, plan)
    assert state_of(ledger, plan) == "planned"


def test_signers_who_were_let_in_by_one_admin_lately_are_shown(ledger: Ledger) -> None:
    due(ledger)
    with ledger.write() as connection:
        let_in(connection, "chief", MAKER)
        let_in(connection, "chief", CHECKER)
        let_in(connection, "chief", APPROVER, "2024-01-30T07:00:00.000000Z")
        let_in(connection, "other", APPROVER)
    plan = planned(ledger, _THREE)
    with ledger.write() as connection:
        assert approve(connection, plan, APPROVER, act(APPROVER)).of_one_hand == ""
        told = approve(connection, plan, CHECKER, act(CHECKER)).of_one_hand
    assert told == "lihua and wangfang got their account, role, password or codes from chief in the last 30 days"


def test_only_a_plan_is_approved(ledger: Ledger) -> None:
    plan = ready(ledger)
    with pytest.raises(MianshenError, match="is approved: only a plan can be approved; it has the 2 signatures"):
        sign(ledger, plan)
    with pytest.raises(MianshenError, match="there is no batch"):
        sign(ledger, "nothing")


def test_of_two_plans_one_is_approved(ledger: Ledger) -> None:
    due(ledger)
    first = planned(ledger)
    second = planned(ledger, SETTINGS.model_copy(update={"purpose": "another"}))
    sign(ledger, first)
    with pytest.raises(PlanMoved, match="has a payment"):
        sign(ledger, second)
    assert sound(ledger)


def test_cancelling_frees_the_money(ledger: Ledger) -> None:
    plan = ready(ledger)
    with ledger.write() as connection:
        assert cancel(connection, plan, act(CHECKER)) == 3
    with ledger.read() as connection:
        assert available(connection, LINE) == 10**12
    assert (state_of(ledger, plan), set(payments(ledger).values())) == ("cancelled", {"voided"})
    assert [item.attempt for item in drawn(ledger).items] == [2, 2, 2]
    assert sound(ledger)
    with pytest.raises(MianshenError, match="is cancelled and cannot"), ledger.write() as connection:
        cancel(connection, plan, act())


def test_cancelling_needs_a_reason(ledger: Ledger) -> None:
    plan = ready(ledger)
    with pytest.raises(MianshenError, match="for a reason"), ledger.write() as connection:
        cancel(connection, plan, act(reason=""))


def test_the_database_keeps_lines_from_being_overdrawn(ledger: Ledger) -> None:
    due(ledger, fen=TOTAL - 1)
    with pytest.raises(DBAPIError, match="does not have the money of the batch"), ledger.write() as connection:
        approved(connection, [A, B, Due("91370200AAAAAAAAA3", 3_00)])


def test_what_is_promised_cannot_be_cut(ledger: Ledger) -> None:
    due(ledger, fen=TOTAL)
    plan = planned(ledger)
    with pytest.raises(DBAPIError, match="does not have this money"), ledger.write() as connection:
        connection.execute(insert(approval), [_signature(plan, drawn(ledger).content_sha256)])
        move(connection, batch, batch.c.id == plan, "approved", act(CHECKER))
        grant(connection, LINE, "", -1, act())  # approved, but not committed yet
    with pytest.raises(MianshenError, match=r"has 353\.01 yuan left"), ledger.write() as connection:
        grant(connection, LINE, "", -TOTAL - 1, act())


def test_money_is_committed_as_approved_only(ledger: Ledger) -> None:
    ready(ledger)
    with ledger.read() as connection:
        row = connection.execute(select(transfer).where(transfer.c.kind == "commit").limit(1)).one()._asdict()
    for change in ({"fen": 1}, {"payment_id": None}, {"line": "other"}):
        with pytest.raises(DBAPIError), ledger.write() as connection:
            grant(connection, "other", "o", 10**9, act())
            connection.execute(insert(transfer), [{**row, "id": "x", **change}])


def test_what_is_signed_takes_no_more_items(ledger: Ledger) -> None:
    due(ledger)
    planned(ledger)
    with ledger.read() as connection:
        row = connection.execute(select(batch_item).limit(1)).one()._asdict()
    with pytest.raises(DBAPIError, match="takes no more items"), ledger.write() as connection:
        connection.execute(insert(batch_item), [{**row, "payment_id": "x"}])


def test_a_batch_says_what_its_items_come_to(ledger: Ledger) -> None:
    due(ledger)
    with ledger.write() as connection:
        made = {"id": "B", "content_sha256": "h", "channel": "c", "channel_sha256": "c", "terms": "", "payer_name": "p"}
        made |= {"payer_account": "1", "payer_bank_code": "", "made_by": MAKER, "made_at": NOW, "cooling_since": NOW}
        begin(connection, batch, "planned", [{**made, "signatures": 2, "items": 1, "total_fen": 1}], act())
        rows = [_signature("B", "h", MAKER, "maker"), _signature("B", "h")]
        connection.execute(insert(approval), rows)
    with pytest.raises(DBAPIError, match="do not come to what it says"), ledger.write() as connection:
        move(connection, batch, batch.c.id == "B", "approved", act(CHECKER))


def test_altered_terms_are_noticed(sqlite_ledger: Ledger) -> None:
    due(sqlite_ledger)
    plan = planned(sqlite_ledger)
    with sqlite_ledger.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER batch_keep")
        connection.execute(update(batch).values(terms=func.replace(batch.c.terms, "10001", "66666")))
    with pytest.raises(PlanMoved, match="not those that its maker signed"):
        sign(sqlite_ledger, plan)


def _signature(plan: str, sha256: str, who: str = CHECKER, role: str = "checker") -> dict[str, str]:
    return {"batch_id": plan, "officer_id": who, "role": role, "content_sha256": sha256, "at": NOW}
