"""What the bank answers, by command lines: booked, decided by two, paid again, asked back, held against its total."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.payouts.yuan import Yuan
from enterprise_data.workspace import Workspace
from payouts.batches.export import export
from payouts.batches.settings import read_settings
from payouts.ledger.place import ledger_of
from tests.cli.payout_office import AUDITOR, FIRMS, PAID, PAYMENTS, RETURNED, UNKNOWN, A, B, C, Office, answer
from tests.cli.test_payout_plan import planned
from tests.payouts.batches.scenes import new_account
from tests.payouts.stories import APPROVER, CHECKER, MAKER, act

P, Q, R = PAYMENTS


def sent(office: Office) -> str:
    """Send the three firms' payments in one batch; return its id."""
    batch = planned(office)
    office.does(CHECKER, "payout", "approve", batch)
    folder = office.root / "bank"
    folder.mkdir()
    _, channel = read_settings(office.root / "payouts.yaml")
    ledger = ledger_of(Workspace.open(office.root))
    export(ledger, batch, folder, act(), channel=channel, exclusions={})
    ledger.close()
    return batch


@pytest.fixture
def batch(office: Office) -> str:
    """Give a batch of three that was sent."""
    return sent(office)


def test_a_return_file_is_booked_once(office: Office, batch: str) -> None:
    file = answer(office, "a.csv", (P, A.fen, PAID), (Q, B.fen, PAID), (R, C.fen, PAID))
    told = office.does(MAKER, "payout", "return", file)
    assert "booked_paid" in told.out
    assert "353.01 元" in told.out
    assert "3 payments moved, by 3 lines" in told.err
    again = office.does(MAKER, "payout", "return", file)
    assert "lihua booked this file on 2024-03-01 16:00:00; nothing was changed" in again.err
    assert f"{batch}   closed" in office.does(AUDITOR, "payout", "status").out


def test_lines_that_need_a_person_are_shown_and_the_exit_code_says_so(office: Office, batch: str) -> None:
    file = answer(office, "a.csv", (P, A.fen + 1, PAID), ("X" * 26, 1, PAID), (R, C.fen, PAID))
    told = office.tries(MAKER, "payout", "return", file, "--format", "ndjson")
    assert told.code == 1
    assert [(row["payment"], row["outcome"], row["for_a_person"]) for row in told.rows] == [
        (P, "wrong_amount", True),
        ("X" * 26, "foreign", True),
        (R, "booked_paid", False),
    ]
    assert "2 lines for a person" in told.err
    [case] = office.does(AUDITOR, "payout", "resolve", "list", "--format", "ndjson").rows
    assert (case["payment"], case["why"], case["resolution"]) == (P, "wrong_amount", None)
    table = office.tries(MAKER, "payout", "return", file)
    sums = {
        line.split()[0]: line.split()[1:6] for line in table.out.splitlines() if line.startswith(("wrong", "foreign"))
    }
    assert sums == {"wrong_amount": ["1", "100.01", "元", "100.00", "元"], "foreign": ["1", "0.01", "元", "—", "no"]}
    assert (table.code, "For a person" in table.out, "ask the bank whose it is" in table.out) == (1, True, True)


def test_what_cannot_be_read_books_nothing(office: Office, batch: str) -> None:
    missing = office.tries(MAKER, "payout", "return", "nowhere.csv")
    assert (missing.code, "No such file" in missing.err) == (1, True)
    (office.root / "bad.csv").write_bytes(b"\xff\xfe\x00")
    bad = office.tries(MAKER, "payout", "return", office.root / "bad.csv")
    assert (bad.code, "internal" in bad.err) == (1, False)
    assert "sent" in office.does(MAKER, "payout", "show", P).out


