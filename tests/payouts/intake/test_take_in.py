"""What becomes of entitlements when one run after another is taken in, on both databases."""

from dataclasses import dataclass, replace

import polars as pl
import pytest
from sqlalchemy import Connection, Table, func, select

from enterprise_data.declarations.problems import MianshenError
from payouts.intake.differences import differences
from payouts.intake.known import KNOWN
from payouts.intake.rows import COLUMNS
from payouts.intake.run_file import DecidedPolicy
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, event, hold, proposal
from tests.payouts.intake.said import GRANT, ONCE, Said, amounts, pay, run_file, states
from tests.payouts.stories import act

A = Said(1, 100_00)
OPEN = Said(1, None, unknown="growth size")
LATER = "2024-03-02T08:00:00.000000Z"
LIVING = ("proposed", "reconfirmed", "published", "confirmed")


def bring(connection: Connection, id_: str, state: str) -> None:
    """Bring an entitlement along the usual way to a state."""
    way = {"declined": (*LIVING[:3], "declined"), "lapsed": (*LIVING[:3], "lapsed")}
    steps = way.get(state) or (LIVING[: LIVING.index(state) + 1] if state in LIVING else ("proposed", state))
    for step in steps[1:]:
        move(connection, entitlement, entitlement.c.id == id_, step, act())


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


@dataclass(frozen=True)
class Story:
    """What a second run says of an entitlement in `state`, and what then becomes of it."""

    state: str
    said: Said | None
    outcome: str | None
    cause: str | None
    after: str
    fen: int | None


STORIES = [
    *(Story(state, A, "unchanged", "", state, 100_00) for state in (*LIVING, "declined", "lapsed")),
    *(Story(state, replace(A, fen=1), "changed", "amount", "proposed", 1) for state in (*LIVING, "declined", "lapsed")),
    *(Story(state, OPEN, "undetermined", "undetermined", "undetermined", None) for state in (*LIVING, "declined")),
    *(Story(state, None, "withdrawn", "not_listed", "withdrawn", 100_00) for state in (*LIVING, "declined", "lapsed")),
    Story("refused", A, "changed", "listed_again", "proposed", 100_00),
    Story("withdrawn", A, "changed", "listed_again", "proposed", 100_00),
    Story("refused", OPEN, "undetermined", "undetermined", "undetermined", None),
    Story("refused", None, None, None, "refused", 100_00),
    Story("withdrawn", None, None, None, "withdrawn", 100_00),
    Story("confirmed", replace(A, name="虚构更名公司"), "revised", "revised", "confirmed", 100_00),
    Story("published", replace(A, policy=replace(GRANT, sha256="g2")), "revised", "revised", "published", 100_00),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.state}-{story.outcome}")
def test_a_second_run(ledger: Ledger, story: Story) -> None:
    with ledger.write() as connection:
        first = take_in(connection, run_file("r1", [A]), act())
        assert first.counts["new"] == 1
        assert first.fen("new") == 100_00
        bring(connection, A.id, story.state)
        second = take_in(connection, run_file("r2", [story.said] if story.said else [], "2024-01-31"), act())
        found = list(second.lines.select("outcome", "cause").iter_rows())
        assert found == ([(story.outcome, story.cause)] if story.outcome else [])
        assert states(connection) == {A.id: story.after}
        assert amounts(connection) == {A.id: story.fen}
        assert count(connection, proposal) == 1 + (story.outcome in {"changed", "undetermined", "revised"})


def test_what_was_undetermined(ledger: Ledger) -> None:
    still, known, gone = OPEN, Said(2, None, unknown="size"), Said(3, None, unknown="size")
    with ledger.write() as connection:
        assert take_in(connection, run_file("r1", [still, known, gone]), act()).counts["undetermined"] == 3
        assert set(states(connection).values()) == {"undetermined"}
        second = [replace(still, unknown="size"), replace(known, fen=5_00, unknown="")]
        found = take_in(connection, run_file("r2", second, "2024-01-31"), act())
        assert states(connection) == {still.id: "undetermined", known.id: "proposed", gone.id: "withdrawn"}
        assert dict(found.lines.select("uscc", "cause").iter_rows()) == {
            still.key[2]: "revised",
            known.key[2]: "determined",
            gone.key[2]: "not_listed",
        }
        told = select(event.c.reason).where(event.c.subject == gone.id, event.c.to_state == "withdrawn")
        assert connection.execute(told).scalar_one() == "run r2: it no longer lists it"


