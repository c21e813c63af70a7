"""What was paid before a run: by the bureau, under an earlier code of a firm, or by this ledger behind its back."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Connection, select

from payouts.intake.intake import Intake
from payouts.intake.past import NOTHING, Past, unknown_to
from payouts.intake.run_file import RunFile, read_run
from payouts.intake.take_in import take_in
from payouts.ledger.database import Ledger
from payouts.ledger.moves import move
from payouts.ledger.tables import entitlement, hold
from tests.payouts.intake.said import GRANT, ONCE, Said, pay, run_file, states
from tests.payouts.stories import act
from tests.settlement.city import A as A_FIRM
from tests.settlement.city import B as B_FIRM
from tests.settlement.city import C as C_FIRM
from tests.settlement.city import matched, policy
from tests.snapshot.city import uscc

ASKING = replace(GRANT, policy="asking", asks_history=True)
A = Said(1, 100_00)
B = Said(1, 30_00, ASKING)


def _holds(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(hold.c.code, hold.c.state))
    return {row.code: row.state for row in rows}


def _taken(connection: Connection, run: RunFile) -> Intake:
    return take_in(connection, run, act())


def _past(*paid: tuple[str, str, str, int, int], old: dict[str, str] | None = None) -> Past:
    codes = pl.DataFrame({"old": list(old or {}), "uscc": list((old or {}).values())}, schema=NOTHING.codes.schema)
    return Past(pl.DataFrame(list(paid), schema=NOTHING.paid.schema, orient="row"), codes)


def test_what_the_bureau_paid_before_is_held_once(ledger: Ledger) -> None:
    run = replace(run_file("r1", [A, Said(2, 5)]), paid_before=frozenset({A.id}))
    with ledger.write() as connection:
        _taken(connection, run)
        held = connection.execute(select(hold.c.entitlement_id, hold.c.code)).all()
        assert [tuple(row) for row in held] == [(A.id, "paid_before")]
        again = replace(run_file("r2", [A, Said(2, 5)], "2024-01-31"), paid_before=frozenset({A.id}))
        move(connection, hold, hold.c.state == "placed", "lifted", act())
        _taken(connection, again)
        assert _holds(connection) == {"paid_before": "lifted"}


@pytest.mark.parametrize("again", [Said(2, 100_00, ONCE), Said(1, 100_00, ONCE, item="ZL1"), Said(2, None, ONCE)])
def test_what_waits_for_its_payment_is_not_claimed_under_another_key(ledger: Ledger, again: Said) -> None:
    first = Said(1, 100_00, ONCE)
    said = replace(again, unknown="" if again.fen else "size")
    codes = _past(old={uscc(1): uscc(2)} if again.firm == 2 else {})
    with ledger.write() as connection:
        _taken(connection, run_file("r1", [first]))
        run = replace(run_file("r2", [said], "2024-12-31", "2024"), past=codes)
        assert _taken(connection, run).of("elsewhere")["id"].to_list() == [said.id]
        assert states(connection) == {first.id: "proposed"}


def test_the_code_that_a_firm_bore_before(ledger: Ledger) -> None:
    with ledger.write() as connection:
        _taken(connection, run_file("r1", [A]))
        pay(connection, A)
        renamed = Said(2, 100_00)
        codes = _past(old={uscc(1): uscc(2)})
        later = _taken(connection, replace(run_file("r2", [renamed], "2024-01-31"), past=codes))
        found = {row["uscc"]: (row["outcome"], row["cause"]) for row in later.lines.to_dicts()}
    assert found[uscc(2)] == ("paid_differs", "other_key")


@pytest.mark.parametrize("knows", [True, False])
def test_a_run_that_did_not_know_what_this_ledger_paid(ledger: Ledger, knows: bool) -> None:
    with ledger.write() as connection:
        _taken(connection, run_file("r1", [A]))
        pay(connection, A)
        past = _past((uscc(1), "grant", "", 2023, 100_00)) if knows else NOTHING
        run = run_file("r2", [replace(B, period="2024")], "2024-12-31", "2024", (ASKING,))
        _taken(connection, replace(run, past=past))
        assert _holds(connection) == ({} if knows else {"history_behind": "placed"})
        known = replace(run, id="r3", as_of="2025-01-31", past=_past((uscc(1), "grant", "", 2023, 100_00)))
        _taken(connection, known)
        assert _holds(connection) == ({} if knows else {"history_behind": "lifted"})


def test_what_was_refused_before_is_held_when_it_comes_back(ledger: Ledger) -> None:
    with ledger.write() as connection:
        _taken(connection, run_file("r1", [A, Said(2, 5)]))
        move(connection, entitlement, entitlement.c.id == A.id, "refused", act(reason="an objection was upheld"))
        _taken(connection, run_file("r2", [A, Said(2, 5)], "2024-01-31"))
        assert states(connection)[A.id] == "proposed"
        held = connection.execute(select(hold.c.entitlement_id, hold.c.code)).all()
    assert [tuple(row) for row in held] == [(A.id, "refused_before")]


def test_payments_are_counted_not_only_seen() -> None:
    one = (uscc(1), "grant", "", 2023, 5)
    own = pl.DataFrame([one, one], schema=NOTHING.paid.schema, orient="row")
    assert unknown_to(_past(one, one), own) == frozenset()
    assert unknown_to(_past(one), own) == {uscc(1)}
    moved = (uscc(2), "grant", "", 2023, 5)
    assert unknown_to(_past(moved, moved, old={uscc(1): uscc(2)}), own) == frozenset()
    assert unknown_to(_past(one, one, old={uscc(1): uscc(2)}), own) == {uscc(2)}


def test_what_the_records_of_a_workspace_say(tmp_path: Path) -> None:
    files = {
        "flat": policy("flat", "award: {amount: 2万元}\n"),
        "once": policy("once", "award: {amount: 1万元, claim: once}\n"),
    }
    paid = "\n".join(
        [
            f"{A_FIRM},flat,,2024,20000,2024-06-01",
            f"{B_FIRM},flat,,2023,20000,2023-06-01",
            f"{C_FIRM},flat,,2024,20000,2024-06-01,2024-09-01",
            f"{C_FIRM},another,,2024,20000,2024-06-01",
        ]
    )
    run = read_run(matched(tmp_path / "w", files, paid).dir)
    told = {row["id"]: (row["policy"], row["uscc"]) for row in run.rows.to_dicts()}
    assert {told[id_] for id_ in run.paid_before} == {("flat", A_FIRM)}
    assert {one.policy: one.asks_history for one in run.policies} == {"flat": False, "once": True}
    assert run.past.paid.height == 3, "what came back is not paid"