def test_two_officers_decide_what_the_bank_does_not_know(office: Office, batch: str) -> None:
    office.does(MAKER, "payout", "return", answer(office, "a.csv", (P, A.fen, UNKNOWN)))
    told = office.does(MAKER, "payout", "resolve", "propose", P, "paid", "--evidence", "对账单第3页")
    resolution = told.out.strip()
    rows = office.does(CHECKER, "payout", "resolve", "list", "--format", "ndjson").rows
    assert [(row["payment"], row["resolution"], row["to_state"]) for row in rows] == [(P, resolution, "paid")]
    assert (
        "it takes the role checker or approver" in office.tries(MAKER, "payout", "resolve", "confirm", resolution).err
    )
    office.does(CHECKER, "payout", "resolve", "confirm", resolution, "--reason", "核对一致")
    assert office.does(CHECKER, "payout", "resolve", "list", "--format", "ndjson").rows == []
    story = json.loads(office.does(AUDITOR, "payout", "show", P, "--format", "json").out)
    assert story["state"] == "paid"
    decided = [entry for entry in story["story"] if entry["kind"] == "resolution"]
    assert [(entry["actor"], entry["to_state"]) for entry in decided] == [(MAKER, "proposed"), (CHECKER, "confirmed")]


def test_a_proposal_is_taken_back_by_its_maker_or_rejected_by_another(office: Office, batch: str) -> None:
    for who in (MAKER, CHECKER):
        told = office.does(MAKER, "payout", "resolve", "propose", P, "returned", "--evidence", "来电")
        resolution = told.out.strip()
        [row] = office.does(CHECKER, "payout", "resolve", "list", "--format", "ndjson").rows
        assert (row["payment"], row["why"], row["evidence"]) == (P, "no answer", "来电")
        office.does(who, "payout", "resolve", "reject", resolution, "--reason", "证据不足")
    assert (
        "rejected already" in office.tries(CHECKER, "payout", "resolve", "reject", resolution, "--reason", "again").err
    )


def test_what_came_back_is_paid_again_to_another_account(office: Office, batch: str) -> None:
    office.does(MAKER, "payout", "return", answer(office, "a.csv", (P, A.fen, RETURNED)))
    held = json.loads(office.does(MAKER, "payout", "status", "--format", "json").out)["held"]
    assert [(row["code"], row["detail"], row["uscc"]) for row in held] == [("returned", "E01 账户不符", A.uscc)]
    refused = office.tries(MAKER, "payout", "reissue", P, "--reason", "已更正")
    assert (refused.code, "the account that" in refused.err) == (1, True)
    with office.writing() as connection:
        new_account(connection, A)
    told = office.does(MAKER, "payout", "reissue", P, "--reason", "已更正")
    assert "1 payment may be paid again" in told.err
    plan = office.does(MAKER, "payout", "plan")
    assert "paid or tried before" in plan.out
    assert office.tries(MAKER, "payout", "reissue", P, Q, "--reason", "r").code == 1


def test_money_is_asked_back_in_parts(office: Office, batch: str) -> None:
    office.does(MAKER, "payout", "return", answer(office, "a.csv", (Q, B.fen, PAID)))
    form = ("--format", "ndjson")
    order = ("payout", "recover", "order", Q)
    [row] = office.does(MAKER, *order, "200.01", "--basis", "第九条", *form).rows
    assert (row["amount_fen"], row["open_fen"], row["state"]) == (200_01, 200_01, "ordered")
    [extra] = office.does(MAKER, *order, "1", "--basis", "第十条", "--interest", *form).rows
    assert extra["kind"] == "interest"
    receive = ("payout", "recover", "receive", row["recovery"])
    for _ in range(2):  # the same receipt is booked once
        [came] = office.does(MAKER, *receive, "50", "--reference", "S-1", *form).rows
        assert (came["received_fen"], came["open_fen"]) == (50_00, 150_01)
    assert "150.01 yuan" in office.tries(MAKER, *receive, "150.02", "--reference", "S-2").err
    [ended] = office.does(APPROVER, "payout", "recover", "write-off", row["recovery"], "--reason", "局务会", *form).rows
    assert (ended["state"], ended["open_fen"]) == ("written_off", 0)
    [given_up] = office.does(MAKER, "payout", "recover", "cancel", extra["recovery"], "--reason", "不收", *form).rows
    assert given_up["state"] == "cancelled"
    assert len(office.does(AUDITOR, "payout", "recover", "list", *form).rows) == 2
    assert "written_off" in office.does(AUDITOR, "payout", "show", B.id).out


