"""The story of a payment that came back, was paid anew and asked back: every step, by whom, in its order."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert

from enterprise_data.declarations.problems import MianshenError
from payouts.booking.book import book
from payouts.booking.recovery import order, receive
from payouts.booking.reissue import reissue
from payouts.booking.resolve import confirm, propose
from payouts.ledger.database import Ledger
from payouts.ledger.keys import payment_id
from payouts.ledger.tables import entitlement, notice, notice_item, reminder
from payouts.overview import batches, open_holds
from payouts.trail.trail import trail
from tests.payouts.batches.scenes import new_account
from tests.payouts.booking.sent import DUES, RETURNED, answers, sent, tell
from tests.payouts.stories import CHECKER, MAKER, act

A = DUES[0]
FIRST, SECOND = payment_id(A.id, 1), payment_id(A.id, 2)


def hour(number: int) -> str:
    return f"2024-03-06T{number:02d}:00:00.000000Z"


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    tell(ledger)
    with ledger.write() as connection:
        _publish(connection)
        book(connection, answers((FIRST, RETURNED)), act(at=hour(1)))
        new_account(connection, A, MAKER, hour(2), "6217000012345678")
        reissue(connection, [FIRST], act(at=hour(3), reason="another account"))
        sent(connection, [A], "B2", attempt=2)
        resolution = propose(connection, SECOND, "paid", "statement", act(at=hour(4), reason="statement"))
        confirm(connection, resolution, act(CHECKER, at=hour(5)))
        receive(connection, order(connection, SECOND, 5000, "basis", act(at=hour(6))), 2000, "R-1", act(at=hour(7)))
    return ledger


def _publish(connection: Connection) -> None:
    row = {"id": "N1", "title": "t", "published_on": "2024-02-20", "ends_on": "2024-02-27", "sha256": "s"}
    at = "2024-02-20T01:00:00.000000Z"
    connection.execute(insert(notice), [{**row, "published_by": MAKER, "published_at": at}])
    connection.execute(insert(notice_item), [{"notice_id": "N1", "entitlement_id": A.id}])
    asked = {"notice_id": "N1", "entitlement_id": A.id, "reminded_on": "2024-02-28", "reminded_by": MAKER}
    connection.execute(insert(reminder), [{**asked, "reminded_at": "2024-02-28T01:00:00.000000Z"}])


def steps(found: Any, *kinds: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.to_state, one.actor) for one in found.entries if one.kind in kinds]


def test_an_entitlement_has_all_that_ever_touched_it(told: Ledger) -> None:
    with told.read() as connection:
        found = trail(connection, A.id)
    assert (found.kind, found.facts["state"], found.facts["uscc"]) == ("entitlement", "confirmed", A.uscc)
    assert found.facts["payments"] == [f"{FIRST} returned", f"{SECOND} paid"]
    assert [one.at for one in found.entries] == sorted(one.at for one in found.entries)
    assert [one.to_state for one in found.entries][:2] == ["public", "reminded"]
    assert steps(found, "hold") == [("hold", "placed", MAKER), ("hold", "lifted", MAKER)]
    assert steps(found, "bank", "resolution", "recovery") == [
        ("bank", "booked_returned", MAKER),
        ("resolution", "proposed", MAKER),
        ("resolution", "confirmed", CHECKER),
        ("recovery", "ordered", MAKER),
    ]
    money = [(one.to_state, one.fen) for one in found.entries if one.kind == "money"]
    assert sorted(money) == sorted(
        [(kind, A.fen) for kind in ("commit", "send", "return", "commit", "send", "settle")]
        + [("claim", 5000), ("recover", 2000)]
    )
    accounts = [one.reason for one in found.entries if one.kind == "account"]
    assert accounts == ["虚构银行 …0000", "虚构银行 …5678 new"]
    assert {one.subject for one in found.entries if one.kind == "batch"} == {"B1", "B2"}


def test_a_payment_has_its_own_story_alone(told: Ledger) -> None:
    with told.read() as connection:
        first, second = trail(connection, FIRST), trail(connection, SECOND)
    assert (first.facts["state"], first.facts["attempt"], first.facts["batch"]) == ("returned", 1, "B1")
    assert steps(first, "payment") == [
        ("payment", "batched", CHECKER),
        ("payment", "sent", CHECKER),
        ("payment", "returned", MAKER),
    ]
    assert steps(first, "signature") == [("signature", "maker", MAKER), ("signature", "checker", CHECKER)]
    assert steps(first, "recovery") == []
    assert {one.subject for one in second.entries if one.kind == "batch"} == {"B2"}
    assert [one.to_state for one in second.entries if one.kind == "payment"] == ["batched", "sent", "paid"]


def test_a_batch_has_its_signatures_files_and_answers(told: Ledger) -> None:
    with told.read() as connection:
        found = trail(connection, "B1")
    assert found.facts["payments"] == ["1 returned", "2 sent"]
    assert [one.to_state for one in found.entries if one.kind == "batch"] == [
        *("planned", "approved", "sealed", "released"),
    ]
    [file] = [one for one in found.entries if one.kind == "file"]
    assert (file.subject, file.fen) == ("B1.csv", sum(due.fen for due in DUES[:3]))
    [bank] = [one for one in found.entries if one.kind == "bank"]
    assert (bank.to_state, bank.fen, bank.reason) == ("booked_returned", A.fen, "lines: 1")


def test_nothing_of_that_id(told: Ledger) -> None:
    with told.read() as connection, pytest.raises(MianshenError, match="no entitlement, payment or batch has the id X"):
        trail(connection, "X")


def test_lists_of_batches_and_of_what_is_held(told: Ledger) -> None:
    with told.write() as connection:
        book(connection, answers((payment_id(DUES[1].id, 1), RETURNED)), act(at=hour(8)))
        found = {
            one.batch: (one.state, one.signed, one.signatures, one.items, one.answered) for one in batches(connection)
        }
        held = open_holds(connection, entitlement.c.policy == DUES[1].policy)
        nothing = open_holds(connection, entitlement.c.policy == "other")
    assert found == {"B1": ("released", 2, 2, 3, 2), "B2": ("closed", 2, 2, 1, 1)}
    assert [(one.entitlement, one.code, one.since, one.amount_fen) for one in held] == [
        (DUES[1].id, "returned", hour(8), DUES[1].fen)
    ]
    assert nothing == []
