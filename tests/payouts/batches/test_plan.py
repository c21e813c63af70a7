"""What a plan holds, what it leaves out and why, and that it is the same for the same ledger."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Connection, select

from enterprise_data.declarations.problems import MianshenError
from payouts.batches.cancel import cancel
from payouts.batches.draw import draw_plan
from payouts.batches.payable import Candidate, newest_payee, newest_proposal
from payouts.batches.plan import Item, LineMoney, Tally
from payouts.batches.record import record_plan
from payouts.batches.selection import Selection
from payouts.batches.settings import ThirdSignature
from payouts.ledger.database import Ledger
from payouts.ledger.keys import payment_id
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement
from payouts.workflow.accounts import hold_without_account
from tests.payouts.batches.scenes import (
    FIRMS,
    SETTINGS,
    TOTAL,
    A,
    B,
    C,
    drawn,
    due,
    hold_back,
    move_to_an_empty_line,
    new_account,
    object_to,
    planned,
    publish,
    say_again,
    sign,
    state_of,
    vouch,
)
from tests.payouts.stories import CHECKER, LINE, MAKER, Due, act

# What happens to firm A → why it is left out; an empty text: it is paid nevertheless.
_STORIES: dict[str, tuple[Callable[[Connection], object], str]] = {
    "nothing": (lambda _: None, ""),
    "the notice ended": (lambda c: publish(c, A, "2024-02-29"), ""),
    "the notice ends today": (lambda c: publish(c, A, "2024-03-01"), "notice"),
    "the list of accounts is as old as it may be": (lambda c: vouch(c, A, "2024-02-01", "2024-03-01"), ""),
    "the list of accounts is too old": (lambda c: vouch(c, A, "2024-01-31", "2024-02-29"), "account_stale"),
    "an objection": (lambda c: object_to(c, A), "objection"),
    "a hold": (lambda c: hold_back(c, A), "held"),
    "the amount became unknown": (lambda c: say_again(c, A, None), "undetermined"),
    "due later": (lambda c: say_again(c, A, A.fen, due_on="2024-03-02"), "not_due"),
    "due today": (lambda c: say_again(c, A, A.fen, due_on="2024-03-01"), ""),
    "a line without money": (lambda c: move_to_an_empty_line(c, A), "budget"),
}


@pytest.mark.parametrize("name", _STORIES)
def test_payable_or_left_out_with_a_reason(ledger: Ledger, name: str) -> None:
    happens, reason = _STORIES[name]
    due(ledger)
    with ledger.write() as connection:
        happens(connection)
    plan = drawn(ledger)
    assert {item.uscc for item in plan.items} == {B.uscc, C.uscc} | (set() if reason else {A.uscc})
    assert [(one.uscc, [why.code for why in one.reasons]) for one in plan.left_out] == (
        [(A.uscc, [reason])] if reason else []
    )


def test_what_is_held_for_want_of_an_account_says_so_once(ledger: Ledger) -> None:
    due(ledger, accounts=False)
    with ledger.write() as connection:
        assert hold_without_account(connection, act(), entitlement.c.id == A.id) == 1
    told = {one.entitlement_id: [tuple(why) for why in one.reasons] for one in drawn(ledger).left_out}
    assert told.pop(A.id) == [("held", "no_account: no account of the firm is known")]
    assert list(told.values()) == [[("no_account", "no account of the firm is known")]] * 2


def test_no_account(ledger: Ledger) -> None:
    due(ledger, accounts=False)
    plan = drawn(ledger)
    assert [[why.code for why in one.reasons] for one in plan.left_out] == [["no_account"]] * 3
    with pytest.raises(MianshenError, match="nothing is payable"), ledger.write() as connection:
        record_plan(connection, plan, act())


def test_every_reason_is_told(ledger: Ledger) -> None:
    due(ledger)
    with ledger.write() as connection:
        hold_back(connection, A)
        object_to(connection, A)
        say_again(connection, A, None)
    [left] = drawn(ledger).left_out
    assert [tuple(why) for why in left.reasons] == [
        ("undetermined", "the amount is not known; open are staff"),
        ("objection", "an objection is open"),
        ("held", "department: asked to wait"),
    ]
    assert left.amount_fen is None


def test_the_newest_word_counts(ledger: Ledger) -> None:
    due(ledger)
    with ledger.write() as connection:
        say_again(connection, A, 7_00)
        new_account(connection, A, no="622288")
    [item] = [item for item in drawn(ledger).items if item.uscc == A.uscc]
    assert (item.amount_fen, item.account_no, item.run_id, item.attempt) == (7_00, "622288", "run-2", 1)
    assert item.payment_id == payment_id(A.id, 1)
    assert item.purpose == "synthetic-1（2023）补贴"


def test_a_short_line_pays_nobody(ledger: Ledger) -> None:
    due(ledger, fen=TOTAL - 1)
    plan = drawn(ledger)
    assert plan.items == ()
    assert {one.reasons[0].detail for one in plan.left_out} == {
        f"line {LINE} lacks 0.01 yuan for all that it would have to pay"
    }
    assert plan.lines == (LineMoney(LINE, TOTAL - 1, TOTAL),)
    assert plan.lines[0].left_fen == TOTAL - 1


def test_the_line_after(ledger: Ledger) -> None:
    due(ledger, fen=TOTAL)
    assert [(line.is_enough, line.left_fen) for line in drawn(ledger).lines] == [(True, 0)]


def test_nothing_is_lost_from_sight(ledger: Ledger) -> None:
    due(ledger)
    with ledger.write() as connection:
        move(connection, entitlement, entitlement.c.id == A.id, "declined", act())
        hold_back(connection, B)
    plan = drawn(ledger)
    assert plan.elsewhere == (Tally("declined", 1, A.fen),)
    assert len(plan.items) + len(plan.left_out) + sum(tally.entitlements for tally in plan.elsewhere) == len(FIRMS)
    name = planned(ledger)
    sign(ledger, name)
    assert drawn(ledger).elsewhere == (Tally("declined", 1, A.fen), Tally("payment batched", 1, C.fen))


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(policies=("synthetic-1",)), {A, B, C}),
        (Selection(policies=("other",)), set()),
        (Selection(periods=("2023",), firms=(A.uscc, C.uscc)), {A, C}),
        (Selection(periods=("2022",)), set()),
    ],
    ids=["policy", "other policy", "period and firms", "other period"],
)
def test_selection(ledger: Ledger, selection: Selection, chosen: set[Due]) -> None:
    due(ledger)
    assert {item.uscc for item in drawn(ledger, selection=selection).items} == {one.uscc for one in chosen}


def test_equal_ledgers_give_equal_plans(ledger: Ledger) -> None:
    due(ledger)
    settings = SETTINGS.model_copy(update={"channel_sha256": "c"})
    later = act(CHECKER, "2024-05-01T00:00:00.000000Z")
    with ledger.read() as connection:
        one = draw_plan(connection, Selection(firms=(C.uscc, A.uscc)), settings, act())
        other = draw_plan(connection, Selection(firms=(A.uscc, C.uscc)), settings, later)
    assert (one.batch_id, one.content_sha256, one.items) == (other.batch_id, other.content_sha256, other.items)
    # Whichever database it is in, and whichever machine draws it.
    assert one.batch_id == "BRJP7BYN26GJ3IJVAXHZWRNEDF"


def test_other_content_has_another_id(ledger: Ledger) -> None:
    due(ledger)
    before = drawn(ledger)
    with ledger.write() as connection:
        new_account(connection, A)
    assert drawn(ledger).batch_id != before.batch_id
    assert drawn(ledger, SETTINGS.model_copy(update={"purpose": "x"})).batch_id != drawn(ledger).batch_id


@pytest.mark.parametrize(
    ("above", "signatures"),
    [
        (ThirdSignature(), 2),
        (ThirdSignature(payment_above=Decimal("250.01")), 2),
        (ThirdSignature(payment_above=Decimal(250)), 3),
        (ThirdSignature(batch_above=Decimal("353.01")), 2),
        (ThirdSignature(batch_above=Decimal(353)), 3),
    ],
    ids=str,
)
def test_large_amounts_need_a_third_signature(ledger: Ledger, above: ThirdSignature, signatures: int) -> None:
    due(ledger)
    assert drawn(ledger, SETTINGS.model_copy(update={"third_signature": above})).signatures == signatures


def test_recording_twice_is_once(ledger: Ledger) -> None:
    due(ledger)
    assert planned(ledger) == planned(ledger)
    plan = drawn(ledger)
    with pytest.raises(MianshenError, match=f"{MAKER} made it, and it is planned"), ledger.write() as connection:
        record_plan(connection, plan, act(CHECKER))


def test_only_a_maker_records(ledger: Ledger) -> None:
    due(ledger)
    plan = drawn(ledger)
    with pytest.raises(MianshenError, match="does not have the role"), ledger.write() as connection:
        record_plan(connection, plan, act(CHECKER))
    assert drawn(ledger).items == plan.items


def test_a_plan_that_was_given_up_is_made_again(ledger: Ledger) -> None:
    due(ledger)
    first = planned(ledger)
    with ledger.write() as connection:
        cancel(connection, first, act())
    second = planned(ledger)
    assert (second != first, state_of(ledger, first), state_of(ledger, second)) == (True, "cancelled", "planned")
    assert sign(ledger, second) == "approved"


@pytest.mark.postgresql
def test_the_newest_is_looked_for_among_a_firms_own(postgresql_ledger: Ledger) -> None:
    due(postgresql_ledger, [Due(f"91370200{n:010}", 100) for n in range(1_000)])
    with postgresql_ledger.read() as connection:
        for newest in (newest_proposal(), newest_payee()):
            looked_up = select(entitlement.c.id, newest)
            query = looked_up.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
            told = "\n".join(connection.exec_driver_sql(f"EXPLAIN {query}").scalars())
            assert "Backward" not in told


def test_an_item_takes_over_the_first_fields_of_a_candidate() -> None:
    assert Candidate._fields[: len(Item._fields)] == (*Item._fields[:-1], "clause")
    assert Item._fields[-1] == "purpose"