def test_the_ledger_beside_the_bank(office: Office, batch: str) -> None:
    office.does(MAKER, "payout", "return", answer(office, "a.csv", (P, A.fen, PAID), (Q, B.fen, UNKNOWN)))
    agrees = office.does(AUDITOR, "payout", "reconcile", batch, "--bank", "100")
    assert "they agree" in agrees.out
    differs = office.tries(AUDITOR, "payout", "reconcile", batch, "--bank", "350.01", "--format", "json")
    told = json.loads(differs.out)
    assert (differs.code, told["difference_fen"]) == (1, B.fen)
    assert [(row["payment"], row["explains"]) for row in told["open"]] == [(one, one == Q) for one in sorted([Q, R])]
    assert office.does(AUDITOR, "payout", "reconcile", "--day", "2024-03-05", "--bank", "100.00").code == 0
    far = office.tries(AUDITOR, "payout", "reconcile", batch, "--bank", "7")
    assert (far.code, "No single open payment" in far.out) == (1, True)
    assert office.tries(AUDITOR, "payout", "reconcile", "--bank", "1").code == 2
    assert office.tries(AUDITOR, "payout", "reconcile", "nothing", "--bank", "1").code == 1


@pytest.mark.parametrize(
    ("text", "fen"), [("0", 0), ("1234.5", 1234_50), ("0.07", 7), ("9999999999999.99", 10**15 - 1)]
)
def test_amounts_are_exact(text: str, fen: int) -> None:
    assert Yuan()(text) == fen


@pytest.mark.parametrize("text", ["-1", "1,000", "1.234", "1e3", "", "NaN", "１", "1.", "9" * 16])
def test_what_is_no_amount_is_refused(office: Office, text: str) -> None:
    told = office.tries(MAKER, "payout", "reconcile", "B", f"--bank={text}")
    assert (told.code, "no amount in yuan" in told.err) == (2, True)


def test_our_payments_as_rows_of_past_payments(office: Office, batch: str, tmp_path: Path) -> None:
    office.does(MAKER, "payout", "return", answer(office, "a.csv", (P, A.fen, PAID), (Q, B.fen, RETURNED)))
    file = tmp_path / "payments.csv"
    assert "2 payments" in office.does(AUDITOR, "payout", "history", file).err
    lines = file.read_text("utf-8").splitlines()
    assert lines[0].startswith("uscc,name,policy,family,item,fiscal_year,amount,paid_on")
    assert sorted(line.split(",")[0] for line in lines[1:]) == [A.uscc, C.uscc]
    assert office.tries(MAKER, "payout", "history").code == 2
    refused = office.tries(MAKER, "payout", "history", "--deliver")
    assert (refused.code, "no dataset `payments`" in refused.err) == (1, True)


def test_the_funnel_holds_every_entitlement_once(office: Office, batch: str) -> None:
    office.does(MAKER, "payout", "return", answer(office, "a.csv", (P, A.fen, PAID), (Q, B.fen, RETURNED)))
    rows = office.does(AUDITOR, "payout", "status", "--format", "ndjson").rows
    assert [(row["stage"], row["amount_fen"]) for row in rows] == [
        ("sent", C.fen),
        ("paid", A.fen),
        ("returned", B.fen),
    ]
    assert sum(row["entitlements"] for row in rows) == len(FIRMS)
    shown = office.does(AUDITOR, "payout", "status", "--policy", "synthetic-1").out
    assert shown.startswith("synthetic-1\nStage")
    assert "█" in shown
    unheard = office.tries(AUDITOR, "payout", "status", "--policy", "none")
    assert (unheard.code, "says anything of policy `none`" in unheard.err) == (1, True)