def test_the_same_run_again_changes_nothing(ledger: Ledger) -> None:
    run = run_file("r1", [A, Said(2, None, unknown="size")])
    with ledger.write() as connection:
        take_in(connection, run, act())
        move(connection, entitlement, entitlement.c.id == A.id, "refused", act())
        before = count(connection, event), count(connection, proposal)
        again = take_in(connection, run, act())
        assert (again.policies, again.before) == ((), ("grant", "once"))
        assert again.counts["unchanged"] == again.lines.height == 2
        assert (count(connection, event), count(connection, proposal)) == before
        assert states(connection)[A.id] == "refused"


def test_an_older_run_is_refused(ledger: Ledger) -> None:
    with ledger.write() as connection:
        take_in(connection, run_file("new", [A], "2024-01-31"), act())
    with pytest.raises(MianshenError, match="run new as of 2024-01-31 was taken in"), ledger.write() as connection:
        take_in(connection, run_file("old", [], "2023-12-31"), act())
    with ledger.write() as connection:
        other = run_file("other", [Said(1, 7)], "2023-01-31", "2022")
        assert take_in(connection, other, act()).counts["new"] == 1
        same_day = run_file("same", [replace(A, fen=9_00)], "2024-01-31")
        assert take_in(connection, same_day, act()).counts["changed"] == 1


def test_of_two_runs_as_of_one_day_the_last_counts_or_there_is_a_reason(ledger: Ledger) -> None:
    other = replace(run_file("other", [replace(A, fen=7)]), is_last=False)
    with ledger.write() as connection:
        take_in(connection, run_file("r1", [A]), act())
    with pytest.raises(MianshenError, match="run r1 as of the same day, 2023-12-31"), ledger.write() as connection:
        take_in(connection, other, act(reason=" "))
    with ledger.write() as connection:
        assert amounts(connection) == {A.id: 100_00}
        assert take_in(connection, other, act(reason="the firm's own figures")).counts["changed"] == 1


def test_a_mistake_that_was_taken_in_and_undone_is_not_told_as_unchanged(ledger: Ledger) -> None:
    """What was undone gives the first run's id once more, and the ledger has the mistaken amount."""
    first, mistaken = run_file("r1", [A]), run_file("r2", [replace(A, fen=200_00)])
    with ledger.write() as connection:
        take_in(connection, first, act())
        take_in(connection, mistaken, act(at=LATER))
    with pytest.raises(MianshenError, match="run r2 after it for policy grant"), ledger.write() as connection:
        take_in(connection, first, act(at=LATER, reason="undone"))
    with ledger.write() as connection:
        assert take_in(connection, mistaken, act(at=LATER)).counts["unchanged"] == 1
        later = run_file("r3", [A], "2024-01-31")
        assert take_in(connection, later, act(at=LATER)).counts["changed"] == 1
        assert amounts(connection) == {A.id: 100_00}


def test_a_policy_that_was_reviewed_later_is_taken_in_beside_one_that_another_run_overtook(ledger: Ledger) -> None:
    once = Said(4, 50_00, ONCE)
    stopped = replace(run_file("r1", [A, once]), policies=(GRANT, replace(ONCE, stopped="ceiling: 1.0")))
    with ledger.write() as connection:
        take_in(connection, stopped, act())
        take_in(connection, run_file("r2", [replace(A, fen=7)], policies=(GRANT,)), act(at=LATER))
        done = take_in(connection, stopped, act(at=LATER), reviewed=["once"])
        assert (done.policies, done.before) == (("once",), ())
        assert [(left.policy, left.reason) for left in done.left_out] == [
            ("grant", "run r2 was taken in for it after this one")
        ]
        assert amounts(connection) == {A.id: 7, once.id: 50_00}


def test_only_what_the_run_decides_is_withdrawn(ledger: Ledger) -> None:
    once = Said(4, 50_00, ONCE)
    with ledger.write() as connection:
        take_in(connection, run_file("r1", [A, once]), act())
        part = run_file("r2", [], "2024-06-30", policies=(ONCE,))
        assert [line["policy"] for line in take_in(connection, part, act()).lines.to_dicts()] == ["once"]
        later = run_file("r3", [Said(9, 1_00)], "2024-12-31", "2024")
        assert take_in(connection, later, act()).counts["withdrawn"] == 0
        assert states(connection)[A.id] == "proposed"
        assert states(connection)[once.id] == "withdrawn"


def test_what_may_be_claimed_once_has_no_period(ledger: Ledger) -> None:
    once, open_ = Said(1, 50_00, ONCE), Said(2, None, ONCE, unknown="claim")
    with ledger.write() as connection:
        take_in(connection, run_file("r1", [once, open_]), act())
        second = [replace(once, fen=80_00), replace(open_, fen=80_00, unknown="")]
        found = take_in(connection, run_file("r2", second, "2024-12-31", "2024"), act())
        assert sorted(found.lines["outcome"]) == ["changed", "elsewhere"]
        assert amounts(connection) == {once.id: 50_00, open_.id: 80_00}


def test_a_stopped_policy_waits_for_somebody_to_look(ledger: Ledger) -> None:
    stopped = replace(GRANT, stopped="max_share in mianshen.toml: 0.9000")
    run = run_file("r1", [Said(1, 5_00, stopped), Said(1, 5_00, ONCE)], policies=(stopped, ONCE))
    with ledger.write() as connection:
        found = take_in(connection, run, act())
        assert (found.policies, [left.policy for left in found.left_out]) == (("once",), ["grant"])
        looked = take_in(connection, run, act(reason="looked through"), ["grant"])
        assert (looked.policies, looked.before, looked.counts["new"]) == (("grant",), ("once",), 1)
        assert set(states(connection).values()) == {"proposed"}


PAID = [  # policy, what the second run says, the outcome, its cause, and what stands in the ledger as paid
    (GRANT, Said(1, 100_00), "already_paid", ""),
    (GRANT, Said(1, 120_00), "paid_differs", "amount"),
    (GRANT, Said(1, None, unknown="size"), "paid_differs", "undetermined"),
    (GRANT, None, "paid_differs", "not_listed"),
    (ONCE, None, "paid_differs", "not_listed"),
    (GRANT, Said(1, 40_00, part=1), "paid_differs", "other_key"),
    (GRANT, Said(1, 40_00, item="ZL1"), "paid_differs", "other_key"),
]


@pytest.mark.parametrize(("policy", "said", "outcome", "cause"), PAID)
def test_what_is_paid_or_on_its_way_stays(
    ledger: Ledger, policy: DecidedPolicy, said: Said | None, outcome: str, cause: str
) -> None:
    first = replace(A, policy=policy)
    with ledger.write() as connection:
        take_in(connection, run_file("r1", [first]), act())
        pay(connection, first)
        found = take_in(connection, run_file("r2", [said] if said else [], "2024-01-31"), act())
        lines = {(line["outcome"], line["cause"], line["paid_fen"]) for line in found.lines.to_dicts()}
        assert (outcome, cause, 100_00) in lines
        assert {outcome for outcome, *_ in lines} <= {"paid_differs", "already_paid"}
        held = [tuple(row) for row in connection.execute(select(hold.c.entitlement_id, hold.c.code))]
        assert held == ([] if outcome == "already_paid" else [(first.id, "run_differs")])
        assert count(connection, proposal) == 1
        assert states(connection) == {first.id: "confirmed"}


@pytest.mark.parametrize(("state", "outcome"), [("paid", "already_paid"), ("sent", "paid_differs")])
def test_what_was_claimed_once_is_not_listed_again(state: str, outcome: str) -> None:
    once = Said(1, 100_00, ONCE)
    told = {**dict(zip(COLUMNS, once.row, strict=True)), "state": "confirmed", "run_period": "2023"}
    known = pl.DataFrame([{**told, "paid_fen": 100_00, "paid_state": state}], schema=KNOWN)
    (line,) = differences(known.clear().select(list(COLUMNS)), known, "2023", ["once"]).to_dicts()
    assert (line["outcome"], line["cause"], line["paid_fen"], line["amount_fen"]) == (
        outcome,
        "not_listed",
        100_00,
        None,
    )
